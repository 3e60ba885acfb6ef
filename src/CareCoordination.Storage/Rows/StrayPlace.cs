using System.Collections.Immutable;
using System.Text;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Rows;

/// <summary>A row of a table as bytes, so that whoever walks the table can stop there and go on later.</summary>
internal static class StrayPlace
{
    public static byte[] Write(TableShape table, ImmutableArray<object> row)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8))
        {
            for (var i = 0; i < table.Columns.Length; i++)
            {
                switch (row[i])
                {
                    case int number:
                        writer.Write(number);
                        break;
                    case long number:
                        writer.Write(number);
                        break;
                    case double number:
                        writer.Write(number);
                        break;
                    case string text:
                        writer.Write(text);
                        break;
                    default:
                        throw new ArgumentException($"{table.Name} has a value of an unknown kind.", nameof(row));
                }
            }
        }

        return bytes.ToArray();
    }

    public static ImmutableArray<object> Read(TableShape table, ReadOnlyMemory<byte> place)
    {
        using var bytes = new MemoryStream(place.ToArray());
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        return
        [
            .. table.Columns.Select(column =>
                column.Type switch
                {
                    ColumnType.Int => (object)reader.ReadInt32(),
                    ColumnType.Long => reader.ReadInt64(),
                    ColumnType.Real => reader.ReadDouble(),
                    _ => reader.ReadString(),
                }
            ),
        ];
    }
}
