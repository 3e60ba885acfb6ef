using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Security.Issuers;

/// <summary>
/// How an issuer that is at hand is asked whether a token that it signed is taken yet, or was revoked since. Asked before a token is taken
/// for the first time, and again where it was not asked for <see cref="Longest"/>.
/// </summary>
/// <param name="Claim">The claim by which a token says which one it is; one without it is not taken.</param>
/// <param name="Changes">Another number after each revocation by this node: what was answered before does not count any more.</param>
/// <param name="Ask">False: it was revoked, or is not known. A failure is answered as it is: that cannot be known at the moment.</param>
public sealed record TokenStanding(
    string Claim,
    Func<int> Changes,
    Func<string, CancellationToken, ValueTask<Result<bool>>> Ask
)
{
    /// <summary>What another node has revoked is taken here no longer than this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
}
