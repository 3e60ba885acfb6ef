using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;

namespace CareCoordination.Application.Reads;

/// <summary>Which Tasks a partner may have heard of: what never left can be called off without asking anybody.</summary>
public sealed class PartnerKnowledge(DeliveryStore deliveries)
{
    private const int Enough = 20;

    /// <summary>True for those that a message was tried for. What came here without one counts as known: others may have told.</summary>
    public async Task<Func<ResourceKey, bool>> OfAsync(
        IEnumerable<ResourceKey> tasks,
        CancellationToken cancellationToken
    )
    {
        var unknown = new HashSet<ResourceKey>();
        foreach (var task in tasks)
        {
            var page = await deliveries.SearchAsync(new DeliveryQuery(Enough) { Task = task.Id }, cancellationToken);
            if (page.Deliveries.Count > 0 && page.Deliveries.All(d => d.Attempts == 0))
                unknown.Add(task);
        }

        return task => !unknown.Contains(task);
    }
}
