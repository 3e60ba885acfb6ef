using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Audit;

/// <summary>
/// The lines of the audit trail that the commits of one transaction leave, in their order: together they continue the chain.
/// </summary>
/// <param name="recorded">The time of the transaction, in ticks of UTC.</param>
internal sealed class AuditGroup(long recorded)
{
    private readonly List<AuditLine> _lines = [];
    private readonly Dictionary<ResourceKey, ImmutableArray<string>> _deleted = [];
    private ExpiredAudit? _expired;

    /// <summary>The last row so far; null: it is not known yet.</summary>
    public AuditHead? Head { get; private set; }

    /// <summary>The last row of this transaction that has become one; null: none has.</summary>
    public AuditHead? Written { get; private set; }

    /// <summary>Something is to be written after a row that has to be looked up.</summary>
    public bool NeedsHead => _lines.Count > 0 && Head is null;

    public void Load(AuditHead head) => Head ??= head;

    /// <summary>The oldest rows are to be removed, unless another node has come further meanwhile.</summary>
    public bool IsRemoving => _expired is not null;

    /// <param name="cut">The last row that was removed.</param>
    public void KeepBehind(AuditHead cut)
    {
        if (_expired?.Cut.Sequence <= cut.Sequence)
            _expired = null;
    }

    /// <summary>Whose it is that is deleted is told by what it was: its change does not say so.</summary>
    public void Deletes(ResourceKey key, ReadOnlySpan<byte> body) => _deleted[key] = PatientMentions.Of(body);

    /// <returns>False where the commit leaves no line.</returns>
    public bool TryApply(Commit commit, ImmutableArray<ChangeResult> results)
    {
        var before = _lines.Count;
        foreach (var line in commit.Audit)
        {
            if (line.IsKept(results))
                _lines.Add(WithDeleted(line, results).Resolve(results));
        }

        if (commit.Expired is [ExpiredAudit expired])
            _expired ??= expired;
        return _lines.Count > before || _expired is not null;
    }

    private AuditLine WithDeleted(AuditLine line, ImmutableArray<ChangeResult> results)
    {
        if (_deleted.Count == 0)
            return line;
        var changes = line.Change is { } place ? line.Writes.Add(place) : line.Writes;
        var patients = changes.SelectMany(c => _deleted.GetValueOrDefault(results[c].Resource.Key, []));
        return line with { Patients = [.. line.Patients.Union(patients, StringComparer.Ordinal)] };
    }

    public void Stage(StagedRows rows)
    {
        if (_lines.Count > 0)
            Head = Written = rows.Audit.Add(Head!.Value, recorded, _lines);
        _lines.Clear();
        if (_expired is not { Links: [.., var last] } expired)
            return;
        foreach (var link in expired.Links)
            rows.Audit.Remove(link);
        rows.Audit.Replace(expired.Cut, last.Recorded);
        _expired = null;
    }
}
