using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Monitoring;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>What follows where readings are beyond the thresholds of goals, whoever writes them: a Task to review them.</summary>
/// <param name="measured">For readings that commands and messages write: plain writes know their goals already.</param>
public sealed class ReadingEffects(CareReads reads, MeasuredGoals measured)
{
    private static readonly string Reviews =
        $"code={Uri.EscapeDataString(MonitoringWork.System)}|{MonitoringWork.Review}&status={OpenWork.StatusSearch}";

    /// <summary>Null where nothing follows, as for most readings.</summary>
    /// <param name="goals">Those that written Observations measure.</param>
    public async Task<Decision?> FollowAsync(
        ImmutableArray<MeasuredGoal> goals,
        ImmutableArray<RestWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        Decision? all = null;
        ImmutableArray<WatchedReading> readings = [.. writes.Select(ReadingOf).OfType<WatchedReading>()];
        foreach (var goal in goals.Where(IsWatched))
        {
            var watched = new WatchedGoal(goal.Goal, goal.Known, readings, goal.Policy, now);
            if (watched.IsQuiet)
                continue;
            var decided = await OfGoalAsync(watched, cancellationToken);
            all = all is null
                ? decided
                : all with
                {
                    Writes = [.. all.Writes, .. decided.Writes],
                    Finds = [.. all.Finds, .. decided.Finds],
                    RestsOnAll = all.RestsOnAll || decided.RestsOnAll,
                };
        }

        return all;
    }

    /// <summary>The same of what a command, a message or a timer has decided; null where that writes no readings.</summary>
    public async Task<Decision?> FollowAsync(
        ImmutableArray<ResourceWrite> decided,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<RestWrite> writes =
        [
            .. decided.Select(w => new RestWrite(w.Key, w.DecidedFrom, null, ResourceDocument.Parse(w.Utf8Json).Value)),
        ];
        return await FollowAsync(
            await measured.OfAsync(writes, now, cancellationToken),
            writes,
            now,
            cancellationToken
        );
    }

    /// <summary>Null for what is no reading, and was none. What comes back after it was deleted is new.</summary>
    private static WatchedReading? ReadingOf(RestWrite write)
    {
        if (write.Key.Type != ResourceTypes.Observation)
            return null;
        var was = write is { IsRevival: false, Before: { } before } ? Reading.Of(write.Key, before) : null;
        var now = Reading.Of(write.Key, write.After);
        return was is null && now is null ? null : new WatchedReading(was, now);
    }

    private static bool IsWatched(MeasuredGoal goal) => ReadingThreshold.IsOn(goal.Goal);

    private async Task<Decision> OfGoalAsync(WatchedGoal goal, CancellationToken cancellationToken)
    {
        if (goal.OnlyWaits)
            return new Decision(goal.Goal.Key, []) { Activity = "update", RestsOnAll = true };
        var name = Uri.EscapeDataString(goal.Goal.Key.ToString());
        var query = $"focus={name}&{Reviews}";
        var open = await reads.SearchAsync(ResourceTypes.Task, query, cancellationToken);
        var around = new ReviewSurroundings(open);
        if (goal.HasFindings)
            around = around with
            {
                Manager = await ManagerAsync(goal, cancellationToken),
                Plans =
                [
                    .. (
                        await reads.SearchAsync(ResourceTypes.CarePlan, $"goal={name}&status=active", cancellationToken)
                    ).Select(p => p.Key.ToString()),
                ],
            };
        return new Decision(
            goal.Goal.Key,
            ReadingReview.Decide(goal, around, ServerAgent.Unknown, () => FhirId.New(goal.Now))
        )
        {
            Activity = "update",
            // Two readings at the same time make one Task: who comes second finds it.
            Finds = open.Length > 1 ? [] : [new(ResourceTypes.Task, query, open.IsEmpty ? null : open[0].Key)],
            RestsOnAll = open.Length > 1 || goal.RestsOnOthers,
        };
    }

    private async Task<string?> ManagerAsync(WatchedGoal goal, CancellationToken cancellationToken)
    {
        var subject = GoalView.From(ResourceDocument.Parse(goal.Goal.Utf8Json).Value).Subject.Reference;
        return subject is null
            ? null
            : LifeEvents.ManagerOf(
                await reads.SearchAsync(
                    ResourceTypes.EpisodeOfCare,
                    $"patient={Uri.EscapeDataString(subject)}&status=active",
                    cancellationToken
                )
            );
    }
}
