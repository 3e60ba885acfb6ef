using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Outbox;
using CareCoordination.Storage.Reads;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Commits;

/// <summary>Writes a group of commits in one database transaction, and finds out what became of it where the answer was lost.</summary>
internal sealed class CommitTransaction : IAsyncDisposable
{
    private readonly DatabaseEngine _engine;
    private readonly StoreQueries _queries;
    private readonly ClockWatch _clock;
    private readonly ResourceMemory _memory;
    private readonly CommitReads _reads;
    private readonly Decider _decider;

    // Of the next transaction. What was sent on a connection that was given up keeps its own.
    private StagedRows _rows = new();
    private CommitWriter? _writer;

    public CommitTransaction(
        DatabaseEngine engine,
        StoreQueries queries,
        ResourceMemory memory,
        Decider decider,
        ClockWatch clock
    )
    {
        (_engine, _queries, _memory, _decider, _clock) = (engine, queries, memory, decider, clock);
        _reads = new CommitReads(engine.Dialect, queries.Source, memory);
    }

    /// <summary>Shows whether a transaction has committed whose commit was sent and not answered.</summary>
    public CommitEvidence? Unconfirmed { get; private set; }

    /// <summary>The transaction that was run last has got the write lock: what took too long after it, its commits have asked for.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>
    /// Decides the commits of the group and writes those that hold. On return the decisions are durable. Those that were not
    /// reached, because the time for decisions was over, are not decided.
    /// </summary>
    public async Task RunAsync(List<PendingCommit> group)
    {
        HasBegun = false;
        foreach (var pending in group)
            pending.Reset();
        var writer = _writer ??= await _engine.OpenWriterAsync(CancellationToken.None);
        var keys = new GroupKeys(_queries.Source, _memory, group);
        var request = Request(group, keys);
        var writeLock = await writer.BeginAsync(request, CancellationToken.None);
        HasBegun = true;
        _rows.Clear();
        var numbers = new KeyNumbers(writeLock.FirstKey, request.Keys);
        var decisions = Decisions(keys, request, writeLock, numbers);
        var transaction = new OpenTransaction(writer, decisions, _reads, _queries, _rows);
        await _reads.AddMessagesAsync(writer.Session, decisions.Outbox, group.SelectMany(p => p.First?.Outbox ?? []));
        await _reads.AddAnswersAsync(writer.Session, decisions.State, group.Select(p => p.First).OfType<Commit>());
        foreach (var pending in group)
        {
            if (!pending.MustDecide)
                await TryAsync(transaction, pending);
        }

        await _decider.DecideAsync(transaction, group);
        if (!decisions.HasChanges)
        {
            await writer.RollbackAsync(CancellationToken.None);
            return;
        }

        await CommitAsync(transaction, request, writeLock, numbers);
        _memory.Remember(decisions, request.CommitId);
        // Bodies can be large, and it may be long until the next transaction.
        _rows.Clear();
    }

    /// <summary>
    /// True where the transaction whose answer was lost has committed. Takes the write lock, so that an end that is still under way
    /// in the database is waited for; and where it has committed, commits after it, because what can be seen is not yet what is
    /// durable: a primary shows what its standby does not have.
    /// </summary>
    public async Task<bool> HasLandedAsync()
    {
        var evidence = Unconfirmed!;
        var writer = _writer ??= await _engine.OpenWriterAsync(CancellationToken.None);
        await writer.BeginAsync(
            new BeginRequest(_clock.NodeNow, 0, 0, NewCommitId()) { MaxAhead = _clock.MaxAhead },
            CancellationToken.None
        );
        var isFound = await evidence.IsFoundAsync(writer.Session, _engine.Dialect);
        _rows.Clear();
        if (isFound)
            await writer.WriteAsync(_rows, commit: true, CancellationToken.None);
        else
            await writer.RollbackAsync(CancellationToken.None);
        Unconfirmed = null;
        return isFound;
    }

    /// <summary>
    /// Ends whatever the connection has begun, or the connection: on one that is left open a transaction would go on holding the
    /// write lock of all nodes.
    /// </summary>
    public async Task AbandonAsync(Fault fault)
    {
        _memory.ForgetAuditHead();
        if (_writer is null)
            return;
        try
        {
            if (!fault.Traits().NeedsNewSession && _writer.Session.IsOpen)
            {
                await _writer.RollbackAsync(CancellationToken.None);
                return;
            }
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or IOException)
        {
            // Rolled back by the engine already, or gone: a new connection starts clean.
        }

        // What is still being sent on the connection that is left has to stay what it is.
        _rows = new StagedRows();
        var broken = _writer;
        _writer = null;
        await broken.DisposeAsync();
    }

