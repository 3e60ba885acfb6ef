using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Reads;

/// <summary>Which Tasks a partner may have heard of: what never left can be called off without asking anybody.</summary>
public sealed class PartnerKnowledge(OutboxStore deliveries)
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
            var page = await deliveries.SearchAsync(
                new OutboxQuery(Enough) { Topic = Outgoing.Topic, Subject = task },
                cancellationToken
            );
            if (page.Messages.Count > 0 && page.Messages.All(d => d.Attempts == 0))
                unknown.Add(task);
        }

        return task => !unknown.Contains(task);
    }
}
