using System.Collections.Immutable;
using CareCoordination.Workflow.Lifecycles;
using static CareCoordination.Workflow.Referrals.BusinessStatuses;

namespace CareCoordination.Workflow.Referrals;

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
            Plain("draft", "requested", Mover.Requester, "send"),
            Plain("requested", "accepted", Mover.Owner, "accept"),
            Plain("requested", "rejected", Mover.Owner, "decline"),
            Plain("requested", "cancelled", Mover.Either, "cancel"),
            Plain("accepted", "in-progress", Mover.Owner, "start"),
            Plain("accepted", "on-hold", Mover.Owner, "hold"),
            Plain("accepted", "rejected", Mover.Owner, "decline"),
            Plain("accepted", "completed", Mover.Owner, "complete"),
            Plain("accepted", "failed", Mover.Owner, "fail"),
            Plain("accepted", "cancelled", Mover.Either, "cancel"),
            Plain("in-progress", "on-hold", Mover.Owner, "hold"),
            Plain("in-progress", "completed", Mover.Owner, "complete"),
            Plain("in-progress", "failed", Mover.Owner, "fail"),
            Plain("in-progress", "cancelled", Mover.Either, "cancel"),
            Plain("on-hold", "in-progress", Mover.Owner, "resume"),
            Plain("on-hold", "completed", Mover.Owner, "complete"),
            Plain("on-hold", "failed", Mover.Owner, "fail"),
            Plain("on-hold", "cancelled", Mover.Either, "cancel"),
        ];

    /// <summary>What plain R4 has beside these: <c>received</c> and <c>ready</c>. https://hl7.org/fhir/R4/task.html#statemachine</summary>
    public static ImmutableArray<ReferralStep> R4Only =>
        [
            Plain("requested", "received", Mover.Owner, "receive"),
            Plain("received", "accepted", Mover.Owner, "accept"),
            Plain("received", "rejected", Mover.Owner, "decline"),
            Plain("received", "cancelled", Mover.Either, "cancel"),
            Plain("accepted", "ready", Mover.Owner, "make ready"),
            Plain("ready", "in-progress", Mover.Owner, "start"),
            Plain("ready", "cancelled", Mover.Either, "cancel"),
            Plain("in-progress", "ready", Mover.Owner, "stop"),
            Plain("in-progress", "rejected", Mover.Owner, "decline"),
        ];

    /// <summary>
    /// The harmonised state transitions of BSeR and 360X.
    /// https://hl7.org/fhir/us/bser/workflow_management_resources.html#trigger-events-and-state-transitions
    /// </summary>
    public static ImmutableArray<ReferralStep> Bser =>
        [
            new(new("draft"), Received, Mover.Requester, "send referral package"),
            .. To(new("accepted", Accepted), Mover.Owner, "send acceptance", Received),
            .. To(
                new("rejected", Declined),
                Mover.Owner,
                "send decline",
                [Received, AcceptedState, .. During(Scheduled, NoShow, AppointmentCancelled, Visited)]
            ),
            .. To(
                Asked,
                Mover.Requester,
                AskToCancel,
                [Received, AcceptedState, .. During(Scheduled, NoShow, AppointmentCancelled, Visited)]
            ),
            .. To(
                new("in-progress", Scheduled),
                Mover.Owner,
                "send schedule or reschedule",
                [AcceptedState, .. During(Scheduled, NoShow, AppointmentCancelled, Visited)]
            ),
            .. To(new("in-progress", NoShow), Mover.Owner, "send no-show", During(Scheduled)),
            .. To(
                new("in-progress", AppointmentCancelled),
                Mover.Owner,
                "send appointment cancel",
                During(Scheduled, NoShow, Visited)
            ),
            .. To(
                new("in-progress", Visited),
                Mover.Owner,
                "send interim consultation note",
                [AcceptedState, .. During(Scheduled, Visited)]
            ),
            .. To(new("cancelled", Cancelled), Mover.Owner, "send cancellation confirmation", Asked),
            .. To(
                new("completed", Completed),
                Mover.Owner,
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
        Mover by,
        string @event,
        params IEnumerable<ReferralState> from
    ) => from.Select(f => new ReferralStep(f, to, by, @event));

    private static ReferralStep Plain(string from, string to, Mover by, string @event) =>
        new(new(from), new(to), by, @event);
}
