using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>
/// Completes what clients write with what follows from it: every change of a status passes the guard and is told, tasks take their
/// parts along, Observations move goals, and partners are told. All writes but those of commands pass here.
/// </summary>
public sealed class WriteFollowing(WriteReads reads, FhirDefinitions definitions, TimeProvider time)
{
    private const string Observation = "Observation";

    /// <summary>The commit, its first changes in the order of the planned ones; or why one of them is refused.</summary>
    public async ValueTask<Result<Commit>> CompleteAsync(PlannedCommit planned, CancellationToken cancellationToken)
    {
        var writes = ImmutableArray.CreateBuilder<RestWrite>();
        var places = new List<int>();
        for (var i = 0; i < planned.Changes.Length; i++)
        {
            if (WriteOf(planned.Changes[i]) is not { } write)
                continue;
            if (write.Before is { } before && StatusGuard.Check(before, write.After) is { } refusal)
                return planned.Changes[i].Locate(refusal);
            writes.Add(write);
            places.Add(i);
        }

        var all = writes.ToImmutable();
        if (
            !all.Any(w =>
                w.Before is not null
                || w.Key.Type is Observation or ResourceTypes.Task
                || (IsOfPatient(w.Key.Type) && ReferralFamily.PatientOf(w) is not null)
            )
        )
            return ToCommit(planned.Changes, planned, null);
        var now = time.GetUtcNow();
        var around = await reads.AroundAsync(all, now, cancellationToken);
        if (around.Episodes is { } episodes && SingleCareManagerRule.Check(all, episodes) is { } second)
            return planned.Changes.First(c => c.Key == second.Write.Key).Locate(second.Failure);
        var followed = RestWrites.Apply(all, around, now);
        var changes = planned.Changes.ToBuilder();
        for (var i = 0; i < places.Count; i++)
        {
            var change = changes[places[i]];
            changes[places[i]] = change with { Resource = change.Resource! with { Document = followed.Written[i] } };
        }

        var decision = new Decision(all[0].Key, followed.Followers)
        {
            Activity = "update",
            ReliedOn =
            [
                .. (around.Episodes?.Stored ?? [])
                    .Where(e => !all.Any(w => w.Key == e.Key))
                    .Select(e => new ReliedOn(e.Key, e.Version)),
            ],
        };
        var more = WorkflowCommit.Of(decision, definitions);
        foreach (var act in followed.RecordedActs)
            more.Tell(act, "update", ServerAgent.Unknown, reason: null, now, () => FhirId.New(time.GetUtcNow()));
        foreach (var message in Messages(all, followed, around))
            more.Send(message, () => FhirId.New(time.GetUtcNow()));
        return ToCommit(changes.ToImmutable(), planned, more);
    }

    /// <summary>The partners that have to be told of what is written, and of what follows.</summary>
    private static IEnumerable<Outgoing> Messages(
        ImmutableArray<RestWrite> writes,
        WriteOutcome followed,
        WriteSurroundings around
    )
    {
        for (var i = 0; i < writes.Length; i++)
        {
            if (
                writes[i].Key.Type == ResourceTypes.Task
                && ReferralMessages.Of(writes[i].Before, followed.Written[i]) is { } message
            )
                yield return message with
                {
                    Task = writes[i].Key,
                };
        }

        foreach (var write in followed.Followers.Where(w => w.Key.Type == ResourceTypes.Task))
        {
            if (write.DecidedFrom == 0)
                continue;
            var before = around
                .Parts.Concat(around.Referrals?.Referrals.Select(r => r.Task) ?? [])
                .Where(p => p.Key == write.Key)
                .Select(p => ResourceDocument.Parse(p.Utf8Json).Value)
                .FirstOrDefault();
            if (ReferralMessages.Of(before, ResourceDocument.Parse(write.Utf8Json).Value) is { } message)
                yield return message;
        }
    }

    private static bool IsFollowed(string type) =>
        type == Observation || IsOfPatient(type) || StatusCheck.AppliesTo(type);

    /// <summary>No status of theirs is guarded, but referrals rest on them.</summary>
    private static bool IsOfPatient(string type) => type is ResourceTypes.Patient or ResourceTypes.Consent;

    /// <summary>Null for what nothing follows from.</summary>
    private static RestWrite? WriteOf(PlannedChange change)
    {
        if (change.Resource is not { } resource)
            return null;
        if (!IsFollowed(change.Key.Type))
            return null;
        ResourceDocument? before = null;
        if (change.Current is { IsDeleted: false } current)
            before = ResourceDocument.Parse(current.Utf8Json).Value;
        return new RestWrite(change.Key, change.Current?.Version ?? 0, before, resource.Document);
    }

    private Commit ToCommit(ImmutableArray<PlannedChange> changes, PlannedCommit planned, WorkflowCommit? more) =>
        new(
            [
                .. changes.Select(c => (Change?)c.Resource?.Put(c.Key.Id, definitions) ?? new DeleteResource(c.Key)),
                .. more?.Changes ?? [],
            ],
            [.. planned.Preconditions, .. more?.Preconditions ?? []]
        )
        {
            AsOf = planned.AsOf,
            Deliveries = more?.Deliveries ?? [],
        };
}
