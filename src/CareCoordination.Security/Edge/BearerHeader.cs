using System.Buffers;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Security.Edge;

/// <summary>
/// The one token that a request may show, in the one place where it may stand. Whatever could be read in two ways, by a proxy in front and
/// by this server, is refused. https://www.rfc-editor.org/rfc/rfc6750#section-2.1
/// </summary>
internal static class BearerHeader
{
    /// <summary>A token with the groups of a large organisation has a few thousand.</summary>
    private const int LongestToken = 16 * 1024;

    private const string Scheme = "Bearer ";

    private static readonly SearchValues<char> TokenLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
    );

    /// <summary>
    /// Null: no token stands in the address. Nobody should put one there, RFC 6750 (section 2.3) notwithstanding.
    /// https://www.rfc-editor.org/rfc/rfc9700#section-4.3.2
    /// </summary>
    public static Failure? FindInUrl(HttpRequest request) =>
        HasTokenInUrl(request.QueryString)
            ? Failure.Invalid(
                IssueCode.Security,
                "A token does not belong into an address, which is kept in logs and histories: send it in the header Authorization, and get a new one, for this one may be known to others."
            )
            : null;

    /// <summary>The token; null where none is shown. A failure of status 400 is one of the request, one of 401 of the scheme.</summary>
    public static Result<string?> Read(IHeaderDictionary headers)
    {
        var values = headers.Authorization;
        if (values.Count == 0)
            return (string?)null;
        if (values.Count > 1 || values[0] is not { } value || value.Contains(','))
            return Failure.Invalid(IssueCode.Security, "Send one header Authorization, with one token.");
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Failure.From(
                401,
                IssueCode.Login,
                "Only Bearer tokens are taken here: get one from an issuer of this server."
            );
        var token = value[Scheme.Length..];
        return IsToken(token)
            ? token
            : Failure.Invalid(
                IssueCode.Security,
                "The header Authorization is malformed: it is the word Bearer, one space and the token."
            );
    }

    /// <summary>b64token of RFC 6750: letters, and equals signs at the end only.</summary>
    private static bool IsToken(string token)
    {
        var letters = token.AsSpan().TrimEnd('=');
        return letters.Length > 0 && token.Length <= LongestToken && !letters.ContainsAnyExcept(TokenLetters);
    }

    private static bool HasTokenInUrl(QueryString query) =>
        query.HasValue && query.Value.Split('?', '&', ';').Any(pair => IsAccessToken(pair.Split('=')[0]));

    private static bool IsAccessToken(string name) =>
        name.Length >= "access_token".Length
        && Uri.UnescapeDataString(name.Replace('+', ' '))
            .Trim()
            .Equals("access_token", StringComparison.OrdinalIgnoreCase);
}
