using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Server.Interactions;
using CareCoordination.Server.Operations;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Resources;
using MediatR;

namespace CareCoordination.Server.CarePlans;

/// <summary>The copy of the plan that the patient is owed.</summary>
public sealed record ShowCareSummary(ResourceKey Key, string BaseUrl)
    : FhirInteraction("$care-summary", Key.Type, Key.Id)
{
    public static readonly Operation Operation = new(
        "CarePlan",
        "care-summary",
        "A document with narrative: the plan, its goals, tasks and requests, and the patient's problems, medications and allergies.",
        input => new ShowCareSummary(input.Key, input.BaseUrl)
    )
    {
        AffectsState = false,
        Answer = "Bundle",
    };
}

internal sealed class ShowCareSummaryHandler(CareReads reads, CommandRunner runner, TimeProvider time)
    : IRequestHandler<ShowCareSummary, FhirResponse>
{
    /// <summary>What else of the patient belongs into it.</summary>
    private static readonly (string Type, string Query)[] Others =
    [
        ("Condition", "clinical-status=active"),
        ("MedicationRequest", "status=active"),
        ("AllergyIntolerance", "clinical-status=active"),
        ("CareTeam", "status=active"),
    ];

    public async Task<FhirResponse> Handle(ShowCareSummary show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } plan)
            return Failure.NotFound($"There is no {show.Key}.");
        if (
            new CarePlanDraft(plan).Subject is not { } subject
            || await reads.ReadAsync(subject, cancellationToken) is not { } patient
        )
            return Failure.Unprocessable(
                IssueCode.NotFound,
                "The patient of the plan is not here.",
                "CarePlan.subject"
            );
        var others = new List<Workflow.Decisions.Snapshot>();
        foreach (var (type, query) in Others)
            others.AddRange(
                await reads.SearchAsync(type, $"patient={Uri.EscapeDataString(subject)}&{query}", cancellationToken)
            );
        var content = new CareSummaryContent(
            patient,
            plan,
            await reads.MembersOfAsync(plan, cancellationToken),
            [.. others],
            show.BaseUrl,
            ServerAgent.Unknown.Reference
        );
        var document = CareSummary.Document(content, time.GetUtcNow(), runner.NewId(), runner.NewId());
        return FhirResponse.Of(new BytesContent(document));
    }
}
