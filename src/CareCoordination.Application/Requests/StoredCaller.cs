using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Requests;

/// <summary>A caller as it is kept of work that goes on after the request: what they may see is worked out anew in each step.</summary>
public sealed record StoredCaller(CallerKind Kind, string Subject)
{
    public ImmutableArray<string> Roles { get; init; } = [];

    public string? Person { get; init; }

    public string? LaunchPatient { get; init; }

    /// <summary>In the spelling of SMART 2; null where no token narrows them.</summary>
    public string? Scopes { get; init; }

    public string? Organization { get; init; }

    public string? Client { get; init; }

    public string? Purpose { get; init; }

    public static StoredCaller Of(Caller caller) =>
        new(caller.Kind, caller.Subject)
        {
            Roles = [.. caller.Roles.Select(role => role.Code)],
            Person = caller.Person?.ToString(),
            LaunchPatient = caller.LaunchPatient?.ToString(),
            Scopes = caller.Scopes?.ToString(),
            Organization = caller.Organization,
            Client = caller.Client,
            Purpose = caller.Purpose,
        };

    public Caller ToCaller() =>
        new(Kind, Subject)
        {
            Roles = [.. Roles.Select(CareRole.Find).OfType<CareRole>()],
            Person = KeyOf(Person),
            LaunchPatient = KeyOf(LaunchPatient),
            Scopes = Scopes is null ? null : ScopeSet.Parse(Scopes),
            Organization = Organization,
            Client = Client,
            Purpose = Purpose,
        };

    private static ResourceKey? KeyOf(string? reference) =>
        reference?.Split('/') is [var type, var id] ? new ResourceKey(type, id) : null;
}
