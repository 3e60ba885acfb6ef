using System.Text.Json.Nodes;
using CareCoordination.TestKit;
using CareCoordination.Views.Shipped;

namespace CareCoordination.Views.Tests;

/// <summary>Each view that is shipped, over resources that were written by hand: the files of the folder Shipped.</summary>
public sealed class ShippedRowTests
{
    private static readonly string Folder = Path.Combine(
        SharedMaterial.Repository,
        "tests/CareCoordination.Views.Tests/Shipped"
    );

    public static TheoryData<string> Views => [.. ShippedViews.All.Select(view => view.Definition.Id!)];

    [Theory]
    [MemberData(nameof(Views))]
    public void A_shipped_view_gives_the_rows_that_its_resources_stand_for(string id)
    {
        var view = ShippedViews.All.Single(v => v.Definition.Id == id);
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{id}.json")))!;
        var rows = RowList
            .Of(
                System.Text.Encoding.UTF8.GetString(view.Utf8Json.Span),
                expected["resources"]!.AsArray().Select(r => r!.ToJsonString())
            )
            .Value;
        if (Environment.GetEnvironmentVariable("SHOW") is { } folder)
            File.WriteAllText(
                Path.Combine(folder, $"{id}.rows.json"),
                new JsonArray([.. rows.Select(WithoutNulls)]).ToJsonString(
                    new System.Text.Json.JsonSerializerOptions { WriteIndented = true }
                )
            );

        Assert.Equal(
            expected["rows"]!.AsArray().Select(row => row!.ToJsonString()),
            rows.Select(row => WithoutNulls(row).ToJsonString())
        );
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Every_column_of_a_shipped_view_has_a_value_in_its_test(string id)
    {
        var view = ShippedViews.All.Single(v => v.Definition.Id == id);
        var rows = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{id}.json")))!["rows"]!.AsArray();

        Assert.Empty(
            view.Plan.Columns.Select(c => c.Name).Except(rows.SelectMany(row => row!.AsObject().Select(c => c.Key)))
        );
    }

    private static JsonObject WithoutNulls(JsonObject row) =>
        new(row.Where(c => c.Value is not null).Select(c => KeyValuePair.Create(c.Key, c.Value?.DeepClone())));
}
