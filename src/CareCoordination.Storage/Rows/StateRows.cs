using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Rows;

/// <summary>Rows of the tables of <see cref="StateTables"/>, on their way in. A row that changes is removed and added.</summary>
internal sealed class StateRows
{
    private readonly RowBuffer _answers = new(StateTables.RememberedAnswer);
    private readonly RowBuffer _jobs = new(StateTables.Job);
    private readonly RowBuffer _steps = new(StateTables.JobStep);

    public StateRows() => Added = [_answers, _jobs, _steps];

    public ImmutableArray<RowBuffer> Added { get; }

    /// <summary>By key, in the order of <see cref="StateTables.All"/>.</summary>
    public ImmutableArray<RowBuffer> Removed { get; } = [.. StateTables.Keys.Select(t => new RowBuffer(t))];

    public void RemoveAnswer(string key) => Removed[0].Add(key);

    public void Replace(RememberedAnswer a)
    {
        RemoveAnswer(a.Key);
        _answers
            .Add(a.Key)
            .Add(a.Digest)
            .Add(a.Answer.Type)
            .Add(a.Answer.Id)
            .Add(a.Version)
            .Add(a.CreatedAt.UtcTicks)
            .Add(a.ExpiresAt.UtcTicks);
    }

    public void RemoveJob(string id, int total)
    {
        Removed[1].Add(id);
        for (var place = 0; place < total; place++)
            Removed[2].Add(id).Add(place);
    }

    public void Replace(Job j)
    {
        Removed[1].Add(j.Id);
        _jobs
            .Add(j.Id)
            .Add(j.Kind)
            .Add(j.Total)
            .Add(j.CreatedAt.UtcTicks)
            .Add(j.EndedAt?.UtcTicks ?? 0)
            .Add((short)(j.IsGivenUp ? 1 : 0))
            .Add(j.Failures)
            .Add(j.Arguments.ToArray());
    }

    public void Replace(JobStep s)
    {
        Removed[2].Add(s.Job).Add(s.Place);
        _steps.Add(s.Job).Add(s.Place).Add(s.Result.ToArray());
    }
}

/// <summary>Columns to values.</summary>
internal static class StateRow
{
    public static RememberedAnswer ReadAnswer(DbDataReader row) =>
        new(
            row.Text("KeyHash"),
            row.Text("Digest"),
            new ResourceKey(row.Text("AnswerType"), row.Text("AnswerId")),
            row.Int("AnswerVersion"),
            row.Time("CreatedAt") ?? default,
            row.Time("ExpiresAt") ?? default
        );

    public static Job ReadJob(DbDataReader row) =>
        new(row.Text("JobId"), row.Text("Kind"), row.Int("Total"), row.Time("CreatedAt") ?? default)
        {
            Arguments = row.Bytes("Arguments"),
            EndedAt = row.Time("EndedAt"),
            IsGivenUp = row.Flag("IsGivenUp"),
            Failures = row.Int("Failures"),
        };

    public static JobStep ReadStep(DbDataReader row) => new(row.Text("JobId"), row.Int("Place"), row.Bytes("Result"));
}
