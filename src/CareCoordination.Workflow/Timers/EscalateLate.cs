using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Workflow.Timers;

/// <summary>
/// A task that crosses thresholds of lateness: its owner is told by a Communication, a lead by a Task. What nobody owns is a lead's to
/// look at from the first. A lead has one Task about one that is late: a further threshold raises it, and of several that are crossed
/// at once the highest counts.
/// </summary>
public static class EscalateLate
{
    private const string Activity = "escalate";
    private const string Patient = ResourceTypes.Patient + "/";

    public static readonly TimerRule Rule = new("lateness", ResourceTypes.Task, NextAt, Fire)
    {
        NeedsParts = true,
        Crossed = Crossed,
    };

    // A task is judged by the rules of the day on which it was due.
    private static DateTimeOffset? NextAt(ResourceDocument resource, CarePolicy policy)
    {
        var task = TaskView.From(resource);
        return OpenWork.Of(task) is { Due: { } due }
            ? Lateness.NextAt(task, policy.RulesAt(policy.Calendar.EndOf(due)).Lateness, policy.Calendar)
            : null;
    }

    private static IEnumerable<string> Crossed(ResourceDocument resource, CarePolicy policy, DateTimeOffset now)
    {
        var task = TaskView.From(resource);
        return OpenWork.Of(task) is { Due: { } due }
            ? Lateness
                .Crossed(task, policy.RulesAt(policy.Calendar.EndOf(due)).Lateness, policy.Calendar, now)
                .Select(threshold => threshold.Code)
            : [];
    }

    private static Result<Decision>? Fire(Snapshot snapshot, TimerContext timer)
    {
        var task = new TaskDraft(snapshot);
        if (task is not { Due: { } due, Original: { } original })
            return null;
        var (policy, now) = (timer.Policy, timer.Now);
        var rules = policy.RulesAt(policy.Calendar.EndOf(due));
        var crossed = Lateness.Crossed(TaskView.From(original), rules.Lateness, policy.Calendar, now);
        if (crossed.IsEmpty)
            return null;
        foreach (var threshold in crossed)
            task.Edit.Extension.Add(new() { Url = CareExtensions.Escalated, ValueCode = threshold.Code });
        var toLead = crossed.Where(t => t.ToLead || References.Outside(task.Owner) is null).ToImmutableArray();
        ResourceDraft[] told =
        [
            .. crossed.Except(toLead).Select(threshold => Reminder(task, threshold, now, timer.NewId())),
            .. ToLead(task, toLead, rules, timer),
        ];
        return TaskSteps.Done(task, Activity, now, told);
    }

    /// <summary>The Task of the lead: a new one, or the one that is open, at the highest threshold.</summary>
    private static IEnumerable<TaskDraft> ToLead(
        TaskDraft task,
        ImmutableArray<LatenessThreshold> crossed,
        CareRules rules,
        TimerContext timer
    )
    {
        if (crossed.IsEmpty)
            yield break;
        // A further threshold is never below one that was crossed before: the days are the same or more.
        var highest = crossed.OrderBy(t => t.BusinessDaysAfterDue).ThenBy(t => rules.Lateness.IndexOf(t)).Last();
        var reason = ReasonOf(highest);
        if (TaskEscalation.Open(task, timer.Parts) is { } open)
        {
            TaskEscalation.Raise(open, reason, timer.By, timer.Now);
            yield return open;
            yield break;
        }

        yield return TaskEscalation.Escalation(
            task,
            to: null,
            timer.Policy.Calendar.DueInBusinessDays(timer.Now, 1),
            reason,
            timer.By,
            timer.Now,
            timer.NewId()
        );
    }

    private static CodeableConceptEditor ReasonOf(LatenessThreshold threshold) =>
        TaskWords.Code(
            CareExtensions.LatenessSystem,
            threshold.Code,
            threshold.BusinessDaysAfterDue switch
            {
                0 => "Overdue",
                1 => "Overdue for a business day",
                var days => $"Overdue for {days} business days",
            }
        );

    /// <summary>https://hl7.org/fhir/R4/communication.html: sent by being stored; who subscribes gets it.</summary>
    private static CommunicationDraft Reminder(
        TaskDraft task,
        LatenessThreshold threshold,
        DateTimeOffset now,
        string id
    ) =>
        new(id)
        {
            Edit =
            {
                Status = EventStatusCodes.Completed,
                Category = { CodeableConceptEditor.Of(CareExtensions.CommunicationCategories, "reminder") },
                Priority = task.Priority,
                Subject =
                    task.For is { } patient && patient.StartsWith(Patient, StringComparison.Ordinal)
                        ? References.To(patient)
                        : new(),
                About = { TaskWords.Link(task) },
                Sent = now,
                Recipient = { TaskWords.Copy(task.Edit.Owner) },
                ReasonCode = { ReasonOf(threshold) },
                Payload = { new() { ContentString = $"Overdue: {TaskWords.About(task)}" } },
            },
        };
}
