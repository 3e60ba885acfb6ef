using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;
using static CareCoordination.Workflow.Partners.BusinessStatuses;

namespace CareCoordination.Workflow.Partners;

/// <summary>The tables of <see cref="ReferralProfile"/>.</summary>
internal static class ReferralSteps
{
    public const string AskToCancel = "send cancellation request";

    /// <summary>
    /// The diagram of SDOH Clinical Care, and one step that it has not but partners make: a decline after acceptance.
    /// https://hl7.org/fhir/us/sdoh-clinicalcare/checking_task_status.html
    /// </summary>
    public static ImmutableArray<ReferralStep> Gravity =>
        [
            Plain("draft", "requested", ActorRelation.Requester, "send"),
            Plain("requested", "accepted", ActorRelation.Owner, "accept"),
            Plain("requested", "rejected", ActorRelation.Owner, "decline"),
            Plain("requested", "cancelled", ActorRelation.Either, "cancel"),
            Plain("accepted", "in-progress", ActorRelation.Owner, "start"),
            Plain("accepted", "on-hold", ActorRelation.Owner, "hold"),
            Plain("accepted", "rejected", ActorRelation.Owner, "decline"),
            Plain("accepted", "completed", ActorRelation.Owner, "complete"),
            Plain("accepted", "failed", ActorRelation.Owner, "fail"),
            Plain("accepted", "cancelled", ActorRelation.Either, "cancel"),
            Plain("in-progress", "on-hold", ActorRelation.Owner, "hold"),
            Plain("in-progress", "completed", ActorRelation.Owner, "complete"),
            Plain("in-progress", "failed", ActorRelation.Owner, "fail"),
            Plain("in-progress", "cancelled", ActorRelation.Either, "cancel"),
            Plain("on-hold", "in-progress", ActorRelation.Owner, "resume"),
            Plain("on-hold", "completed", ActorRelation.Owner, "complete"),
            Plain("on-hold", "failed", ActorRelation.Owner, "fail"),
            Plain("on-hold", "cancelled", ActorRelation.Either, "cancel"),
        ];

    /// <summary>What plain R4 has beside these: <c>received</c> and <c>ready</c>. https://hl7.org/fhir/R4/task.html#statemachine</summary>
    public static ImmutableArray<ReferralStep> R4Only =>
        [
            Plain("requested", "received", ActorRelation.Owner, "receive"),
            Plain("received", "accepted", ActorRelation.Owner, "accept"),
            Plain("received", "rejected", ActorRelation.Owner, "decline"),
            Plain("received", "cancelled", ActorRelation.Either, "cancel"),
            Plain("accepted", "ready", ActorRelation.Owner, "make ready"),
            Plain("ready", "in-progress", ActorRelation.Owner, "start"),
            Plain("ready", "cancelled", ActorRelation.Either, "cancel"),
            Plain("in-progress", "ready", ActorRelation.Owner, "stop"),
            Plain("in-progress", "rejected", ActorRelation.Owner, "decline"),
        ];

    /// <summary>
    /// The harmonised state transitions of BSeR and 360X.
    /// https://hl7.org/fhir/us/bser/workflow_management_resources.html#trigger-events-and-state-transitions
    /// </summary>
    public static ImmutableArray<ReferralStep> Bser =>
        [
            new(new("draft"), Received, ActorRelation.Requester, "send referral package"),
            .. To(new("accepted", Accepted), ActorRelation.Owner, "send acceptance", Received),
            .. To(
                new("rejected", Declined),
                ActorRelation.Owner,
                "send decline",
                [Received, AcceptedState, .. During(Scheduled, NoShow, AppointmentCancelled, Visited)]
            ),
            .. To(
                Asked,
                ActorRelation.Requester,
                AskToCancel,
                [Received, AcceptedState, .. During(Scheduled, NoShow, AppointmentCancelled, Visited)]
            ),
            .. To(
                new("in-progress", Scheduled),
                ActorRelation.Owner,
                "send schedule or reschedule",
                [AcceptedState, .. During(Scheduled, NoShow, AppointmentCancelled, Visited)]
            ),
            .. To(new("in-progress", NoShow), ActorRelation.Owner, "send no-show", During(Scheduled)),
            .. To(
                new("in-progress", AppointmentCancelled),
                ActorRelation.Owner,
                "send appointment cancel",
                During(Scheduled, NoShow, Visited)
            ),
            .. To(
                new("in-progress", Visited),
                ActorRelation.Owner,
                "send interim consultation note",
                [AcceptedState, .. During(Scheduled, Visited)]
            ),
            .. To(new("cancelled", Cancelled), ActorRelation.Owner, "send cancellation confirmation", Asked),
            .. To(
                new("completed", Completed),
                ActorRelation.Owner,
                "send referral outcome",
                [AcceptedState, .. During(Scheduled, Visited), Asked]
            ),
        ];

    private static ReferralState Received => new("received", Created);

    private static ReferralState AcceptedState => new("accepted", Accepted);

    private static ReferralState Asked => new("in-progress", CancellationRequested);

    private static ReferralState[] During(params string[] events) =>
        [.. events.Select(e => new ReferralState("in-progress", e))];

    private static IEnumerable<ReferralStep> To(
        ReferralState to,
        ActorRelation by,
        string @event,
        params IEnumerable<ReferralState> from
    ) => from.Select(f => new ReferralStep(f, to, by, @event));

    private static ReferralStep Plain(string from, string to, ActorRelation by, string @event) =>
        new(new(from), new(to), by, @event);
}
