using System.Runtime.CompilerServices;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;

namespace CareCoordination.Application.Access;

/// <summary>
/// What callers may see and do, decided in one place. A token is remembered with its scopes, and its rights for as long: they are worked
/// out once, however often it asks.
/// </summary>
public sealed class AccessPolicy(PolicyCompiler compiler)
{
    private readonly ConditionalWeakTable<ScopeSet, Known> _known = [];

    public AccessRights Of(Caller caller)
    {
        if (
            caller.Kind
            is CallerKind.Open
                or CallerKind.Partner
                or CallerKind.Timer
                or CallerKind.Job
                or CallerKind.Import
                or CallerKind.Operator
        )
            return AccessRights.Unlimited;
        if (caller.Scopes is not { } scopes)
            return new AccessRights(caller, compiler);
        var known = _known.GetValue(scopes, _ => new Known(caller, new AccessRights(caller, compiler)));
        return IsSame(known.Caller, caller) ? known.Rights : new AccessRights(caller, compiler);
    }

    /// <summary>In everything that rights depend on: where a request came from is no part of it.</summary>
    private static bool IsSame(Caller one, Caller other) =>
        one.Kind == other.Kind
        && one.Roles == other.Roles
        && one.Person == other.Person
        && one.LaunchPatient == other.LaunchPatient
        && one.Organization == other.Organization
        && one.Purpose == other.Purpose
        && one.IsExporting == other.IsExporting;

    private sealed record Known(Caller Caller, AccessRights Rights);
}
