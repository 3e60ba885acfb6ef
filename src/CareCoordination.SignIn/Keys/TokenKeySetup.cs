using CareCoordination.SignIn.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace CareCoordination.SignIn.Keys;

/// <summary>Has OpenIddict use the keys there are, and look again when there are others.</summary>
internal sealed class TokenKeySetup(TokenKeys keys, IssuerAddress address)
    : IConfigureOptions<OpenIddictServerOptions>,
        IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    public string Name => Options.DefaultName;

    public void Configure(OpenIddictServerOptions options)
    {
        options.Issuer = address.Issuer;
        options.SigningCredentials.AddRange(keys.SigningKeys.Select(k => new SigningCredentials(k.Key, k.Algorithm)));
        options.EncryptionCredentials.AddRange(
            keys.EncryptionKeys.Select(k => new EncryptingCredentials(
                k.Key,
                k.Algorithm,
                SecurityAlgorithms.Aes256CbcHmacSha512
            ))
        );
    }

    public IChangeToken GetChangeToken() => keys.Changes;
}
