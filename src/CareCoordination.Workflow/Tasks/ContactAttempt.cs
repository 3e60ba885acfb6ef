using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>An attempt to reach somebody: by which way, and what came of it.</summary>
/// <param name="At">Null: now.</param>
public sealed record ContactAttempt(CareDate? At, Reason Medium, Reason Outcome);

/// <summary>
/// <c>$record-attempt</c>: what was tried and did not do the task yet. Payers ask for dated attempts: two of them in two business days
/// stand for the contact after a discharge.
/// </summary>
public static class AttemptLog
{
    /// <summary>422 <c>illegal-transition</c>, <c>not-permitted</c>, <c>attempt-date</c>, and what a move of the due time is refused with.</summary>
    /// <param name="due">When it is to be tried again; null: as it was.</param>
    public static Result<Decision> Record(
        Snapshot snapshot,
        ContactAttempt attempt,
        DateTimeOffset? due,
        WorkReport work,
        Agent by,
        DateTimeOffset now
    )
    {
        var task = new TaskDraft(snapshot);
        if (task.IsTerminal || task.Status == "draft")
            return RuleFailure.Of(
                "illegal-transition",
                $"{task.Reference} is {task.Status}: attempts are recorded while a task is open.",
                "Task.status"
            );
        if (TaskSteps.By(task, by) == ActorRelation.None)
            return RuleFailure.Forbidden(
                "Only the requester, the owner or a lead may record an attempt.",
                "Task.owner"
            );
        if (attempt.At?.StartIn(work.Zone) > now)
            return RuleFailure.Of(
                "attempt-date",
                "An attempt was made in the past; name when, or leave 'date' out.",
                "Parameters.parameter"
            );
        if (due is { } next && TaskSteps.MoveDue(task, next, now, work.Zone) is { } refused)
            return refused;
        if (work.Enter(task, by, now) is { } wrong)
            return wrong;
        task.Edit.Extension.Add(ToExtension(attempt, by.AsOwner ?? task.Owner ?? by.Reference, now));
        return TaskSteps.Done(task, "record-attempt", now);
    }

    private static Fhir.R4.ExtensionEditor ToExtension(ContactAttempt attempt, string by, DateTimeOffset now) =>
        new()
        {
            Url = CareExtensions.ContactAttempt,
            Extension =
            {
                new() { Url = CareExtensions.ContactAttemptDate, ValueDateTime = (attempt.At ?? now).Given },
                new()
                {
                    Url = CareExtensions.ContactAttemptMedium,
                    ValueCodeableConcept = attempt.Medium.ToCodeableConcept(),
                },
                new()
                {
                    Url = CareExtensions.ContactAttemptOutcome,
                    ValueCodeableConcept = attempt.Outcome.ToCodeableConcept(),
                },
                new() { Url = CareExtensions.ContactAttemptPerformer, ValueReference = References.To(by) },
            },
        };
}
