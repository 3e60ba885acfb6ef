using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Sessions;

/// <summary>Whether the store can be read and written. Asks for no resource, so that nobody has to say who asks.</summary>
public sealed class StoreReadiness
{
    private readonly ResourceStore _store;

    internal StoreReadiness(ResourceStore store) => _store = store;

    /// <summary>By how much the node's clock is ahead of the database's; zero while that is not too much.</summary>
    public TimeSpan ClockAhead => _store.Clock.Ahead;

    public Task<StoreHealth> CheckAsync(CancellationToken cancellationToken) => _store.HealthAsync(cancellationToken);
}
