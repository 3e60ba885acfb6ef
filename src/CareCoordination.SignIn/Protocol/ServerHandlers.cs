using System.Security.Claims;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Diagnostics;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace CareCoordination.SignIn.Protocol;

/// <summary>Client assertions by the rules of SMART, in place of OpenIddict's own, which are those of another specification.</summary>
internal sealed class CheckAssertion(AssertionCheck check, ILogger<CheckAssertion> log)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<CheckAssertion>()
            .SetOrder(Protection.ResolveTokenValidationParameters.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (!context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion))
            return;
        var (token, problem) = await check.CheckAsync(context.Token, context.CancellationToken);
        if (token is null || problem is not null)
        {
            Log.AssertionRefused(log, token is null ? "unknown" : ClientRules.Loggable(token.Issuer), problem!);
            context.Reject(Errors.InvalidClient, "The client assertion is not accepted.");
            return;
        }

        var identity = new ClaimsIdentity("client-assertion");
        identity.SetClaim(Claims.Issuer, token.Issuer);
        identity.SetClaim(Claims.Subject, token.Subject);
        identity.SetClaim(Claims.JwtId, token.Id);
        identity.SetClaim(Claims.ExpiresAt, token.GetPayloadValue<long>("exp"));
        identity.SetAudiences([.. token.Audiences]);
        foreach (var audience in token.Audiences)
            identity.AddClaim(Claims.Audience, audience);
        context.Principal = new ClaimsPrincipal(identity).SetTokenType(TokenTypeIdentifiers.Private.ClientAssertion);
        // Seen to already, by the same clock and with what clocks may differ.
        context.DisableLifetimeValidation = true;
        context.DisableAudienceValidation = true;
    }
}

/// <summary>A client that was disabled gets nothing, wherever it asks.</summary>
internal sealed class RefuseDisabledClient(ClientDirectory clients)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessAuthenticationContext>()
            .UseScopedHandler<RefuseDisabledClient>()
            .SetOrder(ValidateClientSecret.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.Request?.ClientId is not { Length: > 0 } id)
            return;
        if (await clients.FindAsync(id, context.CancellationToken) is { IsDisabled: false })
            return;
        context.Reject(
            context.EndpointType == OpenIddictServerEndpointType.Authorization
                ? Errors.UnauthorizedClient
                : Errors.InvalidClient,
            "The client is not registered, or is disabled."
        );
    }
}

/// <summary>
/// What SMART adds to the answer of the token endpoint: the scopes that were granted, always, and the patient and encounter of the launch.
/// https://hl7.org/fhir/smart-app-launch/app-launch.html#response-5
/// </summary>
internal sealed class TellLaunch : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<TellLaunch>()
            .SetOrder(AttachSignInParameters.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token)
            return default;
        var told = context.AccessTokenPrincipal ?? context.Principal!;
        context.Response.Scope = string.Join(' ', told.GetScopes());
        if (context.Principal!.GetClaim(TokenClaims.Patient) is { } patient)
        {
            context.Response[TokenClaims.Patient] = patient;
            context.Response["need_patient_banner"] = true;
        }

        if (context.Principal!.GetClaim(TokenClaims.Encounter) is { } encounter)
            context.Response[TokenClaims.Encounter] = encounter;

        return default;
    }
}

/// <summary>
/// What only the access token says. A refresh that asks for fewer scopes gets an access token of these, and a refresh token of all that it
/// had (https://www.rfc-editor.org/rfc/rfc6749#section-6). The person is named by a reference in it, so that they are known here whichever
/// address a request is sent to; a client, which reads the id token, needs the whole address.
/// </summary>
internal sealed class ShapeAccessToken : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<ShapeAccessToken>()
            .SetOrder(PrepareAccessTokenPrincipal.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.AccessTokenPrincipal is not { } token)
            return default;
        if (token.GetClaim(TokenClaims.FhirUser)?.Split('/') is [.., var type, var id])
            token.SetClaim(TokenClaims.FhirUser, $"{type}/{id}");
        if (context.Principal!.GetClaim(TokenClaims.Certificate) is { } certificate)
            TokenClaims.Bind(token, certificate);
        if (context.Request.IsRefreshTokenGrantType() && context.Request.GetScopes() is { IsEmpty: false } asked)
            token.SetScopes(
                Grants.ScopeGrant.Within(string.Join(' ', asked), string.Join(' ', context.Principal!.GetScopes()))
            );
        return default;
    }
}
