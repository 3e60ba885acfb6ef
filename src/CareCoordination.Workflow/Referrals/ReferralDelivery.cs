using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>
/// What the delivery of a message means for the referral. The delivery's own state is never in the Task; these say who has to do
/// something because of it. Null where nobody has.
/// </summary>
public static class ReferralDelivery
{
    /// <summary>
    /// A message arrived. Where it was a direct cancellation the request that was called off ends with it; the Task of a partner that
    /// confirms by itself waits for that.
    /// </summary>
    /// <param name="attempts">All Tasks that fulfil the request: it ends when none of them is open.</param>
    public static Decision? Delivered(
        Snapshot task,
        Snapshot? request,
        IEnumerable<Snapshot> attempts,
        OutgoingKind kind
    )
    {
        var told = new TaskDraft(task);
        if (kind != OutgoingKind.Cancel || !told.IsTerminal || request is not { } read)
            return null;
        var ended = new ServiceRequestDraft(read);
        var isOpenElsewhere = attempts.Select(a => new TaskDraft(a)).Any(t => t.IsReferral() && !t.IsTerminal);
        return !isOpenElsewhere && ReferralFollowing.EndCalledOff(ended)
            ? Drafts.Write("cancel-confirmed", ended, told)
            : null;
    }

    /// <summary>The partner refuses it (400, 422, 401, 404): somebody has to correct something. The Task stays as it is.</summary>
    public static Decision Refused(Snapshot task, ReferralContext context) =>
        Ask(task, ReferralWork.CorrectData, context);

    /// <summary>Nothing arrived in all the time there was: somebody has to call.</summary>
    public static Decision Unreachable(Snapshot task, ReferralContext context) =>
        Ask(task, ReferralWork.CallPartner, context);

    /// <summary>
    /// A consent that it rests on was withdrawn, or denies it, before it left: nothing goes. What never left is cancelled; a partner
    /// that knows of it already is told to stop. The request ends.
    /// </summary>
    /// <param name="isKnownThere">True where an earlier message reached the partner.</param>
    public static Decision Withheld(
        Snapshot task,
        Snapshot? request,
        DisclosureVerdict verdict,
        bool isKnownThere,
        ReferralContext context
    )
    {
        var stopped = new TaskDraft(task);
        var ended = request is { } read ? new ServiceRequestDraft(read) : null;
        var reason = new Reason(
            $"Nothing may go to the partner: {verdict.Withheld}.",
            CareExtensions.ReferralStatusSystem,
            verdict.Withheld
        );
        if (!stopped.IsTerminal)
            stopped.CallOff(reason, isKnownThere, context.Now);
        if (ended is { IsOpen: true })
            ended.Status = RequestStatusCodes.Revoked;
        var decision = Drafts.Write("withhold", stopped, ended is null ? [] : [ended]);
        return isKnownThere ? decision : decision with { Outgoing = [] };
    }

    private static Decision Ask(Snapshot task, ReferralWork work, ReferralContext context)
    {
        var referral = new TaskDraft(task);
        var asked = work.For(referral, context);
        return Drafts.Write("deliver", asked, referral);
    }
}
