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
    /// confirms by itself waits for that. What people were asked to do about the delivery is done.
    /// </summary>
    /// <param name="attempts">All Tasks that fulfil the request: it ends when none of them is open.</param>
    /// <param name="work">Open Tasks that the referral gave people here.</param>
    public static Decision? Delivered(
        Snapshot task,
        Snapshot? request,
        IEnumerable<Snapshot> attempts,
        OutgoingKind kind,
        IEnumerable<Snapshot> work,
        ReferralContext context
    )
    {
        var told = new TaskDraft(task);
        var done = Finished(told, work, context);
        if (kind == OutgoingKind.Cancel && told.IsTerminal && request is { } read)
        {
            var ended = new ServiceRequestDraft(read);
            var isOpenElsewhere = attempts.Select(a => new TaskDraft(a)).Any(t => t.IsReferral() && !t.IsTerminal);
            if (!isOpenElsewhere && ReferralFollowing.EndCalledOff(ended))
                return Drafts.Write("cancel-confirmed", ended, [told, .. done]);
        }

        return done.Count == 0 ? null : Drafts.Write("deliver", told, done);
    }

    /// <summary>A message has nothing to say any more, or was given up: nobody has to do anything about it.</summary>
    /// <param name="work">Open Tasks that the referral gave people here.</param>
    public static Decision? Ended(Snapshot task, IEnumerable<Snapshot> work, ReferralContext context)
    {
        var told = new TaskDraft(task);
        var done = Finished(told, work, context);
        return done.Count == 0 ? null : Drafts.Write("deliver", told, done);
    }

    /// <summary>
    /// It did not arrive: somebody has to correct something, or to call. The Task stays as it is. Of these there is one for a referral:
    /// what is open says what happened last, and what is not to be done any more is completed.
    /// </summary>
    /// <param name="work">Open Tasks that the referral gave people here.</param>
    public static Decision Failed(
        Snapshot task,
        DeliveryProblem problem,
        IEnumerable<Snapshot> work,
        ReferralContext context
    )
    {
        var referral = new TaskDraft(task);
        TaskDraft[] open = [.. About(referral, work)];
        var asked = open.FirstOrDefault(t => t.Is(problem.Work));
        ReferralWorkSteps.Finish(
            open.Where(t => t != asked),
            context,
            ReferralWork.CorrectData,
            ReferralWork.CallPartner
        );
        if (asked is null)
            asked = problem.Work.For(referral, context);
        else
            asked.Edit.Description = problem.Work.Meaning;
        if (problem.Note is { } note && asked.Edit.Note.LastOrDefault()?.Text != note)
            asked.AddNote(note, context.By, context.Now);
        if (asked.IsChanged)
            asked.Touch(context.Now);
        return Drafts.Write("deliver", asked, [referral, .. open]);
    }

    /// <summary>The partner has deleted its copy: somebody has to ask. Null where nothing is expected of it, or somebody was told.</summary>
    /// <param name="work">Open Tasks that the referral gave people here.</param>
    public static Decision? CopyGone(Snapshot task, IEnumerable<Snapshot> work, ReferralContext context)
    {
        var referral = new TaskDraft(task);
        var isTold = work.Select(w => new TaskDraft(w))
            .Any(t => !t.IsTerminal && t.Is(ReferralWork.CopyGone) && t.Edit.Focus.Target() == referral.Reference);
        return referral.IsTerminal || isTold
            ? null
            : Drafts.Write("deliver", ReferralWork.CopyGone.For(referral, context), referral);
    }

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

    private static IReadOnlyCollection<TaskDraft> Finished(
        TaskDraft referral,
        IEnumerable<Snapshot> work,
        ReferralContext context
    )
    {
        TaskDraft[] open = [.. About(referral, work)];
        ReferralWorkSteps.Finish(open, context, ReferralWork.CorrectData, ReferralWork.CallPartner);
        return open;
    }

    /// <summary>What people were asked to do about deliveries of this referral.</summary>
    private static IEnumerable<TaskDraft> About(TaskDraft referral, IEnumerable<Snapshot> work) =>
        work.Select(w => new TaskDraft(w))
            .Where(t =>
                !t.IsTerminal
                && t.Edit.Focus.Target() == referral.Reference
                && (t.Is(ReferralWork.CorrectData) || t.Is(ReferralWork.CallPartner))
            );
}
