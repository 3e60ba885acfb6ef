using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary><c>ServiceRequest/$redirect</c>: another partner is asked for the same.</summary>
public static class RedirectReferral
{
    /// <summary>
    /// Calls off what is under way, and makes the Task of the next attempt: in the same group, counted. Answers that Task.
    /// 422 <c>not-dispatched</c>, <c>same-partner</c>, <c>reason-required</c>, and as for <see cref="DispatchReferral"/>.
    /// </summary>
    /// <param name="isKnownThere">Whether a partner may have heard of a Task.</param>
    /// <param name="work">Open Tasks that the referral gave people here; those that this answers end.</param>
    public static Result<Decision> Redirect(
        Snapshot snapshot,
        DispatchOrder order,
        DispatchReads reads,
        Func<Snapshot, bool> isKnownThere,
        IEnumerable<Snapshot> work,
        Reason? reason,
        ReferralDesk desk
    )
    {
        var request = new ServiceRequestDraft(snapshot);
        var attempts = reads
            .Attempts.Select(a => (Task: new TaskDraft(a), Read: a))
            .Where(a => a.Task.IsReferral())
            .ToArray();
        if (attempts.Length == 0)
            return Refuse.Rule(
                "not-dispatched",
                $"{request.Reference} has gone to nobody yet: send it with $dispatch.",
                "ServiceRequest"
            );
        var open = attempts.Where(a => !a.Task.IsTerminal).ToArray();
        if (open.Length > 0 && reason is null)
            return Refuse.Rule(
                "reason-required",
                "What is under way is called off with a reason; send the parameter 'reason'.",
                "Parameters.parameter"
            );
        if (
            !DispatchReferral
                .Send(request, snapshot, [.. attempts.Select(a => a.Task)], order, reads, desk)
                .TryGet(out var sent, out var failure)
        )
            return failure;
        if (
            open.FirstOrDefault(a => a.Task.Partner() == order.Endpoint.Key.Id && a.Task.Owner == sent.Task.Owner) is
            { Task: { } same }
        )
            return Refuse.Rule(
                "same-partner",
                $"{same.Reference} is with this partner already: name another one.",
                "Parameters.parameter"
            );
        foreach (var (task, read) in open)
            CancelReferral.CallOff(task, reason!, isKnownThere(read), desk);
        var answered = work.Select(w => new TaskDraft(w)).ToArray();
        ReferralWorkSteps.Finish(
            answered,
            desk,
            ReferralWork.Reroute,
            ReferralWork.ReviewPlan,
            ReferralWork.ReviewWaitlist,
            ReferralWork.Chase,
            ReferralWork.ChaseLead,
            ReferralWork.Stalled,
            ReferralWork.StalledLead
        );
        return Decision
            .Write("redirect", sent.Task, [request, .. open.Select(o => o.Task), .. answered])
            .Noting(sent.Notes);
    }
}
