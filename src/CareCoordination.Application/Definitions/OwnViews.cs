using CareCoordination.Fhir.R4;
using CareCoordination.Views.Shipped;

namespace CareCoordination.Application.Definitions;

/// <summary>The views that come with the product, as resources that are read and searched. docs/views.md</summary>
internal static class OwnViews
{
    public static IEnumerable<BuiltIn> All =>
        ShippedViews.All.Select(view => new BuiltIn(
            new(ResourceTypes.ViewDefinition, view.Definition.Id!),
            _ => view.Utf8Json.ToArray()
        )
        {
            HasOwnCanonical = true,
        });
}
