using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Timers;

/// <summary>A request that is called off ends when the time for it is over, whatever the partner says or cannot be told.</summary>
public static class UnconfirmedCancellation
{
    public static readonly TimerRule Rule = new(
        "called-off",
        ResourceTypes.ServiceRequest,
        CancelReferral.EndsAt,
        Fire
    );

    private static Result<Decision>? Fire(Snapshot snapshot, TimerContext timer)
    {
        var request = new ServiceRequestDraft(snapshot);
        return
            CancelReferral.EndsAt(ResourceDocument.Parse(snapshot.Utf8Json).Value, timer.Policy) <= timer.Now
            && ReferralFollowing.EndCalledOff(request)
            ? Drafts.Write("cancel", request)
            : (Result<Decision>?)null;
    }
}
