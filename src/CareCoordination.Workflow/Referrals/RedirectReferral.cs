using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
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
        Func<ResourceKey, bool> isKnownThere,
        IEnumerable<Snapshot> work,
        Reason? reason,
        ReferralContext context
    )
    {
        var request = new ServiceRequestDraft(snapshot);
        var attempts = reads.Attempts.Select(a => new TaskDraft(a)).Where(a => a.IsReferral()).ToArray();
        if (attempts.Length == 0)
            return RuleFailure.Of(
                "not-dispatched",
                $"{request.Reference} has gone to nobody yet: send it with $dispatch.",
                ResourceTypes.ServiceRequest
            );
        var open = attempts.Where(a => !a.IsTerminal).ToArray();
        if (open.Length > 0 && reason is null)
            return RuleFailure.Of(
                "reason-required",
                "What is under way is called off with a reason; send the parameter 'reason'.",
                "Parameters.parameter.where(name = 'reason')"
            );
        if (
            !DispatchReferral
                .Send(request, snapshot, attempts, order, reads, context)
                .TryGet(out var sent, out var failure)
        )
            return failure;
        if (open.FirstOrDefault(a => a.Partner() == order.Endpoint.Key.Id && a.Owner == sent.Task.Owner) is { } same)
            return RuleFailure.Of(
                "same-partner",
                $"{same.Reference} is with this partner already: name another one.",
                "Parameters.parameter.where(name = 'endpoint')"
            );
        foreach (var task in open)
            task.CallOff(reason!, isKnownThere(task.Key), context.Now);
        var answered = work.Select(w => new TaskDraft(w)).ToArray();
        ReferralWorkSteps.Finish(
            answered,
            context,
            ReferralWork.Reroute,
            ReferralWork.ReviewPlan,
            ReferralWork.ReviewWaitlist,
            ReferralWork.Chase,
            ReferralWork.ChaseLead,
            ReferralWork.Stalled,
            ReferralWork.StalledLead,
            ReferralWork.CopyGone,
            ReferralWork.CorrectData,
            ReferralWork.CallPartner
        );
        return Drafts.Write("redirect", sent.Task, [request, .. open, .. answered]).Noting(sent.Notes);
    }
}
