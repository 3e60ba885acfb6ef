using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Writes;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import;

/// <summary>
/// Imports files: one reader, a worker for each processor, and one that commits in order. The bytes between them are bounded, so
/// that memory stays flat whatever the size of the input. Importing the same files again changes nothing.
/// </summary>
public sealed class Importer(CareSession session, FhirDefinitions definitions, LimitsOptions limits, ImportHomes homes)
{
    private const int CommitsInFlight = 8;

    /// <summary>True where tasks that are late already are told of, as any that gets late here; else they are taken as told of.</summary>
    public bool EscalatesLate { get; init; }

    /// <summary>How many prepare resources at once: as many as there are processors, where nothing else is to be done.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Imports and returns when all is stored. Throws <see cref="StoreUnavailableException"/> where the database goes away.</summary>
    public async Task RunAsync(
        IReadOnlyList<ImportFile> files,
        string journalPath,
        ImportSummary summary,
        CancellationToken cancellationToken
    )
    {
        using var journal = ImportJournal.Open(journalPath);
        await RunAsync(
            (reader, queues) => ReadAsync(files, reader, journal, summary, queues),
            new ImportRecorder(session, summary, journal),
            cancellationToken
        );
    }

    /// <summary>As <see cref="RunAsync(IReadOnlyList{ImportFile}, string, ImportSummary, CancellationToken)"/>, a part of one file.</summary>
    /// <returns>How many entries of the file are done then: fewer than the part was to end at where the file has no more.</returns>
    internal async Task<int> RunPartAsync(
        ImportFile file,
        EntryRange part,
        ImportSummary summary,
        CancellationToken cancellationToken
    )
    {
        var done = part.Skip;
        await RunAsync(
            async (reader, queues) =>
            {
                await foreach (var item in reader.ReadAsync(file, part, _ => { }))
                {
                    if (item.Entries.Count > 0)
                        done = item.Entries[^1].Number;
                    await queues.AddAsync(item);
                }

                queues.Complete();
            },
            new ImportRecorder(session, summary, journal: null),
            cancellationToken
        );
        return done;
    }

    private async Task RunAsync(
        Func<ItemReader, ImportQueues, Task> read,
        ImportRecorder recorder,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queues = new ImportQueues(stop.Token);
        var references = new ConditionalReferences(session.Reads, definitions, queues.Stored, stop.Token);
        var preparer = new ItemPreparer(definitions, references, new ImportForms()) { EscalatesLate = EscalatesLate };
        var reader = new ItemReader(limits, homes, references);

        var tasks = new List<Task>
        {
            StopAllWhereItFails(() => read(reader, queues), stop),
            StopAllWhereItFails(() => CommitAsync(recorder, queues), stop),
        };
        for (var worker = 0; worker < Workers; worker++)
            tasks.Add(StopAllWhereItFails(() => PrepareAsync(preparer, queues), stop));
        await Task.WhenAll(tasks);
    }

    private async Task ReadAsync(
        IReadOnlyList<ImportFile> files,
        ItemReader reader,
        ImportJournal journal,
        ImportSummary summary,
        ImportQueues queues
    )
    {
        foreach (var file in files)
        {
            var earlier = await journal.FindAsync(file, session.Reads, queues.Stop);
            if (earlier is { IsDone: true })
            {
                summary.Read(file.Length);
                summary.Done(isSkipped: true);
                continue;
            }

            long seen = 0;
            await foreach (
                var item in reader.ReadAsync(
                    file,
                    new EntryRange(earlier?.Entries ?? 0),
                    at => summary.Read(at - Interlocked.Exchange(ref seen, at))
                )
            )
                await queues.AddAsync(item);
        }

        queues.Complete();
    }

    private static async Task PrepareAsync(ItemPreparer preparer, ImportQueues queues)
    {
        await foreach (var item in queues.ToPrepare)
            item.Prepared.SetResult(
                item.Entries.Count == 0 ? PreparedItem.Empty : await preparer.PrepareAsync(item).WaitAsync(queues.Stop)
            );
    }

    private static async Task CommitAsync(ImportRecorder recorder, ImportQueues queues)
    {
        var waiting = new Queue<(ImportItem Item, Task<StoredItem> Stored)>();
        while (await queues.ToCommit.WaitToReadAsync(queues.Stop))
        {
            while (queues.ToCommit.TryRead(out var item))
            {
                // An item that is not prepared may be waiting for those before it to be stored.
                while (waiting.Count > 0 && (waiting.Count >= CommitsInFlight || !item.Prepared.Task.IsCompleted))
                    await FinishAsync(waiting.Dequeue());
                var prepared = await item.Prepared.Task.WaitAsync(queues.Stop);
                waiting.Enqueue((item, recorder.StoreAsync(item, prepared, queues.Stop)));
            }

            while (waiting.Count > 0)
                await FinishAsync(waiting.Dequeue());
        }

        async Task FinishAsync((ImportItem Item, Task<StoredItem> Stored) next)
        {
            recorder.Enter(next.Item, await next.Stored);
            queues.Finish(next.Item);
        }
    }

    private static async Task StopAllWhereItFails(Func<Task> part, CancellationTokenSource stop)
    {
        try
        {
            await Task.Run(part, CancellationToken.None);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }
}
