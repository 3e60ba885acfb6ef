using System.Collections.Immutable;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import;

/// <summary>Stores prepared items and keeps the books: the summary, and the journal of what is done, where there is one.</summary>
internal sealed class ImportRecorder(CareSession session, ImportSummary summary, ImportJournal? journal)
{
    private const int EntriesBetweenLines = 5_000;

    private ResourceKey? _witness;
    private int _entries;
    private int _written;
    private bool _hasRejections;

    /// <summary>Hands the records over, in order and at once: the store keeps the order in which they come.</summary>
    public async Task<StoredItem> StoreAsync(
        ImportItem item,
        PreparedItem prepared,
        CancellationToken cancellationToken
    )
    {
        var parts = prepared.Sets.Select(records => StoreAsync(item, records, cancellationToken)).ToArray();
        var stored = await Task.WhenAll(parts);
        return new StoredItem(
            [.. stored.SelectMany(part => part.Changes)],
            [.. prepared.Rejections, .. stored.SelectMany(part => part.Rejections)]
        );
    }

    /// <summary>
    /// Lines that are too many to be stored at once are stored in parts, down to the one that is too large alone. What belongs
    /// together is refused together.
    /// </summary>
    private async Task<StoredItem> StoreAsync(
        ImportItem item,
        ImmutableArray<Change> records,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return new StoredItem((await WriteAsync(records, cancellationToken)).Changes, []);
        }
        catch (CommitTooLargeException e) when (item.IsWhole || records.Length == 1)
        {
            var what = item.IsWhole ? "" : $"{records[0].Key}: ";
            return new StoredItem([], [new Rejection(item.File.Path, null, what + e.Message)]);
        }
        catch (CommitTooLargeException)
        {
            var half = records.Length / 2;
            var first = StoreAsync(item, records[..half], cancellationToken);
            var second = StoreAsync(item, records[half..], cancellationToken);
            var parts = await Task.WhenAll(first, second);
            return new StoredItem(
                [.. parts[0].Changes, .. parts[1].Changes],
                [.. parts[0].Rejections, .. parts[1].Rejections]
            );
        }
    }

    private async Task<Written> WriteAsync(ImmutableArray<Change> records, CancellationToken cancellationToken)
    {
        var writes = new WriteSet { Records = records };
        var result = await session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(writes), cancellationToken);
        return result.TryGet(out var written, out var answer)
            ? written
            : throw new InvalidOperationException($"Records without conditions were answered with {answer.Status}.");
    }

    /// <summary>Enters what has been stored; called in the order of the items.</summary>
    public void Enter(ImportItem item, StoredItem stored)
    {
        foreach (var change in stored.Changes)
        {
            summary.Stored(change.Resource.Key.Type, change.Outcome != ChangeOutcome.Unchanged);
            _witness = change.Resource.Key;
        }

        summary.Refused(stored.Rejections);
        if (item.Unreadable is { } reason)
            summary.Refused([new Rejection(item.File.Path, null, reason)]);
        _hasRejections |= stored.Rejections.Length > 0 || item.Unreadable is not null;
        if (item.Entries.Count > 0)
            _entries = item.Entries[^1].Number;
        WriteJournal(item);
    }

    private void WriteJournal(ImportItem item)
    {
        // A file with rejections is tried again as a whole, so that a later run names them again or finds them mended.
        if (
            journal is not null
            && !_hasRejections
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
