using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CareCoordination.Storage.Connections;

/// <summary>What a database is set to that the store relies on.</summary>
/// <param name="Problem">Why nothing can be stored there; the rest of a sentence that begins with the place.</param>
/// <param name="Notices">What is weaker than clients expect, in the same form.</param>
internal sealed record Inspection(string? Problem, ImmutableArray<string> Notices)
{
    private const int OldestPostgreSql = 120_000;

    private const string PostgreSqlSql = """
        SELECT current_setting('server_version_num'), current_setting('server_encoding'), pg_is_in_recovery()::text,
            current_setting('default_transaction_read_only'), current_setting('synchronous_commit'),
            current_setting('fsync'), current_setting('full_page_writes')
        """;

    public static async Task<Inspection> OfPostgreSqlAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var row = await RowAsync(connection, PostgreSqlSql, cancellationToken);
        if (int.Parse(row[0], CultureInfo.InvariantCulture) < OldestPostgreSql)
            return new("is older than PostgreSQL 12, the oldest that has what the store needs", []);
        if (row[1] != "UTF8")
            return new($"keeps texts as {row[1]}; make the database with ENCODING 'UTF8'", []);
        var notices = ImmutableArray.CreateBuilder<string>();
        if (row[2] == "true")
            notices.Add("is a standby: nothing can be stored here until it is promoted");
        else if (row[3] == "on")
            notices.Add("is read only (default_transaction_read_only): nothing can be stored here");
        if (row[4] is "off" or "local")
            notices.Add($"has synchronous_commit={row[4]}: what was acknowledged may be lost with the server");
        if (row[5] == "off" || row[6] == "off")
            notices.Add("has fsync or full_page_writes off: a crash of its machine may destroy the database");
        return new(null, notices.ToImmutable());
    }

    public static async Task<Inspection> OfSqliteAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (SQLitePCL.raw.sqlite3_db_readonly(((SqliteConnection)connection).Handle!, "main") == 1)
            return new("cannot be written: give the server's user the right to write the file and its folder", []);
        var mode = await RowAsync(connection, "PRAGMA journal_mode = WAL", cancellationToken);
        return mode[0] == "wal"
            ? new(null, [])
            : new("cannot have a write-ahead log: put it on a local disk that processes share memory on", []);
    }

    private static async Task<string[]> RowAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];
    }
}
