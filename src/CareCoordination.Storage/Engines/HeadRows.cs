using System.Data.Common;

namespace CareCoordination.Storage.Engines;

/// <summary>Reads the columns Key, Version, IsDeleted, LastUpdated, Sequence, Patient, Labels, Change, Body that follow the first of a row.</summary>
internal static class HeadRows
{
    public static FoundHead Read(DbDataReader row, int wanted) =>
        new(
            wanted,
            row.GetInt64(1),
            row.GetInt32(2),
            row.GetInt16(3) != 0,
            row.GetInt64(4),
            row.GetInt64(5),
            row.IsDBNull(8) ? default : (ChangeKind)row.GetInt16(8),
            row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9)
        )
        {
            Patient = row.GetInt64(6),
            Labels = row.GetInt64(7),
        };
}
