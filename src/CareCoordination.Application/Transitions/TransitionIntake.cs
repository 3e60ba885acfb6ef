using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>A decision about a message, and the Patient who has died by it.</summary>
/// <param name="By">The organisation that tells it, as far as it is named.</param>
/// <param name="RestsOnAll">It holds only where nobody writes another stay or plan of the patient meanwhile.</param>
public readonly record struct Intake(Decision Decision, Agent By, bool RestsOnAll)
{
    /// <summary>True where somebody has to look at it first.</summary>
    public bool IsParked => Parked is not null;

    /// <summary>Why somebody has to look at it first; null where it is taken in.</summary>
    public string? Parked
    {
        get
        {
            var record = Decision.Answer;
            return Decision
                .Writes.Where(w => w.Key == record)
                .Select(w => IntakeRecord.WhyParked(new Snapshot(w.Key, w.DecidedFrom, w.Utf8Json)))
                .FirstOrDefault();
        }
    }

    /// <summary>What has to find nobody, where the patient is new here; null where the patient is not, or has no numbers.</summary>
    public SearchQuery? Nobody { get; init; }

    /// <summary>Null where nobody has died, or it is known.</summary>
    public PatientDeath? Dies { get; init; }
}

/// <summary>Reads what the decision about a message has to know, and decides it.</summary>
public sealed class TransitionIntake(
    TransitionReads reads,
    CarePolicies policies,
    PatientFinder finder,
    NoticeResources resources,
    TransitionRisks risks,
    PatientMerges merges
)
{
    /// <param name="records">What was recorded of the stay before.</param>
    /// <param name="subject">Whom it is about by whoever handed it in, which its own patient has to agree with; null where only it says so.</param>
    public async Task<Result<Intake>> DecideAsync(
        TransitionNotice notice,
        ImmutableArray<Snapshot> records,
        DateTimeOffset now,
        CancellationToken cancellationToken,
        Snapshot? subject = null
    )
    {
        var standard = At(policies.Default, ServerAgent.Unknown, now);
        if (notice.Event == TransitionEvent.Merge)
            return (await merges.DecideAsync(notice, standard, cancellationToken)).Then<Intake>(merged => new Intake(
                merged,
                standard.By,
                RestsOnAll: true
            ));
        var found = await finder.FindAsync(notice, subject, cancellationToken);
        Snapshot? named = null;
        if (notice.Replay?.Patient is { } reference)
        {
            if (!(await finder.NamedAsync(reference, cancellationToken)).TryGet(out var one, out var unknownHere))
                return unknownHere;
            named = one.Patient;
        }

        if (named is null && WhyUncertain(subject, found) is { } why)
            return Parked(notice, why, standard);
        var patient =
            named ?? (found is [{ Match.Grade: MatchGrade.Certain } sure, ..] ? sure.Patient : (Snapshot?)null);
        var created = patient is null && notice.Patient is { } unknown ? Created(notice, unknown) : null;
        var context = await ContextAsync(notice, records, patient, created, now, cancellationToken);
        if (WhyNot(context) is { } reason)
            return Parked(notice, reason, standard);
        context = await WithSurroundingsAsync(context, patient, cancellationToken);
        if (!TransitionDecision.Decide(context).TryGet(out var decision, out var failure))
            return failure;
        var intake = new Intake(decision, context.Command.By, RestsOnAll: patient is not null)
        {
            Nobody = created is null ? null : finder.NumbersOf(notice.Patient!.Resource),
        };
        if (patient is { } person && context.IsDead && LivingPatient.Is(person.Utf8Json))
            intake = intake with { Dies = new PatientDeath(person.Key, TimeOfDeath(notice)) };
        return
            intake.Dies is null
            && named is { } identified
            && NamedPatient.WithNumbers(notice, identified, found) is { } write
            ? intake with
            {
                Decision = decision with { Writes = decision.Writes.Add(write) },
            }
            : intake;
    }

    /// <summary>What has to be known of the patient's care to decide.</summary>
    private async Task<IntakeContext> WithSurroundingsAsync(
        IntakeContext context,
        Snapshot? patient,
        CancellationToken cancellationToken
    )
    {
        if (patient is { } known)
            context = await reads.WithCareAsync(context, known, cancellationToken);
        context = await reads.WithExistingAsync(context, cancellationToken);
        if (patient is { } cared)
            context = await reads.WithPeopleAsync(context, cared, cancellationToken);
        return await risks.AddAsync(context, patient is not null, cancellationToken);
    }

    /// <summary>Why what is told of a stay is for a person to look at; null where it is not.</summary>
    private static string? WhyNot(IntakeContext context)
    {
        if (context.Known is { } stay && Stays.View(stay).Subject.Reference is { } whose && whose != context.Patient)
            return $"The visit number is of {stay.Key}, a stay of another Patient ({whose}): correct the number, or merge the Patients, and send it again.";
        return context.Stay is not null && context.Told > StayHistory.MostKept
            ? $"More than {StayHistory.MostKept} messages tell of {context.EncounterKey}, each of them what no later one tells: no more are taken in by themselves. Write the Encounter as it is."
            : null;
    }

    /// <summary>
    /// What was read one after the other while others write, as a merge does, can look uncertain when it never was: that somebody has to look
    /// is decided in turn.
    /// </summary>
    private static Intake Parked(TransitionNotice notice, string why, CommandContext command) =>
        new(TransitionDecision.Park(notice, why, command), command.By, RestsOnAll: true);

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
        var known = await reads.KnownStayAsync(notice, person, cancellationToken);
        var stay = known?.Key ?? new ResourceKey(ResourceTypes.Encounter, notice.Stay);
        var earlier = records
            .Where(r => IntakeRecord.Has(r, IntakeRecord.StaySystem, notice.Stay))
            .Select(IntakeRecord.Read)
            .OfType<StayNotice>()
            .ToImmutableArray();
        var isNewest = earlier.All(e => e.At <= notice.At);
        var placed = await resources.PlaceAsync(notice, person, stay, isNewest, cancellationToken);
        var policy = await policies.OfAsync(cancellationToken, person, Provider(placed));
        var told = placed.Encounter is { } content
            ? earlier.Add(new StayNotice(notice.Event, notice.At, notice.RecordId, content))
            : [];
        return new IntakeContext(notice, placed.Encounter, person, At(policy, SenderOf(placed), now), policy)
        {
            Stay = Stay.Of(told),
            Told = told.Length,
            Retired = Retired(notice, told, records),
            Known = known,
            EncounterKey = stay,
            Resources = created is { } made ? [made, .. placed.Writes] : placed.Writes,
            Diagnoses =
            [
                .. placed
                    .Stored.Where(s =>
                        s.Entry.Type == ResourceTypes.Condition
                        && Stays.IsDiagnosis(ConditionView.From(s.Entry.Resource))
                    )
                    .Select(s => s.Key.ToString())
                    .Distinct(),
            ],
            PendingResults = [.. Pending(placed)],
            DischargeMedications =
            [
                .. placed
                    .Stored.Where(s =>
                        s.Entry.Type is ResourceTypes.MedicationRequest or ResourceTypes.MedicationStatement
                        && MedicationReconciliation.IsToBeTaken(s.Entry.Resource)
                    )
                    .Select(s => new ToldMedication(s.Key, s.Entry.Resource.Utf8)),
            ],
            LeftOut = placed.LeftOut,
            IsDead =
                notice.Patient is { } of && (!LivingPatient.Is(of.Resource.Utf8) || EndsWithDeath(notice))
                || patient is { } stored && !LivingPatient.Is(stored.Utf8Json),
        };
    }

    /// <summary>What is superfluous by now is not read with the stay any more.</summary>
    private static ImmutableArray<ResourceWrite> Retired(
        TransitionNotice notice,
        ImmutableArray<StayNotice> told,
        ImmutableArray<Snapshot> records
    )
    {
        if (told.Length <= StayHistory.KeptAnyway)
            return [];
        var superfluous = StayHistory.Superfluous(told).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. records
                .Where(r => superfluous.Contains(r.Key.Id) && r.Key.Id != notice.RecordId)
                .Select(r => IntakeRecord.Retire(r, MessageRules.IsCorrected(r, notice, records))),
        ];
    }

    internal static CommandContext At(CarePolicy policy, Agent by, DateTimeOffset now) =>
        new(by, now, policy.Today(now)) { Zone = policy.TimeZone };

    /// <summary>Null where it is certain who it is, or certain that nobody here is it.</summary>
    private static string? WhyUncertain(Snapshot? subject, ImmutableArray<FoundPatient> found) =>
        found switch
        {
            not [{ Match.Grade: MatchGrade.Certain }, ..] when subject is { } named =>
                $"The document is of another Patient than {named.Key} by its identifiers, names or birth date, or does not say enough: correct DocumentReference.subject, or the Patient, and write it again.",
            [] => null,
            [{ Match.Grade: MatchGrade.Certain }, { Match.Grade: MatchGrade.Certain }, ..] =>
                $"Several Patients here may be the one that is meant ({Names(found)}): correct their identifiers, or merge them, and send it again.",
            [{ Match.Grade: MatchGrade.Certain }, ..] => null,
            _ =>
                $"The Patient may be one who is known here ({Names(found)}), and that is not certain: complete or correct the identifiers or the birth date, and send it again.",
        };

    private static string Names(ImmutableArray<FoundPatient> found) =>
        string.Join(", ", found.Take(5).Select(f => f.Patient.Key.ToString()));

    /// <summary>One who is told of for the first time may have died by what is told.</summary>
    private static ResourceWrite Created(TransitionNotice notice, NoticeEntry told)
    {
        var made = NewPatient(notice, told);
        return EndsWithDeath(notice)
            ? made with
            {
                Utf8Json = LivingPatient.Died(ResourceDocument.Parse(made.Utf8Json).Value, TimeOfDeath(notice)).Utf8,
            }
            : made;
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
        && Stays.EndsWithDeath(EncounterView.From(stay.Resource));

    private static FhirDateTime? TimeOfDeath(TransitionNotice notice) =>
        PatientView.From(notice.Patient!.Resource).DeceasedDateTime
        ?? (EndsWithDeath(notice) ? EncounterView.From(notice.Encounter!.Resource).Period.End : null);
}
