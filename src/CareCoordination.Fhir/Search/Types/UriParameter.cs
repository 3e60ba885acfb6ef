using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>URI search parameters: equal as written, character by character. https://hl7.org/fhir/R4/search.html#uri</summary>
public static partial class UriParameter
{
    /// <summary>The rows that a value finds: an address, or one with the version of the definition that has it.</summary>
    public static ImmutableArray<UriEntry> Lookups(SearchParameter parameter, string value) =>
        parameter.HasVersions && value.Contains('|', StringComparison.Ordinal)
            ? [new(parameter.Id, value), new(DerivedNumber.OfVersion(parameter.Id), value)]
            : [new(parameter.Id, value)];

    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text) =>
        modifier is null
            ? Values
                .Parse<string>(parameter.Code, text, piece => QueryText.Unescape(piece))
                .Then<Criterion>(values => new UriCriterion(parameter, values))
            : Unsupported.Modifier(parameter, modifier, "missing");
}
