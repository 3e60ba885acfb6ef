using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Where a plan stands.</summary>
/// <param name="AsOf">Null: now.</param>
public sealed record ShowProgress(ResourceKey Key, CareDate? AsOf) : FhirInteraction("$progress", Key.Type, Key.Id)
{
    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "progress",
        "Where the plan stands: activities done, goals by achievement, what is overdue and due next, and minutes worked.",
        input => new ShowProgress(input.Key, input.Date("asOf"))
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new(
                "asOf",
                Take.Time,
                "The instant, or the day at whose end, it is told what is overdue; now where it is left out."
            ),
        ],
    };
}

internal sealed class ShowProgressHandler(CareReads reads, CarePolicies policies, TimeProvider time)
    : IRequestHandler<ShowProgress, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowProgress show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } plan)
            return Failure.NotFound($"There is no {show.Key}.");
        var members = new PlanMembers(await reads.MembersOfAsync(plan, cancellationToken));
        var calendar = (await policies.OfAsync(plan, cancellationToken)).Calendar;
        var asOf = calendar.EndOf(show.AsOf ?? time.GetUtcNow());
        var progress = PlanProgress.Of(plan, members, calendar, asOf);
        return FhirResponse.Of(new BytesContent(progress.ToParameters().ToUtf8Json()));
    }
}
