using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Fhir.Search.Parsing;
using CareCoordination.TestKit;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>R4's search parameters, and the ways the tests ask them.</summary>
internal static class SearchFixture
{
    public static readonly SearchParameterRegistry Registry = new(R4.R4Definitions.Schema);

    public static readonly IndexExtractor Extractor = new(Registry);

    public static readonly SearchParserOptions Options = new(
        "http://localhost:5080/fhir",
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)
    );

    private static readonly SearchQueryParser Parser = new(Registry);

    public static ResourceDocument Document(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    /// <summary>A resource of the type with this id and these further members.</summary>
    public static ResourceDocument Resource(string type, string members, string id = "1") =>
        Document($$"""{"resourceType":"{{type}}","id":"{{id}}"{{(members.Length == 0 ? "" : ",")}}{{members}}}""");

    public static IndexEntries Extract(string type, string members) => Extract(Resource(type, members));

    public static IndexEntries Extract(ResourceDocument document) =>
        Extractor
            .Extract(new ResourceKey(Encoding.UTF8.GetString(document.ResourceTypeUtf8), document.Id ?? "1"), document)
            .Value;

    /// <summary>Parses <c>a=b&amp;c=d</c>, in which nothing is percent-encoded.</summary>
    public static Result<ParsedSearch> Parse(string type, string query, bool lenient = false) =>
        Parser.Parse(type, Pairs(query), Options with { IsLenient = lenient });

    public static SearchQuery Query(string type, string query) =>
        Parse(type, query).TryGet(out var parsed, out var failure)
            ? parsed.Query
            : throw new InvalidOperationException($"{query}: {failure.Issues[0].Diagnostics}");

    /// <summary>The sentences a query is refused with.</summary>
    public static string[] Refusal(string type, string query) =>
        Parse(type, query).Failure is { } failure ? [.. failure.Issues.Select(issue => issue.Diagnostics)] : [];

    /// <summary>True where a search finds the only resource there is.</summary>
    public static bool Finds(string type, string members, string query)
    {
        var oracle = new SearchOracle(Extractor);
        oracle.Put(new ResourceKey(type, "1"), Resource(type, members), Options.Now);
        return oracle.Search(Query(type, query)).Count == 1;
    }

    public static SearchParameter Parameter(string type, string code) =>
        Registry.Find(type, code) ?? throw new KeyNotFoundException($"{type}.{code}");

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string query)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            yield return at < 0 ? new(pair, "") : new(pair[..at], pair[(at + 1)..]);
        }
    }
}
