using System.Data.Common;

namespace CareCoordination.Storage.Rows;

/// <summary>
/// The columns of a row by their names, for tables that are not read in the thousands. No value is stored as 0 or an empty text: no
/// column but those of bytes can be null.
/// </summary>
internal static class NamedColumns
{
    public static string Text(this DbDataReader row, string column) => row.GetString(row.GetOrdinal(column));

    public static string? TextOrNull(this DbDataReader row, string column) =>
        row.Text(column) is { Length: > 0 } text ? text : null;

    public static short Short(this DbDataReader row, string column) => row.GetInt16(row.GetOrdinal(column));

    public static bool Flag(this DbDataReader row, string column) => row.Short(column) != 0;

    public static int Int(this DbDataReader row, string column) => row.GetInt32(row.GetOrdinal(column));

    public static long Long(this DbDataReader row, string column) => row.GetInt64(row.GetOrdinal(column));

    public static DateTimeOffset? Time(this DbDataReader row, string column) =>
        row.Long(column) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public static ReadOnlyMemory<byte> Bytes(this DbDataReader row, string column) =>
        row.GetOrdinal(column) is var place && row.IsDBNull(place) ? default : row.GetFieldValue<byte[]>(place);
}
