using System.Collections.Immutable;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.ServerState;

/// <summary>What is asked of the tables of <see cref="StateTables"/>, on whichever session.</summary>
internal sealed class StateSql(SqlDialect dialect)
{
    private static readonly RawSql AnswerColumns = new(StateTables.RememberedAnswer.ColumnList());
    private static readonly RawSql JobColumns = new(StateTables.Job.ColumnList());
    private static readonly RawSql StepColumns = new(StateTables.JobStep.ColumnList());

    public async Task<RememberedAnswer?> AnswerAsync(DbSession session, string key, CancellationToken token) =>
        await session.FirstAsync(Answers([key]), StateRow.ReadAnswer, token);

    public async Task<Job?> JobAsync(DbSession session, string id, CancellationToken token) =>
        await session.FirstAsync(JobById(id), StateRow.ReadJob, token);

    public async Task<ImmutableArray<JobStep>> StepsAsync(
        DbSession session,
        StepRange steps,
        CancellationToken token
    ) => [.. await session.QueryAsync(Steps(steps), StateRow.ReadStep, token)];

    public async Task<ImmutableArray<Job>> RunningJobsAsync(DbSession session, string kind, CancellationToken token) =>
        [.. await session.QueryAsync(RunningJobs(kind), StateRow.ReadJob, token)];

    public Sql Answers(IReadOnlyList<string> keys)
    {
        var sql = New().Add($"""SELECT {AnswerColumns} FROM "RememberedAnswer" WHERE """);
        dialect.AnyOf(sql, "\"KeyHash\"", keys);
        return sql.Build();
    }

    public Sql ExpiredAnswers(long now, int count)
    {
        var sql = New()
            .Add(
                $"""SELECT {AnswerColumns} FROM "RememberedAnswer" WHERE "ExpiresAt" <= {now} ORDER BY "ExpiresAt" """
            );
        dialect.Limit(sql, count);
        return sql.Build();
    }

    public Sql JobById(string id) => New().Add($"""SELECT {JobColumns} FROM "Job" WHERE "JobId" = {id}""").Build();

    public Sql Steps(StepRange steps) =>
        New()
            .Add($"""SELECT {StepColumns} FROM "JobStep" WHERE "JobId" = {steps.Job} """)
            .Add($"""AND "Place" >= {steps.First} AND "Place" <= {steps.Last} ORDER BY "Place" """)
            .Build();

    /// <summary>The oldest first.</summary>
    public Sql RunningJobs(string kind) =>
        New()
            .Add($"""SELECT {JobColumns} FROM "Job" WHERE "EndedAt" = 0 AND "Kind" = {kind} ORDER BY "CreatedAt" """)
            .Build();

    public Sql EndedJobs(long before, int count)
    {
        var sql = New()
            .Add(
                $"""SELECT {JobColumns} FROM "Job" WHERE "EndedAt" > 0 AND "EndedAt" < {before} ORDER BY "EndedAt" """
            );
        dialect.Limit(sql, count);
        return sql.Build();
    }

    private SqlBuilder New() => new(dialect);
}
