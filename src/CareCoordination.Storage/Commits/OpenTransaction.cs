using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Reads;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// A transaction under way: the write lock is held, some commits are decided, and what a search had to see of them is written.
/// </summary>
internal sealed class OpenTransaction(
    CommitWriter writer,
    CommitGroup decisions,
    CommitReads reads,
    StoreQueries queries,
    StagedRows rows
)
{
    public CommitGroup Decisions => decisions;

    public StoreQueries Queries => queries;

    /// <summary>For reads that have to see what is decided; <see cref="FlushAsync"/> comes first.</summary>
    public DbSession Session => writer.Session;

    /// <summary>The state of a resource with its bytes, as the decisions so far have made it.</summary>
    public async Task<HeadState> HeadAsync(ResourceKey key)
    {
        if (decisions.Heads.Unloaded([key], withBody: true) is { Count: > 0 } unloaded)
            await reads.AddStatesAsync(Session, decisions.Heads, unloaded, withBody: true);
        return decisions.Heads[key];
    }

    /// <summary>Reads what a commit touches that was not known when the transaction began.</summary>
    public async Task PrepareAsync(PendingCommit pending, Commit commit)
    {
        try
        {
            await LoadAsync(commit);
        }
        catch (Exception e)
        {
            throw new TransactionBrokenException(pending, e);
        }
    }

    /// <summary>The first precondition that does not hold.</summary>
    public async Task<Precondition?> FirstFailedAsync(PendingCommit pending, Commit commit)
    {
        if (decisions.FirstFailed(commit) is { } failed)
            return failed;
        foreach (var precondition in commit.Preconditions)
        {
            // What was searched after the last change need not be searched again.
            if (precondition is not SearchFinds finds || commit.AsOf == decisions.Point)
                continue;
            await FlushAsync();
            try
            {
                if (!await HoldsAsync(finds))
                    return finds;
            }
            catch (Exception e)
            {
                throw new TransactionBrokenException(pending, e);
            }
        }

        return null;
    }

    /// <summary>Writes what is decided so far, for searches to see; without a round trip where that was done already.</summary>
    public async Task FlushAsync()
    {
        if (!decisions.IsDirty)
            return;
        await StageAsync();
        if (rows.IsEmpty)
            return;
        await writer.WriteAsync(rows, commit: false, CancellationToken.None);
        rows.Clear();
    }

    /// <summary>Makes rows of what is decided and not yet written.</summary>
    public async Task StageAsync()
    {
        var heads = decisions.Heads;
        // One that has no row was not referred to when the resource was indexed, by the rules of then: it gets one.
        await reads.AddKeysAsync(Session, heads, heads.Unnamed(heads.UnknownTargets()));
        if (decisions.Audit.NeedsHead)
            decisions.Audit.Load(await reads.AuditHeadAsync(Session));
        if (decisions.Audit.IsRemoving)
            decisions.Audit.KeepBehind(await reads.AuditCutAsync(Session));
        decisions.Stage(rows);
    }

    private async Task LoadAsync(Commit commit)
    {
        var heads = decisions.Heads;
        var changed = heads.Unloaded(commit.Changes.Select(change => change.Key), withBody: true);
        await reads.AddStatesAsync(Session, heads, changed, withBody: true);
        var asked = heads.Unloaded(commit.Preconditions.OfType<ContentIs>().Select(c => c.Key), withBody: true);
        await reads.AddStatesAsync(Session, heads, asked, withBody: true);
        var relied = commit.Preconditions.Select(GroupKeys.KeyOf).OfType<ResourceKey>();
        await reads.AddStatesAsync(Session, heads, heads.Unloaded(relied, withBody: false), withBody: false);
        var referred = commit.Changes.SelectMany(GroupKeys.ReferencesOf);
        await reads.AddKeysAsync(Session, heads, heads.Unnamed(referred));
        await reads.AddMessagesAsync(Session, decisions.Outbox, commit.Outbox);
        await reads.AddAnswersAsync(Session, decisions.State, [commit]);
    }

    private async Task<bool> HoldsAsync(SearchFinds finds)
    {
        var matches = await queries.MatchesAsync(Session, finds.Query, CancellationToken.None);
        return finds.Only is { } only ? matches is [var match] && match.Key == only : matches.Count == 0;
    }
}
