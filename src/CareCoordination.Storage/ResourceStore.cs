using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage;

/// <summary>Reads, searches and commits resources.</summary>
public sealed class ResourceStore
{
    /// <summary>The current version, deletions included; null where the resource never existed.</summary>
    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StoredResource?> ReadVersionAsync(ResourceKey key, int version, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) => throw new NotSupportedException();
}
