using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Reads;

/// <summary>Finds the readings that a goal is judged by.</summary>
public sealed class GoalReadings(CareReads reads, ReadGate gate, FhirDefinitions definitions)
{
    /// <summary>The latest readings of each measure of a goal, and the first where they matter: never all of them.</summary>
    public async Task<KnownReadings> KnownAsync(
        Snapshot goal,
        CarePolicy policy,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value).Subject.Reference is not { } patient)
            return KnownReadings.None;
        var life = GoalLife.Of(goal, policy.Calendar, now, await CameAsync(goal, cancellationToken));
        var asked = new ReadingsQuery(definitions.PartyOf(patient), default, 0)
        {
            From = life.Earliest,
            Until = life.Latest,
        };
        var windows = ImmutableArray.CreateBuilder<MeasureWindow>();
        foreach (var query in KnownReadings.Needed(goal, policy.RulesAt(now)))
        {
            var latest = await LatestAsync(asked, query, cancellationToken);
            var first =
                query.First == 0 || latest.Length < query.Latest
                    ? []
                    : await FirstAsync(asked, query, cancellationToken);
            windows.Add(new MeasureWindow(query, latest, first));
        }

        return new KnownReadings(windows.ToImmutable()) { Life = life };
    }

    /// <summary>For a new goal of somebody of whom nothing is stored.</summary>
    public static KnownReadings NoneOf(Snapshot goal, CarePolicy policy, DateTimeOffset now) =>
        new([.. KnownReadings.Needed(goal, policy.RulesAt(now)).Select(query => new MeasureWindow(query, [], []))])
        {
            Life = GoalLife.Of(goal, policy.Calendar, now, came: null),
        };

    /// <summary>The first version of a goal that does not say when it began, and when it was written; null where there is none to read.</summary>
    private async Task<(Snapshot First, DateTimeOffset At)?> CameAsync(
        Snapshot goal,
        CancellationToken cancellationToken
    ) =>
        GoalLife.NeedsFirstVersion(goal)
        && await gate.ReadVersionAsync(goal.Key, 1, cancellationToken) is { IsDeleted: false } first
            ? (new Snapshot(first.Key, first.Version, first.Utf8Json), first.LastUpdated)
            : null;

    /// <summary>The decision, with every goal that it makes active judged by the readings that there are.</summary>
    /// <param name="before">The goals as they were; others may be among them.</param>
    public async Task<Decision> JudgeSoughtAsync(
        Decision decision,
        IReadOnlyCollection<Snapshot> before,
        CarePolicy policy,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var writes = decision.Writes.ToBuilder();
        for (var i = 0; i < writes.Count; i++)
        {
            var write = writes[i];
            var was = before.FirstOrDefault(b => b.Key == write.Key);
            if (was.Utf8Json.IsEmpty || !GoalEvaluation.IsSought(was, write))
                continue;
            var known = await KnownAsync(was, policy, now, cancellationToken);
            writes[i] = GoalEvaluation.OfSought(was, write, known, policy.RulesAt(now)) ?? write;
        }

        return decision with
        {
            Writes = writes.ToImmutable(),
        };
    }

    /// <summary>The active goals of a patient.</summary>
    public Task<ImmutableArray<Snapshot>> ActiveAsync(string patient, CancellationToken cancellationToken) =>
        reads.SearchAsync(
            ResourceTypes.Goal,
            $"subject={Uri.EscapeDataString(patient)}&lifecycle-status=active",
            cancellationToken
        );

    private async Task<ImmutableArray<Reading>> LatestAsync(
        ReadingsQuery asked,
        MeasureQuery query,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(
            asked with
            {
                Count = query.Latest,
                IsLatestFirst = true,
            },
            query,
            cancellationToken
        );
        return [.. found.OrderByDescending(r => r.At).Take(query.Latest)];
    }

    private async Task<ImmutableArray<Reading>> FirstAsync(
        ReadingsQuery asked,
        MeasureQuery query,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(asked with { Count = query.First }, query, cancellationToken);
        return [.. found.OrderBy(r => r.At).Take(query.First)];
    }

    /// <summary>So many of each code, each reading once: those of all codes together are among them.</summary>
    private async Task<IEnumerable<Reading>> FindAsync(
        ReadingsQuery asked,
        MeasureQuery query,
        CancellationToken cancellationToken
    )
    {
        var found = new List<StoredResource>();
        foreach (var (system, code) in query.Codes)
            found.AddRange(
                await gate.ReadingsAsync(asked with { Code = new ReadingCode(system, code) }, cancellationToken)
            );
        return found
            .DistinctBy(r => r.Key)
            .Select(r => Reading.Of(r.Key, ResourceDocument.Parse(r.Utf8Json).Value))
            .OfType<Reading>();
    }
}
