namespace CareCoordination.Workflow.Decisions;

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
