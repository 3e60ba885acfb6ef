using CareCoordination.Access.Scopes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Certificates;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.SignIn.Clients;

/// <summary>What a client has to be to be registered.</summary>
internal static class ClientRules
{
    private const int MaxName = 100;
    private const int MaxCertificates = 10;

    /// <summary>The algorithms by which SMART has clients sign. https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html</summary>
    public static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha384, SecurityAlgorithms.EcdsaSha384];

    /// <summary>What is wrong with it, as a sentence; null: nothing.</summary>
    public static Failure? Check(ClientRecord client) =>
        Problem(client) is { } problem ? Failure.Unprocessable(IssueCode.Invalid, problem) : null;

    /// <summary>An id that somebody sent, as it may stand in a log.</summary>
    public static string Loggable(string id) => IsId(id) ? id : "unknown";

    private static bool IsId(string id) => id.Length is > 0 and <= 100 && id.All(IsOfId);

    private static string? Problem(ClientRecord client)
    {
        if (!IsId(client.Id))
            return "A client id has 1 to 100 letters, digits and any of '-', '.', '_', '~'.";
        if (client.Name.Length is 0 or > MaxName || client.Name.Any(char.IsControl))
            return $"The name of a client has 1 to {MaxName} characters: people are shown it.";
        if (client.Organization is { } organization && !FhirId.IsValid(organization))
            return $"'{organization}' is no id of an Organization.";
        if (client.Purpose is { } purpose && !(purpose.Length is > 0 and <= 20 && purpose.All(char.IsAsciiLetterUpper)))
            return $"'{purpose}' is no purpose of use: they are codes such as TREAT, HPAYMT and HOPERAT.";
        return ScopeProblem(client)
            ?? client.RedirectUris.Select(RedirectProblem).FirstOrDefault(p => p is not null)
            ?? KeyProblem(client)
            ?? CertificateProblem(client);
    }

    private static string? ScopeProblem(ClientRecord client)
    {
        var scopes = ScopeSet.Parse(client.Scopes);
        if (scopes.Unknown is [var unknown, ..])
            return $"'{unknown}' is no scope: they are such as patient/Observation.rs, user/*.cruds, system/Patient.rs, openid, fhirUser, launch/patient and offline_access.";
        if (scopes.Resources.IsEmpty && scopes.Others.IsEmpty)
            return "A client needs scopes: what it may ask for at most.";
        if (scopes.Resources.Any(s => s.Context == ScopeContext.System))
            return client.Kind == ClientKind.Public
                ? "A public client gets no system/ scopes: it can keep no secret."
                : null;
        return client.RedirectUris.IsEmpty
            ? "A client without a redirect address acts by itself and needs system/ scopes."
            : null;
    }

    private static string? KeyProblem(ClientRecord client)
    {
        if (client.Kind == ClientKind.Public && client.RedirectUris.IsEmpty)
            return "A public client needs a redirect address.";
        if (client.Kind != ClientKind.Key)
            return client.Jwks is null && client.JwksUri is null ? null : "Keys belong to a client of the kind Key.";
        if ((client.Jwks is null) == (client.JwksUri is null))
            return "A client that signs needs its keys or their address, and not both.";
        if (client.JwksUri is { } uri)
            return
                Uri.TryCreate(uri, UriKind.Absolute, out var address)
                && IsTrusted(address)
                && address.UserInfo.Length == 0
                ? null
                : $"'{uri}' is no address of keys: it has to be an https address.";
        return ClientKeys.Read(client.Jwks!).IsEmpty
            ? "The keys are no JSON Web Key Set with a public key for RS384 (RSA of 2048 bits or more) or ES384 (P-384) that has a kid."
            : null;
    }

    private static string? CertificateProblem(ClientRecord client) =>
        client.Certificates.IsEmpty ? null
        : client.Kind == ClientKind.Public
            ? "A public client has no certificate: give it a secret or keys as well, or leave the certificate out."
        : client.Certificates.Length > MaxCertificates
            ? $"A client has at most {MaxCertificates} certificates: the one in use, and the next ones."
        : client.Certificates.FirstOrDefault(c => !CertificateThumbprint.IsValid(c)) is { } wrong
            ? $"'{wrong}' is no thumbprint of a certificate: it has to be its SHA-256 in base64url, without padding."
        : null;

    private static string? RedirectProblem(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var uri) || text.Any(c => c <= ' ' || c > '~' || c == '*')
            ? $"'{text}' is no redirect address: it has to be whole, without a pattern."
        : uri.Fragment.Length > 0 || text.Contains('#', StringComparison.Ordinal)
            ? $"'{text}' has a fragment, which a redirect address must not."
        : uri.UserInfo.Length > 0 ? $"'{text}' names a user, which a redirect address must not."
        : IsTrusted(uri) || IsOfAnApp(uri) ? null
        : $"'{text}' has to be https, http on this machine, or a scheme of an app such as org.example.app:/done.";

    private static bool IsTrusted(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && LoopbackAddress.IsHost(uri.Host));

    /// <summary>A scheme made of a domain name. https://www.rfc-editor.org/rfc/rfc8252#section-7.1</summary>
    private static bool IsOfAnApp(Uri uri) => uri.Scheme.Contains('.', StringComparison.Ordinal);

    private static bool IsOfId(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';
}
