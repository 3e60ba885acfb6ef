using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Transitions;
using MediatR;

namespace CareCoordination.Application.Transitions;

/// <summary>How the clocks of the latest transition of an episode's patient stand.</summary>
/// <param name="AsOf">Null: now.</param>
public sealed record ShowTransitionStatus(ResourceKey Key, CareDate? AsOf)
    : FhirInteraction("$transition-status", Key.Type, Key.Id)
{
    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.EpisodeOfCare,
        "transition-status",
        "The clocks of the plan after the latest discharge: contact within business days, medications, visit, and when it closes; each met, running, missed or excused.",
        input => new ShowTransitionStatus(input.Key, input.Date("asOf"))
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new(
                "asOf",
                Take.Time,
                "The instant, or the day at whose end, it is told what is missed; now where it is left out."
            ),
        ],
    };
}

internal sealed class ShowTransitionStatusHandler(CareReads reads, CarePolicies policies, TimeProvider time)
    : IRequestHandler<ShowTransitionStatus, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowTransitionStatus show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } episode)
            return Failure.NotFound($"There is no {show.Key}.");
        var patient = EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value).Patient.Reference ?? "";
        var system = Uri.EscapeDataString(TransitionPlans.CategorySystem);
        var plans = await reads.SearchAsync(
            ResourceTypes.CarePlan,
            $"subject={Uri.EscapeDataString(patient)}&category={system}|",
            cancellationToken
        );
        var latest = plans
            .Select(p => (Plan: p, Start: new CarePlanDraft(p).Edit.Period.Start?.ToString()))
            .OrderBy(p =>
                new CarePlanDraft(p.Plan).Status is RequestStatusCodes.Active or RequestStatusCodes.OnHold ? 0 : 1
            )
            .ThenByDescending(p => p.Start, StringComparer.Ordinal)
            .Select(p => (Snapshot?)p.Plan)
            .FirstOrDefault();
        if (latest is not { } plan)
            return Failure.Unprocessable(
                IssueCode.NotFound,
                "The patient of the episode has no plan after a discharge: it begins when a hospital tells of one.",
                "EpisodeOfCare.patient"
            );
        var members = await reads.MembersOfAsync(plan, cancellationToken);
        var calendar = (await policies.OfAsync(plan, cancellationToken)).Calendar;
        var clocks = TransitionStatus.Of(
            members.Where(m => m.Key.Type == ResourceTypes.Task).Select(m => new TaskDraft(m)),
            calendar.EndOf(show.AsOf ?? time.GetUtcNow()),
            calendar
        );
        return FhirResponse.Of(new BytesContent(TransitionStatus.ToParameters(plan, clocks).ToUtf8Json()));
    }
}
