using System.Runtime.CompilerServices;
using CareCoordination.Application.Requests;

namespace CareCoordination.Application.Access;

/// <summary>
/// What callers may see and do, decided in one place. A token is one caller for as long as it is remembered, so that its rights are
/// worked out once.
/// </summary>
public sealed class AccessPolicy(PolicyCompiler compiler)
{
    private readonly ConditionalWeakTable<Caller, AccessRights> _known = [];

    public AccessRights Of(Caller caller) =>
        caller.Kind is CallerKind.User or CallerKind.Client
            ? _known.GetValue(caller, asked => new AccessRights(asked, compiler))
            : AccessRights.Unlimited;
}
