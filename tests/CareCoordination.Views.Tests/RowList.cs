using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Plans;
using CareCoordination.Views.Rows;
using JsonValue = System.Text.Json.Nodes.JsonValue;

namespace CareCoordination.Views.Tests;

/// <summary>The rows of a view as JSON, to compare.</summary>
internal sealed class RowList(IReadOnlyList<ViewColumn> columns) : RowSink
{
    public List<JsonObject> Rows { get; } = [];

    public int Most { get; init; } = int.MaxValue;

    public override bool IsFull => Rows.Count >= Most;

    public override void Row(ReadOnlySpan<ViewCell> cells)
    {
        var row = new JsonObject();
        for (var i = 0; i < columns.Count; i++)
            row[columns[i].Name] = Node(columns[i], cells[i]);
        Rows.Add(row);
    }

    public static Result<ViewPlan> Plan(string view) =>
        Parse(view).Then(document => ViewPlan.Compile(document, R4Definitions.Schema));

    public static Result<ResourceDocument> Parse(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>The rows that a view gives of some resources; the first failure where there is one.</summary>
    public static Result<List<JsonObject>> Of(string view, params IEnumerable<string> resources)
    {
        if (!Plan(view).TryGet(out var plan, out var fault))
            return fault;
        var rows = new RowList(plan.Columns);
        var run = new ViewRun(plan, rows, new WorkBudget());
        foreach (var resource in resources)
        {
            if (run.Add(Parse(resource).Value) is { } failure)
                return failure;
        }

        return rows.Rows;
    }

    /// <summary>As <see cref="Of"/>, one line of JSON for a row.</summary>
    public static string[] Lines(string view, params IEnumerable<string> resources) =>
        [.. Of(view, resources).Value.Select(row => row.ToJsonString())];

    private static JsonNode? Node(ViewColumn column, ViewCell cell)
    {
        if (cell.IsNull)
            return null;
        if (column.IsCollection)
        {
            var list = new JsonArray();
            foreach (var item in cell.Items)
                list.Add(Scalar(column, item));
            return list;
        }

        return Scalar(column, cell);
    }

    private static JsonNode? Scalar(ViewColumn column, ViewCell cell) =>
        column.Type switch
        {
            ViewColumnType.Boolean => JsonValue.Create(cell.Boolean),
            ViewColumnType.Integer => JsonValue.Create(cell.Integer),
            ViewColumnType.Decimal or ViewColumnType.Json => JsonNode.Parse(cell.Utf8),
            _ => JsonValue.Create(cell.Text),
        };
}
