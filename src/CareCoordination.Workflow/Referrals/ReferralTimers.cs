using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Referrals;

/// <summary>
/// When a partner is late: it does not answer, accepted work stands still, or a cancellation stays unconfirmed. Each threshold
/// is crossed exactly once; a partner that moves begins the stalling thresholds anew.
/// </summary>
public static class ReferralTimers
{
    public const string NoAnswer = "no-answer";
    public const string NoAnswerLead = "no-answer-lead";
    public const string Stalled = "stalled";
    public const string StalledLead = "stalled-lead";
    public const string CancelUnconfirmed = "cancel-unconfirmed";

    /// <summary>Every threshold, in the order in which a referral may meet them.</summary>
    public static readonly ImmutableArray<OwnCode> All =
    [
        new(NoAnswer, "The partner of a referral has not answered in time."),
        new(NoAnswerLead, "The partner of a referral has not answered after a reminder."),
        new(Stalled, "A referral that the partner accepted stands still."),
        new(StalledLead, "A referral that the partner accepted still stands still after a reminder."),
        new(CancelUnconfirmed, "The partner of a referral has not confirmed that it stops."),
    ];

    /// <summary>What is to be done about the thresholds that are crossed by now; null where none is.</summary>
    public static Decision? Cross(Snapshot snapshot, Snapshot? request, ReferralContext context)
    {
        var task = new TaskDraft(snapshot);
        var crossed = Pending(task, context.Calendar, context.Numbers)
            .Where(a => a.At <= context.Now)
            .Select(a => a.Code)
            .ToArray();
        if (crossed.Length == 0)
            return null;
        var fulfilled = request is { } read ? new ServiceRequestDraft(read) : null;
        var others = new List<ResourceDraft>();
        foreach (var code in crossed)
        {
            task.Edit.Extension.Add(new() { Url = CareExtensions.Escalated, ValueCode = code });
            others.Add(Work(code, task, fulfilled, context));
        }

        if (fulfilled is not null)
            others.Add(fulfilled);
        // An escalation is no change of the referral: since when it stands still stays known.
        return Drafts.Write("escalate", task, others);
    }

    /// <summary>The partner did something: it may stall again.</summary>
    internal static void BeginAnew(TaskDraft task) =>
        task.Edit.Extension.RemoveAll(e =>
            e.Url == CareExtensions.Escalated && (e.ValueCode is Stalled or StalledLead)
        );

    private static TaskDraft Work(string code, TaskDraft task, ServiceRequestDraft? request, ReferralContext context)
    {
        switch (code)
        {
            case NoAnswer:
                task.Flag(BusinessStatuses.OverdueAnswer);
                return ReferralWork.Chase.For(task, context);
            case NoAnswerLead:
                return ReferralWork.ChaseLead.For(task, context, toLead: true);
            case Stalled:
                return ReferralWork.Stalled.For(task, context);
            case StalledLead:
                return ReferralWork.StalledLead.For(task, context, toLead: true);
            default:
                ReferralFollowing.EndCalledOff(request);
                return ReferralWork.ConfirmCancel.For(task, context);
        }
    }

    /// <summary>The earliest threshold that the Task has not crossed; null where there is none.</summary>
    public static DateTimeOffset? NextAt(ResourceDocument resource, CarePolicy policy) =>
        Pending(resource, policy).Select(a => (DateTimeOffset?)a.At).Min();

    /// <summary>The thresholds that the Task has crossed and does not remember.</summary>
    public static IEnumerable<string> Crossed(ResourceDocument resource, CarePolicy policy, DateTimeOffset now) =>
        Pending(resource, policy).Where(a => a.At <= now).Select(a => a.Code);

    private static IEnumerable<Threshold> Pending(ResourceDocument resource, CarePolicy policy)
    {
        if (!ReferralTask.IsSent(TaskView.From(resource)))
            return [];
        var task = new TaskDraft(new Snapshot(new(ResourceTypes.Task, resource.Id ?? ""), 1, resource.Utf8));
        return Pending(task, policy.Calendar, RulesOf(task, policy).Referrals);
    }

    /// <summary>A referral is judged by the rules of the day on which it was sent.</summary>
    internal static CareRules RulesOf(TaskDraft task, CarePolicy policy) =>
        policy.RulesAt(
            CareDate.Of(task.Edit.AuthoredOn) is { } sent ? policy.Calendar.StartOf(sent) : DateTimeOffset.MinValue
        );

    private static IEnumerable<Threshold> Pending(TaskDraft task, BusinessCalendar calendar, ReferralRules numbers)
    {
        if (task.Partner() is null || !task.IsReferral() || TaskLifecycle.Table.IsTerminal(task.Status))
            return [];
        var escalated = task.Escalated.ToHashSet();
        return Thresholds(task, calendar, numbers)
            .Where(a => !escalated.Contains(a.Code))
            .SelectMany(a => a.At.UnlessNever() is { } at ? [new Threshold(a.Code, at)] : Array.Empty<Threshold>());
    }

    /// <summary>When each threshold is crossed; null: never.</summary>
    private static (string Code, DateTimeOffset? At)[] Thresholds(
        TaskDraft task,
        BusinessCalendar calendar,
        ReferralRules numbers
    )
    {
        switch (task.Status)
        {
            case TaskStatusCodes.Requested
                when task.Due is { } date && calendar.EndOf(date) is var due && !due.IsNever():
                return [(NoAnswer, due), (NoAnswerLead, calendar.DueInBusinessDays(due, numbers.LeadAfterNoAnswer))];
            case TaskStatusCodes.InProgress when task.IsAskedToCancel():
                return task.CancelRequested() is { } since
                    ? [(CancelUnconfirmed, calendar.DueInBusinessDays(since, numbers.CancelWithin))]
                    : [];
            case TaskStatusCodes.Received
            or TaskStatusCodes.Accepted
            or TaskStatusCodes.Ready
            or TaskStatusCodes.InProgress when CareDate.Of(task.Edit.LastModified ?? task.Edit.AuthoredOn) is { } moved:
                var stalled = calendar.StartOf(moved).PlusDays(numbers.StalledAfterDays);
                return [(Stalled, stalled), (StalledLead, stalled?.PlusDays(numbers.LeadAfterStalledDays))];
            default:
                return [];
        }
    }

    /// <summary>A threshold of a referral Task, remembered on it in <c>escalated</c> so that it is crossed once.</summary>
    private readonly record struct Threshold(string Code, DateTimeOffset At);
}
