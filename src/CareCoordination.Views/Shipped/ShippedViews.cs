using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Definitions;
using CareCoordination.Views.Plans;

namespace CareCoordination.Views.Shipped;

/// <summary>A view that comes with the product.</summary>
/// <param name="Utf8Json">The ViewDefinition as it is served.</param>
public sealed record ShippedView(ReadOnlyMemory<byte> Utf8Json, ViewPlan Plan)
{
    public ViewDefinition Definition => Plan.View;
}

/// <summary>
/// The views that come with the product, each a file of this folder: what measures and reports of care coordination are made of.
/// </summary>
public static class ShippedViews
{
    /// <summary>The files are for people; what is sent has no room between.</summary>
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Lazy<ImmutableArray<ShippedView>> Loaded = new(Load);

    /// <summary>In the order of their ids; read and compiled at first use.</summary>
    public static ImmutableArray<ShippedView> All => Loaded.Value;

    /// <summary>The one with this canonical, with or without its version; null where there is none.</summary>
    public static ShippedView? Find(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        var (url, version) = bar < 0 ? (canonical, null) : (canonical[..bar], canonical[(bar + 1)..]);
        return All.FirstOrDefault(view =>
            view.Definition.Url == url && (version is null || view.Definition.Version == version)
        );
    }

    private static ImmutableArray<ShippedView> Load()
    {
        var assembly = typeof(ShippedViews).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Load(assembly, name)),
        ];
    }

    private static ShippedView Load(System.Reflection.Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var written = JsonDocument.Parse(stream);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(written, Compact);
        var plan = ResourceDocument.Parse(bytes).Then(document => ViewPlan.Compile(document, R4Definitions.Schema));
        return plan.TryGet(out var compiled, out var failure)
            ? new ShippedView(bytes, compiled)
            : throw new InvalidOperationException(
                $"{name}: {string.Join(' ', failure.Issues.Select(i => $"{i.Expression}: {i.Diagnostics}"))}"
            );
    }
}
