using CareCoordination.Fhir.Json;
using CareCoordination.Server.Interactions;
using CareCoordination.Server.Operations;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;

namespace CareCoordination.Server.Goals;

/// <summary>
/// A written Observation takes the patient's active goals along that it measures: they move in the commit of the Observation. No
/// goal is closed by it.
/// </summary>
public sealed class GoalFollowing(
    GoalReadings readings,
    CarePolicies policies,
    CommandRunner runner,
    FhirDefinitions definitions,
    TimeProvider time
)
{
    public static bool AppliesTo(string resourceType) => resourceType == "Observation";

    /// <summary>The commit with what follows from its one Observation; as it is where that measures no goal.</summary>
    public async Task<Commit> FollowAsync(
        Commit commit,
        ResourceDocument observation,
        CancellationToken cancellationToken
    )
    {
        if (Reading.Of(new Snapshot(commit.Changes[0].Key, 0, observation.Utf8)) is not { } news)
            return commit;
        var now = time.GetUtcNow();
        foreach (var goal in await readings.ActiveAsync(news.Patient, cancellationToken))
        {
            var known = await readings.KnownAsync(goal, cancellationToken);
            var rules = (await policies.OfAsync(goal, cancellationToken)).RulesAt(now);
            if (GoalEvaluation.Evaluate(goal, news, known, rules) is not { } decision)
                continue;
            var more = WorkflowCommit.Of(decision, definitions);
            more.Tell(decision, "update", ServerAgent.Unknown, reason: null, now, runner.NewId);
            var (changes, preconditions) = more.Parts;
            commit = commit with
            {
                Changes = commit.Changes.AddRange(changes),
                Preconditions = commit.Preconditions.AddRange(preconditions),
            };
        }

        return commit;
    }
}
