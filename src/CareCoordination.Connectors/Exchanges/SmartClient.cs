using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>
/// Gets tokens as a SMART backend service: a signed assertion for a token of some minutes, kept until shortly before it ends and
/// fetched once however many wait. https://hl7.org/fhir/smart-app-launch/backend-services.html
/// </summary>
/// <param name="fhirBase">Without a slash at its end.</param>
internal sealed class SmartClient(string fhirBase, SmartOptions options, HttpClient client, TimeProvider time)
    : IDisposable
{
    private const int MaxAnswerBytes = 256 * 1024;
    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan LifetimeUnlessSaid = TimeSpan.FromMinutes(5);

    private readonly SmartKey? _key = options.KeyPath is { } path ? SmartKey.Read(path) : null;
    private readonly SemaphoreSlim _fetching = new(1);
    private volatile Held? _held;
    private Uri? _tokenEndpoint = options.TokenEndpoint;

    /// <summary>When the token that is held is given up; null where there is none.</summary>
    public DateTimeOffset? HeldUntil => _held?.Until;

    /// <summary>The scopes of the token that is held; null where there is none.</summary>
    public string? Granted => _held?.Scopes;

    /// <summary>A token that holds for some time yet, or why there is none.</summary>
    public async ValueTask<SmartToken> TokenAsync(CancellationToken cancel)
    {
        if (Current is { } held)
            return new SmartToken(held, null);
        await _fetching.WaitAsync(cancel);
        try
        {
            return Current is { } meanwhile ? new SmartToken(meanwhile, null) : await FetchAsync(cancel);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>The partner did not accept this token: the next call fetches another.</summary>
    public void Forget(string token)
    {
        if (_held is { } held && held.Token == token)
            Interlocked.CompareExchange(ref _held, null, held);
    }

    public void Dispose() => _fetching.Dispose();

    private string? Current => _held is { } held && time.GetUtcNow() < held.Until ? held.Token : null;

    private async ValueTask<SmartToken> FetchAsync(CancellationToken cancel)
    {
        if (_tokenEndpoint is null)
        {
            var (found, refusal) = await DiscoverAsync(cancel);
            if (refusal is not null)
                return new SmartToken(null, refusal);
            _tokenEndpoint = found;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, _tokenEndpoint)
        {
            Content = new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new("scope", options.Scopes),
                .. Identification(_tokenEndpoint!),
            ]),
        };
        if (options.Secret is { IsInBody: false } secret)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Credentials(secret));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var (status, body, retryAfter) = await SendAsync(request, cancel);
        if (status is < 200 or >= 300)
            return new SmartToken(null, Refusal(status, body, retryAfter));
        return Read(body) is { } held
            ? new SmartToken((_held = held).Token, null)
            : new SmartToken(null, PartnerAnswer.Refused("The partner's token endpoint answered without a token."));
    }

    private async ValueTask<(Uri? TokenEndpoint, PartnerAnswer? Refusal)> DiscoverAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, fhirBase + "/.well-known/smart-configuration");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var (status, body, retryAfter) = await SendAsync(request, cancel);
        if (status is < 200 or >= 300)
            return (null, Refusal(status, body: null, retryAfter));
        return
            Json(body) is { } json
            && json.TryGetProperty("token_endpoint", out var text)
            && Uri.TryCreate(text.GetString(), UriKind.Absolute, out var endpoint)
            ? (endpoint, null)
            : (null, PartnerAnswer.Refused("The partner's .well-known/smart-configuration names no token_endpoint."));
    }

    private async ValueTask<(int Status, byte[]? Body, TimeSpan? RetryAfter)> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancel
    )
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return (
            (int)response.StatusCode,
            await BoundedBody.ReadAsync(response.Content, MaxAnswerBytes, cancel),
            HttpAnswers.RetryAfter(response.Headers.RetryAfter, time.GetUtcNow())
        );
    }

    /// <summary>Who we are, as far as the form says it.</summary>
    private IEnumerable<KeyValuePair<string, string>> Identification(Uri tokenEndpoint) =>
        (_key, options.Secret) switch
        {
            ({ } key, _) =>
            [
                new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                new("client_assertion", Assertion(key, tokenEndpoint)),
            ],
            (_, { IsInBody: true } secret) => [new("client_id", options.ClientId), new("client_secret", secret.Value)],
            _ => [],
        };

    /// <summary>Both are encoded as in a form before they are joined.</summary>
    private string Credentials(ClientSecret secret) =>
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(options.ClientId)}:{WebUtility.UrlEncode(secret.Value)}")
        );

    private string Assertion(SmartKey key, Uri tokenEndpoint)
    {
        var now = time.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = options.ClientId,
                Audience = tokenEndpoint.AbsoluteUri,
                IssuedAt = now.UtcDateTime,
                Expires = (now + AssertionLifetime).UtcDateTime,
                Subject = new ClaimsIdentity([
                    new Claim(JwtRegisteredClaimNames.Sub, options.ClientId),
                    new Claim(JwtRegisteredClaimNames.Jti, Guid.NewGuid().ToString()),
                ]),
                SigningCredentials = key.Credentials,
            }
        );
    }

    private Held? Read(byte[]? body)
    {
        if (
            Json(body) is not { } json
            || !json.TryGetProperty("access_token", out var token)
            || token.GetString() is not { Length: > 0 } text
        )
            return null;
        var lifetime =
            json.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out var value) && value > 0
                ? TimeSpan.FromSeconds(value)
                : LifetimeUnlessSaid;
        // A fifth before its end, so that no request carries a token that ends on the way.
        // Left out, it is what was asked for. https://www.rfc-editor.org/rfc/rfc6749#section-5.1
        var scopes =
            json.TryGetProperty("scope", out var granted) && granted.ValueKind == JsonValueKind.String
                ? granted.GetString()!
                : options.Scopes;
        return new Held(text, time.GetUtcNow() + lifetime * 0.8, scopes);
    }

    /// <summary>RFC 6749 section 5.2: the error is a code, which tells nothing of patients.</summary>
    private static PartnerAnswer Refusal(int status, byte[]? body, TimeSpan? retryAfter)
    {
        var kind = HttpAnswers.KindOf(status, retryAfter is not null);
        var code = Json(body) is { } json && json.TryGetProperty("error", out var error) ? error.ToString() : null;
        var known = code is { Length: <= 40 } && code.All(c => char.IsAsciiLetter(c) || c == '_') ? $" ({code})" : "";
        return kind is AnswerKind.Throttled or AnswerKind.Failing
            ? new PartnerAnswer(kind, status, $"The partner's token endpoint answered {status}.")
            {
                RetryAfter = retryAfter,
            }
            : new PartnerAnswer(
                AnswerKind.Refused,
                status,
                $"The partner gives this server no token: {status}{known}. Check client id, key or secret, and scopes there."
            );
    }

    private static JsonElement? Json(byte[]? body)
    {
        try
        {
            return
                body is not null
                && JsonSerializer.Deserialize<JsonElement>(body) is { ValueKind: JsonValueKind.Object } json
                ? json
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Held(string Token, DateTimeOffset Until, string Scopes);
}

/// <summary>A token, or the answer to give in its place.</summary>
internal readonly record struct SmartToken(string? Value, PartnerAnswer? Refusal);
