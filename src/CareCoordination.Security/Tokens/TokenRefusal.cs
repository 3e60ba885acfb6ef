using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Security.Tokens;

/// <summary>
/// Why a token is not taken: <c>invalid_token</c> of RFC 6750, answered with 401. The sentences stand in a header as well, so they are
/// plain ASCII without quotation marks, and nothing of the token stands in them.
/// </summary>
internal static class TokenRefusal
{
    public static readonly Failure Malformed = Of(
        "The token cannot be read: it is neither a JWT nor one that its issuer may be asked about."
    );

    public static readonly Failure UnknownIssuer = Of(
        "The token is of an issuer that is not known here: iss has to be that of an issuer of this server, letter by letter."
    );

    public static readonly Failure Inactive = Of(
        "The issuer does not know the token, or does not let it be used any more: it has expired or was revoked."
    );

    public static readonly Failure Revoked = Of(
        "The token was revoked, or its client or user is not let in any more: get a new one by signing in again."
    );

    public static readonly Failure Algorithm = Of(
        "The token is signed in a way that is not taken from its issuer, or not at all."
    );

    public static readonly Failure UnknownKey = Of("The token names no key of its issuer that could have signed it.");

    public static readonly Failure Signature = Of("The signature of the token is not one of its issuer.");

    public static readonly Failure Audience = Of("The token is for another server: aud does not name this one.");

    public static readonly Failure NoExpiry = Of("The token does not say when it expires (exp).");

    public static readonly Failure Expired = Of(
        "The token has expired: get a new one from its issuer.",
        IssueCode.Expired
    );

    public static readonly Failure NotYet = Of(
        "The token is not valid yet (nbf): get one that is, and compare the clocks."
    );

    public static readonly Failure NotForAccess = Of(
        "This is no access token: an ID token, a refresh token or one of another kind opens nothing here."
    );

    public static readonly Failure Bound = Of(
        "The token is bound to a key (cnf) in a way that cannot be checked here: ask for a Bearer token, or one that is bound to a client certificate (x5t#S256)."
    );

    public static readonly Failure Certificate = Of(
        "The token is bound to a client certificate: connect with the one that it was asked for with (RFC 8705)."
    );

    public static readonly Failure Critical = Of(
        "The token has to be understood in a way (crit) that is not known here."
    );

    public static readonly Failure Nobody = Of(
        "The token does not say whose it is: it needs sub or client_id, of at most 255 characters without control characters."
    );

    private static Failure Of(string sentence, IssueCode code = IssueCode.Login) => Failure.From(401, code, sentence);
}
