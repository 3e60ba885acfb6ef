using CareCoordination.SignIn.Tables;
using CareCoordination.Storage;
using CareCoordination.Storage.Connections;
using Microsoft.EntityFrameworkCore;

namespace CareCoordination.SignIn.Stores;

/// <summary>
/// Brings the tables of sign-in to the form this release needs, by the rules of those of FHIR. Throws
/// <see cref="StorageProblemException"/> where the database cannot be used, or was made by a newer release.
/// </summary>
public sealed class SignInMigrator(StorageOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly ConnectionReading _connection = options.ReadConnection();

    /// <summary>The names of the migrations that the database lacks.</summary>
    public Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken) =>
        TryAsync<IReadOnlyList<string>>(async context =>
        {
            var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToHashSet();
            var known = context.Database.GetMigrations().ToList();
            return
                applied.Except(known, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault()
                    is { } other
                ? throw new StorageProblemException(
                    $"{_connection.Place} has the migration {other} of the sign-in tables, which this release does not know: use the release that made it."
                )
                : [.. known.Where(m => !applied.Contains(m))];
        });

    /// <summary>Applies all that are pending.</summary>
    public Task ApplyAsync(CancellationToken cancellationToken) =>
        TryAsync(async context =>
        {
            await context.Database.MigrateAsync(cancellationToken);
            return true;
        });

    /// <summary>
    /// To be called at start: brings a SQLite file up to date. A sentence that stops the start where a server database is behind.
    /// </summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pending = await PendingAsync(cancellationToken);
            if (pending.Count > 0 && options.Provider != StorageProvider.Sqlite)
                return $"The database lacks {pending.Count} migration(s) of the sign-in tables, first {pending[0]}: run the server with the verb 'migrate' and the same settings.";
            if (pending.Count > 0)
                await ApplyAsync(cancellationToken);
            return null;
        }
        catch (StorageProblemException e)
        {
            return e.Message;
        }
    }

    private async Task<T> TryAsync<T>(Func<SignInDbContext, Task<T>> use)
    {
        if (_connection.Problem is { } problem)
            throw new StorageProblemException($"The connection string {problem}");
        try
        {
            await using var context = SignInDbContexts.Create(options.Provider, _connection.Text, Patience);
            return await use(context);
        }
        catch (Exception e) when (ConnectionFailure.IsOne(e))
        {
            throw new StorageProblemException(ConnectionFailure.Describe(_connection, e), e);
        }
    }
}
