using System.Collections.Immutable;
using CareCoordination.Access.Roles;

namespace CareCoordination.SignIn.Users;

/// <summary>Somebody who may sign in.</summary>
/// <param name="Id">By which tokens name them (<c>sub</c>); empty where they are not stored yet.</param>
/// <param name="Name">With which they sign in.</param>
public sealed record UserRecord(string Id, string Name)
{
    public ImmutableArray<CareRole> Roles { get; init; } = [];

    /// <summary>Who they are: <c>Practitioner/1</c>; null where FHIR does not know them.</summary>
    public string? FhirUser { get; init; }

    /// <summary>The id of the Organization that they act for.</summary>
    public string? Organization { get; init; }

    public bool IsDisabled { get; init; }

    /// <summary>Locked out after too many failures until then; null where not.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>True where they are asked for a one-time code.</summary>
    public bool AsksForCode { get; init; }
}
