using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CareCoordination.Analytics.Queries;

/// <summary>How rows are written.</summary>
internal enum RowFormat
{
    Json,
    Ndjson,
    Csv,
}

/// <summary>Writes rows of the engine.</summary>
internal abstract class RowWriter(ImmutableArray<string> columns)
{
    protected ImmutableArray<string> Columns { get; } = columns;

    public static RowWriter Of(RowFormat format, ImmutableArray<string> columns) =>
        format == RowFormat.Csv ? new CsvRows(columns) : new JsonRows(columns, format == RowFormat.Json);

    /// <summary>As answers name it.</summary>
    public static string MediaType(RowFormat format) =>
        format switch
        {
            RowFormat.Csv => "text/csv; charset=utf-8",
            RowFormat.Json => "application/json",
            _ => "application/x-ndjson",
        };

    public abstract void Write(DbDataReader row);

    public abstract byte[] End();

    /// <summary>A value as text: dates and times as FHIR has them, instants in UTC.</summary>
    protected static string TextOf(object value) =>
        value switch
        {
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    private sealed class JsonRows : RowWriter
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private readonly Utf8JsonWriter _json;
        private readonly bool _isArray;

        public JsonRows(ImmutableArray<string> columns, bool isArray)
            : base(columns)
        {
            _isArray = isArray;
            _json = new Utf8JsonWriter(
                _bytes,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            );
            if (isArray)
                _json.WriteStartArray();
        }

        public override void Write(DbDataReader row)
        {
            _json.WriteStartObject();
            for (var i = 0; i < Columns.Length; i++)
            {
                _json.WritePropertyName(Columns[i]);
                Write(row.IsDBNull(i) ? null : row.GetValue(i));
            }

            _json.WriteEndObject();
            if (_isArray)
                return;
            _json.Flush();
            _json.Reset();
            _bytes.Write("\n"u8);
        }

        public override byte[] End()
        {
            if (_isArray)
                _json.WriteEndArray();
            _json.Dispose();
            return _bytes.WrittenSpan.ToArray();
        }

        private void Write(object? value)
        {
            switch (value)
            {
                case null:
                    _json.WriteNullValue();
                    break;
                case bool flag:
                    _json.WriteBooleanValue(flag);
                    break;
                case double number when double.IsFinite(number):
                    _json.WriteNumberValue(number);
                    break;
                case sbyte or short or int or long or byte or ushort or uint:
                    _json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case decimal or ulong or BigInteger:
                    _json.WriteRawValue(TextOf(value));
                    break;
                case string text:
                    _json.WriteStringValue(text);
                    break;
                case IEnumerable list and not IDictionary:
                    _json.WriteStartArray();
                    foreach (var item in list)
                        Write(item);
                    _json.WriteEndArray();
                    break;
                default:
                    _json.WriteStringValue(TextOf(value));
                    break;
            }
        }
    }

    /// <summary>https://www.rfc-editor.org/rfc/rfc4180</summary>
    private sealed class CsvRows : RowWriter
    {
        private readonly StringBuilder _text = new();

        public CsvRows(ImmutableArray<string> columns)
            : base(columns) => Line(columns);

        public override void Write(DbDataReader row) =>
            Line(Enumerable.Range(0, Columns.Length).Select(i => row.IsDBNull(i) ? "" : Text(row.GetValue(i))));

        public override byte[] End() => Encoding.UTF8.GetBytes(_text.ToString());

        private static string Text(object value) =>
            value is IEnumerable list and not string ? JsonSerializer.Serialize(list.Cast<object?>()) : TextOf(value);

        private void Line(IEnumerable<string> cells) => _text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

        private static string Cell(string text) =>
            text.AsSpan().IndexOfAny("\",\r\n") < 0
                ? text
                : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
