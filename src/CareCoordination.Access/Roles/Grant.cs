using System.Collections.Immutable;
using CareCoordination.Access.Scopes;

namespace CareCoordination.Access.Roles;

/// <summary>Whose resources a grant is about.</summary>
public enum Reach
{
    /// <summary>All of them, whoever they are about.</summary>
    All,

    /// <summary>Those about patients to whom the caller has a relation that counts for the role.</summary>
    Related,

    /// <summary>All of them, in an export and nowhere else: but for what its labels or a Consent of the patient hide.</summary>
    Exported,

    /// <summary>Those about the caller: a patient.</summary>
    Own,

    /// <summary>Those that name the caller, as owner or requester of a task.</summary>
    Named,

    /// <summary>Those that a referral has disclosed to the caller's organisation.</summary>
    Disclosed,

    /// <summary>Those about no patient.</summary>
    Unassigned,
}

/// <summary>A row of the role table: somebody in a role may do this with these resources.</summary>
public sealed record Grant(CareRole Role, ScopeRights Rights, Reach Reach)
{
    /// <summary>The groups of types that it is about.</summary>
    public ImmutableArray<ResourceGroup> Groups { get; init; } = [];

    /// <summary>The types that it is about, beside those of the groups.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    public bool Covers(string resourceType, ResourceGroup group) =>
        Groups.Contains(group) || Types.Contains(resourceType);
}
