using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// A public client may leave its id out when it refreshes, and SMART's own library does: the token says whose it is. Any other client has to
/// show who it is, by its id and a secret or a key. https://www.rfc-editor.org/rfc/rfc6749#section-6
/// </summary>
internal sealed class NameRefreshingClient(IOpenIddictTokenManager tokens, IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<ExtractTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ExtractTokenRequestContext>()
            .UseScopedHandler<NameRefreshingClient>()
            .SetOrder(int.MaxValue - 1000)
            .Build();

    public async ValueTask HandleAsync(ExtractTokenRequestContext context)
    {
        if (
            context.Request is not { RefreshToken: { Length: > 0 and < 200 } given } request
            || !request.IsRefreshTokenGrantType()
            || !string.IsNullOrEmpty(request.ClientId)
            || !string.IsNullOrEmpty(request.ClientAssertion)
        )
            return;
        var cancellation = context.CancellationToken;
        if (
            await tokens.FindByReferenceIdAsync(given, cancellation) is { } token
            && await tokens.GetApplicationIdAsync(token, cancellation) is { } id
            && await applications.FindByIdAsync(id, cancellation) is { } client
            && await applications.HasClientTypeAsync(client, ClientTypes.Public, cancellation)
        )
            request.ClientId = await applications.GetClientIdAsync(client, cancellation);
    }
}
