using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// The conditional references of a transaction, <c>Practitioner?identifier=...</c>, each different text once.
/// https://hl7.org/fhir/R4/http.html#trules
/// </summary>
public sealed class ReferenceSearches
{
    private readonly Dictionary<string, ReferenceSearch> _byText = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ReferenceSearch> All => _byText.Values;

    public static Result<ReferenceSearches> Collect(
        IEnumerable<TransactionEntry> entries,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        var searches = new ReferenceSearches();
        foreach (var entry in entries)
        {
            if (entry.Resource is not { } resource)
                continue;
            foreach (var reference in ReferenceRewriter.LocalReferences(resource.Document))
            {
                var text = reference.GetString();
                if (text.StartsWith("urn:", StringComparison.Ordinal) || searches._byText.ContainsKey(text))
                    continue;
                if (!Parse(text, request, definitions).TryGet(out var query, out var failure))
                    return ReferenceSearch.Refuse(failure, entry.Submitted, reference.Location);
                searches._byText.Add(text, new ReferenceSearch(text, query, entry.Submitted, reference.Location));
            }
        }

        return searches;
    }

    private static Result<SearchQuery> Parse(string text, InteractionRequest request, FhirDefinitions definitions)
    {
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var type = text[..question];
        return definitions.Schema.IsResourceType(type)
            ? Criteria.Parse(
                type,
                QueryParameters.Parse(text.AsSpan(question)),
                "A conditional reference",
                request,
                definitions
            )
            : InteractionRouter.UnknownType(type) with
            {
                Status = 400,
            };
    }
}

/// <summary>One conditional reference, and where it was met first.</summary>
public sealed record ReferenceSearch(string Text, SearchQuery Query, SubmittedEntry Entry, string Location)
{
    public Failure Refuse(Failure failure) => Refuse(failure, Entry, Location);

    public Failure Unresolved(int matches)
    {
        var sentence =
            matches == 0
                ? "This conditional reference finds no resource. Create it first, or as an entry that is referred to by its fullUrl."
                : "This conditional reference finds more than one resource; make its criteria more exact.";
        var code = matches == 0 ? IssueCode.NotFound : IssueCode.MultipleMatches;
        return Entry.Locate(Failure.From(412, code, sentence, Location));
    }

    public static Failure Refuse(Failure failure, SubmittedEntry entry, string location) =>
        entry.Locate(failure with { Issues = [.. failure.Issues.Select(i => i with { Expression = location })] });
}
