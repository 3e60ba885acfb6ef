using CareCoordination.Application.Workers;
using CareCoordination.SignIn.Keys;
using CareCoordination.SignIn.Tables;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace CareCoordination.SignIn.Stores;

/// <summary>Reads the keys that other nodes have made, makes those that are due, and removes what has expired.</summary>
internal sealed class SignInUpkeep(
    IServiceScopeFactory scopes,
    TokenKeys keys,
    TimeProvider time,
    ILogger<SignInUpkeep> log
) : PeriodicWorker("sign-in upkeep", TimeSpan.FromMinutes(5), time, log)
{
    /// <summary>For how long it can be seen what somebody was granted, once it has no effect any more.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await keys.LoadAsync(stopping);
        await using var scope = scopes.CreateAsyncScope();
        var now = Time.GetUtcNow();
        var context = scope.ServiceProvider.GetRequiredService<SignInDbContext>();
        var seconds = now.ToUnixTimeSeconds();
        await context.Assertions.Where(a => a.Expires < seconds).ExecuteDeleteAsync(stopping);
        await TokenKeys.RemoveOldAsync(context, seconds, stopping);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(now - Kept, stopping);
        await scope
            .ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>()
            .PruneAsync(now - Kept, stopping);
    }
}
