using System.Data.Common;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Issuers;
using CareCoordination.SignIn.Diagnostics;
using CareCoordination.SignIn.Tables;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace CareCoordination.SignIn.Stores;

/// <summary>Whether an access token of this server is taken yet: its row, by its key, says so.</summary>
internal sealed class TokenStates(IServiceScopeFactory scopes, TokenChanges changes, ILogger<TokenStates> log)
{
    public TokenStanding Standing => new(Claims.Private.TokenId, () => changes.Count, AskAsync);

    private async ValueTask<Result<bool>> AskAsync(string id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<SignInDbContext>();
        try
        {
            // No row: its client was removed, with all that it was granted.
            return await context
                .Set<OpenIddictEntityFrameworkCoreToken>()
                .AnyAsync(t => t.Id == id && t.Status == Statuses.Valid, cancellationToken);
        }
        // EF Core wraps what may pass into the second. https://learn.microsoft.com/ef/core/miscellaneous/connection-resiliency
        catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException)
        {
            Log.StateAway(log, e);
            return Failure.Unavailable("Whether the token was revoked cannot be found out at the moment.");
        }
    }
}
