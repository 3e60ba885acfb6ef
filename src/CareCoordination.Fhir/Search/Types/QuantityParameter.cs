using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>
/// Quantity search parameters: a number as in <see cref="NumberParameter"/>, with or without a unit. Units are compared as
/// written, without conversion. https://hl7.org/fhir/R4/search.html#quantity
/// </summary>
public static partial class QuantityParameter
{
    /// <summary>The number that stands for a unit's code or text in quantity and composite rows; 0 for none.</summary>
    public static long UnitHash(string unit) => unit.Length == 0 ? 0 : StableHash.Of(unit, 0).Key;

    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text) =>
        modifier is null
            ? Values
                .Parse(parameter.Code, text, piece => ParseValue(parameter.Code, piece))
                .Then<Criterion>(values => new QuantityCriterion(parameter, values))
            : Unsupported.Modifier(parameter, modifier, "missing");

    internal static Result<QuantityValue> ParseValue(string name, string piece)
    {
        var parts = QueryText.Split(piece, '|').ConvertAll(QueryText.Unescape);
        if (parts.Count is not (1 or 3))
            return Failure.Invalid(
                IssueCode.Value,
                $"'{name}' is not a quantity; use {name}=5.4, {name}=5.4|system|code or {name}=5.4||unit."
            );
        if (!NumberParameter.ParseValue(name, parts[0]).TryGet(out var number, out var failure))
            return failure;
        return parts.Count == 1
            ? new QuantityValue(number, null, null)
            : new QuantityValue(number, NullIfEmpty(parts[1]), NullIfEmpty(parts[2]));
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
