using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Files;

/// <summary>An array of objects, or a line for each (https://github.com/ndjson/ndjson-spec). Nulls are written.</summary>
public sealed class JsonFile : TextFile
{
    private readonly ImmutableArray<ViewColumn> _columns;
    private readonly ImmutableArray<JsonEncodedText> _names;
    private readonly bool _isLines;
    private readonly Utf8JsonWriter _json;

    public JsonFile(ImmutableArray<ViewColumn> columns, bool isLines)
    {
        (_columns, _isLines) = (columns, isLines);
        _names = [.. columns.Select(c => JsonEncodedText.Encode(c.Name))];
        _json = new Utf8JsonWriter(Output, Json);
    }

    protected override void Write(ReadOnlySpan<ViewCell> cells, bool isFirst)
    {
        if (!_isLines)
            Output.Write(isFirst ? "["u8 : ",\n"u8);
        _json.Reset(Output);
        _json.WriteStartObject();
        for (var i = 0; i < cells.Length; i++)
        {
            _json.WritePropertyName(_names[i]);
            Write(_json, _columns[i], cells[i]);
        }

        _json.WriteEndObject();
        _json.Flush();
        if (_isLines)
            Output.Write("\n"u8);
    }

    protected override void WriteEnd()
    {
        if (!_isLines)
            Output.Write(Rows == 0 ? "[]"u8 : "]"u8);
    }
}
