using System.Globalization;

namespace CareCoordination.Storage.Connections;

/// <summary>
/// What a database server's clock says, in ticks of UTC, whole milliseconds; the same throughout a statement. SQLite has no clock but
/// the node's.
/// </summary>
internal static class DatabaseClock
{
    public const string PostgreSql =
        "(floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint * 10000 + 621355968000000000)";

    public const string SqlServer =
        "(DATEDIFF_BIG(MILLISECOND, CAST('0001-01-01' AS datetime2), SYSUTCDATETIME()) * 10000)";

    /// <summary>The node's time, or the database's where the node's is further ahead than it may be.</summary>
    public static string Bounded(string node, string clock, string maxAhead) =>
        $"CASE WHEN {node} - {clock} > {maxAhead} THEN {clock} ELSE {node} END";

    /// <summary>
    /// The time of a transaction's changes: now, or, where the last change is later than that, the next millisecond after it, so that
    /// times go the way of the change sequence and no two transactions have the same for no other reason than that a clock was wrong.
    /// </summary>
    public static string Next(string last, string now) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"CASE WHEN {last} <= {now} THEN {now} ELSE {last} + {TimeSpan.TicksPerMillisecond} END"
        );
}
