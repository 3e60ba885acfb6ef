using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Monitoring;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Transitions;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <param name="Stays">What follows from a stay in hospital.</param>
/// <param name="Readings">What follows from readings beyond a threshold.</param>
/// <param name="Care">What follows whoever writes.</param>
public sealed record FollowOthers(FollowStay Stays, Func<ReadingEffects> Readings, Func<WrittenCare> Care);

/// <summary>
/// What follows from what clients write and delete: every change of a status passes the guard and is recorded, tasks take their
/// parts along, Observations move goals, and partners are told. What is deleted is voided: it has the effects of
/// <c>entered-in-error</c>, and comes back only as what it was, or as what could have followed.
/// </summary>
/// <param name="reads">Made for what has effects only: most writes have none.</param>
/// <param name="responses">Made where a response is written.</param>
/// <param name="others">Asked where an Encounter, a Bundle or a DocumentReference is written, and where something is that follows whoever writes.</param>
public sealed class WriteEffects(
    Func<WriteReads> reads,
    Func<ResponseRule> responses,
    FollowOthers others,
    ReadGate gate,
    CareOptions care
)
{
    public async ValueTask<Result<FollowedWrites>> FollowAsync(
        ImmutableArray<PlannedChange> changes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var followed = changes.Any(IsStay)
            ? await FollowStaysAsync(changes, now, cancellationToken)
            : await FollowOthersAsync(changes, now, cancellationToken);
        return followed.TryGet(out var all, out var refusal)
            ? await WithCareAsync(all, now, cancellationToken)
            : refusal;
    }

    private async ValueTask<Result<FollowedWrites>> FollowStaysAsync(
        ImmutableArray<PlannedChange> changes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var decided = ImmutableArray.CreateBuilder<(ResourceKey About, Followed Followed)>();
        foreach (var change in changes.Where(IsStay))
        {
            if (await others.Stays(change, new WrittenTogether(changes), now, cancellationToken) is { } one)
                decided.Add((change.Key, one));
        }

        var died = decided.SelectMany(d => d.Followed.Deaths).DistinctBy(d => d.Patient).ToArray();
        var all = await WithDeathsAsync(changes, died, cancellationToken);
        return (await FollowOthersAsync(all, now, cancellationToken)).Then<FollowedWrites>(followed =>
            decided.Aggregate(followed, (all, one) => With(all, one.About, one.Followed))
        );
    }

    /// <summary>With what follows whoever writes.</summary>
    private async ValueTask<FollowedWrites> WithCareAsync(
        FollowedWrites followed,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!followed.Changes.Any(c => WrittenCare.IsRead(c.Key.Type)) && followed.Followers is null)
            return followed;
        ImmutableArray<WrittenVersion> written =
        [
            .. followed.Changes.Where(c => WrittenCare.IsRead(c.Key.Type)).Select(Version),
            .. (followed.Followers?.Writes ?? []).Where(w => WrittenCare.IsRead(w.Key.Type)).Select(WrittenVersion.Of),
        ];
        return
            !WrittenCare.MayFollow(written)
            || await others.Care().FollowAsync(written, now, cancellationToken) is not { } decided
            ? followed
            : followed.With(decided);

        static WrittenVersion Version(PlannedChange change) =>
            new(
                change.Key,
                change.Current?.Version ?? 0,
                change.Current is { IsDeleted: false } current ? ResourceDocument.Parse(current.Utf8Json).Value : null,
                change.Resource?.Document
            )
            {
                IsNew = change.IsNew,
            };
    }

    /// <summary>With the plans that stays begin, rest and end.</summary>
    private static FollowedWrites With(FollowedWrites followed, ResourceKey about, Followed stay)
    {
        // It rests on what other stays and plans of the patient there are: no row says that there is no further one.
        followed = followed with
        {
            RestsOnAll = followed.RestsOnAll || stay.RestsOnAll,
            Notes = [.. followed.Notes, .. stay.Notes.Select(n => new WriteNote(about, n))],
        };
        var decided = stay.Decision;
        if (decided.IsEmpty)
            return followed;
        var before = followed.Followers;
        return followed with
        {
            Followers = decided with
            {
                Writes = [.. before?.Writes ?? [], .. decided.Writes],
                Living = before?.Living ?? [],
                Finds = [.. before?.Finds ?? [], .. decided.Finds],
                ReliedOn = [.. before?.ReliedOn ?? [], .. decided.ReliedOn],
            },
            Acts = [.. followed.Acts, ("update", decided with { Answer = decided.Writes[0].Key })],
            Messages = [.. followed.Messages, .. decided.Outgoing],
        };
    }

    /// <summary>As if somebody had written it into the Patient, who may be written in the same commit: what follows from a death follows.</summary>
    private async ValueTask<ImmutableArray<PlannedChange>> WithDeathsAsync(
        ImmutableArray<PlannedChange> changes,
        IEnumerable<PatientDeath> deaths,
        CancellationToken cancellationToken
    )
    {
        var all = changes.ToBuilder();
        foreach (var death in deaths)
        {
            var place = all.TakeWhile(c => c.Key != death.Patient).Count();
            if (place < all.Count && all[place].Resource is { } written)
                all[place] = all[place] with
                {
                    Resource = written with { Document = LivingPatient.Died(written.Document, death.At) },
                };
            else if (
                place == all.Count
                && await gate.ReadAsync(death.Patient, cancellationToken) is { IsDeleted: false } current
                && LivingPatient.Is(current.Utf8Json)
            )
                all.Add(death.Of(current));
        }

        return all.ToImmutable();
    }

    private static bool IsStay(PlannedChange change) =>
        change.Resource is { } written && WrittenStay.MayFollow(change.Key.Type, written.Document);

    private async ValueTask<Result<FollowedWrites>> FollowOthersAsync(
        ImmutableArray<PlannedChange> changes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var writes = ImmutableArray.CreateBuilder<RestWrite>();
        var places = new List<int>();
        for (var i = 0; i < changes.Length; i++)
        {
            if (
                changes[i] is { Key.Type: ResourceTypes.QuestionnaireResponse, Resource: { } response }
                && await responses().CheckAsync(response.Document, changes, cancellationToken) is { } unfit
            )
                return changes[i].Locate(unfit);
            if (
                changes[i].Resource is { } defined
                && ThresholdCheck.Check(changes[i].Key.Type, defined.Document) is { } unusable
            )
                return changes[i].Locate(unusable);
            if (await WriteOfAsync(changes[i], cancellationToken) is not { } write)
                continue;
            if (write.Before is { } before && StatusGuard.Check(before, write.After) is { } refusal)
                return changes[i].Locate(refusal);
            if (
                write.Key.Type == ResourceTypes.Task
                && (TeachBack.Check(write.Before, write.After) ?? PatientTask.Check(write.Before, write.After))
                    is { } wrong
            )
                return changes[i].Locate(wrong);
            writes.Add(write);
            places.Add(i);
        }

        var all = writes.ToImmutable();
        if (!all.Any(HasEffects))
            return new FollowedWrites(changes, null, [], []);
        return OnlyPlans(all, now) is { } plans
            ? new FollowedWrites(changes, plans, [], [])
            : await FollowAsync(changes, all, places, now, cancellationToken);
    }

    /// <summary>
    /// That the patients live is all that new plans ask for: nothing has to be read, and the transaction answers it. Null where there is
    /// more, or where it has answered.
    /// </summary>
    private Decision? OnlyPlans(ImmutableArray<RestWrite> writes, DateTimeOffset now)
    {
        if (gate.IsInTransaction || care.Organizations.Count > 0)
            return null;
        var rules = care.Default.RulesAt(now);
        var patients = ImmutableArray.CreateBuilder<string>();
        foreach (var write in writes)
        {
            if (write.Key.Type == ResourceTypes.Patient)
                return null;
            if (!HasEffects(write))
                continue;
            if (!ArrivingPlans.Is(write) || ArrivingPlans.OnlyPatientOf(write, rules) is not { } patient)
                return null;
            patients.Add(patient);
        }

        return new Decision(writes[0].Key, []) { Activity = "update", Living = patients.ToImmutable() };
    }

    private async ValueTask<Result<FollowedWrites>> FollowAsync(
        ImmutableArray<PlannedChange> changes,
        ImmutableArray<RestWrite> writes,
        List<int> places,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var around = await reads().AroundAsync(writes, now, cancellationToken);
        if (around.Episodes is { } episodes && SingleCareManagerRule.Check(writes, episodes) is { } second)
            return changes.First(c => c.Key == second.Write.Key).Locate(second.Failure);
        foreach (var plan in around.Plans)
        {
            if (ArrivingPlans.Check(plan) is { } refusal)
                return changes.First(c => c.Key == plan.Write.Key).Locate(refusal);
        }

        var followed = RestWrites.Apply(writes, around, now);
        var messages = Messages(writes, followed, around).ToImmutableArray();
        var completed = changes.ToBuilder();
        for (var i = 0; i < places.Count; i++)
        {
            var change = completed[places[i]];
            if (change.Resource is { } resource)
                completed[places[i]] = change with { Resource = resource with { Document = followed.Written[i] } };
            else if (messages.Any(m => m.Task == change.Key || m.Request == change.Key))
                return change.Locate(WithPartner(change.Key));
        }

        var followers = new Decision(writes[0].Key, followed.Followers)
        {
            Activity = "update",
            Finds = [.. around.Plans.SelectMany(p => ArrivingPlans.Finds(p))],
            Living = [.. around.Plans.SelectMany(p => ArrivingPlans.Living(p))],
            ReliedOn =
            [
                .. around.Plans.SelectMany(p => p.Context.Consents).Select(c => new ReliedOn(c.Key, c.Version)),
                .. (around.Episodes?.Stored ?? [])
                    .Where(e => !writes.Any(w => w.Key == e.Key))
                    .Select(e => new ReliedOn(e.Key, e.Version)),
            ],
        };
        var all = new FollowedWrites(completed.ToImmutable(), followers, [.. Acts(completed, followed)], messages)
        {
            // Who dies or is discharged takes all care along. That one manages a patient alone rests on the versions of the episodes that
            // there are: new ones may come as they are elsewhere.
            RestsOnAll = !around.Endings.IsEmpty,
        };
        return
            !around.Goals.IsEmpty
            && await others.Readings().FollowAsync(around.Goals, writes, now, cancellationToken) is { } reviews
            ? all.With(reviews)
            : all;
    }

    /// <summary>A deletion is recorded as one, and what follows from it as an update.</summary>
    private static IEnumerable<(string Interaction, Decision Act)> Acts(
        IEnumerable<PlannedChange> changes,
        WriteOutcome followed
    )
    {
        var deleted = changes.Where(c => c.Resource is null).Select(c => c.Key).ToHashSet();
        foreach (var act in followed.RecordedActs)
        {
            ImmutableArray<ResourceWrite> gone = [.. act.Writes.Where(w => deleted.Contains(w.Key))];
            ImmutableArray<ResourceWrite> others = [.. act.Writes.Where(w => !deleted.Contains(w.Key))];
            if (!gone.IsEmpty)
                yield return ("delete", new Decision(gone[0].Key, gone) { Activity = "delete" });
            if (!others.IsEmpty)
                yield return ("update", act with { Answer = others[0].Key, Writes = others });
        }
    }

    private static Failure WithPartner(ResourceKey key) =>
        Failure.Conflict(
            $"{key} is with a partner, who would not hear that it was deleted. Cancel it with $cancel, and delete it then."
        );

    private static bool HasEffects(RestWrite write) =>
        write.Before is not null
        || write.Key.Type is ResourceTypes.Observation or ResourceTypes.Task
        || ArrivingPlans.Is(write)
        || (IsOfPatient(write.Key.Type) && ReferralFamily.PatientOf(write) is not null);

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
                .Concat(around.Plans.SelectMany(p => p.Members))
                .Where(p => p.Key == write.Key)
                .Select(p => ResourceDocument.Parse(p.Utf8Json).Value)
                .FirstOrDefault();
            if (ReferralMessages.Of(before, ResourceDocument.Parse(write.Utf8Json).Value) is { } message)
                yield return message;
        }
    }

    private static bool IsFollowed(string type) =>
        type == ResourceTypes.Observation || IsOfPatient(type) || StatusCheck.AppliesTo(type);

    /// <summary>No status of theirs is guarded, but referrals rest on them.</summary>
    private static bool IsOfPatient(string type) => type is ResourceTypes.Patient or ResourceTypes.Consent;

    /// <summary>Null for what nothing follows from.</summary>
    private async ValueTask<RestWrite?> WriteOfAsync(PlannedChange change, CancellationToken cancellationToken)
    {
        if (!IsFollowed(change.Key.Type))
            return null;
        var before = await BeforeAsync(change, cancellationToken);
        var version = change.Current?.Version ?? 0;
        if (change.Resource is { } resource)
            return new RestWrite(change.Key, version, before, resource.Document)
            {
                IsRevival = change.Current is { IsDeleted: true },
                IsNew = change.IsNew,
            };
        if (before is null)
            return null;
        var voided = change.Key.Type == ResourceTypes.Patient ? before : Voided.Of(change.Key, before);
        return voided is null ? null : new RestWrite(change.Key, version, before, voided) { IsDeletion = true };
    }

    /// <summary>What the change replaces: of a resource that was deleted, what it was before that.</summary>
    private async ValueTask<ResourceDocument?> BeforeAsync(PlannedChange change, CancellationToken cancellationToken)
    {
        if (change.Current is not { } current)
            return null;
        if (!current.IsDeleted)
            return ResourceDocument.Parse(current.Utf8Json).Value;
        if (change.Resource is null || !StatusCheck.AppliesTo(change.Key.Type))
            return null;
        return
            await gate.ReadVersionAsync(change.Key, current.Version - 1, cancellationToken) is { IsDeleted: false } last
            ? ResourceDocument.Parse(last.Utf8Json).Value
            : null;
    }
}
