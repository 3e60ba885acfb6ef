using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Application.Definitions;

/// <summary>Search parameters of this server, beside those of R4.</summary>
internal static class CareSearchParameters
{
    private const string Canonical = OwnCanonical.SearchParameters;

    /// <summary>The care manager of an episode, by any of the references by which the person is known.</summary>
    public const string Manager = Canonical + "EpisodeOfCare-manager";

    public static readonly ImmutableArray<SearchParameterDefinition> All =
    [
        // R4 has none for when a Task is due.
        new(Canonical + "Task-due", "due", "date", [ResourceTypes.Task], "Task.restriction.period.end", [], []),
        // R4's care-manager finds people only, where the element may also name a role.
        new(
            Manager,
            "manager",
            "reference",
            [ResourceTypes.EpisodeOfCare],
            "EpisodeOfCare.careManager",
            [ResourceTypes.Practitioner, ResourceTypes.PractitionerRole],
            []
        ),
    ];

    public static BuiltIn ToBuiltIn(SearchParameterDefinition parameter)
    {
        var id = parameter.Url[Canonical.Length..];
        return new BuiltIn(new(ResourceTypes.SearchParameter, id), _ => Write(id, parameter))
        {
            HasOwnCanonical = true,
        };
    }

    /// <summary>https://hl7.org/fhir/R4/searchparameter.html</summary>
    private static byte[] Write(string id, SearchParameterDefinition parameter) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                resourceType = ResourceTypes.SearchParameter,
                id,
                url = parameter.Url,
                name = parameter.Code,
                status = "active",
                description = $"{parameter.Code}: {parameter.Expression}",
                code = parameter.Code,
                @base = parameter.Bases,
                type = parameter.Type,
                expression = parameter.Expression,
            }
        );
}
