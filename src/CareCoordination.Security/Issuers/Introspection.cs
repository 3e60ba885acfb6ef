using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Security.Diagnostics;
using CareCoordination.Security.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Issuers;

/// <summary>Asks an issuer about a token. https://www.rfc-editor.org/rfc/rfc7662</summary>
internal sealed class Introspection(
    IssuerOptions issuer,
    IntrospectionOptions options,
    IssuerMetadata metadata,
    HttpClient http,
    TimeProvider time,
    ILogger log
)
{
    /// <summary>How many are asked at once; who has a token more waits for one of them.</summary>
    private const int AtOnce = 16;

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _room = new(AtOnce);

    public async ValueTask<Result<IntrospectedToken>> AskAsync(string token, CancellationToken cancellationToken)
    {
        if (!(await EndpointAsync(cancellationToken)).TryGet(out var endpoint, out var failure))
            return failure;
        await _room.WaitAsync(cancellationToken);
        try
        {
            using var request = RequestFor(token, endpoint);
            using var response = await http.SendAsync(request, cancellationToken);
            // What the issuer does not answer says nothing of the token: our own credentials may be wrong.
            if (response.StatusCode != HttpStatusCode.OK)
                return Unanswered($"it answered {(int)response.StatusCode}");
            return Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException problem)
        {
            return Unanswered(problem.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unanswered("it did not answer in time");
        }
        finally
        {
            _room.Release();
        }
    }

    private async ValueTask<Result<Uri>> EndpointAsync(CancellationToken cancellationToken)
    {
        if (options.Endpoint is { } configured)
            return configured;
        if (!(await metadata.EndpointsAsync(cancellationToken)).TryGet(out var endpoints, out var failure))
            return failure;
        return
            Uri.TryCreate(endpoints.Introspection, UriKind.Absolute, out var endpoint)
            && IssuerMetadata.IsSafe(endpoint)
            ? endpoint
            : Unanswered("its metadata name no introspection_endpoint with https");
    }

    private HttpRequestMessage RequestFor(string token, Uri endpoint)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["token"] = token,
            ["token_type_hint"] = "access_token",
        };
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (options.Secret is { } secret)
        {
            // Both parts are encoded as in a form. https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
            var pair = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        else
        {
            form["client_id"] = options.ClientId;
            form["client_assertion_type"] = AssertionType;
            form["client_assertion"] = Assertion();
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    /// <summary>https://www.rfc-editor.org/rfc/rfc7523#section-3, with the issuer as the audience, so that nobody else can use it.</summary>
    private string Assertion()
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = options.ClientId,
                Audience = issuer.Id,
                IssuedAt = now,
                Expires = now + AssertionLife,
                SigningCredentials = options.Key!.Credentials,
                Claims = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["sub"] = options.ClientId,
                    ["jti"] = FhirId.New(time.GetUtcNow()),
                },
            }
        );
    }

    private Result<IntrospectedToken> Read(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("active", out var active)
                && active.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new IntrospectedToken(active.GetBoolean(), answer)
                : Unanswered("its answer does not say whether the token is active");
        }
        catch (JsonException)
        {
            return Unanswered("its answer is no JSON");
        }
    }

    private Failure Unanswered(string problem)
    {
        Log.NotIntrospected(log, issuer.Name, problem);
        return Failure.Unavailable(
            $"The issuer {issuer.Name} cannot be asked about the token at the moment. Send the request again in a few seconds."
        );
    }
}
