using System.Collections.Concurrent;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Reads;

/// <summary>
/// Reads of current versions that share round trips: while one is under way, those that arrive wait for the next and go
/// together. The more there is to read, the less each costs; a lone read goes out at once.
/// </summary>
internal sealed class SharedReads(SessionPool sessions, IndexSource source, string statement)
{
    // One round trip can be on its way while the answers of another are handed out.
    private const int MaxLanes = 2;
    private const int MaxBatch = 64;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _lanes;

    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(key);
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

    private sealed class Waiting(ResourceKey key)
        : TaskCompletionSource<StoredResource?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ResourceKey Key => key;
    }
}
