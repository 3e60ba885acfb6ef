using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>Finds resources of one type. https://hl7.org/fhir/R4/http.html#search</summary>
/// <param name="Warnings">What lenient handling left out.</param>
public sealed record Search(SearchQuery Query, ImmutableArray<Issue> Warnings, string BaseUrl)
    : FhirInteraction("search-type", Query.ResourceType, null)
{
    public required PageLinks Links { get; init; }

    /// <summary>The canonical address of the first page, relative to the base: a page belongs to it.</summary>
    public required string Self { get; init; }

    public override string? SearchedBy => Query.ToString();

    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        var parameters = request.Query.Without("_format", "_pretty", PageToken.Parameter);
        if (
            !definitions
                .ParseSearch(request.Type, parameters, request.Preferences.IsLenient, request.BaseUrl)
                .TryGet(out var parsed, out var failure)
        )
            return failure;
        var self = parsed.Query.ToString() is { Length: > 0 } text ? $"{request.Type}?{text}" : request.Type;
        var search = new Search(parsed.Query, parsed.Warnings, request.BaseUrl)
        {
            Self = self,
            Links = PageLinks.Of($"{request.BaseUrl}/{self}", request.Query),
        };
        if (request.Query.First(PageToken.Parameter) is not { } token)
            return search;
        return PageToken.Read(token, self).TryGet(out var cursor, out failure)
            ? search with
            {
                Query = search.Query with { After = cursor },
            }
            : failure;
    }
}

internal sealed class SearchHandler(
    CareSession session,
    ManagerSearch managers,
    AuditSearch audit,
    FhirDefinitions definitions,
    TimeProvider time
) : IRequestHandler<Search, FhirResponse>
{
    public async Task<FhirResponse> Handle(Search search, CancellationToken cancellationToken)
    {
        var own = definitions.FindBuiltIn(search.Query, search.BaseUrl);
        if (!(await FindAsync(search.Query, cancellationToken)).TryGet(out var page, out var refusal))
            return refusal;
        var entries = new List<BundleEntry>(page.Matches.Length + page.Included.Length + own.Count + 1);
        if (search.Query.After is null)
            entries.AddRange(SearchEntries.OfBuiltIn(own, search.Query, search.BaseUrl, definitions));
        entries.AddRange(SearchEntries.Of(page, search.Query, search.BaseUrl, definitions));
        var warnings = search.Warnings.AddRange(SearchEntries.Missing(page));
        if (!search.Query.Includes.IsEmpty && page.Matches.Any(m => AuditEvents.SequenceOf(m.Key) is not null))
            warnings = warnings.Add(AuditFinder.NotIncluded);
        if (!warnings.IsEmpty)
            entries.Add(BundleEntry.Outcome(warnings));

        return FhirResponse.Of(
            new BundleContent("searchset", time.GetUtcNow(), entries)
            {
                Total = page.Total + own.Count,
                SelfLink = search.Links.Self,
                FirstLink = search.Links.First,
                NextLink = page.Next is { } next ? search.Links.Next(PageToken.Write(next, search.Self)) : null,
            }
        );
    }

    private async Task<Result<SearchPage>> FindAsync(SearchQuery query, CancellationToken cancellationToken) =>
        audit.Answers(query)
            ? await audit.FindAsync(query, cancellationToken)
            : await session.Reads.SearchAsync(await managers.WidenAsync(query, cancellationToken), cancellationToken);
}
