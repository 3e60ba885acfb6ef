using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CareCoordination.Load.Client;

/// <summary>
/// An issuer of access tokens for as long as a run takes: its key is in a file that the server reads, so that nothing has to be asked over
/// the network. https://www.rfc-editor.org/rfc/rfc9068
/// </summary>
internal sealed class BenchmarkToken : IDisposable
{
    private const string Issuer = "https://issuer.benchmark.example";
    private const string Audience = "https://server.benchmark.example/fhir";
    private const string KeyId = "k";
    private readonly RSA _key = RSA.Create(2048);

    /// <summary>What a server takes its tokens by, as arguments: a shell passes no variable on whose name has a hyphen.</summary>
    /// <param name="role">Of whoever has one.</param>
    /// <param name="folder">Where the file with the key goes.</param>
    public string[] Settings(string role, string folder)
    {
        var file = Path.Combine(folder, "jwks.json");
        var key = _key.ExportParameters(includePrivateParameters: false);
        File.WriteAllText(
            file,
            $$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{KeyId}}","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}]}"""
        );
        const string Bench = "--Security:Issuers:bench";
        return
        [
            "--Security:Mode=Oidc",
            "--Security:RequestsPerSecondPerClient=0",
            "--Security:RequestsPerSecondPerAddress=0",
            $"{Bench}:Authority={Issuer}",
            $"{Bench}:Audiences:0={Audience}",
            $"{Bench}:JwksPath={file}",
            $"{Bench}:Roles:{role}:0={role}",
        ];
    }

    /// <summary>A token of a person, for an hour.</summary>
    /// <param name="person">As <c>Practitioner/1</c>.</param>
    public string Of(string person, string role, string scope, DateTimeOffset now)
    {
        var head = Encode(
            new
            {
                alg = "RS256",
                typ = "at+jwt",
                kid = KeyId,
            }
        );
        var body = Encode(
            new
            {
                iss = Issuer,
                aud = Audience,
                sub = person,
                fhirUser = person,
                client_id = "benchmark",
                roles = new[] { role },
                scope,
                iat = now.ToUnixTimeSeconds(),
                exp = now.AddHours(1).ToUnixTimeSeconds(),
            }
        );
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes($"{head}.{body}"),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{head}.{body}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static string Encode<T>(T part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
