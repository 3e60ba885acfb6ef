using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Outbox;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.ServerState;

namespace CareCoordination.Storage.Stores;

/// <summary>
/// Removes rows of the server's own that are not needed any more, so many at a time: each batch is one commit among the others, so
/// that nobody waits long for it.
/// </summary>
internal sealed class StorePurge(SessionPool readers, Committer committer, SqlDialect dialect, TimeProvider time)
{
    // With these steps a transaction is not held longer than by an ordinary commit.
    private const int MaxSteps = 5000;
    private readonly StateSql _state = new(dialect);
    private readonly OutboxSql _outbox = new(dialect);

    /// <summary>Answers whose time is over.</summary>
    /// <returns>How many were found; fewer than <paramref name="count"/>: there are no more.</returns>
    public async Task<int> AnswersAsync(int count, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(
            _state.ExpiredAnswers(time.GetUtcNow().UtcTicks, count),
            StateRow.ReadAnswer,
            cancellationToken
        );
        await RemoveAsync(found.Select(answer => new ExpiredAnswer(answer.Key)), cancellationToken);
        return found.Count;
    }

    /// <summary>Jobs that ended before an instant, with what became of their steps.</summary>
    /// <returns>As of <see cref="AnswersAsync"/>.</returns>
    public async Task<int> JobsAsync(DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(_state.EndedJobs(before.UtcTicks, count), StateRow.ReadJob, cancellationToken);
        var batch = new List<ExpiredJob>();
        var steps = 0;
        foreach (var job in found)
        {
            if (batch.Count > 0 && steps + job.Total > MaxSteps)
            {
                await RemoveAsync(batch, cancellationToken);
                (batch, steps) = ([], 0);
            }

            batch.Add(new ExpiredJob(job.Id, job.Total));
            steps += job.Total;
        }

        await RemoveAsync(batch, cancellationToken);
        return found.Count;
    }

    /// <summary>Messages that were done with before an instant: delivered, superseded or given up.</summary>
    /// <returns>As of <see cref="AnswersAsync"/>.</returns>
    public async Task<int> MessagesAsync(DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(_outbox.Done(before.UtcTicks, count), OutboxRow.Read, cancellationToken);
        await CommitAsync(found.Select(m => new ForgetMessage(m.Id, before)), cancellationToken);
        return found.Count;
    }

    /// <summary>What partners sent before an instant, but for what still waits for somebody.</summary>
    /// <returns>As of <see cref="AnswersAsync"/>.</returns>
    public async Task<int> InboundAsync(DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(
            _outbox.DoneInbound(before.UtcTicks, count),
            OutboxRow.ReadInbound,
            cancellationToken
        );
        await CommitAsync(found.Select(u => new ForgetInbound(u.Partner, u.Reference, u.Version)), cancellationToken);
        return found.Count;
    }

    /// <summary>Messages about stays that were refused before an instant, and that nobody has looked at since.</summary>
    /// <returns>As of <see cref="AnswersAsync"/>.</returns>
    public async Task<int> RefusedAsync(DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(
            _outbox.RefusedBefore(before.UtcTicks, count),
            OutboxRow.ReadInbound,
            cancellationToken
        );
        await CommitAsync(found.Select(u => new ForgetInbound(u.Partner, u.Reference, u.Version)), cancellationToken);
        return found.Count;
    }

    private Task CommitAsync(IEnumerable<OutboxChange> changes, CancellationToken cancellationToken)
    {
        var commit = new Commit([], []) { Outbox = [.. changes] };
        return commit.IsEmpty ? Task.CompletedTask : committer.CommitAsync(commit, cancellationToken);
    }

    private async Task RemoveAsync(IEnumerable<Expired> expired, CancellationToken cancellationToken)
    {
        var commit = new Commit([], []) { Expired = [.. expired] };
        if (!commit.IsEmpty)
            await committer.CommitAsync(commit, cancellationToken);
    }

    private Task<List<T>> QueryAsync<T>(
        Sql sql,
        Func<System.Data.Common.DbDataReader, T> map,
        CancellationToken cancellationToken
    ) =>
        readers.ReadAsync(
            (sql, map),
            static (session, ask, token) => session.QueryAsync(ask.sql, ask.map, token),
            cancellationToken
        );
}
