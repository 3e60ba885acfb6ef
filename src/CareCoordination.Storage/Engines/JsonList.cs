using System.Buffers;
using System.Text;
using System.Text.Json;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Values as the text of a JSON array, for the engines that take no arrays: one parameter, however many values there are.
/// 64-bit integers and doubles keep all their digits.
/// </summary>
internal static class JsonList
{
    /// <summary><c>[1, 2]</c></summary>
    public static string Of<T>(IReadOnlyList<T> values)
        where T : notnull =>
        Write(json =>
        {
            foreach (var value in values)
                Write(json, value);
        });

    /// <summary>Rows as arrays: <c>[[1, "a"], [2, "b"]]</c></summary>
    public static string Of(RowBuffer rows) =>
        Write(json =>
        {
            for (var row = 0; row < rows.Count; row++)
            {
                json.WriteStartArray();
                for (var column = 0; column < rows.Table.Columns.Length; column++)
                    Write(json, rows.Value(row, column));
                json.WriteEndArray();
            }
        });

    private static string Write(Action<Utf8JsonWriter> items)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            items(json);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case short number:
                json.WriteNumberValue(number);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case string text:
                // Half a surrogate pair becomes U+FFFD here, which the writer would refuse.
                json.WriteStringValue(Encoding.UTF8.GetBytes(DbText.Of(text)));
                break;
            default:
                throw new NotSupportedException($"A list of {value.GetType().Name} is not sent to a database.");
        }
    }
}
