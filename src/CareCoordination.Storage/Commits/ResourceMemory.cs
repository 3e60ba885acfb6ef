using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Diagnostics;
using CareCoordination.Storage.Engines;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// What the last transaction of this node knew of resources: their surrogate keys, and which condition their content meets. It
/// holds as long as nobody else has written since. Another node does no harm to the keys, but a database that went back (a failover
/// to a standby that was behind, a restored backup) gives the same keys to other resources, and the two cannot be told from each
/// other by the change sequence alone. Used by the committer alone.
/// </summary>
internal sealed class ResourceMemory(ILogger log)
{
    private const int MaxResources = 100_000;
    private readonly Dictionary<ResourceKey, Known> _resources = [];
    private long _sequence;

    /// <summary>The last row of the audit trail; null: it is not known.</summary>
    public AuditHead? AuditHead { get; private set; }

    /// <summary>The transaction after which what is remembered was true.</summary>
    public long LastCommitId { get; private set; }

    public bool TryGet(ResourceKey key, out long surrogate)
    {
        var isKnown = _resources.TryGetValue(key, out var known);
        surrogate = known.Surrogate;
        return isKnown;
    }

    /// <summary>The condition that the current content of the resource is known to meet; null: none is known.</summary>
    public ContentCondition? MetBy(ResourceKey key) => _resources.TryGetValue(key, out var known) ? known.Met : null;

    /// <summary>To be told of each transaction before anything that is remembered is used in it.</summary>
    public void Begin(WriteLock writeLock)
    {
        if (writeLock.PreviousCommitId == LastCommitId)
            return;
        _resources.Clear();
        AuditHead = null;
        if (writeLock.Sequence < _sequence)
            Log.DatabaseWentBack(log, _sequence, writeLock.Sequence);
        (LastCommitId, _sequence) = (writeLock.PreviousCommitId, writeLock.Sequence);
    }

    /// <summary>Remembers what a transaction has stored, once it has committed.</summary>
    public void Remember(CommitGroup decisions, long commitId)
    {
        foreach (var head in decisions.StoredHeads)
            Remember(head.ResourceKey, new Known(head.Key, head.Met));
        if (decisions.Audit.Head is { } last)
            AuditHead = last;
        (LastCommitId, _sequence) = (commitId, decisions.Sequence);
    }

    /// <summary>After a fault: somebody may have added a row behind the back of the server, which then has to be seen.</summary>
    public void ForgetAuditHead() => AuditHead = null;

    private void Remember(ResourceKey key, Known known)
    {
        // Starting over is cheaper than keeping an order of use, and the next commits fill it with what they use.
        if (_resources.Count >= MaxResources)
            _resources.Clear();
        _resources[key] = known;
    }

    private readonly record struct Known(long Surrogate, ContentCondition? Met);
}
