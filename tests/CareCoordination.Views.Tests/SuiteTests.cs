using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.TestKit;

namespace CareCoordination.Views.Tests;

/// <summary>The cases of the specification. https://github.com/FHIR/sql-on-fhir-v2/tree/master/tests</summary>
public sealed class SuiteTests
{
    private const int PublishedCases = 134;

    [Fact]
    public void Passes_every_case_of_the_specification()
    {
        var folder = SharedMaterial.Require("suites/sql-on-fhir-v2");
        var cases = 0;
        var failures = new List<string>();
        foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var suite = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            if (suite["tests"] is not JsonArray tests || suite["resources"] is not JsonArray resources)
                continue;
            foreach (var test in tests)
            {
                cases++;
                if (Difference(test!.AsObject(), resources) is { } difference)
                    failures.Add($"{Path.GetFileName(file)}, {test["title"]}: {difference}");
            }
        }

        Assert.Empty(failures);
        Assert.Equal(PublishedCases, cases);
    }

    private static string? Difference(JsonObject test, JsonArray resources)
    {
        var result = RowList.Of(test["view"]!.ToJsonString(), resources.Select(r => r!.ToJsonString()));
        if (test["expectError"]?.GetValue<bool>() == true)
            return result.IsSuccess ? "it is refused" : null;
        if (!result.TryGet(out var rows, out var failure))
            return string.Join(' ', failure.Issues.Select(i => $"{i.Expression}: {i.Diagnostics}"));
        if (test["expectColumns"] is JsonArray columns && !Columns(test).SequenceEqual(columns.Select(c => $"{c}")))
            return $"the columns are {columns.ToJsonString()}";
        var (expected, actual) = (Canonical(test["expect"]!.AsArray()), Canonical(rows));
        return expected.SequenceEqual(actual, StringComparer.Ordinal)
            ? null
            : $"expected {string.Join(' ', expected)}, got {string.Join(' ', actual)}";
    }

    private static IEnumerable<string> Columns(JsonObject test) =>
        RowList.Plan(test["view"]!.ToJsonString()).Value.Columns.Select(c => c.Name);

    private static List<string> Canonical(IEnumerable<JsonNode?> rows) =>
        [.. rows.Select(row => Canonical(row!.AsObject())).Order(StringComparer.Ordinal)];

    private static string Number(JsonNode value) =>
        decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            .ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>Rows of a table have no order, and 1.50 is 1.5.</summary>
    private static string Canonical(JsonObject row) =>
        string.Join(
            ',',
            row.Where(c => c.Value is not null)
                .OrderBy(c => c.Key, StringComparer.Ordinal)
                .Select(c =>
                    c.Value!.GetValueKind() == JsonValueKind.Number
                        ? $"{c.Key}={Number(c.Value)}"
                        : $"{c.Key}={c.Value.ToJsonString()}"
                )
        );
}
