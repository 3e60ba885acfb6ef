using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>
/// SMART backend services: an access token for a signed assertion.
/// https://hl7.org/fhir/smart-app-launch/backend-services.html
/// </summary>
public sealed class TokenEndpoint
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan LongestAssertion = TimeSpan.FromMinutes(5);

    private readonly SimulatorOptions _options;
    private readonly string _tokenUrl;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _assertions = new(StringComparer.Ordinal);

    internal TokenEndpoint(SimulatorOptions options, string tokenUrl)
    {
        (_options, _tokenUrl) = (options, tokenUrl);
        ClientKeys = options.ClientKeys;
    }

    /// <summary>The JWKS of the clients, as they registered them; null: signatures are not checked.</summary>
    public string? ClientKeys { get; set; }

    /// <summary>How many tokens were handed out.</summary>
    public int Issued => _tokens.Count;

    /// <summary>No token that was given so far is taken any more.</summary>
    public void ExpireAll()
    {
        foreach (var token in _tokens.Keys)
            _tokens[token] = DateTimeOffset.MinValue;
    }

    internal bool Takes(string? authorization) =>
        authorization is not null
        && authorization.StartsWith("Bearer ", StringComparison.Ordinal)
        && _tokens.TryGetValue(authorization["Bearer ".Length..], out var end)
        && _options.Time.GetUtcNow() < end;

    internal PartnerAnswer Answer(IReadOnlyDictionary<string, string> form)
    {
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
            return Refuse(400, "unsupported_grant_type", "grant_type is client_credentials.");
        if (form.GetValueOrDefault("client_assertion_type") != AssertionType)
            return Refuse(400, "invalid_client", $"client_assertion_type is {AssertionType}.");
        if (string.IsNullOrEmpty(form.GetValueOrDefault("scope")))
            return Refuse(400, "invalid_scope", "A scope has to be asked for.");
        if (Complaint(form.GetValueOrDefault("client_assertion") ?? "") is { } complaint)
            return Refuse(401, "invalid_client", complaint);

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        _tokens[token] = _options.Time.GetUtcNow() + _options.TokenLife;
        return new PartnerAnswer(
            200,
            new JsonObject
            {
                ["access_token"] = token,
                ["token_type"] = "bearer",
                ["expires_in"] = (int)_options.TokenLife.TotalSeconds,
                ["scope"] = form["scope"],
            }.ToJsonString()
        );
    }

    private string? Complaint(string assertion)
    {
        if (assertion.Split('.') is not [var head, var body, var signature])
            return "The client assertion is no signed JWT.";
        var (header, claims) = (Part(head), Part(body));
        var now = _options.Time.GetUtcNow();
        var end = DateTimeOffset.FromUnixTimeSeconds(claims["exp"]?.GetValue<long>() ?? 0);
        if (Text(header["alg"]) is not ("RS384" or "ES384"))
            return "The client assertion is signed with RS384 or ES384.";
        if (Text(claims["iss"]).Length == 0 || Text(claims["iss"]) != Text(claims["sub"]))
            return "iss and sub are the client's id.";
        if (Text(claims["aud"]) != _tokenUrl)
            return "aud is the URL of the token endpoint.";
        if (end <= now || end > now + LongestAssertion + TimeSpan.FromSeconds(1))
            return "exp is at most five minutes ahead.";
        if (!_assertions.TryAdd(Text(claims["jti"]), true))
            return "An assertion is used once; this jti came before.";
        return
            _options.ClientKeys is { } keys
            && !JsonWebKeys.Verifies(keys, Text(header["kid"]), $"{head}.{body}", Base64Url.DecodeFromChars(signature))
            ? "No key of the client verifies the signature."
            : null;
    }

    private static JsonObject Part(string base64Url) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(base64Url))!.AsObject();

    private static PartnerAnswer Refuse(int status, string error, string sentence) =>
        new(status, new JsonObject { ["error"] = error, ["error_description"] = sentence }.ToJsonString());
}
