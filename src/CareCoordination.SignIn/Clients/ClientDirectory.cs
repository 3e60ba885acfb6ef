using System.Security.Cryptography;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.SignIn.Stores;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace CareCoordination.SignIn.Clients;

/// <summary>The clients that are registered.</summary>
public sealed class ClientDirectory(
    IOpenIddictApplicationManager applications,
    IOpenIddictAuthorizationManager authorizations,
    IOpenIddictTokenManager tokens,
    TokenChanges changes
)
{
    /// <summary>Null where there is none.</summary>
    public async Task<ClientRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        await applications.FindByClientIdAsync(id, cancellationToken) is { } application
            ? await ReadAsync(application, cancellationToken)
            : null;

    /// <summary>All, by their ids.</summary>
    public async Task<IReadOnlyList<ClientRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var clients = new List<ClientRecord>();
        await foreach (var application in applications.ListAsync(cancellationToken: cancellationToken))
        {
            if (await ReadAsync(application, cancellationToken) is { } client)
                clients.Add(client);
        }

        return [.. clients.OrderBy(c => c.Id, StringComparer.Ordinal)];
    }

    /// <summary>The secret, which nobody can be told again; empty where the client has none.</summary>
    public async Task<Result<string>> AddAsync(ClientRecord client, CancellationToken cancellationToken)
    {
        if (ClientRules.Check(client) is { } refused)
            return refused;
        if (await applications.FindByClientIdAsync(client.Id, cancellationToken) is not null)
            return Failure.Conflict($"There is a client '{client.Id}' already.");
        var secret = client.Kind == ClientKind.Secret ? NewSecret() : "";
        await applications.CreateAsync(Describe(client, secret), cancellationToken);
        return secret;
    }

    /// <summary>The new secret. The one before is not taken any more.</summary>
    public async Task<Result<string>> RotateSecretAsync(string id, CancellationToken cancellationToken)
    {
        if (
            await applications.FindByClientIdAsync(id, cancellationToken) is not { } application
            || await ReadAsync(application, cancellationToken) is not { } client
        )
            return NotFound(id);
        if (client.Kind != ClientKind.Secret)
            return Failure.Unprocessable(IssueCode.BusinessRule, $"The client '{id}' has no secret.");
        var secret = NewSecret();
        var descriptor = new OpenIddictApplicationDescriptor();
        await applications.PopulateAsync(descriptor, application, cancellationToken);
        descriptor.ClientSecret = secret;
        await applications.UpdateAsync(application, descriptor, cancellationToken);
        return secret;
    }

    /// <summary>From then on it gets no tokens, and its tokens are revoked; or it may again.</summary>
    public async Task<Failure?> DisableAsync(string id, bool isDisabled, CancellationToken cancellationToken)
    {
        if (
            await applications.FindByClientIdAsync(id, cancellationToken) is not { } application
            || await ReadAsync(application, cancellationToken) is not { } client
        )
            return NotFound(id);
        var descriptor = new OpenIddictApplicationDescriptor();
        await applications.PopulateAsync(descriptor, application, cancellationToken);
        descriptor.Properties.Clear();
        foreach (var (name, value) in (client with { IsDisabled = isDisabled }).Properties)
            descriptor.Properties[name] = value;
        await applications.UpdateAsync(application, descriptor, cancellationToken);
        if (!isDisabled)
            return null;
        var key = (await applications.GetIdAsync(application, cancellationToken))!;
        await authorizations.RevokeByApplicationIdAsync(key, cancellationToken);
        await tokens.RevokeByApplicationIdAsync(key, cancellationToken);
        return null;
    }

    /// <summary>With all that it was granted.</summary>
    public async Task<Failure?> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (await applications.FindByClientIdAsync(id, cancellationToken) is not { } application)
            return NotFound(id);
        await applications.DeleteAsync(application, cancellationToken);
        changes.Note();
        return null;
    }

    private static Failure NotFound(string id) => Failure.NotFound($"There is no client '{id}'.");

    private static string NewSecret() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    private async Task<ClientRecord?> ReadAsync(object application, CancellationToken cancellationToken) =>
        ClientRecord.Of(
            (await applications.GetClientIdAsync(application, cancellationToken))!,
            await applications.GetDisplayNameAsync(application, cancellationToken),
            await applications.GetRedirectUrisAsync(application, cancellationToken),
            await applications.GetPropertiesAsync(application, cancellationToken)
        );

    private static OpenIddictApplicationDescriptor Describe(ClientRecord client, string secret)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ApplicationType = ApplicationTypes.Web,
            ClientId = client.Id,
            DisplayName = client.Name,
            ClientType = client.Kind == ClientKind.Public ? ClientTypes.Public : ClientTypes.Confidential,
            // One that signs has none: the one that stands in its place is known to nobody.
            ClientSecret =
                client.Kind == ClientKind.Public ? null
                : secret.Length > 0 ? secret
                : NewSecret(),
            ConsentType = client.AsksConsent ? ConsentTypes.Explicit : ConsentTypes.Implicit,
        };
        foreach (var (name, value) in client.Properties)
            descriptor.Properties[name] = value;
        descriptor.Permissions.UnionWith([Permissions.Endpoints.Token, Permissions.Endpoints.Revocation]);
        if (client.Kind != ClientKind.Public)
            descriptor.Permissions.Add(Permissions.Endpoints.Introspection);
        if (client.ActsByItself)
            descriptor.Permissions.Add(Permissions.GrantTypes.ClientCredentials);
        if (client.RedirectUris.IsEmpty)
            return descriptor;
        descriptor.RedirectUris.UnionWith(client.RedirectUris.Select(u => new Uri(u)));
        descriptor.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
        descriptor.Permissions.UnionWith([
            Permissions.Endpoints.Authorization,
            Permissions.GrantTypes.AuthorizationCode,
            Permissions.GrantTypes.RefreshToken,
            Permissions.ResponseTypes.Code,
        ]);
        return descriptor;
    }
}
