using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Partners;

/// <summary>One message to a partner, as values: everything a strategy needs, read and decided before.</summary>
/// <param name="DeliveryId">Stays the same over all attempts: what makes a repeat harmless at the partner.</param>
/// <param name="Kind"><c>send</c>, <c>update</c> or <c>cancel</c>.</param>
/// <param name="Task">The Task as this server has it, with the status already in the partner's words.</param>
/// <param name="Supporting">What Task and ServiceRequest refer to, as far as this partner may see it.</param>
/// <param name="OwnBase">The base URL of this server, for absolute references.</param>
public sealed record ReferralPackage(
    string DeliveryId,
    string Kind,
    Snapshot Task,
    Snapshot Request,
    ImmutableArray<Snapshot> Supporting,
    Uri OwnBase
)
{
    /// <summary>Where the partner keeps its copy of the Task, once it has one; null before the first send.</summary>
    public string? PartnerReference { get; init; }

    /// <summary>The version of that copy that was seen last, for If-Match.</summary>
    public string? PartnerVersion { get; init; }

    /// <summary>
    /// An attempt before this one may have reached the partner, with this message or another about the Task: there may be a copy that is not
    /// known here, or more than one.
    /// </summary>
    public bool WasTriedBefore { get; init; }
}
