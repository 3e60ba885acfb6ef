using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.CarePlans;

/// <summary>Finds everything that a definition names, directly or not, before it is applied.</summary>
public sealed class DefinitionReads(CareReads reads)
{
    private const int UrlsPerSearch = 20;
    private static readonly string[] Types = [ResourceTypes.ActivityDefinition, ResourceTypes.PlanDefinition];

    /// <summary>By the canonical as it is written. What is not found is not in it.</summary>
    public async Task<IReadOnlyDictionary<string, ResourceDocument>> NamedByAsync(
        ResourceDocument definition,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, ResourceDocument>(StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        ResourceDocument[] level = [definition];
        while (level.Length > 0)
        {
            var canonicals = new List<string>();
            foreach (var document in level)
                Collect(document.Root, canonicals);
            var named = await FindAllAsync([.. canonicals.Where(asked.Add)], cancellationToken);
            foreach (var (canonical, document) in named)
                found.Add(canonical, document);
            level = [.. named.Values];
        }

        return found;
    }

    /// <summary>
    /// Of several versions the last written, an active one before others. A canonical may also be an address here:
    /// <c>ActivityDefinition/1</c>.
    /// </summary>
    public async Task<ResourceDocument?> FindAsync(string canonical, CancellationToken cancellationToken) =>
        (await FindAllAsync([canonical], cancellationToken)).GetValueOrDefault(canonical);

    /// <summary>A plan names a dozen activities: they are looked for together.</summary>
    private async Task<Dictionary<string, ResourceDocument>> FindAllAsync(
        IReadOnlyList<string> canonicals,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, ResourceDocument>(StringComparer.Ordinal);
        foreach (var canonical in canonicals.Where(IsAddress))
        {
            if (await reads.ReadAsync(canonical, cancellationToken) is { } here)
                found.Add(canonical, Parse(here));
        }

        foreach (var type in Types)
        {
            var missing = canonicals.Where(c => !found.ContainsKey(c) && !IsAddress(c)).ToArray();
            foreach (var some in missing.Chunk(UrlsPerSearch))
            {
                var urls = some.Select(c =>
                        Uri.EscapeDataString(Split(c).Url.Replace(",", "\\,", StringComparison.Ordinal))
                    )
                    .Distinct(StringComparer.Ordinal);
                var query = $"url={string.Join(',', urls)}&_sort=-_lastUpdated";
                var candidates = (await reads.SearchAsync(type, query, cancellationToken)).Select(Parse).ToArray();
                foreach (var canonical in some)
                {
                    if (
                        candidates.Where(d => IsNamed(d, canonical)).OrderBy(d => !IsActive(d)).FirstOrDefault() is
                        { } best
                    )
                        found.Add(canonical, best);
                }
            }
        }

        return found;
    }

    private static bool IsAddress(string canonical) =>
        LiteralReference.Parse(Split(canonical).Url, Types.Contains).Kind == ReferenceKind.Relative;

    private static bool IsNamed(ResourceDocument definition, string canonical)
    {
        var (url, version) = Split(canonical);
        return definition.Root.TryGetProperty("url"u8, out var own)
            && own.GetString() == url
            && (
                version is null
                || (definition.Root.TryGetProperty("version"u8, out var has) && has.GetString() == version)
            );
    }

    private static (string Url, string? Version) Split(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        return bar < 0 ? (canonical, null) : (canonical[..bar], canonical[(bar + 1)..]);
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;

    private static bool IsActive(ResourceDocument document) =>
        document.Root.TryGetProperty("status"u8, out var status) && status.StringEquals("active"u8);

    private static void Collect(JsonValue value, List<string> canonicals)
    {
        foreach (var child in value)
        {
            if (child.Kind is System.Text.Json.JsonValueKind.Object or System.Text.Json.JsonValueKind.Array)
                Collect(child, canonicals);
            else if (child.NameUtf8.SequenceEqual("definitionCanonical"u8))
                canonicals.Add(child.GetString());
        }
    }
}
