using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;
using CareCoordination.Security.Keys;

namespace CareCoordination.Security.Settings;

/// <summary>
/// How an issuer is asked about tokens that say nothing by themselves: section <c>Security:Issuers:{name}:Introspection</c>.
/// https://www.rfc-editor.org/rfc/rfc7662
/// </summary>
/// <param name="ClientId">As which this server asks.</param>
public sealed record IntrospectionOptions(string ClientId)
{
    /// <summary>Null: the one that the issuer's metadata name.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Shown by HTTP Basic; null where a key is used.</summary>
    public string? Secret { get; init; }

    /// <summary>The key that <c>private_key_jwt</c> is signed with; null where a secret is used.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>An answer is taken for as long. Whoever revokes a token waits no longer than this.</summary>
    public TimeSpan Remembered { get; init; } = TimeSpan.FromSeconds(60);

    public static IntrospectionOptions? Read(OptionsSection section)
    {
        var client = section.Text(nameof(ClientId));
        var secret = section.Text("ClientSecret");
        var path = IssuerOptions.ExistingFile(section, "KeyPath");
        var endpoint = section.Text(nameof(Endpoint));
        var seconds = section.OptionalNumber("RememberSeconds", 0, 60);
        section.RefuseOthers();
        if (client is null && secret is null && path is null && endpoint is null && seconds is null)
            return null;
        if (client is null || secret is null == path is null)
            throw new ConfigurationProblem(
                $"{section.Name} needs ClientId and one of ClientSecret and KeyPath: the issuer tells about tokens only those whom it knows."
            );
        return new IntrospectionOptions(client)
        {
            Endpoint = endpoint is null ? null : IssuerOptions.SafeAddress(section, nameof(Endpoint), endpoint),
            Secret = secret,
            Key = path is null ? null : ClientKey.Read(section, "KeyPath", path),
            Remembered = TimeSpan.FromSeconds(seconds ?? 60),
        };
    }
}
