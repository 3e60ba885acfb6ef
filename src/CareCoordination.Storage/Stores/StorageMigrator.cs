using System.Collections.Immutable;
using System.Data.Common;
using System.Reflection;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Tables;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace CareCoordination.Storage.Stores;

/// <summary>Whether the database can be used.</summary>
/// <param name="Problem">A sentence that stops the start, or null.</param>
/// <param name="Notices">Sentences that the operator should see.</param>
public sealed record StoragePreparation(string? Problem, ImmutableArray<string> Notices);

/// <summary>
/// Brings a database to the form this release needs. SQLite files are brought up to date at start; on server databases nothing is
/// changed unless the operator asks. Throws <see cref="StorageProblemException"/> where the database cannot be used.
/// </summary>
/// <param name="clock">Null: nothing goes by it.</param>
public sealed class StorageMigrator(StorageOptions options, StoreClock? clock = null)
{
    private const string SqliteScript = "CareCoordination.Storage.Migrations.Sqlite.create.sql";

    private readonly ConnectionReading _connection = options.ReadConnection();

    /// <summary>
    /// The names of the migrations that the database lacks. Asked at every start, so it does without EF Core, whose model takes
    /// longer to build than everything else that a start does. A database that has one which this release does not know is refused:
    /// what it changed cannot be told, and neither to run nor to migrate on top of it would be right.
    /// </summary>
    public Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken) =>
        TryAsync<IReadOnlyList<string>>(async () =>
        {
            var applied = await AppliedAsync(cancellationToken);
            var known = Migrations().ToList();
            return
                applied.Except(known, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault()
                    is { } other
                ? throw new StorageProblemException(
                    $"{_connection.Place} has the migration {other}, which this release does not know: it was made by a newer release, or by one before the first that can be brought forward. Use the release that made it, or a new database and 'import'."
                )
                : [.. known.Where(m => !applied.Contains(m))];
        });

    /// <summary>Applies all pending migrations, creating the database where there is none.</summary>
    public Task ApplyAsync(CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            if (options.Provider == StorageProvider.Sqlite && await TryCreateAsync(cancellationToken))
                return true;
            await using var context = FhirDbContexts.Create(
                options.Provider,
                _connection.Text,
                TimeSpan.FromMinutes(30)
            );
            await context.Database.MigrateAsync(cancellationToken);
            if (options.Provider == StorageProvider.SqlServer)
                await ReadSnapshotsAsync(cancellationToken);
            return true;
        });

    /// <summary>
    /// Has SQL Server's readers see the last committed rows, as the other engines do. It ends what others do in the database, so
    /// it is done only where it must be: a server does not start on a database without.
    /// </summary>
    private async Task ReadSnapshotsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        if (await SqlServerSettings.ReadAsync(connection, cancellationToken) is not { ReadsSnapshots: false })
            return;
        try
        {
            await ExecuteAsync(connection, SqlServerSettings.TurnSnapshotsOn, cancellationToken);
        }
        catch (SqlException e) when (e.Class < 20)
        {
            // The login lacks the right to.
            throw new StorageProblemException($"{_connection.Place} {SqlServerSettings.SnapshotsAreOff}.");
        }
    }

    /// <summary>
    /// To be called at start: brings a SQLite file up to date, and tells what stops the start: a server database that is behind, or
    /// one that cannot be used.
    /// </summary>
    public async Task<StoragePreparation> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pending = await PendingAsync(cancellationToken);
            if (pending.Count > 0 && options.Provider != StorageProvider.Sqlite)
                return new(
                    $"The database lacks {pending.Count} migration(s), first {pending[0]}: run the server with the verb 'migrate'.",
                    []
                );
            if (pending.Count > 0)
                await ApplyAsync(cancellationToken);
            return await TryAsync(() => InspectAsync(cancellationToken));
        }
        catch (StorageProblemException e)
        {
            return new(e.Message, []);
        }
    }

    private async Task<StoragePreparation> InspectAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var found = options.Provider switch
        {
            StorageProvider.Sqlite => await Inspection.OfSqliteAsync(connection, cancellationToken),
            StorageProvider.PostgreSql => await Inspection.OfPostgreSqlAsync(connection, cancellationToken),
            _ => SqlServerSettings.Inspect(await SqlServerSettings.ReadAsync(connection, cancellationToken)),
        };
        string Sentence(string rest) => $"{_connection.Place} {rest}.";
        return new(
            found.Problem is { } problem ? Sentence(problem) : null,
            [
                .. _connection.Notices,
                .. found.Notices.Select(Sentence),
                .. clock is null ? [] : await ClockNotice.OfAsync(connection, clock, cancellationToken),
            ]
        );
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> use)
    {
        if (_connection.Problem is { } problem)
            throw new StorageProblemException($"The connection string {problem}");
        try
        {
            return await use();
        }
        catch (Exception e) when (ConnectionFailure.IsOne(e))
        {
            throw new StorageProblemException(ConnectionFailure.Describe(_connection, e), e);
        }
    }

    /// <summary>A new SQLite file is made by one script: quick, and whole or not at all.</summary>
    private async Task<bool> TryCreateAsync(CancellationToken cancellationToken)
    {
        if ((await AppliedAsync(cancellationToken)).Count > 0)
            return false;
        await using var connection = await OpenAsync(cancellationToken);
        // Two processes may start on one new file: the second waits here and then finds the tables.
        await ExecuteAsync(
            connection,
            "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE",
            cancellationToken
        );
        var tables = await QueryAsync(
            connection,
            "SELECT name FROM sqlite_master WHERE type = 'table'",
            cancellationToken
        );
        if (tables.Count == 0)
            await ExecuteAsync(connection, ReadScript(), cancellationToken);
        await ExecuteAsync(connection, "COMMIT", cancellationToken);
        return tables.Count == 0 || (await AppliedAsync(cancellationToken)).Count > 0;
    }

    private async Task<HashSet<string>> AppliedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await QueryAsync(
                connection,
                """SELECT "MigrationId" FROM "__EFMigrationsHistory" """,
                cancellationToken
            );
        }
        // There is no such table, or no such database.
        catch (SqliteException e) when (e.SqliteErrorCode == 1)
        {
            return [];
        }
        catch (PostgresException e)
            when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName)
        {
            return [];
        }
        catch (SqlException e) when (e.Number is 208 or 4060)
        {
            return [];
        }
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = options.Provider switch
        {
            StorageProvider.Sqlite => OpenSqlite(),
            StorageProvider.PostgreSql => new NpgsqlConnection(_connection.Text),
            _ => new SqlConnection(_connection.Text),
        };
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private SqliteConnection OpenSqlite()
    {
        if (
            Path.GetDirectoryName(new SqliteConnectionStringBuilder(_connection.Text).DataSource) is
            { Length: > 0 } folder
        )
            Directory.CreateDirectory(folder);
        return new SqliteConnection(_connection.Text);
    }

    private IEnumerable<string> Migrations()
    {
        var context = FhirDbContexts.TypeOf(options.Provider);
        return typeof(StorageMigrator)
            .Assembly.GetTypes()
            .Where(t => t.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id)
            .OfType<string>()
            .Order(StringComparer.Ordinal);
    }

    private static string ReadScript()
    {
        using var stream = typeof(StorageMigrator).Assembly.GetManifestResourceStream(SqliteScript)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<HashSet<string>> QueryAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            values.Add(reader.GetString(0));
        return values;
    }
}
