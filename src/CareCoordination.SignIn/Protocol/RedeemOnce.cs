using CareCoordination.SignIn.Tables;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// A code or a refresh token is taken by one request, at whichever node: in place of OpenIddict's own handler, which lets several at once
/// have a refresh token. Who comes second is as if the token had been stolen: all that came of the sign-in is revoked.
/// https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
/// </summary>
internal sealed class RedeemOnce(SignInDbContext context, IOpenIddictTokenManager tokens, TimeProvider time)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<RedeemOnce>()
            .SetOrder(RedeemTokenEntry.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext signIn)
    {
        if (signIn.EndpointType != OpenIddictServerEndpointType.Token)
            return;
        var validated = signIn.Transaction.GetProperty<ProcessAuthenticationContext>(
            typeof(ProcessAuthenticationContext).FullName!
        );
        var given =
            signIn.Request.IsAuthorizationCodeGrantType() ? validated?.AuthorizationCodePrincipal
            : signIn.Request.IsRefreshTokenGrantType() ? validated?.RefreshTokenPrincipal
            : null;
        if (given?.GetTokenId() is not { } id)
            return;
        var now = (DateTime?)time.GetUtcNow().UtcDateTime;
        var taken = await context
            .Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(t => t.Id == id && t.Status == Statuses.Valid)
            .ExecuteUpdateAsync(
                set => set.SetProperty(t => t.Status, Statuses.Redeemed).SetProperty(t => t.RedemptionDate, now),
                signIn.CancellationToken
            );
        if (taken > 0)
            return;
        if (given.GetAuthorizationId() is { } authorization)
            await tokens.RevokeByAuthorizationIdAsync(authorization, signIn.CancellationToken);
        signIn.Reject(Errors.InvalidGrant, "The token was used before.");
    }
}
