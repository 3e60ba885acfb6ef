using System.Collections.Immutable;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import;

/// <summary>Stores prepared items and keeps the books: the summary, and the journal of what is done.</summary>
internal sealed class ImportRecorder(CareSession session, ImportSummary summary, ImportJournal journal)
{
    private const int EntriesBetweenLines = 5_000;

    private ResourceKey? _witness;
    private int _entries;
    private int _written;
    private bool _hasRejections;

    /// <summary>Hands the records over, in order and at once: the store keeps the order in which they come.</summary>
    public Task<Written[]> StoreAsync(PreparedItem prepared, CancellationToken cancellationToken) =>
        Task.WhenAll(prepared.Sets.Select(records => StoreAsync(records, cancellationToken)).ToArray());

    private async Task<Written> StoreAsync(ImmutableArray<Change> records, CancellationToken cancellationToken)
    {
        var writes = new WriteSet { Records = records };
        var result = await session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(writes), cancellationToken);
        return result.TryGet(out var written, out var answer)
            ? written
            : throw new InvalidOperationException($"Records without conditions were answered with {answer.Status}.");
    }

    /// <summary>Enters what has been stored; called in the order of the items.</summary>
    public void Enter(ImportItem item, PreparedItem prepared, Written[] results)
    {
        foreach (var change in results.SelectMany(r => r.Changes))
        {
            summary.Stored(change.Resource.Key.Type, change.Outcome != ChangeOutcome.Unchanged);
            _witness = change.Resource.Key;
        }

        summary.Refused(prepared.Rejections);
        if (item.Unreadable is { } reason)
            summary.Refused([new Rejection(item.File.Path, null, reason)]);
        _hasRejections |= prepared.Rejections.Length > 0 || item.Unreadable is not null;
        if (item.Entries.Count > 0)
            _entries = item.Entries[^1].Number;
        WriteJournal(item);
    }

    private void WriteJournal(ImportItem item)
    {
        // A file with rejections is tried again as a whole, so that a later run names them again or finds them mended.
        if (
            !_hasRejections
            && _witness is { } witness
            && (item.EndsFile || (!item.IsWhole && _entries - _written >= EntriesBetweenLines))
        )
        {
            journal.Add(
                new JournalLine(
                    item.File.Path,
                    item.File.Length,
                    item.File.ModifiedUtc,
                    _entries,
                    item.EndsFile,
                    witness.Type,
                    witness.Id
                )
            );
            _written = _entries;
        }

        if (!item.EndsFile)
            return;
        summary.Done(isSkipped: false);
        (_witness, _entries, _written, _hasRejections) = (null, 0, 0, false);
    }
}
