using CareCoordination.Application.Settings;
using CareCoordination.Application.Upgrades;
using CareCoordination.SignIn.Stores;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Server.Hosting;

/// <summary>
/// Brings a database to the form and the content that this release needs: SQLite files by itself, server databases where the operator
/// asks for it with the verb <c>migrate</c>.
/// </summary>
/// <param name="signIn">Null where this program is not its own authorization server.</param>
internal sealed class StorageUpgrade(
    StorageMigrator migrator,
    ProjectionRefill refill,
    StorageProvider provider,
    SignInMigrator? signIn = null
)
{
    /// <summary>Of a database that is there: whether it can be used.</summary>
    public async Task<StoragePreparation> PrepareAsync(CancellationToken cancellationToken)
    {
        var prepared = await migrator.PrepareAsync(cancellationToken);
        if (prepared.Problem is not null || !await TryAsync(() => refill.IsNeededAsync(cancellationToken)))
            return prepared;
        if (provider != StorageProvider.Sqlite)
            return prepared with
            {
                Problem =
                    "The rows that are kept beside resources are not complete: run the server with the verb 'migrate'.",
            };
        return prepared with { Notices = prepared.Notices.Add(await RefillAsync(cancellationToken)) };
    }

    /// <summary>For a verb, which works on a database that can be used. Throws <see cref="ConfigurationProblem"/>.</summary>
    public async Task RequireReadyAsync()
    {
        if ((await PrepareAsync(CancellationToken.None)).Problem is { } problem)
            throw new ConfigurationProblem(problem);
    }

    /// <summary>Does all that is to be done. A sentence for each thing that was.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        var sentences = new List<string>();
        var pending = await migrator.PendingAsync(cancellationToken);
        if (pending.Count > 0)
            await migrator.ApplyAsync(cancellationToken);
        sentences.AddRange(pending.Select(migration => $"Applied {migration}."));
        if (signIn is not null && await signIn.PendingAsync(cancellationToken) is { Count: > 0 } lacking)
        {
            await signIn.ApplyAsync(cancellationToken);
            sentences.AddRange(lacking.Select(migration => $"Applied {migration} of the sign-in tables."));
        }

        if (await TryAsync(() => refill.IsNeededAsync(cancellationToken)))
            sentences.Add(await RefillAsync(cancellationToken));
        return sentences;
    }

    private async Task<string> RefillAsync(CancellationToken cancellationToken) =>
        $"Wrote the rows that are kept beside {await TryAsync(() => refill.RunAsync(cancellationToken))} resources anew.";

    private static async Task<T> TryAsync<T>(Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (StoreUnavailableException e)
        {
            throw new StorageProblemException(e.Message, e);
        }
    }
}
