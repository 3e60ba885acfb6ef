using System.Collections.Immutable;

namespace CareCoordination.Workflow.Decisions;

/// <summary>Who asks for a decision.</summary>
/// <param name="Reference">The one that acts: <c>Practitioner/1</c>, <c>PractitionerRole/2</c>, <c>Patient/3</c>, <c>Device/4</c>.</param>
public sealed record Agent(string Reference)
{
    /// <summary>What the agent also acts as: roles, organisations, teams, the practitioner behind a role.</summary>
    public ImmutableArray<string> ActsAs { get; init; } = [];

    public bool IsLead { get; init; }

    /// <summary>The Practitioner behind a role, where that is known: who can be the author of a note.</summary>
    public string? Person { get; init; }

    /// <summary>What people and organisations are called whom the command names, by their references; never a patient.</summary>
    public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// True where the server cannot tell who asks, or a rule of the server itself does: who may make a step is then not asked.
    /// </summary>
    public bool IsUnchecked { get; init; }

    /// <summary>True where nobody says who acts: the server answers for it, and owns nothing by it.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Who has what the agent takes; null where nobody knows.</summary>
    public string? AsOwner => IsUnknown ? null : Reference;

    public string? NameOf(string reference) => Names.GetValueOrDefault(reference);

    public bool Is(string? reference) =>
        reference is not null && (reference == Reference || ActsAs.Contains(reference));

    /// <summary>The relation of this agent to a resource; null where it is not to be asked.</summary>
    public ActorRelation? RelationTo(string? requester, string? owner)
    {
        if (IsUnchecked)
            return null;
        var mover = IsLead ? ActorRelation.Lead : ActorRelation.None;
        if (Is(requester))
            mover |= ActorRelation.Requester;
        if (Is(owner))
            mover |= ActorRelation.Owner;
        return mover;
    }
}
