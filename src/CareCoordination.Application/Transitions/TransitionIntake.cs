using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>Reads what the decision about a message has to know, and decides it.</summary>
public sealed class TransitionIntake(
    CareReads reads,
    PlanReads plans,
    CarePolicies policies,
    PatientFinder finder,
    NoticeResources resources
)
{
    private const int MostStays = 100;

    /// <param name="records">What was recorded of the stay before.</param>
    public async Task<Result<Decision>> DecideAsync(
        TransitionNotice notice,
        ImmutableArray<Snapshot> records,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var standard = new CommandContext(ServerAgent.Unknown, now, policies.Default.Today(now))
        {
            Zone = policies.Default.TimeZone,
        };
        Snapshot? patient = null;
        ResourceWrite? created = null;
        if (notice.Patient is { } told)
        {
            var found = await finder.FindAsync(told.Resource, cancellationToken);
            if (WhyUncertain(found) is { } why)
                return TransitionDecision.Park(notice, why, standard);
            if (found is [{ Match.Grade: MatchGrade.Certain } sure, ..])
                patient = sure.Patient;
            else
                created = NewPatient(notice, told);
        }

        var person = patient?.Key ?? created?.Key;
        var known = await KnownStayAsync(notice, cancellationToken);
        var stayKey = known?.Key ?? new ResourceKey(ResourceTypes.Encounter, notice.Stay);
        var earlier = records
            .Where(r => IntakeRecord.Has(r, IntakeRecord.StaySystem, notice.Stay))
            .Select(IntakeRecord.Read)
            .OfType<StayNotice>()
            .ToImmutableArray();
        var placed = await resources.PlaceAsync(
            notice,
            person?.ToString(),
            stayKey,
            isNewest: earlier.All(e => e.At <= notice.At),
            cancellationToken
        );
        var policy = await policies.OfAsync(cancellationToken, person?.ToString(), Provider(placed));
        var context = new IntakeContext(
            notice,
            placed.Encounter,
            person?.ToString(),
            new CommandContext(SenderOf(placed), now, policy.Today(now)) { Zone = policy.TimeZone },
            policy
        )
        {
            Earlier = earlier,
            Known = known,
            EncounterKey = stayKey,
            Resources = created is { } made ? [made, .. placed.Writes] : placed.Writes,
            Diagnoses = [.. Of(placed, ResourceTypes.Condition)],
            PendingResults = [.. Pending(placed)],
            LeftOut = placed.LeftOut,
            IsDead =
                notice.Patient is { } p && IsDead(PatientView.From(p.Resource))
                || patient is { } stored && IsDead(PatientView.From(Parse(stored))),
        };
        return TransitionDecision.Decide(await WithCareAsync(context, patient, cancellationToken));
    }

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

    private async Task<IntakeContext> WithCareAsync(
        IntakeContext context,
        Snapshot? patient,
        CancellationToken cancellationToken
    )
    {
        if (context.Encounter is not { } told)
            return context;
        var stay = Stay.Of(
            context.Earlier.Add(new StayNotice(context.Notice.Event, context.Notice.At, context.Notice.RecordId, told))
        );
        var existing = await reads.ReadAllAsync(
            TransitionPlans.KeysOf(context.Notice.Stay, stay?.Generation ?? 0).Select(k => k.ToString()),
            cancellationToken
        );
        context = context with { Existing = [.. existing.Select(e => e.Key)] };
        // Nobody cares yet for whom nobody knows.
        if (patient is not { } known)
            return context;
        var subject = Uri.EscapeDataString(known.Key.ToString());
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={subject}&status=active,planned,waitlist,onhold",
            cancellationToken
        );
        return context with
        {
            HasEpisode = episodes.Length > 0,
            Manager = Workflow.Writes.LifeEvents.ManagerOf(episodes),
            Plans = await OpenPlansAsync(subject, cancellationToken),
            OtherStays =
            [
                .. (
                    await reads.FirstAsync(
                        ResourceTypes.Encounter,
                        $"patient={subject}&status=in-progress,onleave,finished&_sort=-date",
                        MostStays,
                        cancellationToken
                    )
                ).Where(e => e.Key != context.EncounterKey),
            ],
        };
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
    private static ResourceWrite NewPatient(TransitionNotice notice, NoticeEntry told)
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

    private static bool IsDead(PatientView patient) =>
        patient.DeceasedBoolean is true || patient.DeceasedDateTime is not null;

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
