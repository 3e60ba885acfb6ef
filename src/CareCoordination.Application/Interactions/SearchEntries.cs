using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Interactions;

/// <summary>The entries of a searchset. https://hl7.org/fhir/R4/bundle.html#searchset</summary>
internal static class SearchEntries
{
    public static readonly Issue MoreIncluded = Issue.Warning(
        IssueCode.Incomplete,
        "There is more to include than a page may carry. Ask for fewer matches with _count to get all of it."
    );

    public static readonly Issue FurtherIncluded = Issue.Warning(
        IssueCode.Incomplete,
        $"What ':iterate' brings along is followed over {StorageOptions.MaxIncludeRounds} references, and there is more beyond. Search what came last to go on from there."
    );

    /// <summary>What of all that is to be included a page does not have.</summary>
    public static IEnumerable<Issue> Missing(SearchPage page) =>
        [
            .. page.IsIncludedCut ? [MoreIncluded] : Array.Empty<Issue>(),
            .. page.IsIterationCut ? [FurtherIncluded] : Array.Empty<Issue>(),
        ];

    /// <summary><c>_elements</c> names elements of the matches, and cuts nothing that is included. https://hl7.org/fhir/R4/search.html#elements</summary>
    public static IEnumerable<BundleEntry> Of(
        SearchPage page,
        SearchQuery query,
        string baseUrl,
        FhirDefinitions definitions
    )
    {
        var matches = new Projection(query.Summary, query.Elements);
        var included = new Projection(query.Summary, []);
        foreach (var match in page.Matches)
            yield return Of(match.Key, matches.Apply(match.Utf8Json, definitions), baseUrl, "match", match.Utf8Json);
        foreach (var other in page.Included)
            yield return Of(other.Key, included.Apply(other.Utf8Json, definitions), baseUrl, "include", other.Utf8Json);
    }

    /// <summary>What the server itself is the source of: it stands at the beginning of the first page, beyond its count.</summary>
    public static IEnumerable<BundleEntry> OfBuiltIn(
        IEnumerable<(ResourceKey Key, byte[] Utf8Json)> found,
        SearchQuery query,
        string baseUrl,
        FhirDefinitions definitions
    ) =>
        query.Summary == SummaryMode.Count
            ? []
            : found.Select(own =>
                Of(
                    own.Key,
                    new Projection(query.Summary, query.Elements).Apply(own.Utf8Json, definitions),
                    baseUrl,
                    "match"
                )
            );

    /// <param name="whole">All of the resource.</param>
    public static BundleEntry Of(
        ResourceKey key,
        ReadOnlyMemory<byte> resource,
        string baseUrl,
        string mode,
        ReadOnlyMemory<byte> whole = default
    ) =>
        new()
        {
            FullUrl = $"{baseUrl}/{key}",
            Resource = resource,
            Source = whole,
            SearchMode = mode,
        };
}
