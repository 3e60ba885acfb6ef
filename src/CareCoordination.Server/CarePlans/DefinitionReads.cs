using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Server.Operations;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Server.CarePlans;

/// <summary>Finds everything that a definition names, directly or not, before it is applied.</summary>
public sealed class DefinitionReads(CareReads reads)
{
    private static readonly string[] Types = ["ActivityDefinition", "PlanDefinition"];

    /// <summary>By the canonical as it is written. What is not found is not in it.</summary>
    public async Task<IReadOnlyDictionary<string, ResourceDocument>> NamedByAsync(
        ResourceDocument definition,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, ResourceDocument>(StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<ResourceDocument>([definition]);
        while (next.TryDequeue(out var document))
        {
            var canonicals = new List<string>();
            Collect(document.Root, canonicals);
            foreach (var canonical in canonicals.Where(asked.Add))
            {
                if (await FindAsync(canonical, cancellationToken) is not { } named)
                    continue;
                found[canonical] = named;
                next.Enqueue(named);
            }
        }

        return found;
    }

    /// <summary>
    /// Of several versions the last written, an active one before others. A canonical may also be an address here:
    /// <c>ActivityDefinition/1</c>.
    /// </summary>
    public async Task<ResourceDocument?> FindAsync(string canonical, CancellationToken cancellationToken)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        var (url, version) = bar < 0 ? (canonical, null) : (canonical[..bar], canonical[(bar + 1)..]);
        if (LiteralReference.Parse(url, Types.Contains).Kind == ReferenceKind.Relative)
            return await reads.ReadAsync(url, cancellationToken) is { } here ? Parse(here) : null;
        foreach (var type in Types)
        {
            var query = $"url={Uri.EscapeDataString(url)}&_sort=-_lastUpdated";
            if (version is not null)
                query += $"&version={Uri.EscapeDataString(version)}";
            var candidates = await reads.SearchAsync(type, query, cancellationToken);
            if (candidates.Select(Parse).OrderBy(d => !IsActive(d)).FirstOrDefault() is { } best)
                return best;
        }

        return null;
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
