using System.Collections.Frozen;
using System.Text.Json;
using CareCoordination.Fhir.Outcomes;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Queries;

/// <summary>
/// Whether SQL of somebody is one question of the tables and nothing else, by the tree that the engine itself makes of it. What it reaches
/// outside of the tables the engine refuses besides; here it is also kept from what tells of the machine.
/// https://duckdb.org/docs/stable/data/json/sql_to_and_from_json
/// </summary>
internal static class SqlGuard
{
    private static readonly FrozenSet<string> TableFunctions = FrozenSet.ToFrozenSet(
        ["unnest", "range", "generate_series"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Functions that tell of files, settings or the session, or that run SQL from text.</summary>
    private static readonly string[] Forbidden =
    [
        "duckdb_",
        "pragma_",
        "current_setting",
        "current_schema",
        "current_database",
        "current_catalog",
        "current_user",
        "getvariable",
        "getenv",
        "read_",
        "parquet_",
        "sniff_",
        "query",
        "nextval",
        "currval",
        "txid_",
        "pg_",
        "json_execute",
        "json_serialize_sql",
        "json_deserialize_sql",
        "json_serialize_plan",
        "version",
    ];

    /// <summary>Null: it may be run.</summary>
    public static Failure? Check(DuckDBConnection reader, string sql)
    {
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT json_serialize_sql($sql::VARCHAR)";
        command.Parameters.Add(new DuckDBParameter("sql", sql));
        using var tree = JsonDocument.Parse(
            (string)command.ExecuteScalar()!,
            new JsonDocumentOptions { MaxDepth = 1000 }
        );
        var root = tree.RootElement;
        if (root.GetProperty("error").GetBoolean())
            return Refused(
                root.GetProperty("error_type").GetString() == "not implemented"
                    ? "It has to be a SELECT: nothing is written, and no setting is changed."
                    : root.GetProperty("error_message").GetString() ?? "It cannot be read."
            );
        if (root.GetProperty("statements").GetArrayLength() != 1)
            return Refused("It has to be one statement.");
        return Find(root.GetProperty("statements")[0]) is { } wrong ? Refused(wrong) : null;
    }

    private static Failure Refused(string sentence) =>
        Failure.Unprocessable(IssueCode.Invalid, $"The SQL is not run. {sentence}");

    private static string? Find(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
            return node.EnumerateArray().Select(Find).FirstOrDefault(wrong => wrong is not null);
        if (node.ValueKind != JsonValueKind.Object)
            return null;
        return Wrong(node)
            ?? node.EnumerateObject().Select(part => Find(part.Value)).FirstOrDefault(wrong => wrong is not null);
    }

    private static string? Wrong(JsonElement node)
    {
        switch (Text(node, "type"))
        {
            case "BASE_TABLE":
                var name = Text(node, "table_name") ?? "";
                if (Text(node, "schema_name") is { Length: > 0 } || Text(node, "catalog_name") is { Length: > 0 })
                    return $"'{name}' is named with a schema: tables are named by themselves.";
                return IsForbidden(name) || name.StartsWith("mirror_", StringComparison.OrdinalIgnoreCase)
                    ? $"There is no table '{name}' to ask."
                    : null;
            case "TABLE_FUNCTION":
                var function = node.TryGetProperty("function", out var call) ? Text(call, "function_name") ?? "" : "";
                return TableFunctions.Contains(function)
                    ? null
                    : $"'{function}' is no table: {string.Join(", ", TableFunctions.Order(StringComparer.Ordinal))} are the functions that give rows here.";
            case "SHOW_REF":
                return "It has to be a SELECT: docs/outcomes.md lists the tables.";
            default:
                return Text(node, "class") == "FUNCTION" && Text(node, "function_name") is { } used && IsForbidden(used)
                    ? $"The function '{used}' tells of more than the tables."
                    : null;
        }
    }

    private static bool IsForbidden(string name) =>
        Forbidden.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
