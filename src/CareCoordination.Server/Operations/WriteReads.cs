using System.Collections.Immutable;
using CareCoordination.Server.Goals;
using CareCoordination.Server.Referrals;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Server.Operations;

/// <summary>Reads what has to be known to tell what follows from plain writes.</summary>
public sealed class WriteReads(
    CareReads reads,
    GoalReadings readings,
    CarePolicies policies,
    WrittenReferralReads referrals
)
{
    public async Task<WriteSurroundings> AroundAsync(
        ImmutableArray<PlainWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var tasks = writes.Where(w => w.Key.Type == "Task").Select(w => w.Key);
        ImmutableArray<Snapshot> parts = PlainWrites.MovesParts(writes)
            ? await reads.PartsOfAsync(tasks, cancellationToken)
            : [];
        return new WriteSurroundings(parts, await GoalsAsync(writes, now, cancellationToken))
        {
            Referrals = await referrals.OfAsync(writes, now, cancellationToken),
        };
    }

    /// <summary>The active goals that a written Observation measures: as stored, or as they are written with it.</summary>
    private async Task<ImmutableArray<MeasuredGoal>> GoalsAsync(
        ImmutableArray<PlainWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var news = PlainWrites.Readings(writes);
        var goals = writes
            .Where(w => w.Key.Type == "Goal")
            .ToDictionary(w => w.Key, w => new Snapshot(w.Key, w.Version, w.After.Utf8));
        foreach (var patient in news.Select(r => r.Patient).Distinct(StringComparer.Ordinal))
        {
            foreach (var goal in await readings.ActiveAsync(patient, cancellationToken))
                goals.TryAdd(goal.Key, goal);
        }

        var measured = ImmutableArray.CreateBuilder<MeasuredGoal>();
        foreach (var goal in goals.Values.Where(g => news.Any(r => GoalEvaluation.IsMeasuredBy(g, r))))
        {
            var known = await readings.KnownAsync(goal, cancellationToken);
            var policy = await policies.OfAsync(goal, cancellationToken);
            measured.Add(new MeasuredGoal(goal, known, policy.RulesAt(now)));
        }

        return measured.ToImmutable();
    }
}
