using System.Collections.Immutable;
using System.Text;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Workflow.Decisions;

/// <summary>
/// A rule that can refuse, by the code that a client finds in <c>OperationOutcome.issue.details</c>: what it means, for the code system
/// and the documentation.
/// </summary>
public sealed record CareRuleCode(string Code, string Meaning)
{
    /// <summary>
    /// What a refusal by it is answered with: 422, but 409 where somebody else was first or there is one already, 403 where it is not
    /// the agent's to do, 404 where what is named does not exist.
    /// </summary>
    public int Status =>
        Code switch
        {
            "already-claimed"
            or "already-dispatched"
            or "already-replaced"
            or "duplicate"
            or "other-manager"
            or "other-program"
            or "transfer-pending"
            or "unresolved-conflicts" => 409,
            "not-permitted" => 403,
            "definition-missing" => 404,
            _ => 422,
        };

    /// <summary>Null for a code that is none of these.</summary>
    public static CareRuleCode? Find(string code) => All.FirstOrDefault(c => c.Code == code);

    /// <summary>All codes of <see cref="OperationOutcome.DetailsSystem"/> that this room uses, alphabetical.</summary>
    public static readonly ImmutableArray<CareRuleCode> All =
    [
        new("achievement-required", "A goal is completed with a final achievement only."),
        new("achievement-unknown", "The achievement is none of the goal-achievement codes."),
        new("activity-kind", "Activities of this kind are not made here."),
        new("already-claimed", "The task has an owner; somebody else was first."),
        new("already-dispatched", "The request is under way with a partner."),
        new("already-replaced", "Another plan replaces this one already."),
        new("attempt-date", "An attempt was made in the past."),
        new(
            "authorization-missing",
            "Requests of this category need an approved prior authorization before they go to a partner."
        ),
        new("away", "The care manager is away."),
        new("cap-exceeded", "The care manager would have more than the cap; a lead may override it."),
        new(
            "consent-missing",
            "What is asked needs an active Consent of the patient that covers it, or one denies it."
        ),
        new("coverage-missing", "The partner works for those with a coverage only."),
        new("definition-cycle", "A definition leads back to itself."),
        new("definition-missing", "A definition is not known here."),
        new("definition-retired", "The definition is retired."),
        new(
            "definition-size",
            "The definition, with those that it names, has more actions or levels than are applied at once."
        ),
        new("definition-type", "The definition is of a type that cannot be applied here."),
        new("demographics-missing", "The partner's profile needs an element of Patient that is not there."),
        new("different-patients", "The plans belong to different patients."),
        new("due-before-start", "The due time is before the task may start."),
        new("due-in-past", "The due time has passed."),
        new(
            "duplicate",
            "Another active plan has the same template and category, the patient is referred for the same already, or is in the programme."
        ),
        new(
            "dynamic-path",
            "A dynamic value names an element that cannot be set, or gives a value that does not fit it."
        ),
        new("end-range", "Work ends not before it began and not in the future."),
        new(
            "endpoint-not-active",
            "The Endpoint is not one that anything goes to: not active, not in its period, or without an address."
        ),
        new("episode-ambiguous", "The patient has several episodes of care, and the request does not say which."),
        new("episode-not-active", "The episode of care is not one that a care manager can be assigned to."),
        new("evidence-missing", "A loop is closed with an output or a report, or with a reason why there is none."),
        new("expression-failed", "An expression cannot be read, or failed on the data."),
        new("expression-language", "Expressions are evaluated in FHIRPath only."),
        new("goal-not-active", "Progress is recorded while a goal is active."),
        new("goal-not-in-plan", "The goal is none of the plan's."),
        new("goals-not-accepted", "The plan begins, and nobody has accepted one of its goals: a warning."),
        new("handover-by-command", "A handover is accepted by the operation $accept or $complete of its task."),
        new("illegal-transition", "The status cannot change like this; the answer says what is allowed."),
        new("instrument-unknown", "The response is of no instrument that is scored here."),
        new("intent-differs", "A plan is replaced by one of the same intent."),
        new("licence-expired", "The licence of the care manager has expired."),
        new("licence-state", "The care manager is not licensed in the state of the patient."),
        new("loop-open", "Nobody has completed the referral, or somebody still works on it."),
        new("member-missing", "A goal or activity of the plan does not exist."),
        new("member-patient", "A goal or activity belongs to another patient."),
        new(
            "minutes-range",
            "Minutes are more than 0, at most those of a day, and not more than between the start and the end that are named."
        ),
        new("no-applicable-actions", "No action of the definition applies to the subject."),
        new("no-care-manager", "Nobody can take the patient; the answer says of each why not."),
        new("no-episode", "The patient has no episode of care that a care manager can be assigned to."),
        new("no-goals", "A plan begins with at least one goal that is not rejected or cancelled."),
        new("no-measure", "The goal has no target with a coded measure."),
        new("no-stay", "The record has no stay in hospital that a risk could be computed of."),
        new("not-a-conflict", "The two are no conflict of the plans that are merged."),
        new("not-a-measure", "The Observation measures no target of the goal."),
        new("not-a-transfer", "The task offers no handover of this episode."),
        new("not-dispatched", "The request has gone to nobody yet."),
        new("not-effective-yet", "A handover is accepted from the day on which it takes effect."),
        new("not-in-plan", "The resource is no goal or activity of the plan."),
        new("not-manager", "The one who hands over is not the care manager."),
        new("not-permitted", "The agent may not make this step."),
        new("note-required", "A handover needs a note."),
        new("open-goals", "Goals of the plan have no final achievement."),
        new("open-referrals", "Referrals of the plan are open."),
        new("open-tasks", "Tasks of the plan, or parts of the task, are open."),
        new("other-manager", "Somebody else is the care manager."),
        new("other-program", "The patient is in a programme that excludes this one."),
        new("owner-required", "A task in this status needs an owner."),
        new("parent-on-hold", "The task or goal is on hold with its parent or plan."),
        new("patient-deceased", "The patient has died: no care begins."),
        new("patient-missing", "The subject of the request is no Patient of this server."),
        new("patient-task-status", "A Task that a patient or the family owns is given, not asked for."),
        new("performer-required", "The partner's profile needs to know who is asked."),
        new("plan-by-command", "A plan begins, rests and ends by its commands only."),
        new("plan-intent", "Only a plan of intent plan or order is acted on."),
        new("program-unknown", "The episode is of no programme, or there is no such programme."),
        new("reason-required", "The command needs a reason."),
        new("reference-type", "A parameter refers to what can do no work."),
        new("reference-unresolved", "A parameter refers to what is not here."),
        new("related-action-cycle", "The relations of actions lead in a circle."),
        new("related-action-missing", "A related action is not in the definition."),
        new("request-intent", "Only an order goes to a partner."),
        new("request-not-active", "Only an active request goes to a partner."),
        new("response-not-complete", "Only a response that is completed or amended is scored."),
        new("response-unfit", "The response does not fit its Questionnaire."),
        new("review-date", "The next review is later than this one."),
        new("same-manager", "The one who takes over is the care manager already."),
        new("same-partner", "The partner works on the request already."),
        new("same-plan", "A plan is not merged with itself."),
        new("stay-patient", "The stay in hospital is another patient's."),
        new("subject-type", "The definition is for subjects of another type."),
        new("teach-back-missing", "Teaching is completed with what the patient could say back."),
        new("threshold-unusable", "A threshold of readings that no reading could be compared with."),
        new("time-overlap", "A part of the time is logged already, and counts once: a warning."),
        new(
            "time-range",
            "A date, a duration, a count of days or a recurrence leads out of the years 1 to 9999, or repeats more often than once a second."
        ),
        new("transfer-pending", "A handover waits to be accepted."),
        new("transfer-target", "What is unfinished goes on in another active plan of the same patient only."),
        new("unresolved-conflicts", "The plans have conflicts that nobody decided."),
        new("value-not-compared", "The value is recorded and cannot be compared with the target: a warning."),
        new("value-unfit", "The value is of another type, or in a unit of something else, than the target."),
        new("worker-inactive", "A parameter gives work to who is not active any more."),
    ];

    /// <summary>The page of the documentation.</summary>
    public static string Page()
    {
        var text = new StringBuilder(
            $"""
            # Codes of refusals

            A refusal by a rule of care is answered 422 (409 where somebody else was first or there is one already, 403 where it is
            not the agent's to do, 404 where what is named does not exist). `OperationOutcome.issue.details.coding` then has the system
            `{OperationOutcome.DetailsSystem}` and one of these codes, `expression` names the element, and `diagnostics` says what to do.
            Where no rule of care speaks the coding repeats the code of the issue in `{OperationOutcome.CodeSystem}`, as `required`,
            `value`, `not-found` or `conflict`.

            This page is printed from `src/CareCoordination.Workflow/Decisions/CareRuleCode.cs`.

            | code | meaning |
            |---|---|

            """
        );
        foreach (var (code, meaning) in All)
            text.Append($"| `{code}` | {meaning} |\n");
        return text.ToString();
    }
}