    /// <summary>The error for the callers. Where it is not known whether their changes were stored, it says so.</summary>
    public StoreUnavailableException GiveUp(Fault fault, Exception cause)
    {
        if (Unconfirmed is null)
            return Faults.Unavailable(fault, cause);
        Unconfirmed = null;
        return Faults.OutcomeUnknown(cause);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
    }

    /// <summary>Applies a commit as it was handed in. One that lost and can be decided again has to be.</summary>
    private async Task TryAsync(OpenTransaction transaction, PendingCommit pending)
    {
        var failed = await transaction.FirstFailedAsync(pending, pending.First!);
        if (failed is null)
            pending.Keep(transaction.Decisions.Apply(pending.First!));
        else if (pending.CanDecide)
            pending.MustDecide = true;
        else
            pending.Keep(CommitResult.Refused(failed));
    }

    private BeginRequest Request(List<PendingCommit> group, GroupKeys keys) =>
        new(
            _clock.NodeNow,
            group.Sum(p => p.Changes),
            KeyNumbers.Wanted(
                keys.Wanted.Count + keys.Remembered.Count,
                mayDecide: group.Exists(p => p.MustDecide || p.CanDecide)
            ),
            NewCommitId()
        )
        {
            Heads = keys.Wanted,
            Remembered = keys.Remembered,
            LastCommitId = _memory.LastCommitId,
            MaxAhead = _clock.MaxAhead,
        };

    private CommitGroup Decisions(GroupKeys keys, BeginRequest request, WriteLock writeLock, KeyNumbers numbers)
    {
        _memory.Begin(writeLock);
        _clock.Compare(request.Now, writeLock.Clock);
        var heads = new GroupHeads(
            _queries.Source,
            numbers,
            _memory,
            keys,
            writeLock.Heads,
            holdsMemory: writeLock.PreviousCommitId == request.LastCommitId
        );
        var outbox = new OutboxGroup(new DateTimeOffset(writeLock.Now, TimeSpan.Zero));
        return new CommitGroup(heads, writeLock, request.CommitId, outbox);
    }

    private async Task CommitAsync(
        OpenTransaction transaction,
        BeginRequest request,
        WriteLock writeLock,
        KeyNumbers numbers
    )
    {
        var decisions = transaction.Decisions;
        // The last change that the write lock has made room for.
        var reserved = writeLock.Sequence + request.Changes;
        await transaction.StageAsync();
        if (decisions.Sequence > reserved || numbers.IsExtended)
            await StoreCountersAsync(transaction.Session, Math.Max(decisions.Sequence, reserved), numbers.Free);
        if (decisions.ChangesActing)
            await StoreActingChangeAsync(transaction.Session, request.CommitId);
        Unconfirmed = decisions.Evidence;
        try
        {
            await _writer!.WriteAsync(_rows, commit: true, CancellationToken.None);
        }
        catch (Exception e) when (_engine.IsRefusal(e))
        {
            Unconfirmed = null;
            throw;
        }

        Unconfirmed = null;
    }

    /// <summary>Decisions may need more changes and keys than the transaction began with: nobody else takes any meanwhile.</summary>
    private Task StoreCountersAsync(DbSession session, long sequence, long nextKey) =>
        session.ExecuteAsync(
            new SqlBuilder(_engine.Dialect)
                .Add($"""UPDATE "ChangeSequence" SET "Sequence" = {sequence}, "NextKey" = {nextKey} """)
                .Add("""WHERE "Id" = 1""")
                .Build(),
            CancellationToken.None
        );

    private Task StoreActingChangeAsync(DbSession session, long commitId) =>
        session.ExecuteAsync(
            new SqlBuilder(_engine.Dialect)
                .Add($"""UPDATE "ActingChange" SET "CommitId" = {commitId} WHERE "Id" = 1""")
                .Build(),
            CancellationToken.None
        );

    /// <summary>
    /// Random, so that no two transactions have the same, whichever nodes and whichever pasts of the database they are of; never 0,
    /// which is what a new database has.
    /// </summary>
    private static long NewCommitId() => Random.Shared.NextInt64(1, long.MaxValue);
}
