using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Bundles;

/// <summary>Everything a transaction has to know of the store before it can be decided.</summary>
internal sealed class TransactionFindings
{
    private readonly Dictionary<SearchQuery, ConditionalMatches> _searches = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ResourceKey, StoredResource?> _reads = [];

    public ConditionalMatches Of(SearchQuery query) => _searches[query];

    /// <summary>What a read of the transaction, a patch, or an update whose status is guarded, would find before it.</summary>
    public StoredResource? Of(ResourceKey key) => _reads[key];

    /// <summary>The oldest state that a search was made at; null where there was no search.</summary>
    public long? AsOf => _searches.Count == 0 ? null : _searches.Values.Min(m => m.AsOf);

    public static async Task<TransactionFindings> ReadAsync(
        Transaction transaction,
        IStoreReads reads,
        CancellationToken cancellationToken
    )
    {
        var findings = new TransactionFindings();
        var queries = transaction
            .Entries.Select(e => e.Criteria)
            .OfType<SearchQuery>()
            .Concat(transaction.References.All.Select(r => r.Query));
        var searches = queries
            .Select(async q => (Query: q, Found: await reads.FindAsync(q, cancellationToken)))
            .ToList();
        foreach (var (query, found) in await Task.WhenAll(searches))
            findings._searches[query] = found;
        var readings = transaction
            .Entries.Select(e => ReadBy(e.Interaction))
            .OfType<ResourceKey>()
            .Distinct()
            .Select(async k => (Key: k, Found: await reads.ReadAsync(k, cancellationToken)))
            .ToList();
        foreach (var (key, found) in await Task.WhenAll(readings))
            findings._reads[key] = found;
        return findings;
    }

    private static ResourceKey? ReadBy(FhirInteraction interaction) =>
        interaction switch
        {
            Read read => read.Key,
            Update update when StatusCheck.AppliesTo(update.Key.Type) => update.Key,
            Patch patch => patch.Key,
            Delete delete when StatusCheck.AppliesToDeletionOf(delete.Key.Type) => delete.Key,
            _ => null,
        };
}
