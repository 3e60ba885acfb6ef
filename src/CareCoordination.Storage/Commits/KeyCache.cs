using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Diagnostics;
using CareCoordination.Storage.Engines;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// Surrogate keys of resources, as the last transaction of this node left them. They hold as long as nobody else has written
/// since: another node does no harm to them, but a database that went back (a failover to a standby that was behind, a restored
/// backup) gives the same keys to other resources, and the two cannot be told from each other by the change sequence alone.
/// Used by the committer alone.
/// </summary>
internal sealed class KeyCache(ILogger log)
{
    private const int MaxKeys = 100_000;
    private readonly Dictionary<ResourceKey, long> _keys = [];
    private long _sequence;

    /// <summary>The transaction after which what is remembered was true.</summary>
    public long LastCommitId { get; private set; }

    public bool TryGet(ResourceKey key, out long surrogate) => _keys.TryGetValue(key, out surrogate);

    /// <summary>To be told of each transaction before anything that is remembered is used in it.</summary>
    public void Begin(WriteLock writeLock)
    {
        if (writeLock.PreviousCommitId == LastCommitId)
            return;
        _keys.Clear();
        if (writeLock.Sequence < _sequence)
            Log.DatabaseWentBack(log, _sequence, writeLock.Sequence);
        (LastCommitId, _sequence) = (writeLock.PreviousCommitId, writeLock.Sequence);
    }

    /// <summary>Remembers what a transaction has stored, once it has committed.</summary>
    public void Remember(CommitGroup decisions, long commitId)
    {
        foreach (var head in decisions.StoredHeads)
            Remember(head.ResourceKey, head.Key);
        (LastCommitId, _sequence) = (commitId, decisions.Sequence);
    }

    private void Remember(ResourceKey key, long surrogate)
    {
        // Starting over is cheaper than keeping an order of use, and the next commits fill it with what they use.
        if (_keys.Count >= MaxKeys)
            _keys.Clear();
        _keys.TryAdd(key, surrogate);
    }
}
