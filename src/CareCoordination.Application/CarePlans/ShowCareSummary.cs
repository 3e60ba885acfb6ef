using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>The copy of a plan that the patient is owed, or of all active plans of a patient: the packet before a visit.</summary>
/// <param name="Key">A CarePlan or a Patient.</param>
public sealed record ShowCareSummary(ResourceKey Key, string BaseUrl)
    : FhirInteraction("$care-summary", Key.Type, Key.Id)
{
    public static readonly Operation OfPlan = Of(
        ResourceTypes.CarePlan,
        "A document with narrative: the plan, its goals, tasks and requests, and the patient's problems, medications and allergies."
    );

    public static readonly Operation OfPatient = Of(
        ResourceTypes.Patient,
        "A document with narrative: all active plans of the patient with their goals, tasks and requests, and the problems, medications and allergies."
    );

    private static Operation Of(string type, string description) =>
        new(type, "care-summary", description, input => new ShowCareSummary(input.Key, input.BaseUrl))
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
        (ResourceTypes.Condition, "clinical-status=active"),
        (ResourceTypes.MedicationRequest, "status=active"),
        (ResourceTypes.AllergyIntolerance, "clinical-status=active"),
        (ResourceTypes.CareTeam, "status=active"),
    ];

    public async Task<FhirResponse> Handle(ShowCareSummary show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } asked)
            return Failure.NotFound($"There is no {show.Key}.");
        if (asked.Key.Type == ResourceTypes.CarePlan)
            return
                new CarePlanDraft(asked).Subject is { } subject
                && await reads.ReadAsync(subject, cancellationToken) is { } patient
                ? await ShowAsync(show, patient, [asked], cancellationToken)
                : Failure.Unprocessable(IssueCode.NotFound, "The patient of the plan is not here.", "CarePlan.subject");
        var active = await reads.SearchAsync(
            ResourceTypes.CarePlan,
            $"subject={Uri.EscapeDataString(asked.Key.ToString())}&status=active",
            cancellationToken
        );
        return await ShowAsync(show, asked, active, cancellationToken);
    }

    private async Task<FhirResponse> ShowAsync(
        ShowCareSummary show,
        Snapshot patient,
        ImmutableArray<Snapshot> plans,
        CancellationToken cancellationToken
    )
    {
        var members = new List<Snapshot>();
        foreach (var plan in plans)
            members.AddRange(await reads.MembersOfAsync(plan, cancellationToken));
        var others = new List<Snapshot>();
        foreach (var (type, query) in Others)
            others.AddRange(
                await reads.SearchAsync(
                    type,
                    $"patient={Uri.EscapeDataString(patient.Key.ToString())}&{query}",
                    cancellationToken
                )
            );
        var content = new CareSummaryContent(
            patient,
            plans,
            [.. members],
            [.. others],
            show.BaseUrl,
            ServerAgent.Unknown.Reference
        );
        return FhirResponse.Of(
            new BytesContent(CareSummary.Document(content, time.GetUtcNow(), runner.NewId(), runner.NewId()))
        );
    }
}
