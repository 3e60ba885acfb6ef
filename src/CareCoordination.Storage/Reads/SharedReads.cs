using System.Collections.Concurrent;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Reads;

/// <summary>
/// Reads of current versions that share round trips: while one is under way, those that arrive wait for the next and go
/// together. The more there is to read, the less each costs; a lone read goes out at once.
/// </summary>
/// <param name="statement">Reads for whoever sees everything.</param>
internal sealed class SharedReads(SessionPool sessions, StoreQueries queries, string statement)
{
    // One round trip can be on its way while the answers of another are handed out.
    private const int MaxLanes = 2;
    private const int MaxBatch = 64;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _lanes;

    /// <param name="visibility">What may be seen; null: everything.</param>
    public Task<StoredResource?> ReadAsync(ResourceKey key, Visibility? visibility, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(key, visibility);
        _waiting.Enqueue(waiting);
        if (TryEnterLane())
            _ = RunLaneAsync();
        return waiting.Task.WaitAsync(cancellationToken);
    }

    private bool TryEnterLane()
    {
        for (var lanes = Volatile.Read(ref _lanes); lanes < MaxLanes; )
        {
            var seen = Interlocked.CompareExchange(ref _lanes, lanes + 1, lanes);
            if (seen == lanes)
                return true;
            lanes = seen;
        }

        return false;
    }

    private async Task RunLaneAsync()
    {
        do
        {
            while (Take() is { Length: > 0 } batch)
                await AnswerAsync(batch);
            Interlocked.Decrement(ref _lanes);

            // A read that came after the queue was seen empty, and found no lane free, has nobody but this one.
        } while (!_waiting.IsEmpty && TryEnterLane());
    }

    private Waiting[] Take()
    {
        var batch = new List<Waiting>(8);
        while (batch.Count < MaxBatch && _waiting.TryDequeue(out var waiting))
            batch.Add(waiting);
        return [.. batch];
    }

    private async Task AnswerAsync(Waiting[] batch)
    {
        try
        {
            // Nobody's cancellation takes the answer from the others.
            var found = await sessions.ReadByKeyAsync(batch, QueryAsync, CancellationToken.None);
            for (var i = 0; i < batch.Length; i++)
                batch[i].SetResult(found[i]);
        }
        catch (Exception e)
        {
            foreach (var waiting in batch)
                waiting.TrySetException(e);
            // Those who wait for the next round trip have waited through this one: they are not made to wait for another to fail.
            while (e is StoreUnavailableException && _waiting.TryDequeue(out var next))
                next.TrySetException(e);
        }
    }

    private async Task<StoredResource?[]> QueryAsync(
        DbSession session,
        Waiting[] batch,
        CancellationToken cancellationToken
    )
    {
        if (Array.TrueForAll(batch, waiting => waiting.Visibility is null))
            return await UnlimitedAsync(session, batch, cancellationToken);
        var found = new Dictionary<Waiting, StoredResource?>(batch.Length);
        foreach (var group in batch.GroupBy(waiting => waiting.Seen, ReferenceEqualityComparer.Instance))
        {
            Waiting[] alike = [.. group];
            var read = alike[0].Visibility is null
                ? await UnlimitedAsync(session, alike, cancellationToken)
                : await queries.ReadVisibleAsync(
                    session,
                    (Array.ConvertAll(alike, waiting => waiting.Key), Latest(alike)),
                    cancellationToken
                );
            for (var i = 0; i < alike.Length; i++)
                found.Add(alike[i], read[i]);
        }

        return Array.ConvertAll(batch, waiting => found[waiting]);
    }

    /// <summary>They wait for one statement, which is made when the last of them asks.</summary>
    private static Visibility Latest(Waiting[] alike) =>
        alike.Select(waiting => waiting.Visibility!).MaxBy(visibility => visibility.Now)!;

    private async Task<StoredResource?[]> UnlimitedAsync(
        DbSession session,
        Waiting[] batch,
        CancellationToken cancellationToken
    )
    {
        var source = queries.Source;
        var types = Array.ConvertAll(batch, waiting => source.TypeId(waiting.Key.Type));
        var ids = Array.ConvertAll(batch, waiting => waiting.Key.Id);
        var found = new StoredResource?[batch.Length];
        var reader = await session.Command(new Sql(statement, [types, ids])).ExecuteReaderAsync(cancellationToken);
        await using (reader)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var place = reader.GetInt32(0);
                found[place - 1] = ResourceRow.Read(reader, 1, batch[place - 1].Key);
            }
        }

        return found;
    }

    private sealed class Waiting(ResourceKey key, Visibility? visibility)
        : TaskCompletionSource<StoredResource?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ResourceKey Key => key;

        public Visibility? Visibility => visibility;

        /// <summary>Of those who see the type alike it is the same object.</summary>
        public TypeVisibility? Seen => visibility?.Of(key.Type);
    }
}
