using CareCoordination.Storage;

namespace CareCoordination.Application.Sessions;

/// <summary>Whether the store can be read and written. Asks for no resource, so that nobody has to say who asks.</summary>
public sealed class StoreReadiness
{
    private readonly ResourceStore _store;

    internal StoreReadiness(ResourceStore store) => _store = store;

    public Task<StoreHealth> CheckAsync(CancellationToken cancellationToken) => _store.HealthAsync(cancellationToken);
}
