using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace CareCoordination.Storage.Connections;

/// <summary>How a database of SQL Server is set.</summary>
/// <param name="ReadsSnapshots">
/// Readers see the last committed rows instead of waiting for the writer. Without it a scan of rows that move meanwhile may meet one
/// twice or not at all, and readers and the writer end each other's transactions.
/// https://learn.microsoft.com/sql/t-sql/statements/alter-database-transact-sql-set-options#read_committed_snapshot--on--off-
/// </param>
/// <param name="DelaysDurability">A commit is acknowledged before it is on disk, whatever it asks for.</param>
/// <param name="HasJson">OPENJSON is there, which lists of values and rows are sent by.</param>
internal sealed record SqlServerSettings(bool ReadsSnapshots, bool IsReadOnly, bool DelaysDurability, bool HasJson)
{
    public const string TurnSnapshotsOn = "ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK AFTER 5";

    internal const string SettingsSql = """
        SELECT CAST(d."is_read_committed_snapshot_on" AS int), CAST(d."is_read_only" AS int), CAST(d."delayed_durability" AS int)
        FROM sys.databases d WHERE d."database_id" = DB_ID()
        """;

    internal const string JsonSql = """SELECT j."Value" FROM OPENJSON(N'[1]') WITH ("Value" bigint '$') j""";

    private const int Forced = 2;

    // From this severity on the server ends the connection.
    private const byte FirstFatalClass = 20;

    /// <summary>Null where the server does not tell: another product that speaks its protocol.</summary>
    public static async Task<SqlServerSettings?> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = SettingsSql;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
                return null;
            var (snapshots, readOnly, durability) = (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2));
            await reader.DisposeAsync();
            return new(
                snapshots == 1,
                readOnly == 1,
                durability == Forced,
                await HasJsonAsync(connection, cancellationToken)
            );
        }
        catch (SqlException e) when (e.Class < FirstFatalClass)
        {
            return null;
        }
    }

    public static Inspection Inspect(SqlServerSettings? settings)
    {
        if (settings is null)
            return new(null, ["does not tell how it is set: see that READ_COMMITTED_SNAPSHOT is on"]);
        if (!settings.HasJson)
            return new("lacks OPENJSON: its compatibility level must be 130 (SQL Server 2016) or higher", []);
        if (!settings.ReadsSnapshots)
            return new(SnapshotsAreOff, []);
        var notices = ImmutableArray.CreateBuilder<string>();
        if (settings.IsReadOnly)
            notices.Add("is read only: nothing can be stored here");
        if (settings.DelaysDurability)
            notices.Add("has DELAYED_DURABILITY = FORCED: what was acknowledged may be lost with the server");
        return new(null, notices.ToImmutable());
    }

    /// <summary>The rest of a sentence that begins with the place.</summary>
    public const string SnapshotsAreOff =
        "has READ_COMMITTED_SNAPSHOT off, so that reads would miss or repeat rows that are written meanwhile: run 'migrate' with a "
        + "login that may alter the database, or have somebody who may run ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON";

    private static async Task<bool> HasJsonAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = JsonSql;
            return await command.ExecuteScalarAsync(cancellationToken) is 1L;
        }
        catch (SqlException e) when (e.Class < FirstFatalClass)
        {
            return false;
        }
    }
}
