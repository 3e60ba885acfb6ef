using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Bundles;

/// <summary>Everything that was read of the store to decide a transaction.</summary>
internal sealed class TransactionFindings(IStoreReads reads)
{
    private readonly Dictionary<SearchQuery, Finding> _searches = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ResourceKey, StoredResource?> _reads = [];

    public Finding Of(SearchQuery query) => _searches[query];

    /// <summary>What a read of the transaction, a patch, or an update whose status is guarded, would find before it.</summary>
    public StoredResource? Of(ResourceKey key) => _reads[key];

    /// <summary>The oldest state that a search was made at; null where there was no search.</summary>
    public StorePoint? AsOf =>
        _searches.Values.Select(f => f.AsOf).Distinct().Take(2).ToList() is [var one] ? one : null;

    /// <summary>Reads the resources that entries name.</summary>
    public async Task ReadAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        var readings = transaction
            .Entries.Select(e => ReadBy(e.Interaction))
            .OfType<ResourceKey>()
            .Distinct()
            .Select(async k => (Key: k, Found: await reads.ReadAsync(k, cancellationToken)))
            .ToList();
        foreach (var (key, found) in await Task.WhenAll(readings))
            _reads[key] = found;
    }

    /// <summary>Answers criteria from what is stored, without the resources that the transaction has changed by then.</summary>
    public async Task FindAsync(
        IEnumerable<SearchQuery> queries,
        IReadOnlyCollection<ResourceKey> without,
        CancellationToken cancellationToken
    )
    {
        var ids = without.ToLookup(k => k.Type, k => k.Id);
        var searches = queries.Select(query => FindAsync(query, Without(query, ids), cancellationToken)).ToList();
        foreach (var (query, finding) in await Task.WhenAll(searches))
            _searches[query] = finding;
    }

    private async Task<(SearchQuery Query, Finding Finding)> FindAsync(
        SearchQuery query,
        SearchQuery asked,
        CancellationToken cancellationToken
    )
    {
        var found = await reads.FindAsync(asked, cancellationToken);
        return (query, new Finding(asked, found.Matches, found.AsOf));
    }

    private static SearchQuery Without(SearchQuery query, ILookup<string, string> ids) =>
        ids.Contains(query.ResourceType)
            ? query with
            {
                Criteria = query.Criteria.Add(
                    new OtherThanCriterion([.. ids[query.ResourceType].Distinct(StringComparer.Ordinal)])
                ),
            }
            : query;

    private static ResourceKey? ReadBy(FhirInteraction interaction) =>
        interaction switch
        {
            Read read => read.Key,
            Update update when StatusCheck.AppliesToUpdateOf(update.Key.Type) => update.Key,
            Patch patch => patch.Key,
            Delete delete when StatusCheck.AppliesToDeletionOf(delete.Key.Type) => delete.Key,
            _ => null,
        };
}

/// <summary>What criteria find among what is stored.</summary>
/// <param name="Asked">The criteria, with what was left out.</param>
/// <param name="Matches">Two at most.</param>
internal sealed record Finding(SearchQuery Asked, ImmutableArray<StoredResource> Matches, StorePoint AsOf);
