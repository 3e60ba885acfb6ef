using CareCoordination.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace CareCoordination.Storage;

/// <summary>
/// Brings a database to the form this release needs. SQLite files are brought up to date at start; on server databases nothing is
/// changed unless the operator asks.
/// </summary>
public sealed class StorageMigrator(StorageOptions options)
{
    /// <summary>The names of the migrations that the database lacks.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var context = Open();
        return [.. await context.Database.GetPendingMigrationsAsync(cancellationToken)];
    }

    /// <summary>Applies all pending migrations, creating the database where there is none.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var context = Open();
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>
    /// To be called at start: brings a SQLite file up to date; for a server database that is behind gives the sentence that stops the
    /// start, else null.
    /// </summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(cancellationToken);
        if (pending.Count == 0)
            return null;
        if (options.Provider != StorageProvider.Sqlite)
            return $"The database lacks {pending.Count} migration(s), first {pending[0]}: run the server with the verb 'migrate'.";
        await ApplyAsync(cancellationToken);
        return null;
    }

    private FhirDbContext Open() =>
        FhirDbContexts.Create(options.Provider, options.ConnectionString, TimeSpan.FromMinutes(30));
}
