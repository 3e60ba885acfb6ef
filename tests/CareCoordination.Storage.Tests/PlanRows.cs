using System.Globalization;
using System.Text.Json;
using CareCoordination.Storage.Engines;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>What PostgreSQL says itself that a statement reads: rows, and no time.</summary>
internal static class PlanRows
{
    /// <summary>The rows that it took out of the index of resources and of their table, and those that it threw away.</summary>
    public static async Task<long> ReadAsync(NpgsqlConnection connection, Sql sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN (ANALYZE, FORMAT JSON) {sql.Text}";
        foreach (var value in sql.Values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return Of((string)(await command.ExecuteScalarAsync())!);
    }

    /// <summary>The same of a plan that is made for any values and in the sessions of the store, as it keeps them.</summary>
    public static async Task<long> ReadByStoreAsync(NpgsqlConnection connection, Sql sql)
    {
        var values = string.Join(", ", sql.Values.Select(Literal));
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"{PostgreSqlEngine.Planning}PREPARE asked AS {sql.Text}; EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked({values}); DEALLOCATE asked";
        return Of((string)(await command.ExecuteScalarAsync())!);
    }

    private static long Of(string json)
    {
        using var plan = JsonDocument.Parse(json);
        return Of(plan.RootElement[0].GetProperty("Plan"));
    }

    private static long Of(JsonElement node)
    {
        var own = 0.0;
        if (node.TryGetProperty("Relation Name", out var relation) && relation.GetString() == "Resource")
        {
            own = node.GetProperty("Actual Rows").GetDouble();
            if (node.TryGetProperty("Rows Removed by Filter", out var removed))
                own += removed.GetDouble();
            own *= node.GetProperty("Actual Loops").GetDouble();
        }

        return (long)own + (node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().Sum(Of) : 0);
    }

    private static string Literal(object value) =>
        value switch
        {
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            System.Collections.IEnumerable many => $"'{{{string.Join(',', many.Cast<object>().Select(Plain))}}}'",
            _ => Plain(value),
        };

    private static string Plain(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
