using System.Collections.Immutable;
using CareCoordination.Access.Roles;

namespace CareCoordination.Security.Settings;

/// <summary>Which of our roles somebody has by the names of an issuer. A name that nobody mapped grants nothing.</summary>
/// <param name="Names">By the values of the claim of roles.</param>
/// <param name="Clients">By the id of the client, for programs whose tokens name no roles.</param>
public sealed record RoleNames(
    ImmutableArray<KeyValuePair<string, CareRole>> Names,
    ImmutableArray<KeyValuePair<string, CareRole>> Clients
)
{
    /// <summary>Maps nothing: nobody gets a role.</summary>
    public static readonly RoleNames None = new([], []);

    /// <summary>For an issuer that calls them as this server does.</summary>
    public static readonly RoleNames Own = new([.. CareRole.All.Select(r => KeyValuePair.Create(r.Code, r))], []);

    /// <summary>True where no token can carry a role.</summary>
    public bool IsEmpty => Names.IsEmpty && Clients.IsEmpty;

    /// <summary>Each once, in the order of <see cref="CareRole.All"/>.</summary>
    public ImmutableArray<CareRole> Of(ImmutableArray<string> names, string? client)
    {
        var found = Names
            .Where(n => names.Contains(n.Key))
            .Concat(Clients.Where(c => c.Key == client))
            .Select(n => n.Value)
            .ToHashSet();
        return [.. CareRole.All.Where(found.Contains)];
    }
}
