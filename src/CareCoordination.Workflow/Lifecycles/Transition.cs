namespace CareCoordination.Workflow.Lifecycles;

/// <summary>Who may make a step, by their relation to the resource. A lead may make every step.</summary>
[Flags]
public enum ActorRelation
{
    None = 0,

    /// <summary>Asked for it: <c>Task.requester</c>, <c>ServiceRequest.requester</c>, the author of a plan.</summary>
    Requester = 1,

    /// <summary>Does it: <c>Task.owner</c>, the performer of a request, the care manager of a plan or episode.</summary>
    Owner = 2,

    /// <summary>Leads the team. The only one allowed to bring back what was finished.</summary>
    Lead = 4,

    Either = Requester | Owner,
}

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
