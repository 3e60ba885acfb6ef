using System.Buffers;
using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Views.Rows;

namespace CareCoordination.Analytics.Queries;

/// <summary>A column of an answer to SQL, and how its values become cells as those of views.</summary>
internal sealed class SqlColumn
{
    private readonly ViewColumnType _type;

    /// <param name="type">As the engine gives its values.</param>
    public SqlColumn(string name, Type type)
    {
        var isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);
        var item = isList ? type.GetGenericArguments()[0] : type;
        _type = TypeOf(Nullable.GetUnderlyingType(item) ?? item);
        // A list of what is no single value is JSON as a whole.
        isList &= _type != ViewColumnType.Json;
        var (fhir, sql) = _type switch
        {
            ViewColumnType.Boolean => ("boolean", "BOOLEAN"),
            ViewColumnType.Integer => ("integer64", "BIGINT"),
            ViewColumnType.Decimal => ("decimal", "DOUBLE PRECISION"),
            ViewColumnType.Date => ("date", "DATE"),
            ViewColumnType.Instant => ("instant", "TIMESTAMP WITH TIME ZONE"),
            _ => ("string", "CHARACTER VARYING"),
        };
        Column = new ViewColumn(name, _type, fhir, isList, sql, IsTagged: false, Description: null);
    }

    public ViewColumn Column { get; }

    public ViewCell CellOf(DbDataReader row, int at) => CellOf(row.IsDBNull(at) ? null : row.GetValue(at));

    private ViewCell CellOf(object? value) =>
        value is null or DBNull ? default
        : Column.IsCollection ? ViewCell.OfItems([.. ((IEnumerable)value).Cast<object?>().Select(One)])
        : One(value);

    private ViewCell One(object? value) =>
        value is null
            ? default
            : _type switch
            {
                ViewColumnType.Boolean => ViewCell.OfBoolean((bool)value),
                ViewColumnType.Integer => ViewCell.OfInteger(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
                // JSON has no word for what is no number.
                ViewColumnType.Decimal when value is double number && !double.IsFinite(number) => default,
                ViewColumnType.Decimal when value is float number && !float.IsFinite(number) => default,
                ViewColumnType.Json => ViewCell.OfText(JsonOf(value)),
                _ => ViewCell.OfText(Encoding.UTF8.GetBytes(TextOf(value))),
            };

    private static ViewColumnType TypeOf(Type type) =>
        type == typeof(bool) ? ViewColumnType.Boolean
        : type == typeof(sbyte)
        || type == typeof(short)
        || type == typeof(int)
        || type == typeof(long)
        || type == typeof(byte)
        || type == typeof(ushort)
        || type == typeof(uint)
            ? ViewColumnType.Integer
        : type == typeof(double)
        || type == typeof(float)
        || type == typeof(decimal)
        || type == typeof(ulong)
        || type == typeof(BigInteger)
            ? ViewColumnType.Decimal
        : type == typeof(DateOnly) ? ViewColumnType.Date
        : type == typeof(DateTime) ? ViewColumnType.Instant
        : type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) ? ViewColumnType.Json
        : ViewColumnType.Text;

    /// <summary>A value as text: dates and times as FHIR has them, instants in UTC.</summary>
    private static string TextOf(object value) =>
        value switch
        {
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    private static byte[] JsonOf(object value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (
            var json = new Utf8JsonWriter(
                bytes,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
            Write(json, value);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case IDictionary parts:
                json.WriteStartObject();
                foreach (DictionaryEntry part in parts)
                {
                    json.WritePropertyName(TextOf(part.Key));
                    Write(json, part.Value);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list and not string:
                json.WriteStartArray();
                foreach (var item in list)
                    Write(json, item);
                json.WriteEndArray();
                break;
            default:
                var one = new SqlColumn("", value.GetType());
                Views.Files.TextFile.Write(json, one.Column, one.CellOf(value));
                break;
        }
    }
}
