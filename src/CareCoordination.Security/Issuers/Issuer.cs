using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Settings;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Issuers;

/// <summary>
/// An authorization server whose access tokens are taken. Whoever adds one to the services of the program is asked: the outside issuers of
/// the configuration, and the authorization server that comes with the program.
/// </summary>
/// <param name="Name">For people, in logs and refusals.</param>
/// <param name="Id">As tokens have it in <c>iss</c>, letter by letter: by it, and by nothing else, the issuer of a token is found.</param>
public sealed record Issuer(string Name, string Id)
{
    /// <summary>
    /// Stands before the subjects and clients of this issuer (<c>main:</c>), so that two issuers that call different people the same do not
    /// make them one. Empty for the one whose people and clients are kept here.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>A token is for this server where one of them stands in its <c>aud</c>.</summary>
    public required ImmutableArray<string> Audiences { get; init; }

    /// <summary>Signatures that are taken; all others are refused, whatever a key could verify.</summary>
    public required ImmutableArray<string> Algorithms { get; init; }

    /// <summary>How far clocks may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    public ClaimNames Claims { get; init; } = new();

    public RoleNames Roles { get; init; } = RoleNames.None;

    public required FindKeys Keys { get; init; }

    /// <summary>Where apps are sent to for a token.</summary>
    public required Func<CancellationToken, ValueTask<Result<IssuerEndpoints>>> Endpoints { get; init; }

    /// <summary>Whether a signed token was revoked; null: it is taken until it expires.</summary>
    public TokenStanding? Standing { get; init; }

    /// <summary>Asks the issuer about a token that says nothing by itself; null where nobody may ask.</summary>
    public IntrospectToken? Introspect { get; init; }

    /// <summary>How long an answer of <see cref="Introspect"/> is taken.</summary>
    public TimeSpan IntrospectionRemembered { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>
/// The public keys of an issuer that could have signed a token. A failure is answered as it is: the keys cannot be had at the moment.
/// </summary>
/// <param name="kid">The key that the token names; null: none. It is looked up, and never an address of anything.</param>
public delegate ValueTask<Result<ImmutableArray<SecurityKey>>> FindKeys(
    string? kid,
    CancellationToken cancellationToken
);

/// <summary>What an issuer says about a token. https://www.rfc-editor.org/rfc/rfc7662#section-2.2</summary>
public delegate ValueTask<Result<IntrospectedToken>> IntrospectToken(string token, CancellationToken cancellationToken);

/// <param name="IsActive">False: it is none of the issuer's, has expired or was revoked.</param>
/// <param name="Utf8Json">The members of the answer, as claims.</param>
public sealed record IntrospectedToken(bool IsActive, ReadOnlyMemory<byte> Utf8Json);
