using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Access.Labels;

/// <summary>
/// How sensitive a resource is: by its labels, and by its codes. Pure; asked of every resource on its way into the store.
/// </summary>
/// <param name="codes">Codes that label what has them, wherever in the resource a coding has one.</param>
public sealed class Sensitivity(ImmutableArray<LabelledCode> codes)
{
    private readonly FrozenSet<string> _systems = codes.Select(code => code.System).ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenDictionary<(string, string), SensitivityLabel> _whole = codes
        .Where(code => !code.IsPrefix)
        .GroupBy(code => (code.System, code.Code))
        .ToFrozenDictionary(
            group => group.Key,
            group => group.Aggregate(SensitivityLabel.None, (all, code) => all | code.Label)
        );

    private readonly ImmutableArray<LabelledCode> _prefixes = [.. codes.Where(code => code.IsPrefix)];

    public SensitivityLabel Of(ResourceDocument document)
    {
        var labels = OfMeta(document.Root);
        return _systems.Count == 0 ? labels : labels | OfCodes(document.Root);
    }

    private static SensitivityLabel OfMeta(JsonValue root)
    {
        var labels = SensitivityLabel.None;
        if (
            !root.TryGetProperty("meta"u8, out var meta)
            || meta.Kind != JsonValueKind.Object
            || !meta.TryGetProperty("security"u8, out var security)
            || security.Kind != JsonValueKind.Array
        )
            return labels;
        foreach (var label in security)
        {
            if (label.Kind == JsonValueKind.Object)
                labels |= SecurityLabels.Of(TextOf(label, "system"u8), TextOf(label, "code"u8));
        }

        return labels;
    }

    /// <summary>A coding is whatever has a system and a code, however deep.</summary>
    private SensitivityLabel OfCodes(JsonValue value)
    {
        if (value.Kind is not (JsonValueKind.Object or JsonValueKind.Array))
            return SensitivityLabel.None;
        var labels = value.Kind == JsonValueKind.Object ? OfCoding(value) : SensitivityLabel.None;
        foreach (var child in value)
            labels |= OfCodes(child);
        return labels;
    }

    private SensitivityLabel OfCoding(JsonValue value)
    {
        if (
            TextOf(value, "code"u8) is not { } code
            || TextOf(value, "system"u8) is not { } system
            || !_systems.Contains(system)
        )
            return SensitivityLabel.None;
        var labels = _whole.GetValueOrDefault((system, code));
        foreach (var prefix in _prefixes)
        {
            if (prefix.System == system && code.StartsWith(prefix.Code, StringComparison.Ordinal))
                labels |= prefix.Label;
        }

        return labels;
    }

    private static string? TextOf(JsonValue value, ReadOnlySpan<byte> name) =>
        value.TryGetProperty(name, out var text) && text.Kind == JsonValueKind.String ? text.GetString() : null;
}
