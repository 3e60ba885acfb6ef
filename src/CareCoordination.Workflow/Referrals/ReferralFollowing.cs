using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using static CareCoordination.Workflow.Partners.BusinessStatuses;

namespace CareCoordination.Workflow.Referrals;

/// <summary>What changed of a referral Task.</summary>
/// <param name="Was">Its state before.</param>
internal readonly record struct ReferralChange(ReferralState Was, bool HasNewOutput, bool WasPending = false);

/// <summary>
/// What follows for people here when a referral moves, whoever told it: a poll, a message, or the partner's own client on this
/// server.
/// </summary>
internal static class ReferralFollowing
{
    private const string GravityCodes = SocialNeeds.Domains;

    /// <param name="task">As it is now; what it has to remember is put on it.</param>
    /// <param name="request">May end with it; null where it is gone.</param>
    /// <returns>New Tasks.</returns>
    public static IEnumerable<TaskDraft> Of(
        TaskDraft task,
        ReferralChange change,
        ServiceRequestDraft? request,
        ReferralContext context
    )
    {
        var now = ReferralState.Of(task);
        if (change.Was.Status == task.Status)
            return
            [
                .. task.Status == TaskStatusCodes.Cancelled && change.HasNewOutput
                    ? [ReferralWork.ReadLateOutcome.For(task, context)]
                    : Array.Empty<TaskDraft>(),
                .. AfterNoShow(task, change.Was, now, context),
            ];
        return
        [
            .. task.Status switch
            {
                TaskStatusCodes.Rejected or TaskStatusCodes.Failed => [WithoutHelp(task, context)],
                TaskStatusCodes.Cancelled => Cancelled(task, request, context),
                TaskStatusCodes.Completed => Completed(task, change, request, context),
                TaskStatusCodes.OnHold when Capacity(task) is not null => [WithoutHelp(task, context)],
                _ => Array.Empty<TaskDraft>(),
            },
            .. AfterNoShow(task, change.Was, now, context),
        ];
    }

    /// <summary>The request ends because its last attempt did; true where it did.</summary>
    public static bool EndCalledOff(ServiceRequestDraft? request)
    {
        if (request?.CancelRequested() is null || !request.IsOpen)
            return false;
        request.Status = RequestStatusCodes.Revoked;
        return true;
    }

    /// <summary>The partner declined, gave up, or has no place.</summary>
    private static TaskDraft WithoutHelp(TaskDraft task, ReferralContext context) =>
        Capacity(task) is "waitlist" or "additional-assessment-required" or "not-enrolled-on-waitlist"
            ? ReferralWork.ReviewWaitlist.For(task, context)
        : task.Attempt() >= context.Numbers.MostAttempts ? ReferralWork.ReviewPlan.For(task, context)
        : ReferralWork.Reroute.For(task, context);

    private static IEnumerable<TaskDraft> Cancelled(
        TaskDraft task,
        ServiceRequestDraft? request,
        ReferralContext context
    )
    {
        if (EndCalledOff(request) || task.CancelRequested() is not null)
            yield break;
        yield return WithoutHelp(task, context);
    }

    private static IEnumerable<TaskDraft> Completed(
        TaskDraft task,
        ReferralChange change,
        ServiceRequestDraft? request,
        ReferralContext context
    )
    {
        var wasCalledOff =
            change.Was.Status == TaskStatusCodes.Cancelled || change.Was.Business == CancellationRequested;
        if (wasCalledOff)
        {
            // Whether the request ends is to be decided anew: what it was called off for has happened.
            request?.Extensions.RemoveAll(e => e.Url == CareExtensions.CancelRequested);
            yield return ReferralWork.DecideOutcome.For(task, context);
        }
        else if (!CloseLoop.HasEvidence(task))
        {
            task.Flag(ClosedWithoutReport);
            yield return ReferralWork.ObtainReport.For(task, context);
        }
        else if (context.Numbers.CloseAutomatically && request is { IsOpen: true })
        {
            request.Status = RequestStatusCodes.Completed;
            yield return CloseLoop.AskLater(task, context);
        }
        else
        {
            yield return ReferralWork.CloseLoop.For(task, context);
        }
    }

    /// <summary>The patient did not come.</summary>
    private static IEnumerable<TaskDraft> AfterNoShow(
        TaskDraft task,
        ReferralState was,
        ReferralState now,
        ReferralContext context
    )
    {
        if (now.Business != NoShow || was.Business == NoShow)
            yield break;
        var count = CheckedNumber.Next(task.NoShows());
        task.Edit.Extension.Put(new() { Url = CareExtensions.NoShows, ValuePositiveInt = count });
        yield return count >= context.Numbers.MostNoShows
            ? ReferralWork.ProposeToEnd.For(task, context)
            : ReferralWork.ReachOut.For(task, context);
    }

    /// <summary>
    /// What the partner says of its capacity, in an output or the reason of the status.
    /// https://hl7.org/fhir/us/sdoh-clinicalcare/capacity.html
    /// </summary>
    private static string? Capacity(TaskDraft task) =>
        task
            .Edit.Output.SelectMany(o => o.ValueCodeableConcept.Coding)
            .Concat(task.Edit.StatusReason.Coding)
            .Concat(task.Edit.BusinessStatus.Coding)
            .Where(c => c.System == GravityCodes)
            .Select(c => c.Code)
            .FirstOrDefault(c =>
                c is "no-capacity" or "waitlist" or "additional-assessment-required" or "not-enrolled-on-waitlist"
            );
}
