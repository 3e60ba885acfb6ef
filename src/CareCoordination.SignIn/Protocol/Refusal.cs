using Microsoft.AspNetCore.Authentication;
using OpenIddict.Server.AspNetCore;

namespace CareCoordination.SignIn.Protocol;

/// <summary>A refusal in the words of OAuth, which OpenIddict brings to whom it is for.</summary>
internal static class Refusal
{
    /// <param name="error">A code of https://www.rfc-editor.org/rfc/rfc6749 or of OpenID Connect.</param>
    /// <param name="why">For the developer of the client.</param>
    public static IResult Of(string error, string why) =>
        Results.Forbid(
            new AuthenticationProperties(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
                    [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = why,
                }
            ),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );
}
