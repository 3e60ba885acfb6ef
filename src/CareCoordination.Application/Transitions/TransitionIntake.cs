using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>A decision about a message, and the Patient who has died by it.</summary>
/// <param name="Dies">As read; null where nobody has died, or it is known.</param>
/// <param name="Death">The time of it, as far as it is told.</param>
public readonly record struct Intake(Decision Decision, Snapshot? Dies = null, FhirDateTime? Death = null);

/// <summary>Reads what the decision about a message has to know, and decides it.</summary>
public sealed class TransitionIntake(
    CareReads reads,
    PlanReads plans,
    CarePolicies policies,
    PatientFinder finder,
    NoticeResources resources,
    TransitionRisks risks,
    PatientMerges merges,
    FhirDefinitions definitions
)
{
    private const int MostStays = 100;
    private const int MostGenerations = 20;
    private const int MostMedications = 200;

    /// <param name="records">What was recorded of the stay before.</param>
    public async Task<Result<Intake>> DecideAsync(
        TransitionNotice notice,
        ImmutableArray<Snapshot> records,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (notice.Event == TransitionEvent.Merge)
            return (
                await merges.DecideAsync(notice, At(policies.Default, ServerAgent.Unknown, now), cancellationToken)
            ).Then<Intake>(merged => new Intake(merged));
        var found = notice.Patient is { } told ? await finder.FindAsync(told.Resource, cancellationToken) : [];
        if (WhyUncertain(found) is { } why)
            return new Intake(TransitionDecision.Park(notice, why, At(policies.Default, ServerAgent.Unknown, now)));
        var patient = found is [{ Match.Grade: MatchGrade.Certain } sure, ..] ? sure.Patient : (Snapshot?)null;
        var created = patient is null && notice.Patient is { } unknown ? NewPatient(notice, unknown) : null;
        var context = await ContextAsync(notice, records, patient, created, now, cancellationToken);
        if (patient is { } known)
            context = await WithCareAsync(context, known, cancellationToken);
        context = await WithExistingAsync(context, cancellationToken);
        context = await risks.AddAsync(context, patient is not null, cancellationToken);
        return TransitionDecision.Decide(context).TryGet(out var decision, out var failure)
            ? patient is { } person && context.IsDead && !LivesNoMore(person)
                ? new Intake(decision, person, TimeOfDeath(notice))
                : new Intake(decision)
            : failure;
    }

    /// <summary>What follows from an Encounter, a Bundle or a DocumentReference that somebody wrote; null where nothing does.</summary>
    public Task<Decision?> FollowWriteAsync(
        ResourceKey key,
        ResourceDocument written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        key.Type switch
        {
            ResourceTypes.Encounter => FollowAsync(key, written, now, cancellationToken),
            ResourceTypes.Bundle => FollowDocumentAsync(key, written, now, cancellationToken),
            _ => ReviewAsync(key, written, now, cancellationToken),
        };

    private async Task<Decision?> ReviewAsync(
        ResourceKey key,
        ResourceDocument reference,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (
            DocumentReview.PatientOf(reference) is not { } patient
            || await reads.ReadAsync(DocumentReview.TaskOf(key).ToString(), cancellationToken) is not null
        )
            return null;
        var policy = await policies.OfAsync(cancellationToken, patient);
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={Uri.EscapeDataString(patient)}&status=active",
            cancellationToken
        );
        var task = DocumentReview.Make(
            key,
            patient,
            Workflow.Writes.LifeEvents.ManagerOf(episodes),
            At(policy, ServerAgent.Unknown, now),
            policy
        );
        return new Decision(task.Key, [task]) { Activity = "update" };
    }

    /// <summary>
    /// What follows from an Encounter that somebody wrote without a message, as by a transaction: the plan that begins, rests or ends with
    /// the stay. Null where nothing does.
    /// </summary>
    private async Task<Decision?> FollowAsync(
        ResourceKey key,
        ResourceDocument encounter,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var view = EncounterView.From(encounter);
        if (
            !Stays.IsInpatient(view)
            || view.Subject.Reference is not { } subject
            || !subject.StartsWith("Patient/", StringComparison.Ordinal)
            || IsOfThePast(view, now)
        )
            return null;
        var patient = await reads.ReadAsync(subject, cancellationToken);
        var policy = await policies.OfAsync(cancellationToken, subject, view.ServiceProvider.Reference);
        var notice = new TransitionNotice(TransitionEvent.Other, "", "", now)
        {
            Bundle = encounter,
            Digest = "",
            Stay = NoticeReader.VisitOf(view) ?? TransitionIds.Of("encounter", key.ToString()),
        };
        var context = new IntakeContext(notice, null, subject, At(policy, ServerAgent.Unknown, now), policy)
        {
            EncounterKey = key,
            Diagnoses = [.. view.Diagnosis.Select(d => d.Condition.Reference).OfType<string>().Distinct()],
            IsDead = patient is { } person && LivesNoMore(person),
        };
        if (patient is { } known)
            context = await WithCareAsync(context, known, cancellationToken);
        for (var generation = 0; ; generation++)
        {
            context = await WithExistingAsync(
                context with
                {
                    Stay = Stay.AsWritten(encounter, generation),
                },
                cancellationToken
            );
            // A plan that was ended when the discharge was taken back leaves its place to the next one.
            if (!context.HasEndedPlan || generation == MostGenerations)
                return TransitionDecision.Follow(context);
        }
    }

    /// <summary>
    /// What follows from a document that somebody stores as a Bundle: as if it had been submitted. Null for one that tells of no stay, and
    /// for one that was taken in before.
    /// </summary>
    private async Task<Decision?> FollowDocumentAsync(
        ResourceKey key,
        ResourceDocument bundle,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (
            BundleView.From(bundle).Type != BundleTypeCodes.Document
            || !NoticeReader.Read(bundle, definitions.Schema.IsResourceType).TryGet(out var notice, out _)
        )
            return null;
        var records = await reads.SearchAsync(ResourceTypes.Task, IntakeRecord.Query(notice), cancellationToken);
        if (records.Any(r => r.Key.Id == notice.RecordId))
            return null;
        var decided = await DecideAsync(notice with { StoredAs = key.Id }, records, now, cancellationToken);
        return decided.TryGet(out var taken, out _) ? taken.Decision : null;
    }

    private async Task<IntakeContext> ContextAsync(
        TransitionNotice notice,
        ImmutableArray<Snapshot> records,
        Snapshot? patient,
        ResourceWrite? created,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var person = (patient?.Key ?? created?.Key)?.ToString();
        var known = await KnownStayAsync(notice, cancellationToken);
        var stay = known?.Key ?? new ResourceKey(ResourceTypes.Encounter, notice.Stay);
        var earlier = records
            .Where(r => IntakeRecord.Has(r, IntakeRecord.StaySystem, notice.Stay))
            .Select(IntakeRecord.Read)
            .OfType<StayNotice>()
            .ToImmutableArray();
        var isNewest = earlier.All(e => e.At <= notice.At);
        var placed = await resources.PlaceAsync(notice, person, stay, isNewest, cancellationToken);
        var policy = await policies.OfAsync(cancellationToken, person, Provider(placed));
        return new IntakeContext(notice, placed.Encounter, person, At(policy, SenderOf(placed), now), policy)
        {
            Stay = placed.Encounter is { } content
                ? Stay.Of(earlier.Add(new StayNotice(notice.Event, notice.At, notice.RecordId, content)))
                : null,
            Known = known,
            EncounterKey = stay,
            Resources = created is { } made ? [made, .. placed.Writes] : placed.Writes,
            Diagnoses = [.. Of(placed, ResourceTypes.Condition)],
            PendingResults = [.. Pending(placed)],
            DischargeMedications =
            [
                .. placed
                    .Stored.Where(s =>
                        s.Entry.Type is ResourceTypes.MedicationRequest or ResourceTypes.MedicationStatement
                    )
                    .Select(s => new ToldMedication(s.Key, s.Entry.Resource.Utf8)),
            ],
            LeftOut = placed.LeftOut,
            IsDead =
                notice.Patient is { } told && (IsDead(PatientView.From(told.Resource)) || EndsWithDeath(notice))
                || patient is { } stored && LivesNoMore(stored),
        };
    }

    /// <summary>What is written of long ago, as history is, begins nothing.</summary>
    private bool IsOfThePast(EncounterView encounter, DateTimeOffset now)
    {
        var rules = policies.Default.RulesAt(now).Transitions;
        return CareDate.Of(encounter.Period.End) is { } end
            && end.EndIn(policies.Default.TimeZone) < now.AddDays(-rules.PeriodDays);
    }

    private static CommandContext At(CarePolicy policy, Agent by, DateTimeOffset now) =>
        new(by, now, policy.Today(now)) { Zone = policy.TimeZone };

    /// <summary>Null where it is certain who it is, or certain that nobody here is it.</summary>
    private static string? WhyUncertain(ImmutableArray<FoundPatient> found) =>
        found switch
        {
            [] => null,
            [{ Match.Grade: MatchGrade.Certain }, { Match.Grade: MatchGrade.Certain }, ..] =>
                $"Several Patients here may be the one that is meant ({Names(found)}): correct their identifiers, or merge them, and send it again.",
            [{ Match.Grade: MatchGrade.Certain }, ..] => null,
            _ =>
                $"The Patient may be one who is known here ({Names(found)}), and that is not certain: complete or correct the identifiers or the birth date, and send it again.",
        };

    private static string Names(ImmutableArray<FoundPatient> found) =>
        string.Join(", ", found.Take(5).Select(f => f.Patient.Key.ToString()));

    /// <summary>With what this stay has led to before, or may have.</summary>
    private async Task<IntakeContext> WithExistingAsync(IntakeContext context, CancellationToken cancellationToken)
    {
        if (context.Stay is not { } stay)
            return context;
        var existing = await reads.ReadAllAsync(
            TransitionPlans.KeysOf(context.Notice.Stay, stay.Generation).Select(k => k.ToString()),
            cancellationToken
        );
        var list = context.DischargeMedications.IsEmpty
            ? null
            : await reads.ReadAsync(
                $"{ResourceTypes.List}/{MedicationReconciliation.IdOf(context.Notice.Stay)}",
                cancellationToken
            );
        return context with { Existing = [.. existing.Select(e => e.Key)], MedicationListVersion = list?.Version ?? 0 };
    }

    /// <summary>With who cares for the patient, the plans that are open, and the other stays.</summary>
    private async Task<IntakeContext> WithCareAsync(
        IntakeContext context,
        Snapshot patient,
        CancellationToken cancellationToken
    )
    {
        var subject = Uri.EscapeDataString(patient.Key.ToString());
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={subject}&status=active,planned,waitlist,onhold",
            cancellationToken
        );
        var stays = await reads.FirstAsync(
            ResourceTypes.Encounter,
            $"patient={subject}&status=in-progress,onleave,finished&_sort=-date",
            MostStays,
            cancellationToken
        );
        return context with
        {
            HasEpisode = episodes.Length > 0,
            Manager = Workflow.Writes.LifeEvents.ManagerOf(episodes),
            Plans = await OpenPlansAsync(subject, cancellationToken),
            OtherStays = [.. stays.Where(e => e.Key != context.EncounterKey)],
            HomeMedications = await HomeMedicationsAsync(context, subject, cancellationToken),
        };
    }

    /// <summary>What is active and was not told of this stay; read only where something was prescribed.</summary>
    private async Task<ImmutableArray<ToldMedication>> HomeMedicationsAsync(
        IntakeContext context,
        string subject,
        CancellationToken cancellationToken
    )
    {
        if (context.DischargeMedications.IsEmpty)
            return [];
        var told = context.DischargeMedications.Select(m => m.Key).ToHashSet();
        var taken = new List<ToldMedication>();
        foreach (var type in (string[])[ResourceTypes.MedicationStatement, ResourceTypes.MedicationRequest])
        {
            foreach (
                var medication in await reads.FirstAsync(
                    type,
                    $"patient={subject}&status=active",
                    MostMedications,
                    cancellationToken
                )
            )
            {
                if (!told.Contains(medication.Key))
                    taken.Add(new ToldMedication(medication.Key, medication.Utf8Json));
            }
        }

        return [.. taken];
    }

    private async Task<ImmutableArray<OpenTransitionPlan>> OpenPlansAsync(
        string subject,
        CancellationToken cancellationToken
    )
    {
        var open = ImmutableArray.CreateBuilder<OpenTransitionPlan>();
        foreach (
            var plan in await reads.SearchAsync(
                ResourceTypes.CarePlan,
                $"subject={subject}&status=draft,active,on-hold&category={Uri.EscapeDataString(TransitionPlans.CategorySystem)}|{TransitionPlans.TransitionalCare},{Uri.EscapeDataString(TransitionPlans.CategorySystem)}|{TransitionPlans.FacilityFollow}",
                cancellationToken
            )
        )
            open.Add(
                new OpenTransitionPlan(
                    plan,
                    await plans.MembersAsync(
                        plan,
                        await reads.EndingMembersOfAsync(plan, cancellationToken),
                        cancellationToken
                    )
                )
            );
        return open.ToImmutable();
    }

    /// <summary>The Encounter with one of its numbers, by whoever it was stored.</summary>
    private async Task<Snapshot?> KnownStayAsync(TransitionNotice notice, CancellationToken cancellationToken)
    {
        if (notice.Encounter is not { } told)
            return null;
        var numbers = EncounterView
            .From(told.Resource)
            .Identifier.Where(i => i is { System: not null, Value: not null })
            .Select(i => $"{QueryText.Escape(i.System!)}|{QueryText.Escape(i.Value!)}")
            .ToArray();
        if (await reads.ReadAsync($"{ResourceTypes.Encounter}/{notice.Stay}", cancellationToken) is { } own)
            return own;
        if (numbers.Length == 0)
            return null;
        var found = await reads.SearchAsync(
            ResourceTypes.Encounter,
            $"identifier={Uri.EscapeDataString(string.Join(',', numbers))}",
            cancellationToken
        );
        return found.IsEmpty ? null : found[0];
    }

    /// <summary>Under an id that the first identifier makes, so that two messages at once make one Patient.</summary>
    internal static ResourceWrite NewPatient(TransitionNotice notice, NoticeEntry told)
    {
        var view = PatientView.From(told.Resource);
        var identifier = view
            .Identifier.Where(i => i is { System: not null, Value: not null })
            .Select(i => $"{i.System}|{i.Value}")
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        var id = TransitionIds.Of(
            "patient",
            identifier ?? notice.Sender,
            identifier is null ? told.Resource.Id ?? notice.Stay : null
        );
        var patient = JsonNode.Parse(told.Resource.Utf8.Span)!.AsObject();
        var ordered = new JsonObject
        {
            ["resourceType"] = ResourceTypes.Patient,
            ["id"] = id,
            ["meta"] = new JsonObject { ["source"] = notice.Sender },
        };
        // References that only the sender can follow are no use here.
        foreach (
            var (name, value) in patient.Where(p =>
                p.Key
                    is not (
                        "resourceType"
                        or "id"
                        or "meta"
                        or "link"
                        or "managingOrganization"
                        or "generalPractitioner"
                    )
            )
        )
            ordered[name] = value?.DeepClone();
        return new(new(ResourceTypes.Patient, id), 0, Encoding.UTF8.GetBytes(ordered.ToJsonString()));
    }

    private static IEnumerable<string> Of(TakenIn placed, string type) =>
        placed.Stored.Where(s => s.Entry.Type == type).Select(s => s.Key.ToString()).Distinct();

    /// <summary>What is registered or preliminary is not there yet.</summary>
    private static IEnumerable<string> Pending(TakenIn placed) =>
        placed
            .Stored.Where(s =>
                s.Entry.Type is ResourceTypes.Observation or ResourceTypes.DiagnosticReport
                && s.Entry.Resource.Root.TryGetProperty("status"u8, out var status)
                && status.GetString() is "registered" or "preliminary" or "partial"
            )
            .Select(s => s.Key.ToString())
            .Distinct();

    private static string? Provider(TakenIn placed) => (string?)placed.Encounter?["serviceProvider"]?["reference"];

    /// <summary>The organisation of the stay; this server where none is named.</summary>
    private static Agent SenderOf(TakenIn placed) =>
        Provider(placed) is { } provider && provider.StartsWith("Organization/", StringComparison.Ordinal)
            ? new Agent(provider) { IsUnchecked = true }
            : ServerAgent.Unknown;

    private static bool EndsWithDeath(TransitionNotice notice) =>
        notice is { Event: TransitionEvent.Discharge, Encounter: { } stay }
        && Dispositions.RouteOf(EncounterView.From(stay.Resource).Hospitalization.DischargeDisposition)
            == DischargeRoute.Died;

    private static FhirDateTime? TimeOfDeath(TransitionNotice notice) =>
        PatientView.From(notice.Patient!.Resource).DeceasedDateTime
        ?? (EndsWithDeath(notice) ? EncounterView.From(notice.Encounter!.Resource).Period.End : null);

    private static bool LivesNoMore(Snapshot patient) => IsDead(PatientView.From(Parse(patient)));

    private static bool IsDead(PatientView patient) =>
        patient.DeceasedBoolean is true || patient.DeceasedDateTime is not null;

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
