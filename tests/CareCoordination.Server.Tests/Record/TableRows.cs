using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Rows as text that can be compared: what is empty is left out, and the columns are in the order of their names.</summary>
internal static class TableRows
{
    /// <summary>Rows of SQL, over HTTP.</summary>
    public static async Task<List<string>> AskAsync(TestServer server, string sql)
    {
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(sql));
        var answer = await server.PostAsync(
            "$sqlquery-run",
            $$$"""{"resourceType":"Parameters","parameter":[{"name":"queryResource","resource":{"resourceType":"Library","status":"active","type":{"text":"sql"},"content":[{"contentType":"application/sql","data":"{{{data}}}"}]}},{"name":"_format","valueCode":"ndjson"}]}"""
        );
        Assert.True(answer.Status == 200, $"{sql}\n{answer.Body}");
        return
        [
            .. answer
                .Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => Of(JsonDocument.Parse(line).RootElement)),
        ];
    }

    private static string Of(JsonElement row) =>
        Of(row.EnumerateObject().Select(p => (p.Name, Value: (object?)p.Value)));

    public static string Of(params IEnumerable<(string Name, object? Value)> row) =>
        string.Join(
            ' ',
            row.Select(c => (c.Name, Text: Of(c.Value)))
                .Where(c => c.Text is not null)
                .OrderBy(c => c.Name, StringComparer.Ordinal)
                .Select(c => $"{c.Name}={c.Text}")
        );

    private static string? Of(object? value) =>
        value switch
        {
            null => null,
            string text => text,
            bool flag => flag ? "true" : "false",
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                CultureInfo.InvariantCulture
            ),
            JsonElement json => json.ValueKind switch
            {
                JsonValueKind.Null or JsonValueKind.Undefined => null,
                JsonValueKind.True or JsonValueKind.False => Of(json.GetBoolean()),
                JsonValueKind.Number => Of(json.GetDouble()),
                JsonValueKind.Array => Of(json.EnumerateArray().Select(i => (object?)i)),
                _ => json.GetString(),
            },
            IEnumerable<object?> list => $"[{string.Join(", ", list.Select(Of))}]",
            _ => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        };

    /// <summary>What differs between two tables, in no order; null: nothing does.</summary>
    public static string? Difference(string table, IEnumerable<string> expected, IEnumerable<string> found)
    {
        var (ours, theirs) = (Counted(expected), Counted(found));
        var missing = ours.Where(r => theirs.GetValueOrDefault(r.Key) < r.Value).Select(r => r.Key).ToList();
        var further = theirs.Where(r => ours.GetValueOrDefault(r.Key) < r.Value).Select(r => r.Key).ToList();
        return missing.Count + further.Count == 0
            ? null
            : $"{table}: {missing.Count} rows of the record are not in the table, {further.Count} of the table not in the record.\n"
                + string.Concat(missing.Order(StringComparer.Ordinal).Take(4).Select(r => $"  record {r}\n"))
                + string.Concat(further.Order(StringComparer.Ordinal).Take(4).Select(r => $"  table  {r}\n"));
    }

    private static Dictionary<string, int> Counted(IEnumerable<string> rows) =>
        rows.GroupBy(r => r, StringComparer.Ordinal)
            .ToDictionary(of => of.Key, of => of.Count(), StringComparer.Ordinal);
}
