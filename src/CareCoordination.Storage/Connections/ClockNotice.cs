using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Storage.Connections;

/// <summary>What is the matter with times when a node starts: its own clock, and the time of the last change.</summary>
internal static class ClockNotice
{
    public static async Task<IReadOnlyList<string>> OfAsync(
        DbConnection connection,
        StoreClock clock,
        CancellationToken cancellationToken
    )
    {
        var database = connection switch
        {
            SqliteConnection => null,
            NpgsqlConnection => DatabaseClock.PostgreSql,
            _ => DatabaseClock.SqlServer,
        };
        await using var command = connection.CreateCommand();
        command.CommandText = $"""SELECT "LastUpdated", {database ?? "0"} FROM "ChangeSequence" WHERE "Id" = 1""";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var now = clock.NodeNow;
        if (!await reader.ReadAsync(cancellationToken))
            return [];
        var notices = new List<string>();
        if (database is not null)
            clock.Compare(now, new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero));
        if (clock.Ahead > TimeSpan.Zero)
            notices.Add(
                $"The clock of this node is {Seconds(clock.Ahead)} s ahead of the database's, whose time is used until it is set right."
            );
        var last = new DateTimeOffset(reader.GetInt64(0), TimeSpan.Zero) - clock.GetUtcNow();
        if (last > clock.MaxAhead)
            notices.Add(
                $"The last change is stamped with a time that is {Seconds(last)} s ahead of now: until then each commit is stamped a millisecond after the one before."
            );
        return notices;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
