using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports;

/// <summary>
/// A Provenance is in the compartment of a patient only where it is about the record of the patient itself. An export of patients has also
/// those about what else is in the compartment. https://hl7.org/fhir/uv/bulkdata/export.html#parameters
/// </summary>
/// <param name="patients">Null: of any patient.</param>
internal sealed class ProvenanceTargets(
    IStoreReads reads,
    Func<string, bool> isResourceType,
    ImmutableArray<ResourceKey>? patients
)
{
    /// <summary>The keys of the rows that are in the export.</summary>
    public async Task<HashSet<long>> WantedAsync(SnapshotPage page, CancellationToken cancellationToken)
    {
        var targets = new List<(long Row, ResourceKey Target)>();
        foreach (var row in page.Rows)
        {
            if (!row.IsDeleted)
                targets.AddRange(TargetsOf(page.BytesOf(row)).Select(target => (row.Key, target)));
        }

        var query = new AboutQuery([.. targets.Select(t => t.Target).Distinct()], patients);
        var known = (await reads.AboutAsync(query, cancellationToken)).ToHashSet();
        return [.. targets.Where(t => known.Contains(t.Target)).Select(t => t.Row)];
    }

    private IEnumerable<ResourceKey> TargetsOf(ReadOnlyMemory<byte> provenance)
    {
        foreach (var target in ProvenanceView.From(ResourceDocument.Parse(provenance).Value).Target)
        {
            if (
                target.Reference is { } text
                && LiteralReference.Parse(text, isResourceType) is { Kind: ReferenceKind.Relative, Key: { } key }
            )
                yield return key;
        }
    }
}
