using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using MediatR;

namespace CareCoordination.Application.Programmes;

/// <summary>How a month of an episode's programme stands.</summary>
/// <param name="Month">A day of it; null: this month.</param>
public sealed record ShowBillingStatus(ResourceKey Key, CareDate? Month)
    : FhirInteraction("$billing-status", Key.Type, Key.Id)
{
    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.EpisodeOfCare,
        "billing-status",
        "How a calendar month of the programme stands: minutes, the next threshold, the codes it is ready for with what speaks for them, what is missing, and time that does not count with the reason. Not billing advice.",
        input => new ShowBillingStatus(input.Key, input.Date("month"))
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        Parameters = [new("month", Take.Time, "A day of the month, such as 2026-11; this month where it is left out.")],
    };
}

internal sealed class ShowBillingStatusHandler(
    CareReads reads,
    BillingReads billing,
    CarePolicies policies,
    TimeProvider time
) : IRequestHandler<ShowBillingStatus, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowBillingStatus show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } episode)
            return Failure.NotFound($"There is no {show.Key}.");
        var view = EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value);
        if (CarePrograms.Of(view) is not { } program || view.Patient.Reference is not { } patient)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "The episode is of no programme: its type has no code of one, as $enroll gives it.",
                EpisodeOfCareView.At.Type
            );
        var policy = await policies.OfAsync(episode, cancellationToken);
        var now = time.GetUtcNow();
        var day = show.Month?.DayIn(policy.TimeZone) ?? policy.Today(now);
        var month = ProgramMonths.Of(await billing.RecordAsync(patient, day, cancellationToken), day, policy, now);
        var own = month.Programs.FirstOrDefault(p => p.Program == program);
        return own is null
            ? Failure.Unprocessable(
                IssueCode.BusinessRule,
                $"The patient was not in {CarePrograms.NameOf(program)} in {month.Month.Name}.",
                EpisodeOfCareView.At.Period
            )
            : FhirResponse.Of(new BytesContent(BillingReport.Of(month, own).ToUtf8Json()));
    }
}
