using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.SignIn.Clients;
using Microsoft.AspNetCore.WebUtilities;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>A program that signs its assertions itself, rightly or wrongly: written without the libraries that the server uses.</summary>
internal sealed class BackendClient : IDisposable
{
    private static int _last;

    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    public BackendClient(bool isEc, string? keyId = null)
    {
        (_rsa, _ec) = isEc ? ((RSA?)null, ECDsa.Create(ECCurve.NamedCurves.nistP384)) : (RSA.Create(2048), null);
        KeyId = keyId ?? $"key-{Interlocked.Increment(ref _last)}";
    }

    public string Id { get; set; } = SignInServer.NewName("backend");

    public string KeyId { get; }

    public string Algorithm => _ec is null ? "RS384" : "ES384";

    public string Jwks => JsonSerializer.Serialize(new { keys = new[] { PublicKey() } });

    public byte[] PublicModulus => _rsa!.ExportParameters(false).Modulus!;

    public ClientRecord Record(string scopes = "system/*.rs", string? jwksUri = null) =>
        new(Id, "A program", ClientKind.Key, scopes)
        {
            Roles = [CareRole.EhrSystem],
            Organization = "org-1",
            Jwks = jwksUri is null ? Jwks : null,
            JwksUri = jwksUri,
        };

    /// <summary>A right assertion, but for what is changed.</summary>
    public string Assertion(
        SignInServer server,
        Action<Dictionary<string, object?>>? claims = null,
        Action<Dictionary<string, object?>>? header = null
    )
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var body = new Dictionary<string, object?>
        {
            ["iss"] = Id,
            ["sub"] = Id,
            ["aud"] = server.TokenEndpoint,
            ["exp"] = now + 240,
            ["iat"] = now,
            ["jti"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
        };
        claims?.Invoke(body);
        var head = new Dictionary<string, object?>
        {
            ["alg"] = Algorithm,
            ["kid"] = KeyId,
            ["typ"] = "JWT",
        };
        header?.Invoke(head);
        var text = $"{Part(head)}.{Part(body)}";
        return $"{text}.{Sign(text, (string)head["alg"]!)}";
    }

    public static Task<Tokens> AskAsync(AppBrowser browser, string assertion, string? scope = "system/*.rs") =>
        browser.PostAsync(
            "/connect/token",
            new Dictionary<string, string?>
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = assertion,
                ["scope"] = scope,
            }
        );

    public string PrivatePem() => _ec?.ExportPkcs8PrivateKeyPem() ?? _rsa!.ExportPkcs8PrivateKeyPem();

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    private string Sign(string text, string algorithm)
    {
        var data = Encoding.ASCII.GetBytes(text);
        return algorithm switch
        {
            "none" => "",
            // By what everybody knows of the key, as if it were a shared secret.
            "HS256" => AppBrowser.Base64Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Jwks), data)),
            "HS384" => AppBrowser.Base64Url(HMACSHA384.HashData(PublicModulus, data)),
            "RS256" => AppBrowser.Base64Url(_rsa!.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            "PS384" => AppBrowser.Base64Url(_rsa!.SignData(data, HashAlgorithmName.SHA384, RSASignaturePadding.Pss)),
            _ when _rsa is not null => AppBrowser.Base64Url(
                _rsa.SignData(data, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)
            ),
            _ => AppBrowser.Base64Url(_ec!.SignData(data, HashAlgorithmName.SHA384)),
        };
    }

    private object PublicKey()
    {
        if (_rsa is not null)
        {
            var rsa = _rsa.ExportParameters(false);
            return new
            {
                kty = "RSA",
                kid = KeyId,
                alg = "RS384",
                n = AppBrowser.Base64Url(rsa.Modulus!),
                e = AppBrowser.Base64Url(rsa.Exponent!),
            };
        }

        var ec = _ec!.ExportParameters(false);
        return new
        {
            kty = "EC",
            kid = KeyId,
            crv = "P-384",
            x = AppBrowser.Base64Url(ec.Q.X!),
            y = AppBrowser.Base64Url(ec.Q.Y!),
        };
    }

    private static string Part(object value) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(value));
}
