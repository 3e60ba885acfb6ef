using System.Data.Common;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Tables;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>How a database comes to be what it was before, while nodes are at work on it.</summary>
public enum WayBack
{
    /// <summary>All rows are replaced in one transaction, and no connection breaks: a backup that is read into a living database.</summary>
    RowsRestored,

    /// <summary>SQLite: the file is replaced by an older copy, and what was opened before goes on with the old one.</summary>
    FileReplaced,

    /// <summary>SQLite: the pages are replaced through SQLite's own way of restoring.</summary>
    PagesRestored,

    /// <summary>PostgreSQL: another database gets the name, and all connections are ended.</summary>
    NameGiven,
}

/// <summary>A database as it is now, to go back to.</summary>
internal sealed class EarlierState
{
    private const string LockSql = """UPDATE "ChangeSequence" SET "Sequence" = "Sequence" WHERE "Id" = 1""";

    private readonly TestDatabase _database;
    private readonly WayBack _way;

    private EarlierState(TestDatabase database, WayBack way) => (_database, _way) = (database, way);

    private string File => new SqliteConnectionStringBuilder(_database.Options.ConnectionString).DataSource;

    private string Name => new NpgsqlConnectionStringBuilder(_database.Options.ConnectionString).Database!;

    public static async Task<EarlierState> KeepAsync(TestDatabase database, WayBack way)
    {
        var state = new EarlierState(database, way);
        switch (way)
        {
            case WayBack.RowsRestored:
                await using (var connection = await OpenAsync(database.Options))
                    await ExecuteAsync(connection, [.. FhirTables.All.Select(t => state.CopySql(t.Name))]);
                break;
            case WayBack.FileReplaced or WayBack.PagesRestored:
                await CopyAsync(state.File, $"{state.File}.earlier");
                break;
            default:
                await state.OnServerAsync($"CREATE DATABASE {state.Name}_earlier TEMPLATE {state.Name}");
                break;
        }

        return state;
    }

    public async Task GoBackAsync()
    {
        switch (_way)
        {
            case WayBack.RowsRestored:
                await using (var connection = await OpenAsync(_database.Options))
                    await ExecuteAsync(connection, [LockSql, .. FhirTables.All.SelectMany(RestoreSql)]);
                break;
            case WayBack.FileReplaced:
                System.IO.File.Delete($"{File}-wal");
                System.IO.File.Delete($"{File}-shm");
                System.IO.File.Move($"{File}.earlier", File, overwrite: true);
                break;
            case WayBack.PagesRestored:
                await CopyAsync($"{File}.earlier", File);
                break;
            default:
                await OnServerAsync(
                    $"ALTER DATABASE {Name} RENAME TO {Name}_lost",
                    $"ALTER DATABASE {Name}_earlier RENAME TO {Name}"
                );
                break;
        }
    }

    private static async Task CopyAsync(string from, string to)
    {
        await using var source = new SqliteConnection($"Data Source={from};Pooling=False");
        await using var target = new SqliteConnection($"Data Source={to};Pooling=False");
        await source.OpenAsync();
        await target.OpenAsync();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                source.BackupDatabase(target);
                return;
            }
            catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6 && attempt < 200)
            {
                // A node is writing.
                await Task.Delay(10);
            }
        }
    }

    private string CopySql(string table) =>
        _database.Options.Provider == StorageProvider.SqlServer
            ? $"SELECT * INTO \"Earlier{table}\" FROM \"{table}\""
            : $"CREATE TABLE \"Earlier{table}\" AS SELECT * FROM \"{table}\"";

    // The row that makes the order of all changes stays, so that those who wait for it find it.
    private static string[] RestoreSql(TableShape table) =>
        table == FhirTables.ChangeSequence
            ?
            [
                $"UPDATE \"{table.Name}\" SET "
                    + string.Join(
                        ", ",
                        table
                            .Columns.Where(c => c.Name != "Id")
                            .Select(c => $"\"{c.Name}\" = (SELECT e.\"{c.Name}\" FROM \"Earlier{table.Name}\" e)")
                    ),
            ]
            : [$"DELETE FROM \"{table.Name}\"", $"INSERT INTO \"{table.Name}\" SELECT * FROM \"Earlier{table.Name}\""];

    private async Task OnServerAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_database.Options.ConnectionString)
            {
                Database = "postgres",
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            // A node opens its connections anew as soon as they are ended, and the statement wants to be alone.
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    await using var command = connection.CreateCommand();
                    command.CommandText =
                        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE '{Name}%'";
                    await command.ExecuteNonQueryAsync();
                    command.CommandText = statement;
                    await command.ExecuteNonQueryAsync();
                    break;
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 100)
                {
                    await Task.Delay(50);
                }
            }
        }
    }

    public static async Task<DbConnection> OpenAsync(StorageOptions options)
    {
        var text = options.ReadConnection().Text;
        DbConnection connection = options.Provider switch
        {
            StorageProvider.Sqlite => new SqliteConnection(text),
            StorageProvider.PostgreSql => new NpgsqlConnection(text),
            _ => new SqlConnection(text),
        };
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>All of them, or none.</summary>
    private static async Task ExecuteAsync(DbConnection connection, string[] statements)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }
}
