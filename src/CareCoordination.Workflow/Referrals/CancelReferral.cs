using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Referrals;

/// <summary>
/// <c>ServiceRequest/$cancel</c>: nobody needs it any more. Where the partner takes a cancellation the Task is cancelled at once;
/// where it confirms cancellations the Task is in progress with a cancellation requested, until the partner confirms or completes
/// it all the same. The request is revoked once that is confirmed, or when the time for it is over.
/// </summary>
public static class CancelReferral
{
    /// <param name="attempts">Tasks that fulfil the request, of any status.</param>
    /// <param name="isKnownThere">Whether a partner may have heard of a Task: what never left ends at once.</param>
    /// <param name="work">Open Tasks that the referral gave people here.</param>
    public static Result<Decision> Cancel(
        Snapshot snapshot,
        IEnumerable<Snapshot> attempts,
        Func<ResourceKey, bool> isKnownThere,
        IEnumerable<Snapshot> work,
        Reason? reason,
        ReferralContext context
    )
    {
        var request = new ServiceRequestDraft(snapshot);
        if (
            CommandGuard.Check(
                request,
                RequestStatusCodes.Revoked,
                "cancel",
                reason,
                CloseLoop.By(request, context.By)
            ) is
            { } failure
        )
            return failure;
        var open = attempts
            .Select(a => (Task: new TaskDraft(a), IsKnown: isKnownThere(a.Key)))
            .Where(a => a.Task.IsReferral() && !a.Task.IsTerminal)
            .ToArray();
        var waits = false;
        foreach (var (task, isKnown) in open)
        {
            task.CallOff(reason!, isKnown, context.Now);
            waits |= isKnown && task.Partner() is not null;
        }

        if (waits)
            request.MarkCancelRequested(context.Now);
        else
            request.Status = RequestStatusCodes.Revoked;
        var ended = work.Select(w => new TaskDraft(w)).ToArray();
        FinishTask.CancelAll(ended, new Reason($"{request.Reference} was called off."), context.Now);
        return Drafts.Write("cancel", request, [.. open.Select(o => o.Task), .. ended]);
    }

    /// <summary>When a request that is called off ends, whatever the partner says; null where it is not called off.</summary>
    public static DateTimeOffset? EndsAt(ResourceDocument resource, CarePolicy policy) =>
        // Most requests are not called off: a look at the extension tells.
        ExtensionView.Find(ServiceRequestView.From(resource).Extension, CareExtensions.CancelRequested)
            is { ValueDateTime.Instant: var since }
        && ServiceRequestView.From(resource).Status
            is RequestStatusCodes.Draft
                or RequestStatusCodes.Active
                or RequestStatusCodes.OnHold
            ? policy.Calendar.DueInBusinessDays(since, policy.RulesAt(since).Referrals.CancelWithin).UnlessNever()
            : null;
}
