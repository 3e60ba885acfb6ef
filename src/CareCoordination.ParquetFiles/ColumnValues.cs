using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Views.Files;
using CareCoordination.Views.Rows;
using Parquet;
using Parquet.Schema;

namespace CareCoordination.ParquetFiles;

/// <summary>The values of one column of a row group, on their way.</summary>
internal abstract class ColumnValues(DataField field)
{
    public DataField Field { get; } = field;

    /// <summary>Takes a value; gives about how many bytes it holds.</summary>
    public abstract int Add(ViewCell cell);

    /// <summary>Writes what was taken, and begins anew.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    public static ColumnValues Of(ViewColumn column) =>
        column.IsCollection
            ? new TextValues(column)
            : column.Type switch
            {
                ViewColumnType.Boolean => new Values<bool>(column.Name, 1, static cell => cell.Boolean),
                ViewColumnType.Integer => new Values<long>(column.Name, sizeof(long), static cell => cell.Integer),
                ViewColumnType.Decimal => new Values<double>(column.Name, sizeof(double), Number),
                _ => new TextValues(column),
            };

    private static double Number(ViewCell cell) =>
        double.Parse(cell.Utf8, NumberStyles.Float, CultureInfo.InvariantCulture);

    private sealed class Values<T>(string name, int size, Func<ViewCell, T> read)
        : ColumnValues(new DataField<T>(name, nullable: true))
        where T : struct
    {
        private readonly ArrayBufferWriter<T?> _values = new();

        public override int Add(ViewCell cell)
        {
            _values.GetSpan(1)[0] = cell.IsNull ? null : read(cell);
            _values.Advance(1);
            return size;
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(Field, _values.WrittenMemory);
            _values.ResetWrittenCount();
        }
    }

    private sealed class TextValues(ViewColumn column) : ColumnValues(new DataField<string>(column.Name))
    {
        private readonly List<string?> _values = [];

        public override int Add(ViewCell cell)
        {
            var text = column.IsCollection && !cell.IsNull ? List(cell) : cell.Text;
            _values.Add(text);
            return 8 + (text?.Length ?? 0);
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(Field, _values!);
            _values.Clear();
        }

        private string List(ViewCell cell)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
                TextFile.Write(json, column, cell);
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
    }
}
