using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Workflow.Referrals;

/// <summary>
/// <c>ServiceRequest/$cancel</c>: nobody needs it any more. Where the partner takes a cancellation the Task is cancelled at once;
/// where it confirms cancellations the Task is in progress with a cancellation requested, until the partner confirms or completes
/// it all the same. The request is revoked once that is confirmed, or when the time for it is over.
/// </summary>
public static class CancelReferral
{
    /// <summary>A request that is called off ends when the time for it is over, whatever the partner says or cannot be told.</summary>
    public static readonly TimerRule Unconfirmed = new("called-off", ResourceTypes.ServiceRequest, EndsAt, End);

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
            CallOff(task, reason!, isKnown, context);
            waits |= isKnown && task.Partner() is not null;
        }

        if (waits)
            request.MarkCancelRequested(context.Now);
        else
            request.Status = RequestStatusCodes.Revoked;
        var ended = work.Select(w => new TaskDraft(w)).ToArray();
        FinishTask.CancelAll(ended, new Reason($"{request.Reference} was called off."), context.Now);
        return Decision.Write("cancel", request, [.. open.Select(o => o.Task), .. ended]);
    }

    /// <summary>Cancels one Task, or asks its partner to.</summary>
    /// <param name="isKnownThere">False: it never left, so there is nobody to ask.</param>
    internal static void CallOff(TaskDraft task, Reason reason, bool isKnownThere, ReferralContext context) =>
        CallOff(task, reason, isKnownThere, context.Now);

    internal static void CallOff(TaskDraft task, Reason reason, bool isKnownThere, DateTimeOffset now)
    {
        if (task.IsAskedToCancel())
            return;
        Held.Clear(task);
        task.SetReason(reason);
        task.MarkCancelRequested(now);
        if (isKnownThere && task.Partner() is not null && ReferralProfile.Of(task).CancelsByHandshake)
        {
            task.Status = TaskStatusCodes.InProgress;
            task.Edit.BusinessStatus.SetBusiness(BusinessStatuses.CancellationRequested);
            task.ExecutionStart ??= now;
        }
        else
        {
            task.Status = TaskStatusCodes.Cancelled;
            if (task.ExecutionStart is not null)
                task.ExecutionEnd = now;
        }

        task.Touch(now);
    }

    private static DateTimeOffset? EndsAt(ResourceDocument resource, CarePolicy policy) =>
        // Most requests are not called off: a look at the extension tells.
        ExtensionView.Find(ServiceRequestView.From(resource).Extension, CareExtensions.CancelRequested)
            is { ValueDateTime.Instant: var since }
        && ServiceRequestView.From(resource).Status
            is RequestStatusCodes.Draft
                or RequestStatusCodes.Active
                or RequestStatusCodes.OnHold
            ? policy.Calendar.DueInBusinessDays(since, policy.RulesAt(since).Referrals.CancelWithin)
            : null;

    private static Result<Decision>? End(Snapshot snapshot, TimerContext timer)
    {
        var request = new ServiceRequestDraft(snapshot);
        return
            EndsAt(ResourceDocument.Parse(snapshot.Utf8Json).Value, timer.Policy) <= timer.Now
            && ReferralFollowing.EndCalledOff(request)
            ? Decision.Write("cancel", request)
            : (Result<Decision>?)null;
    }
}
