using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
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
    DocumentIntake documents,
    WrittenDocuments references
)
{
    private const int MostGenerations = 20;

    /// <summary>By which the days of two zones may differ: what is nearer is decided by the day of the organisation.</summary>
    private const int DayOfAnyZone = 2;

    /// <summary>What follows from an Encounter, a Bundle or a DocumentReference that somebody wrote; null where nothing does.</summary>
    public Task<Followed?> FollowAsync(
        PlannedChange change,
        WrittenTogether together,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var written = change.Resource!.Document;
        return change.Key.Type switch
        {
            ResourceTypes.Encounter => FollowStayAsync(change.Key, written, together, now, cancellationToken),
            ResourceTypes.Bundle => documents.FollowAsync(change.Key, written, now, cancellationToken),
            _ => references.FollowAsync(change.Key, written, together, now, cancellationToken),
        };
    }

    /// <summary>
    /// What follows from an Encounter that somebody wrote without a message, as by a transaction: the plan that begins, rests or ends with
    /// the stay. Null where nothing does.
    /// </summary>
    private async Task<Followed?> FollowStayAsync(
        ResourceKey key,
        ResourceDocument encounter,
        WrittenTogether together,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var view = EncounterView.From(encounter);
        if (view.Subject.Reference is not { } subject || !subject.StartsWith("Patient/", StringComparison.Ordinal))
            return null;
        var patient = await together.ReadAsync(subject, reads, cancellationToken);
        ImmutableArray<PatientDeath> deaths =
            WrittenStay.EndsWithDeath(view) && patient is { } living && LivingPatient.Is(living.Utf8Json)
                ? [new PatientDeath(living.Key, view.Period.End)]
                : [];
        if (IsOfThePast(view, now) || !Stays.IsInpatient(view))
            return deaths.IsEmpty
                ? null
                : new Followed(new Decision(key, []) { Activity = "update" }) { Deaths = deaths };
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
            IsDead = !deaths.IsEmpty || (patient is { } person && !LivingPatient.Is(person.Utf8Json)),
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
            if (context.HasEndedPlan && generation < MostGenerations)
                continue;
            if (patient is { } cared)
                context = await surroundings.WithPeopleAsync(context, cared, cancellationToken);
            return TransitionDecision.Follow(context) is { } decided ? new Followed(decided) { Deaths = deaths } : null;
        }
    }

    /// <summary>What is written of long ago, as history is, begins nothing.</summary>
    private bool IsOfThePast(EncounterView encounter, DateTimeOffset now)
    {
        var rules = policies.Default.RulesAt(now).Transitions;
        return CareDate.Of(encounter.Period.End) is { } end
            && end.EndIn(policies.Default.TimeZone) < now.AddDays(-rules.LatestDays - DayOfAnyZone);
    }
}
