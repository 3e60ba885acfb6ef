using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>What follows from stays that somebody writes as resources, through whichever interaction.</summary>
public sealed class WrittenStays(
    CareReads reads,
    CarePolicies policies,
    TransitionReads surroundings,
    TransitionIntake intake,
    FhirDefinitions definitions
)
{
    private const int MostGenerations = 20;

    /// <summary>What follows from an Encounter, a Bundle or a DocumentReference that somebody wrote; null where nothing does.</summary>
    public Task<Decision?> FollowAsync(
        ResourceKey key,
        ResourceDocument written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        key.Type switch
        {
            ResourceTypes.Encounter => FollowStayAsync(key, written, now, cancellationToken),
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
            TransitionIntake.At(policy, ServerAgent.Unknown, now),
            policy
        );
        return new Decision(task.Key, [task]) { Activity = "update" };
    }

    /// <summary>
    /// What follows from an Encounter that somebody wrote without a message, as by a transaction: the plan that begins, rests or ends with
    /// the stay. Null where nothing does.
    /// </summary>
    private async Task<Decision?> FollowStayAsync(
        ResourceKey key,
        ResourceDocument encounter,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var view = EncounterView.From(encounter);
        if (
            view.Subject.Reference is not { } subject
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
        var context = new IntakeContext(
            notice,
            null,
            subject,
            TransitionIntake.At(policy, ServerAgent.Unknown, now),
            policy
        )
        {
            EncounterKey = key,
            Diagnoses = [.. view.Diagnosis.Select(d => d.Condition.Reference).OfType<string>().Distinct()],
            IsDead = patient is { } person && !LivingPatient.Is(person.Utf8Json),
        };
        if (patient is { } known)
            context = await surroundings.WithCareAsync(context, known, cancellationToken);
        for (var generation = 0; ; generation++)
        {
            context = await surroundings.WithExistingAsync(
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
        if (!NoticeReader.Read(bundle, definitions.Schema.IsResourceType).TryGet(out var notice, out _))
            return null;
        var records = await reads.SearchAsync(ResourceTypes.Task, IntakeRecord.Query(notice), cancellationToken);
        if (records.Any(r => r.Key.Id == notice.RecordId))
            return null;
        var decided = await intake.DecideAsync(notice with { StoredAs = key.Id }, records, now, cancellationToken);
        return decided.TryGet(out var taken, out _) ? taken.Decision : null;
    }

    /// <summary>What is written of long ago, as history is, begins nothing.</summary>
    private bool IsOfThePast(EncounterView encounter, DateTimeOffset now)
    {
        var rules = policies.Default.RulesAt(now).Transitions;
        return CareDate.Of(encounter.Period.End) is { } end
            && end.EndIn(policies.Default.TimeZone) < now.AddDays(-rules.PeriodDays);
    }
}
