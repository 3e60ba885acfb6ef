using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;

namespace CareCoordination.SignIn.Stores;

/// <summary>
/// Tokens of OpenIddict, of which every revocation is noted, whoever asks for it: an endpoint, an administrator, or OpenIddict itself where
/// a code comes twice.
/// </summary>
internal sealed class NotingTokenManager(
    IOpenIddictTokenCache<OpenIddictEntityFrameworkCoreToken> cache,
    ILogger<OpenIddictTokenManager<OpenIddictEntityFrameworkCoreToken>> log,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictTokenStore<OpenIddictEntityFrameworkCoreToken> store,
    TokenChanges changes
) : OpenIddictTokenManager<OpenIddictEntityFrameworkCoreToken>(cache, log, options, store)
{
    public override async ValueTask<long> RevokeAsync(
        string? subject,
        string? client,
        string? status,
        string? type,
        CancellationToken cancellationToken = default
    ) => Noted(await base.RevokeAsync(subject, client, status, type, cancellationToken));

    public override async ValueTask<long> RevokeByApplicationIdAsync(
        string identifier,
        CancellationToken cancellationToken = default
    ) => Noted(await base.RevokeByApplicationIdAsync(identifier, cancellationToken));

    public override async ValueTask<long> RevokeByAuthorizationIdAsync(
        string identifier,
        CancellationToken cancellationToken = default
    ) => Noted(await base.RevokeByAuthorizationIdAsync(identifier, cancellationToken));

    public override async ValueTask<long> RevokeBySubjectAsync(
        string subject,
        CancellationToken cancellationToken = default
    ) => Noted(await base.RevokeBySubjectAsync(subject, cancellationToken));

    public override async ValueTask<bool> TryRevokeAsync(
        OpenIddictEntityFrameworkCoreToken token,
        CancellationToken cancellationToken = default
    ) => Noted(await base.TryRevokeAsync(token, cancellationToken));

    private T Noted<T>(T result)
    {
        changes.Note();
        return result;
    }
}
