using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>URI search parameters: equal as written, character by character. https://hl7.org/fhir/R4/search.html#uri</summary>
public static partial class UriParameter
{
    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text) =>
        modifier is null
            ? Values
                .Parse<string>(parameter.Code, text, piece => QueryText.Unescape(piece))
                .Then<Criterion>(values => new UriCriterion(parameter, values))
            : Unsupported.Modifier(parameter, modifier, "missing");
}
