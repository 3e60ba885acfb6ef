namespace CareCoordination.Fhir.Search;

/// <summary>Prints values as a query has them: the text that reads as the same value.</summary>
internal static class ValueText
{
    public static string Print(DateValue value) => Prefix.Print(value.Prefix) + value.Text;

    public static string Print(NumberValue value) => Prefix.Print(value.Prefix) + value.Text;

    public static string Print(QuantityValue value) =>
        value.System is null && value.Unit is null
            ? Print(value.Number)
            : $"{Print(value.Number)}|{QueryText.Escape(value.System ?? "")}|{QueryText.Escape(value.Unit ?? "")}";

    public static string Print(TokenValue value) =>
        value.System is null
            ? QueryText.Escape(value.Code ?? "")
            : $"{QueryText.Escape(value.System)}|{QueryText.Escape(value.Code ?? "")}";

    /// <summary>A part of a composite.</summary>
    public static string Print(object part) =>
        part switch
        {
            TokenValue token => Print(token),
            DateValue date => Print(date),
            NumberValue number => Print(number),
            QuantityValue quantity => Print(quantity),
            ReferenceValue reference => QueryText.Escape(reference.Text),
            _ => QueryText.Escape((string)part),
        };
}
