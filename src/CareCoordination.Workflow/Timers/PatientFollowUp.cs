using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Timers;

/// <summary>
/// A task that a patient or the family has and that is overdue: they are no staff of whom a lead hears, so that the care manager asks them,
/// by a Task of their own that ends with the patient's.
/// </summary>
public static class PatientFollowUp
{
    public static readonly TimerRule Rule = new("patient", ResourceTypes.Task, NextAt, Fire)
    {
        NeedsManager = true,
        Crossed = (resource, policy, now) =>
            NextAt(resource, policy) is { } at && at <= now ? [PatientTask.Overdue] : [],
    };

    private static DateTimeOffset? NextAt(ResourceDocument resource, CarePolicy policy)
    {
        var task = TaskView.From(resource);
        if (
            !PatientTask.Is(task)
            || OpenWork.Of(task) is not { Due: { } date, IsHeld: false }
            || policy.Calendar.EndOf(date) is var due && due.IsNever()
            || task.Extension.Any(e => e is { Url: CareExtensions.Escalated, ValueCode: PatientTask.Overdue })
        )
            return null;
        var days = policy.RulesAt(due).Visits.PatientTaskBusinessDays;
        return days == 0 ? due : policy.Calendar.DueInBusinessDays(due, days).UnlessNever();
    }

    private static Result<Decision>? Fire(Snapshot snapshot, TimerContext timer)
    {
        var task = new TaskDraft(snapshot);
        if (task.Original is not { } original || !(NextAt(original, timer.Policy) <= timer.Now))
            return null;
        task.Edit.Extension.Add(new() { Url = CareExtensions.Escalated, ValueCode = PatientTask.Overdue });
        return TaskSteps.Done(task, "escalate", timer.Now, FollowUp(task, timer));
    }

    private static TaskDraft FollowUp(TaskDraft task, TimerContext timer)
    {
        var reason = TaskWords.Code(CareExtensions.LatenessSystem, PatientTask.Overdue, "Overdue with the patient");
        var follow = new TaskDraft(timer.NewId())
        {
            Edit =
            {
                PartOf = { TaskWords.Link(task) },
                Intent = TaskIntentCodes.Order,
                Priority = task.Priority,
                Code = TaskWords.Code(PatientTask.System, PatientTask.FollowUp, PatientTask.Work[0].Display),
                Description = $"Overdue with the patient: {TaskWords.About(task)}",
                Focus = TaskWords.Link(task),
                For = TaskWords.Copy(task.Edit.For),
                AuthoredOn = timer.Now,
                Requester = new() { Reference = timer.By.Reference, Display = timer.By.NameOf(timer.By.Reference) },
                ReasonCode = reason,
            },
            Due = timer.Policy.Calendar.DueInBusinessDays(timer.Now, 1),
        };
        foreach (var plan in task.Edit.BasedOn.Targets())
            follow.Edit.BasedOn.Add(References.To(plan));
        if ((timer.Manager ?? Person(task.Requester)) is { } owner)
            follow.GiveTo(owner, timer.By);
        else
            follow.Edit.PerformerType.Add(
                TaskWords.Code(PlanCategories.Snomed, Caseload.CareManagerRoles.Codes[0], "care manager")
            );
        follow.Status = follow.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        follow.Touch(timer.Now);
        return follow;
    }

    private static string? Person(string? reference) =>
        reference?.Split('/')[0] is ResourceTypes.Practitioner or ResourceTypes.PractitionerRole ? reference : null;
}
