using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Server.Referrals;

/// <summary>Which Tasks a partner may have heard of: what never left can be called off without asking anybody.</summary>
public sealed class PartnerKnowledge
{
    /// <summary>What cannot be known counts as known.</summary>
    public Task<Func<Snapshot, bool>> OfAsync(IEnumerable<Snapshot> tasks, CancellationToken cancellationToken) =>
        Task.FromResult<Func<Snapshot, bool>>(_ => true);
}
