using System.Collections.Immutable;

namespace CareCoordination.Access.Scopes;

/// <summary>The scopes of a token. Scopes narrow what somebody may do, and never widen it.</summary>
/// <param name="Resources">Those that name resources.</param>
/// <param name="Others">The rest that this server knows: <c>openid</c>, <c>fhirUser</c>, <c>launch</c>, <c>launch/patient</c>, <c>offline_access</c> and the like.</param>
/// <param name="Unknown">What this server does not know: it grants nothing.</param>
public sealed record ScopeSet(
    ImmutableArray<SmartScope> Resources,
    ImmutableArray<string> Others,
    ImmutableArray<string> Unknown
);
