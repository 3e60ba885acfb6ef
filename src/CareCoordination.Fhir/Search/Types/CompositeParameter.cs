using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>Composite search parameters: parts joined by <c>$</c>. https://hl7.org/fhir/R4/search.html#composite</summary>
public static partial class CompositeParameter
{
    /// <summary>
    /// Which rows have the first part of a value, by <see cref="CompositeEntry.First"/> and
    /// <see cref="CompositeEntry.FirstSystem"/>; alternatives where it is a reference of several possible types.
    /// </summary>
    public static ImmutableArray<TokenLookup> FirstLookups(SearchParameter parameter, CompositeValue value) =>
        value.Parts[0] switch
        {
            TokenValue token => [Lookup(parameter, token)],
            ReferenceValue reference =>
            [
                .. reference.Targets.Select(target => new TokenLookup(ReferenceKey(parameter.Id, target), [])),
            ],
            _ => throw new ArgumentException(
                $"The first part of {parameter} is neither a token nor a reference.",
                nameof(value)
            ),
        };

    /// <summary>
    /// Which rows have a token as second part, by <see cref="CompositeEntry.SecondCode"/> (the key of
    /// <see cref="TokenLookup.Code"/>) and <see cref="CompositeEntry.SecondSystem"/>. A quantity's unit and system stand there as
    /// in <see cref="QuantityEntry"/>.
    /// </summary>
    public static TokenLookup SecondLookup(SearchParameter parameter, TokenValue value) => Lookup(parameter, value);

    private static TokenLookup Lookup(SearchParameter parameter, TokenValue token) =>
        TokenParameter.Lookup(parameter with { FoldsCase = true }, token.System, token.Code ?? "");

    internal static Result<Criterion> Parse(
        SearchParameter parameter,
        string? modifier,
        string text,
        ValueContext context
    ) =>
        modifier is null
            ? Values
                .Parse(parameter.Code, text, piece => ParseValue(parameter, piece, context))
                .Then<Criterion>(values => new CompositeCriterion(parameter, values))
            : Unsupported.Modifier(parameter, modifier, "missing");

    private static Result<CompositeValue> ParseValue(SearchParameter parameter, string piece, ValueContext context)
    {
        var texts = QueryText.Split(piece, '$');
        if (texts.Count != parameter.Components.Length || texts.Contains(""))
        {
            var form = string.Join('$', parameter.Components.Select(component => component.Code));
            return Failure.Invalid(
                IssueCode.Value,
                $"'{parameter.Code}' needs {parameter.Components.Length} parts; use {parameter.Code}={form}."
            );
        }

        var parts = ImmutableArray.CreateBuilder<object>(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            if (!ParsePart(parameter, parameter.Components[i], texts[i], context).TryGet(out var part, out var failure))
                return failure;
            parts.Add(part);
        }

        return new CompositeValue(parts.ToImmutable(), string.Join('$', parts.Select(ValueText.Print)));
    }

    private static Result<object> ParsePart(
        SearchParameter parameter,
        SearchComponent component,
        string text,
        ValueContext context
    ) =>
        component.Type switch
        {
            SearchParameterType.Token => TokenParameter
                .ParseValue(component.Code, text)
                .Then<object>(value => Whole(component.Code, value)),
            SearchParameterType.Date => DateParameter
                .ParseValue(component.Code, text, context)
                .Then<object>(value => value),
            SearchParameterType.Number => NumberParameter
                .ParseValue(component.Code, QueryText.Unescape(text))
                .Then<object>(value => value),
            SearchParameterType.Quantity => QuantityParameter
                .ParseValue(component.Code, text)
                .Then<object>(value => value),
            SearchParameterType.Reference => ReferenceParameter
                .ParseValue(parameter with { Code = component.Code }, null, QueryText.Unescape(text), context)
                .Then<object>(value => value),
            _ => StringParameter.ParsePart(component.Code, text).Then<object>(value => value),
        };

    private static Result<object> Whole(string name, TokenValue value) =>
        value.Code is null
            ? Failure.Invalid(IssueCode.Value, $"'{name}' needs a code within a composite; use code or system|code.")
            : value;
}
