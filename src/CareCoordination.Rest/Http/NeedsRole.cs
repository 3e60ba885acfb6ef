using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Requests;

namespace CareCoordination.Rest.Http;

/// <summary>Of an endpoint that is no resource, as metadata: in a secured server those alone may use it who act in one of these roles.</summary>
public sealed record NeedsRole(ImmutableArray<CareRole> Roles)
{
    public bool IsMetBy(Caller caller) => caller.Roles.Any(Roles.Contains);

    /// <summary>What others are told.</summary>
    public string Sentence => $"This takes the role {string.Join(" or ", Roles.Select(role => role.Code))}.";
}
