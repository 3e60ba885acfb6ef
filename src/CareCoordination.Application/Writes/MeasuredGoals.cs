using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>Finds the goals that written Observations measure.</summary>
public sealed class MeasuredGoals(GoalReadings readings, CarePolicies policies)
{
    /// <summary>The active goals that a written Observation measures: as stored, or as they are written with it.</summary>
    public async Task<ImmutableArray<MeasuredGoal>> OfAsync(
        ImmutableArray<RestWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var news = RestWrites.Readings(writes);
        if (news.IsEmpty)
            return [];
        var goals = writes
            .Where(w => w.Key.Type == ResourceTypes.Goal)
            .ToDictionary(w => w.Key, w => new Snapshot(w.Key, w.Version, w.After.Utf8));
        var ofPatients = news.ToLookup(r => r.Patient, StringComparer.Ordinal);
        var newcomers = writes
            .Where(w => w is { IsNew: true, Key.Type: ResourceTypes.Patient })
            .Select(w => w.Key.ToString())
            .ToHashSet(StringComparer.Ordinal);
        foreach (var patient in ofPatients.Where(p => !newcomers.Contains(p.Key)))
        {
            foreach (var goal in await readings.ActiveAsync(patient.Key, cancellationToken))
                goals.TryAdd(goal.Key, goal);
        }

        var measured = ImmutableArray.CreateBuilder<MeasuredGoal>();
        foreach (var goal in goals.Values)
        {
            var measuring = GoalEvaluation.MeasuredBy(goal, ofPatients);
            if (measuring.IsEmpty)
                continue;
            var policy = await policies.OfAsync(goal, cancellationToken);
            var known =
                goal.Version == 0 && newcomers.Contains(measuring[0].Patient)
                    ? GoalReadings.NoneOf(goal, policy, now)
                    : await readings.KnownAsync(goal, policy, now, cancellationToken);
            measured.Add(new MeasuredGoal(goal, known, policy, policy.RulesAt(now)));
        }

        return measured.ToImmutable();
    }
}
