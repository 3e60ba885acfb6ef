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
/// A task that crosses thresholds of lateness: its owner is told by a Communication, a lead by a Task, once for each threshold. What
/// nobody owns is a lead's to look at from the first.
/// </summary>
public static class EscalateLate
{
    private const string Activity = "escalate";
    private const string Patient = ResourceTypes.Patient + "/";

    public static readonly TimerRule Rule = new("lateness", ResourceTypes.Task, NextAt, Fire);

    // A task is judged by the rules of the day on which it was due.
    private static DateTimeOffset? NextAt(ResourceDocument resource, CarePolicy policy)
    {
        var task = TaskView.From(resource);
        return OpenWork.Of(task) is { Due: { } due }
            ? Lateness.NextAt(task, policy.RulesAt(policy.Calendar.EndOf(due)).Lateness, policy.Calendar)
            : null;
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
        var told = new List<ResourceDraft>();
        foreach (var threshold in crossed)
        {
            task.Edit.Extension.Add(new() { Url = CareExtensions.Escalated, ValueCode = threshold.Code });
            var id = timer.NewId();
            if (References.Outside(task.Owner) is { } owner && !threshold.ToLead)
                told.Add(Reminder(task, owner, threshold, now, id));
            else
                told.Add(
                    TaskEscalation.Escalation(
                        task,
                        to: null,
                        policy.Calendar.DueInBusinessDays(now, 1),
                        CodeableConceptEditor.Of(CareExtensions.LatenessSystem, threshold.Code),
                        timer.By,
                        now,
                        id
                    )
                );
        }

        return TaskSteps.Done(task, Activity, now, told);
    }

    /// <summary>https://hl7.org/fhir/R4/communication.html: sent by being stored; who subscribes gets it.</summary>
    private static CommunicationDraft Reminder(
        TaskDraft task,
        string owner,
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
                About = { References.To(task.Reference) },
                Sent = now,
                Recipient = { References.To(owner) },
                ReasonCode = { CodeableConceptEditor.Of(CareExtensions.LatenessSystem, threshold.Code) },
            },
        };
}
