using System.Globalization;
using System.Security.Claims;
using CareCoordination.Security.Certificates;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Tables;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// The token endpoint, after OpenIddict has found client and code or refresh token to be right ones. Whoever a token is for is looked up
/// each time: what was taken from somebody since is in no new token.
/// </summary>
internal sealed class TokenEndpoint(
    ClientDirectory clients,
    SignInDbContext context,
    IssuerAddress address,
    ShownCertificate certificates
)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var request =
            http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("No request of OAuth is here.");
        var client = (await clients.FindAsync(request.ClientId!, http.RequestAborted))!;
        return request.IsClientCredentialsGrantType()
            ? OfProgram(http, request, client)
            : await OfPersonAsync(http, client);
    }

    private IResult OfProgram(HttpContext http, OpenIddictRequest request, ClientRecord client)
    {
        var scopes = ScopeGrant.ForProgram(request.Scope ?? "", client.Scopes);
        return scopes.IsEmpty
            ? Refusal.Of(
                Errors.InvalidScope,
                "The client is registered for none of the scopes that it asks for: by itself it gets system/ scopes."
            )
            : SignIn(http, client, TokenClaims.OfProgram(client, scopes, address));
    }

    private async Task<IResult> OfPersonAsync(HttpContext http, ClientRecord client)
    {
        var result = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var before = result.Principal!;
        var id = before.GetClaim(Claims.Subject);
        var user = await context.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, http.RequestAborted);
        if (user is null || user.IsDisabled || user.SecurityStamp != before.GetClaim(TokenClaims.Stamp))
            return Refusal.Of(Errors.InvalidGrant, "The person has to sign in again.");
        var scopes = ScopeGrant.ForPerson(string.Join(' ', before.GetScopes()), client.Scopes);
        if (scopes.IsEmpty)
            return Refusal.Of(
                Errors.InvalidGrant,
                "The client is not registered any more for the scopes that it was granted."
            );
        var principal = TokenClaims.OfPerson(
            user,
            long.Parse(before.GetClaim(Claims.AuthenticationTime)!, CultureInfo.InvariantCulture),
            client,
            scopes,
            before.GetClaim(TokenClaims.Patient),
            before.GetClaim(TokenClaims.Encounter),
            address
        );
        // What ties the tokens of one sign-in together, so that they are revoked together, and what the client gave to be told again.
        principal.SetAuthorizationId(before.GetAuthorizationId());
        principal.SetClaim(Claims.Private.Nonce, before.GetClaim(Claims.Private.Nonce));
        principal.SetPresenters(before.GetPresenters());
        return SignIn(http, client, principal);
    }

    private IResult SignIn(HttpContext http, ClientRecord client, ClaimsPrincipal principal)
    {
        // It was looked at with who the client is: what it shows is one that it is registered with.
        if (!client.Certificates.IsEmpty && certificates.Of(http) is { } shown)
            principal.SetClaim(TokenClaims.Certificate, shown);
        return Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
