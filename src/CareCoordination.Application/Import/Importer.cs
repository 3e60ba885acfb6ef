using System.Threading.Channels;
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
public sealed class Importer(CareSession session, FhirDefinitions definitions, LimitsOptions limits)
{
    private const long BytesInFlight = 24 << 20;
    private const int CommitsInFlight = 8;

    /// <summary>Imports and returns when all is stored. Throws <see cref="StoreUnavailableException"/> where the database goes away.</summary>
    public async Task RunAsync(
        IReadOnlyList<ImportFile> files,
        string journalPath,
        ImportSummary summary,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var journal = ImportJournal.Open(journalPath);
        var stored = new Watermark();
        var references = new ConditionalReferences(session.Reads, definitions, stored, stop.Token);
        var preparer = new ItemPreparer(definitions, references);
        var budget = new ByteBudget(BytesInFlight);
        var toPrepare = Channel.CreateUnbounded<ImportItem>();
        var toCommit = Channel.CreateUnbounded<ImportItem>();

        var tasks = new List<Task> { Guarded(ReadAsync), Guarded(CommitAsync) };
        tasks.AddRange(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Guarded(PrepareAsync)));
        await Task.WhenAll(tasks);

        async Task ReadAsync()
        {
            var reader = new ItemReader(limits, references);
            foreach (var file in files)
            {
                var earlier = await journal.FindAsync(file, session.Reads, stop.Token);
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
                        earlier?.Entries ?? 0,
                        at => summary.Read(at - Interlocked.Exchange(ref seen, at))
                    )
                )
                {
                    await budget.TakeAsync(item.Bytes).WaitAsync(stop.Token);
                    toCommit.Writer.TryWrite(item);
                    toPrepare.Writer.TryWrite(item);
                }
            }

            toPrepare.Writer.Complete();
            toCommit.Writer.Complete();
        }

        async Task PrepareAsync()
        {
            await foreach (var item in toPrepare.Reader.ReadAllAsync(stop.Token))
                item.Prepared.SetResult(
                    item.Entries.Count == 0
                        ? PreparedItem.Empty
                        : await preparer.PrepareAsync(item).WaitAsync(stop.Token)
                );
        }

        async Task CommitAsync()
        {
            var books = new ImportRecorder(session, summary, journal);
            var waiting = new Queue<(ImportItem Item, Task<StoredItem> Stored)>();
            while (await toCommit.Reader.WaitToReadAsync(stop.Token))
            {
                while (toCommit.Reader.TryRead(out var item))
                {
                    // An item that is not prepared may be waiting for those before it to be stored.
                    while (waiting.Count > 0 && (waiting.Count >= CommitsInFlight || !item.Prepared.Task.IsCompleted))
                        await FinishAsync(waiting.Dequeue(), books);
                    var prepared = await item.Prepared.Task.WaitAsync(stop.Token);
                    waiting.Enqueue((item, books.StoreAsync(item, prepared, stop.Token)));
                }

                while (waiting.Count > 0)
                    await FinishAsync(waiting.Dequeue(), books);
            }
        }

        async Task FinishAsync((ImportItem Item, Task<StoredItem> Stored) next, ImportRecorder books)
        {
            books.Enter(next.Item, await next.Stored);
            stored.Advance();
            budget.Give(next.Item.Bytes);
        }

        async Task Guarded(Func<Task> part)
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
}
