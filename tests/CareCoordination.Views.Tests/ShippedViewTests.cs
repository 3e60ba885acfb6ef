using System.Text.Json.Nodes;
using CareCoordination.Views.Shipped;

namespace CareCoordination.Views.Tests;

/// <summary>The views that come with the product.</summary>
public sealed class ShippedViewTests
{
    [Fact]
    public void A_shipped_view_is_found_by_its_canonical_with_and_without_version()
    {
        foreach (var view in ShippedViews.All)
        {
            Assert.Same(view, ShippedViews.Find(view.Definition.Url!));
            Assert.Same(view, ShippedViews.Find($"{view.Definition.Url}|{view.Definition.Version}"));
            Assert.Null(ShippedViews.Find($"{view.Definition.Url}|0"));
        }

        Assert.Equal(23, ShippedViews.All.Length);
    }

    [Fact]
    public void Every_column_of_a_shipped_view_says_its_type() =>
        Assert.All(
            ShippedViews.All.SelectMany(view => AllColumns(JsonNode.Parse(view.Utf8Json.Span)!)),
            column => Assert.NotNull(column["type"])
        );

    private static IEnumerable<JsonNode> AllColumns(JsonNode select) =>
        [
            .. select["column"]?.AsArray().Select(c => c!) ?? [],
            .. select["select"]?.AsArray().SelectMany(s => AllColumns(s!)) ?? [],
        ];
}
