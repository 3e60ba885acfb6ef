using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>One legal step of a status.</summary>
/// <param name="By">Who may make it.</param>
/// <param name="Command">The operation that makes it, without <c>$</c>; null where only a plain write does.</param>
/// <param name="NeedsReason">
/// The command is refused without a reason. A plain write is not: the profiles of partners only recommend
/// <c>statusReason</c>, and their updates arrive by plain writes.
/// </param>
/// <param name="CommandOnly">A plain write cannot make this step, only <paramref name="Command"/> can.</param>
/// <param name="Resumes">The step leads out of a hold: legal only back to the status before the hold, where that is known.</param>
public sealed record Transition(
    string From,
    string To,
    ActorRelation By,
    string? Command = null,
    bool NeedsReason = false,
    bool CommandOnly = false,
    bool Resumes = false
)
{
    public bool MayBeMadeBy(ActorRelation mover) => (mover & (By | ActorRelation.Lead)) != ActorRelation.None;
}
