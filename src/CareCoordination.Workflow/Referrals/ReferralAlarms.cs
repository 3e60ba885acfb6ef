using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>A threshold of a referral Task, remembered on it in <c>escalated</c> so that it is crossed once.</summary>
public readonly record struct ReferralAlarm(string Code, DateTimeOffset At);

/// <summary>
/// When a partner is late: it does not answer, accepted work stands still, or a cancellation stays unconfirmed. Each threshold
/// is crossed exactly once; a partner that moves begins the stalling thresholds anew.
/// </summary>
public static class ReferralAlarms
{
    public const string NoAnswer = "no-answer";
    public const string NoAnswerLead = "no-answer-lead";
    public const string Stalled = "stalled";
    public const string StalledLead = "stalled-lead";
    public const string CancelUnconfirmed = "cancel-unconfirmed";

    /// <summary>Every code, in the order in which a referral may meet them.</summary>
    public static readonly ImmutableArray<string> All =
    [
        NoAnswer,
        NoAnswerLead,
        Stalled,
        StalledLead,
        CancelUnconfirmed,
    ];

    /// <summary>When to look at the Task next; null: no more, or it is no referral to a partner.</summary>
    public static DateTimeOffset? NextAt(TaskDraft task, ReferralDesk desk) =>
        Pending(task, desk).Select(a => (DateTimeOffset?)a.At).Min();

    /// <summary>
    /// What is to be done about the thresholds that are crossed by now; null where none is.
    /// </summary>
    public static Decision? Cross(Snapshot snapshot, Snapshot? request, ReferralDesk desk)
    {
        var task = new TaskDraft(snapshot);
        var crossed = Pending(task, desk).Where(a => a.At <= desk.Now).Select(a => a.Code).ToArray();
        if (crossed.Length == 0)
            return null;
        var fulfilled = request is { } read ? new ServiceRequestDraft(read) : null;
        var others = new List<ResourceDraft>();
        foreach (var code in crossed)
        {
            task.Edit.Extension.Add(new() { Url = CareExtensions.Escalated, ValueCode = code });
            others.Add(Work(code, task, fulfilled, desk));
        }

        if (fulfilled is not null)
            others.Add(fulfilled);
        // An escalation is no change of the referral: since when it stands still stays known.
        return Decision.Write("escalate", task, others);
    }

    /// <summary>The partner did something: it may stall again.</summary>
    internal static void BeginAnew(TaskDraft task) =>
        task.Edit.Extension.RemoveAll(e =>
            e.Url == CareExtensions.Escalated && (e.ValueCode is Stalled or StalledLead)
        );

    private static TaskDraft Work(string code, TaskDraft task, ServiceRequestDraft? request, ReferralDesk desk)
    {
        switch (code)
        {
            case NoAnswer:
                task.Flag(BusinessStatuses.OverdueAnswer);
                return ReferralWork.Chase.For(task, desk);
            case NoAnswerLead:
                return ReferralWork.ChaseLead.For(task, desk, toLead: true);
            case Stalled:
                return ReferralWork.Stalled.For(task, desk);
            case StalledLead:
                return ReferralWork.StalledLead.For(task, desk, toLead: true);
            default:
                ReferralFollowing.EndCalledOff(request);
                return ReferralWork.ConfirmCancel.For(task, desk);
        }
    }

    private static IEnumerable<ReferralAlarm> Pending(TaskDraft task, ReferralDesk desk)
    {
        if (task.Partner() is null || !task.IsReferral() || TaskLifecycle.Table.IsTerminal(task.Status))
            return [];
        var escalated = task.Escalated.ToHashSet();
        return Thresholds(task, desk).Where(a => !escalated.Contains(a.Code));
    }

    private static IEnumerable<ReferralAlarm> Thresholds(TaskDraft task, ReferralDesk desk)
    {
        var numbers = desk.Numbers;
        switch (task.Status)
        {
            case TaskStatusCodes.Requested when task.Due is { } due:
                yield return new(NoAnswer, due);
                yield return new(NoAnswerLead, desk.Calendar.DueInBusinessDays(due, numbers.LeadAfterNoAnswer));
                break;
            case TaskStatusCodes.InProgress when task.IsAskedToCancel():
                if (task.CancelRequested() is { } since)
                    yield return new(CancelUnconfirmed, desk.Calendar.DueInBusinessDays(since, numbers.CancelWithin));
                break;
            case TaskStatusCodes.Received
            or TaskStatusCodes.Accepted
            or TaskStatusCodes.Ready
            or TaskStatusCodes.InProgress:
                if ((task.Edit.LastModified ?? task.Edit.AuthoredOn)?.Instant is { } moved)
                {
                    yield return new(Stalled, moved.AddDays(numbers.StalledAfterDays));
                    yield return new(
                        StalledLead,
                        moved.AddDays(numbers.StalledAfterDays + numbers.LeadAfterStalledDays)
                    );
                }

                break;
        }
    }
}
