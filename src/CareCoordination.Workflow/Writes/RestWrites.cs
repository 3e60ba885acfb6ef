using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Writes;

/// <summary>
/// What follows from the plain writes of one commit, so that there is no way round the commands: a hold is remembered, the parts
/// of a task follow it, Observations move goals, and who did it can be told. Asked after <see cref="StatusGuard"/> has let each
/// write pass.
/// </summary>
/// <remarks>
/// The writes of a commit count as made one after the other: parts before what they are part of, goals before Observations, and
/// Observations in the order in which they were true. What follows from one so falls on what another has written.
/// </remarks>
public static class RestWrites
{
    /// <summary>True where the parts of the written tasks have to be read.</summary>
    public static bool MovesParts(IEnumerable<RestWrite> writes) => writes.Any(TaskFamily.IsMove);

    /// <summary>
    /// The written Observations, as far as they are evidence for goals: as they are now, and where they say something else or of somebody
    /// else than before, as readings that are withdrawn.
    /// </summary>
    public static ImmutableArray<Reading> Readings(IEnumerable<RestWrite> writes) =>
        [
            .. writes
                .Where(w => w.Key.Type == ResourceTypes.Observation)
                .SelectMany(w =>
                    new[]
                    {
                        Reading.Of(w.Key, w.After),
                        w.Before is { } before ? Reading.Of(w.Key, before)?.Withdrawn() : null,
                    }
                )
                .OfType<Reading>(),
        ];

    public static WriteOutcome Apply(ImmutableArray<RestWrite> writes, WriteSurroundings around, DateTimeOffset now)
    {
        var written = writes
            .Select(w =>
                ReferralExtensions.Complete(w.Before, HoldExtensions.Complete(w.Before, w.After, now) ?? w.After)
            )
            .ToArray();
        var places = new Dictionary<ResourceKey, int>();
        for (var i = 0; i < writes.Length; i++)
            places[writes[i].Key] = i;
        var followers = new Dictionary<ResourceKey, ResourceWrite>();
        var moved = TaskFamily.Follow(writes, written, around.Parts, now);
        var judged = Judge(around.Goals, Readings(writes));
        Take(around.Sought.Select(s => s.Judge()).OfType<ResourceWrite>());
        Take(moved.Concat(judged));
        ResourceWrite[] begun = [.. around.Plans.SelectMany(ArrivingPlans.Follow)];
        Take(begun);
        ResourceWrite[] ended = [.. around.Endings.SelectMany(e => LifeEvents.Follow(e, now))];
        Take(ended);
        ImmutableArray<ResourceWrite> referred = around.Referrals is { } referrals
            ? ReferralFamily.Follow(writes, referrals, Now)
            : [];
        Take(referred);
        var attempts = FailedContacts.Follow(around.Contacts, Now, now);
        Take(attempts);

        var changes = writes.Select((w, i) => StatusChange(w, written[i])).OfType<ResourceWrite>();
        return new WriteOutcome(
            [.. written],
            [.. followers.Values],
            [
                .. Act("update", referred.Concat(changes).Concat(moved).Concat(begun).Concat(ended).Concat(attempts)),
                .. Act("evaluate", judged),
            ]
        );

        void Take(IEnumerable<ResourceWrite> following)
        {
            foreach (var write in following)
            {
                if (places.TryGetValue(write.Key, out var place))
                    written[place] = ResourceDocument.Parse(write.Utf8Json).Value;
                else
                    followers[write.Key] = write;
            }
        }

        Snapshot? Now(ResourceKey key) =>
            places.TryGetValue(key, out var place) ? new Snapshot(key, writes[place].Version, written[place].Utf8)
            : followers.TryGetValue(key, out var write) ? new Snapshot(key, write.DecidedFrom, write.Utf8Json)
            : null;
    }

    private static ImmutableArray<ResourceWrite> Judge(ImmutableArray<MeasuredGoal> goals, ImmutableArray<Reading> news)
    {
        var ofPatients = news.ToLookup(r => r.Patient, StringComparer.Ordinal);
        return
        [
            .. goals
                .Select(g =>
                    GoalEvaluation.Evaluate(g.Goal, GoalEvaluation.MeasuredBy(g.Goal, ofPatients), g.Known, g.Rules)
                )
                .OfType<Decision>()
                .SelectMany(d => d.Writes),
        ];
    }

    private static ResourceWrite? StatusChange(RestWrite write, ResourceDocument written) =>
        write.Before is { } before
        && LifecycleTables.For(write.Key.Type) is { } table
        && table.StatusOf(before) != table.StatusOf(written)
            ? new ResourceWrite(write.Key, write.Version, written.Utf8)
            : null;

    private static IEnumerable<Decision> Act(string activity, IEnumerable<ResourceWrite> writes)
    {
        ImmutableArray<ResourceWrite> all = [.. writes.DistinctBy(w => w.Key)];
        if (!all.IsEmpty)
            yield return new Decision(all[0].Key, all) { Activity = activity };
    }
}
