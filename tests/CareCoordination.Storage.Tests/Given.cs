using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Parsing;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>Resources and commits in few words.</summary>
internal static class Given
{
    private static readonly SearchQueryParser Parser = new(TestDatabase.Registry);

    public static ResourceKey Key(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        return new ResourceKey(reference[..slash], reference[(slash + 1)..]);
    }

    /// <summary>A put of <c>{"resourceType":...,"id":...,</c> followed by the given members.</summary>
    public static PutResource Put(string reference, string members = "")
    {
        var key = Key(reference);
        var json = $$"""{"resourceType":"{{key.Type}}"{{(members.Length == 0 ? "" : ",")}}{{members}}}""";
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
        return new PutResource(
            key,
            ResourceStamp.Prepare(document, key.Id),
            TestDatabase.Extractor.Extract(key, document).Value
        );
    }

    public static DeleteResource Delete(string reference) => new(Key(reference));

    public static Commit Commit(params Change[] changes) => new([.. changes], []);

    public static Commit When(this Commit commit, params Precondition[] preconditions) =>
        commit with
        {
            Preconditions = [.. preconditions],
        };

    public static SearchQuery Query(string text)
    {
        var parts = text.Split('?', 2);
        IEnumerable<KeyValuePair<string, string>> pairs =
            parts.Length == 1
                ? []
                : parts[1]
                    .Split('&', StringSplitOptions.RemoveEmptyEntries)
                    .Select(p => p.Split('=', 2))
                    .Select(p => KeyValuePair.Create(p[0], p[1]));
        var options = new SearchParserOptions(
            "http://localhost/fhir",
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        return Parser.Parse(parts[0], pairs, options).TryGet(out var parsed, out var failure)
            ? parsed.Query
            : throw new ArgumentException(
                $"{text}: {string.Join(' ', failure.Issues.Select(i => i.Diagnostics))}",
                nameof(text)
            );
    }

    public static string Text(this StoredResource resource) => Encoding.UTF8.GetString(resource.Utf8Json.Span);

    public static async Task<ChangeResult> OneAsync(this ResourceStore store, Change change)
    {
        var result = await store.CommitAsync(Commit(change), TestContext.Current.CancellationToken);
        return Assert.Single(result.Changes);
    }
}
