using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Resources;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>The copy of a plan that the patient is owed, or what a care manager reads of a patient before a call.</summary>
/// <param name="Key">A CarePlan or a Patient.</param>
public sealed record ShowCareSummary(ResourceKey Key, string BaseUrl)
    : FhirInteraction("$care-summary", Key.Type, Key.Id)
{
    public override bool IsQuestion => true;

    public static readonly Operation OfPlan = Of(
        ResourceTypes.CarePlan,
        "A document with narrative, the copy for the patient: the plan, its goals with their last readings, its tasks and requests, and the patient's problems, medications, allergies, appointments and care team."
    );

    public static readonly Operation OfPatient = Of(
        ResourceTypes.Patient,
        "A document with narrative, to be read before a call: who the patient is and how to reach them, the risk, all active plans, goals with their last readings, open tasks with their owners and last attempts, requests, appointments, problems, medications, allergies and care team. A list that would be long is cut, and says so."
    );

    private static Operation Of(string type, string description) =>
        new(type, "care-summary", description, input => new ShowCareSummary(input.Key, input.BaseUrl))
        {
            AffectsState = false,
            Answer = ResourceTypes.Bundle,
        };
}

internal sealed class ShowCareSummaryHandler(
    CareReads reads,
    SummaryReads summaries,
    CommandRunner runner,
    TimeProvider time
) : IRequestHandler<ShowCareSummary, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowCareSummary show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } asked)
            return Failure.NotFound($"There is no {show.Key}.");
        if (asked.Key.Type != ResourceTypes.CarePlan)
            return Show(await summaries.OfPatientAsync(asked, show.BaseUrl, cancellationToken));
        return
            new CarePlanDraft(asked).Subject is { } subject
            && await reads.ReadAsync(subject, cancellationToken) is { } patient
            ? Show(await summaries.OfPlanAsync(asked, patient, show.BaseUrl, cancellationToken))
            : Failure.Unprocessable(IssueCode.NotFound, "The patient of the plan is not here.", "CarePlan.subject");
    }

    private FhirResponse Show(CareSummaryContent content) =>
        FhirResponse.Of(
            new BytesContent(CareSummary.Document(content, time.GetUtcNow(), runner.NewId(), runner.NewId()))
        );
}
