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
    /// <summary>Functions of the engine that give rows of what they are given.</summary>
    private static readonly string[] Functions = ["unnest", "range", "generate_series"];

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
        return Find(root.GetProperty("statements")[0], TablesOf(reader)) is { } wrong ? Refused(wrong) : null;
    }

    /// <summary>The functions that give rows: some of the engine, and those that the statements of this server made over the tables.</summary>
    private static FrozenSet<string> TablesOf(DuckDBConnection reader)
    {
        using var command = reader.CreateCommand();
        command.CommandText =
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal AND schema_name = current_schema()";
        using var row = command.ExecuteReader();
        var names = new List<string>(Functions);
        while (row.Read())
            names.Add(row.GetString(0));
        return names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    private static Failure Refused(string sentence) =>
        Failure.Unprocessable(IssueCode.Invalid, $"The SQL is not run. {sentence}");

    private static string? Find(JsonElement node, FrozenSet<string> tables)
    {
        if (node.ValueKind == JsonValueKind.Array)
            return node.EnumerateArray().Select(part => Find(part, tables)).FirstOrDefault(wrong => wrong is not null);
        if (node.ValueKind != JsonValueKind.Object)
            return null;
        return Wrong(node, tables)
            ?? node.EnumerateObject()
                .Select(part => Find(part.Value, tables))
                .FirstOrDefault(wrong => wrong is not null);
    }

    private static string? Wrong(JsonElement node, FrozenSet<string> tables)
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
                if (Text(call, "schema") is { Length: > 0 } || Text(call, "catalog") is { Length: > 0 })
                    return $"'{function}' is named with a schema: functions are named by themselves.";
                return tables.Contains(function)
                    ? null
                    : $"'{function}' is no table: {string.Join(", ", tables.Order(StringComparer.Ordinal))} are the functions that give rows here.";
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
