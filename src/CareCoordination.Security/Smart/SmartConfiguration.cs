using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Http;
using CareCoordination.Rest.Metadata;
using CareCoordination.Security.Issuers;
using CareCoordination.Security.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace CareCoordination.Security.Smart;

/// <summary>
/// Where apps get their tokens: <c>.well-known/smart-configuration</c>, at the root and below the FHIR base.
/// https://hl7.org/fhir/smart-app-launch/conformance.html#using-well-known
/// </summary>
internal sealed class SmartConfiguration(SecurityOptions options, KnownIssuers issuers, Refusals refusals)
{
    public const string Path = "/.well-known/smart-configuration";

    /// <summary>What this server does by itself, whoever its issuer is.</summary>
    private static readonly ImmutableArray<string> Own =
    [
        "permission-patient",
        "permission-user",
        "permission-v1",
        "permission-v2",
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, AnswerAsync).AllowAnonymous();
        routes.MapGet(FhirEndpoints.BasePath + Path, AnswerAsync).AllowAnonymous();
    }

    /// <summary>Of the issuer that apps are sent to, as far as is known: who asks for the statement of capabilities does not wait for it.</summary>
    public OAuthAddresses? AddressesNow()
    {
        var asked = Issuer?.Endpoints(CancellationToken.None);
        return asked is { IsCompletedSuccessfully: true } known && known.Result.TryGet(out var endpoints, out _)
            ? new OAuthAddresses(
                endpoints.Authorization,
                endpoints.Token,
                endpoints.Introspection,
                endpoints.Revocation
            )
            : null;
    }

    /// <summary>What tokens for this server are for, at the issuer that apps are sent to.</summary>
    public string? Audience => Issuer?.Audiences.FirstOrDefault();

    private Issuer? Issuer =>
        options.SmartIssuer is { } name
            ? issuers.All.FirstOrDefault(issuer => issuer.Name == name)
            : issuers.All.FirstOrDefault();

    private async Task AnswerAsync(HttpContext context)
    {
        if (Issuer is not { } issuer)
        {
            await refusals.WriteAsync(context, Failure.NotFound("This server knows no issuer of tokens."));
            return;
        }

        if (!(await issuer.Endpoints(context.RequestAborted)).TryGet(out var endpoints, out var failure))
        {
            context.Response.Headers.RetryAfter = "5";
            await refusals.WriteAsync(context, failure);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "max-age=300";
        await context.Response.Body.WriteAsync(Print(endpoints), context.RequestAborted);
    }

    private static ReadOnlyMemory<byte> Print(IssuerEndpoints endpoints)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("issuer"u8, endpoints.Issuer);
            Text("jwks_uri", endpoints.Jwks);
            Text("authorization_endpoint", endpoints.Authorization);
            Text("token_endpoint", endpoints.Token);
            Text("introspection_endpoint", endpoints.Introspection);
            Text("revocation_endpoint", endpoints.Revocation);
            Text("registration_endpoint", endpoints.Registration);
            Text("management_endpoint", endpoints.Management);
            List("grant_types_supported", endpoints.GrantTypes);
            List("response_types_supported", endpoints.ResponseTypes);
            List("scopes_supported", endpoints.Scopes);
            List("token_endpoint_auth_methods_supported", endpoints.TokenAuthMethods);
            List("token_endpoint_auth_signing_alg_values_supported", endpoints.TokenAuthAlgorithms);
            List("code_challenge_methods_supported", endpoints.ChallengeMethods);
            if (endpoints.BindsToCertificates)
                json.WriteBoolean(IssuerEndpoints.BoundTokens, true);
            List("capabilities", CapabilitiesOf(endpoints));
            json.WriteEndObject();

            void Text(string name, string? value)
            {
                if (value is not null)
                    json.WriteString(name, value);
            }

            void List(string name, ImmutableArray<string> values)
            {
                if (values.IsEmpty)
                    return;
                json.WriteStartArray(name);
                foreach (var value in values)
                    json.WriteStringValue(value);
                json.WriteEndArray();
            }
        }

        return buffer.WrittenMemory;
    }

    /// <summary>
    /// What is true: what this server does, what the metadata of the issuer show, and what the issuer itself says of launches.
    /// https://hl7.org/fhir/smart-app-launch/conformance.html#smart-on-fhir-oauth-authorization-endpoints-and-capabilities
    /// </summary>
    private static ImmutableArray<string> CapabilitiesOf(IssuerEndpoints endpoints)
    {
        (string Capability, bool IsTrue)[] shown =
        [
            ("client-public", endpoints.TokenAuthMethods.Contains("none")),
            (
                "client-confidential-symmetric",
                endpoints.TokenAuthMethods.Any(m => m is "client_secret_basic" or "client_secret_post")
            ),
            ("client-confidential-asymmetric", endpoints.TokenAuthMethods.Contains("private_key_jwt")),
            (
                "permission-offline",
                endpoints.GrantTypes.Contains("refresh_token") && endpoints.Scopes.Contains("offline_access")
            ),
            ("sso-openid-connect", endpoints.Scopes.Contains("openid") && endpoints.Scopes.Contains("fhirUser")),
        ];
        return
        [
            .. Own.Concat(shown.Where(s => s.IsTrue).Select(s => s.Capability))
                .Concat(endpoints.Capabilities)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }
}
