using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Programmes;

/// <summary>Makes the drafts of a month's charges say what the record says.</summary>
/// <param name="Month">A day of it; null: this month.</param>
public sealed record DraftCharges(CommandCall Call, CareDate? Month) : Command(Call)
{
    public override bool IsDecidedInTurn => true;

    public static readonly Operation Operation = new(
        ResourceTypes.EpisodeOfCare,
        "draft-charges",
        "Drafts the charges of a calendar month of the patient: a ChargeItem with status planned for each code that the month is ready for, and none twice. Time that is written drafts them by itself; this asks again after other facts have changed, as conditions, plans or readings.",
        input => input.Command(call => new DraftCharges(call, input.Date("month")))
    )
    {
        Parameters =
        [
            new("month", Take.Time, "A day of the month, such as 2026-11; this month where it is left out."),
            Take.Practitioner,
        ],
    };
}

internal sealed class DraftChargesHandler(CommandRunner runner, BillingReads billing)
    : IRequestHandler<DraftCharges, FhirResponse>
{
    public Task<FhirResponse> Handle(DraftCharges command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (episode, now, policy) => DecideAsync(command, episode, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        DraftCharges command,
        Snapshot episode,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var view = EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value);
        if (CarePrograms.Of(view) is null || view.Patient.Reference is not { } patient)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "The episode is of no programme: its type has no code of one, as $enroll gives it.",
                EpisodeOfCareView.At.Type
            );
        var day = command.Month?.DayIn(policy.TimeZone) ?? policy.Today(now);
        var record = await billing.RecordAsync(patient, day, cancellationToken);
        var month = ProgramMonths.Of(record, day, policy, now);
        return new Decision(episode.Key, ChargeDrafts.Of(month, record.Charges.ToDictionary(c => c.Key), now))
        {
            Activity = "draft-charges",
            RestsOnAll = true,
        };
    }
}
