using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Files;

/// <summary>A file of text, made in memory piece by piece.</summary>
public abstract class TextFile : RowFile
{
    private ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private ArrayBufferWriter<byte> _written = new(64 * 1024);

    public override long Gathered => _buffer.WrittenCount;

    protected IBufferWriter<byte> Output => _buffer;

    public override ValueTask FlushAsync(Stream output, CancellationToken cancellationToken)
    {
        // What is written now stays as it is until the next flush; rows that come meanwhile go beside it.
        (_buffer, _written) = (_written, _buffer);
        _buffer.ResetWrittenCount();
        return output.WriteAsync(_written.WrittenMemory, cancellationToken);
    }

    public override ValueTask EndAsync(Stream output, CancellationToken cancellationToken)
    {
        WriteEnd();
        return FlushAsync(output, cancellationToken);
    }

    protected virtual void WriteEnd() { }

    internal static readonly JsonWriterOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The value as JSON has it.</summary>
    public static void Write(Utf8JsonWriter json, ViewColumn column, ViewCell cell)
    {
        if (cell.IsNull)
        {
            json.WriteNullValue();
            return;
        }

        if (!column.IsCollection)
        {
            WriteOne(json, column.Type, cell);
            return;
        }

        json.WriteStartArray();
        foreach (var item in cell.Items)
            WriteOne(json, column.Type, item);
        json.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter json, ViewColumnType type, ViewCell cell)
    {
        switch (type)
        {
            case ViewColumnType.Boolean:
                json.WriteBooleanValue(cell.Boolean);
                break;
            case ViewColumnType.Integer:
                json.WriteNumberValue(cell.Integer);
                break;
            // As it was written: its digits are its precision.
            case ViewColumnType.Decimal:
            case ViewColumnType.Json:
                json.WriteRawValue(cell.Utf8, skipInputValidation: true);
                break;
            default:
                json.WriteStringValue(cell.Utf8);
                break;
        }
    }
}
