using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Files;

/// <summary>
/// Comma-separated values (https://www.rfc-editor.org/rfc/rfc4180). Null is nothing, an empty text is two quotes; a collection is its JSON.
/// </summary>
public sealed class CsvFile : TextFile
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    private readonly ImmutableArray<ViewColumn> _columns;
    private readonly ArrayBufferWriter<byte> _list = new();

    public CsvFile(ImmutableArray<ViewColumn> columns, bool hasHeader)
    {
        _columns = columns;
        if (!hasHeader)
            return;
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0)
                Output.Write(","u8);
            // Columns of views have plain names, those of SQL may have any.
            Write(Encoding.UTF8.GetBytes(columns[i].Name));
        }

        Output.Write("\r\n"u8);
    }

    protected override void Write(ReadOnlySpan<ViewCell> cells, bool isFirst)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
                Output.Write(","u8);
            if (cells[i].IsNull)
                continue;
            Write(_columns[i].IsCollection ? List(_columns[i], cells[i]) : cells[i].Utf8);
        }

        Output.Write("\r\n"u8);
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && text.IndexOfAny(Special) < 0)
        {
            Output.Write(text);
            return;
        }

        Output.Write("\""u8);
        while (text.IndexOf((byte)'"') is var quote and >= 0)
        {
            Output.Write(text[..(quote + 1)]);
            Output.Write("\""u8);
            text = text[(quote + 1)..];
        }

        Output.Write(text);
        Output.Write("\""u8);
    }

    private ReadOnlySpan<byte> List(ViewColumn column, ViewCell cell)
    {
        _list.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_list, Json);
        Write(json, column, cell);
        json.Flush();
        return _list.WrittenSpan;
    }
}
