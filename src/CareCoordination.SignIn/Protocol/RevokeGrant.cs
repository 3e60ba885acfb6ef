using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// With a refresh token all ends that came of the same sign-in.
/// https://www.rfc-editor.org/rfc/rfc7009#section-2.1
/// </summary>
internal sealed class RevokeGrant(IOpenIddictTokenManager tokens)
    : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleRevocationRequestContext>()
            .UseScopedHandler<RevokeGrant>()
            .SetOrder(Revocation.RevokeToken.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        if (
            context.GenericTokenPrincipal is { } revoked
            && revoked.HasTokenType(TokenTypeIdentifiers.RefreshToken)
            && revoked.GetAuthorizationId() is { } authorization
        )
            await tokens.RevokeByAuthorizationIdAsync(authorization, context.CancellationToken);
    }
}
