using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>The commands that begin, suspend and resume a CarePlan and carry its members along.</summary>
public static class PlanSteps
{
    /// <summary>
    /// <c>$activate</c>. All that stands in the way is told at once: <c>no-goals</c>, <c>member-missing</c>, <c>member-patient</c>,
    /// <c>consent-missing</c>, <c>plan-intent</c>; another active plan of the same template is 409 <c>duplicate</c>. Accepted goals become
    /// active, drafts among the tasks are asked for, drafts among the requests become active.
    /// </summary>
    public static Result<Decision> Activate(
        Snapshot snapshot,
        PlanMembers members,
        ActivationContext context,
        CareRules rules,
        CommandContext command
    )
    {
        var plan = new CarePlanDraft(snapshot);
        if (plan.Status == RequestStatusCodes.OnHold)
            return Resume(snapshot, members, context, rules, command);
        if (Move(plan, RequestStatusCodes.Active, "activate", null, command.By) is { } failure)
            return failure;
        if (PlanEntry.Dead(context) is { } dead)
            return dead;
        if (Obstacles(plan, members, context, rules, command).ToImmutableArray() is { IsEmpty: false } obstacles)
            return new Failure(422, obstacles);
        if (PlanEntry.Twin(plan, context) is { } twin)
            return twin;

        plan.Edit.Period.Start ??= command.Today;
        PlanCategories.Ensure(plan);
        if (plan.Edit.Author.Target() is null && plan.Edit.Contributor.Count == 0)
            plan.Edit.Contributor.Add(References.To(command.By.Reference));
        if (context.AcceptGoals)
            Accept(members, plan, command);
        Begin(members, command);
        PlanNarrative.Write(plan, members);
        if (command.Reason is { } reason)
            plan.AddNote($"Activated: {reason.AsText}", command);
        plan.AddNoteOf(command);
        var decision = PlanEntry.RelyOn(Drafts.Write("activate", plan, members.Drafts), plan, context, rules);
        return Noting(decision, members);
    }

    /// <summary>The goals that are proposed are agreed to, by the patient as far as nobody says otherwise.</summary>
    private static void Accept(PlanMembers members, CarePlanDraft plan, CommandContext command)
    {
        foreach (var goal in members.Goals.Where(g => g.Status == GoalStatusCodes.Proposed))
        {
            goal.Move(GoalStatusCodes.Accepted, command.Today, null);
            GoalSteps.Acceptance(goal, plan.Subject ?? command.By.Reference, "agree");
        }
    }

    /// <summary>Accepted goals become active, drafts among the tasks are asked for, drafts among the requests become active.</summary>
    internal static void Begin(PlanMembers members, CommandContext command)
    {
        foreach (var goal in members.Goals.Where(g => g.Status is GoalStatusCodes.Accepted or GoalStatusCodes.Planned))
            goal.Move(GoalStatusCodes.Active, command.Today, null);
        foreach (var task in members.Tasks.Where(t => t.Status == TaskStatusCodes.Draft))
        {
            task.Status = task.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
            task.Touch(command.Now);
        }

        foreach (var request in members.Requests.Where(r => r.Status == RequestStatusCodes.Draft))
            request.Status = RequestStatusCodes.Active;
        foreach (var request in members.Following.Where(r => r.Status == RequestStatusCodes.Draft))
            request.Status = RequestStatusCodes.Active;
    }

    /// <summary>What the caller should know of goals that nobody has accepted.</summary>
    private static Decision Noting(Decision decision, PlanMembers members)
    {
        var waiting = members.Goals.Where(g => g.Status == GoalStatusCodes.Proposed).Select(g => g.Reference).ToArray();
        if (waiting.Length == 0)
            return decision;
        return decision.Noting(
            members.Goals.Any(g => g.Status is GoalStatusCodes.Active)
                ? Issue.Information(
                    $"Not sought until somebody accepts them: {string.Join(", ", waiting)}.",
                    CarePlanView.At.Goal
                )
                : RuleFailure.Warning(
                    "goals-not-accepted",
                    $"The plan begins without a goal that is sought: nobody has accepted {string.Join(", ", waiting)}. Send 'acceptGoals', or $accept them.",
                    CarePlanView.At.Goal
                )
        );
    }

    /// <summary>
    /// <c>$hold</c>: the plan, and with it the goals that are sought, every task that can be held and the requests that follow it; no
    /// threshold of lateness is crossed meanwhile.
    /// </summary>
    public static Result<Decision> Hold(Snapshot snapshot, PlanMembers members, CommandContext command)
    {
        var plan = new CarePlanDraft(snapshot);
        if (Move(plan, RequestStatusCodes.OnHold, "hold", command.Reason, command.By) is { } failure)
            return failure;
        PutOnHold(members.OwnOf(plan), plan.Reference, command);
        plan.AddNote($"On hold: {command.Reason!.AsText}", command);
        plan.AddNoteOf(command);
        return Drafts.Write("hold", plan, members.Drafts);
    }

    /// <summary>
    /// <c>$resume</c>: the plan, and what it held where it was. What keeps a plan from beginning keeps it from going on:
    /// <c>patient-deceased</c>, <c>consent-missing</c>, <c>duplicate</c>.
    /// </summary>
    public static Result<Decision> Resume(
        Snapshot snapshot,
        PlanMembers members,
        ActivationContext context,
        CareRules rules,
        CommandContext command
    )
    {
        var plan = new CarePlanDraft(snapshot);
        if (Move(plan, RequestStatusCodes.Active, "resume", null, command.By) is { } failure)
            return failure;
        if (PlanEntry.Check(plan, context, rules, command) is { } obstacle)
            return obstacle;
        TakeUp(members, plan.Reference, command);
        if (command.Reason is { } reason)
            plan.AddNote($"Resumed: {reason.AsText}", command);
        plan.AddNoteOf(command);
        return PlanEntry.RelyOn(Drafts.Write("resume", plan, members.Drafts), plan, context, rules);
    }

    /// <summary>What is under way rests with its plan.</summary>
    internal static void PutOnHold(PlanMembers members, string holder, CommandContext command)
    {
        foreach (var goal in members.Goals.Where(g => g.Status == GoalStatusCodes.Active))
        {
            goal.Move(GoalStatusCodes.OnHold, command.Today, command.Reason);
            Held.Put(goal, holder, GoalStatusCodes.Active, command.Now);
        }

        Held.PutAll(members.Tasks, holder, command.Now);
        foreach (var request in members.Following.Where(r => r.Status == RequestStatusCodes.Active))
            Held.Put(request, holder, command.Now);
    }

    /// <summary>What a plan held goes on where it was.</summary>
    internal static void TakeUp(PlanMembers members, string holder, CommandContext command)
    {
        foreach (var goal in members.Goals.Where(g => Held.IsBy(g, holder)))
            goal.Move(GoalStatusCodes.Active, command.Today, null);
        Held.ResumeAll(members.Tasks, holder, command.Now);
        foreach (var request in members.Following.Where(r => Held.IsBy(r, holder)))
        {
            Held.Clear(request);
            request.Status = RequestStatusCodes.Active;
        }
    }

    /// <summary>
    /// <c>$reopen</c>: a lead brings back a plan that was closed or revoked, as far as it could begin. Its members stay as they are.
    /// </summary>
    public static Result<Decision> Reopen(
        Snapshot snapshot,
        ActivationContext context,
        CareRules rules,
        CommandContext command
    )
    {
        var plan = new CarePlanDraft(snapshot);
        if (Move(plan, RequestStatusCodes.Active, "reopen", command.Reason, command.By) is { } failure)
            return failure;
        if (PlanEntry.Check(plan, context, rules, command) is { } obstacle)
            return obstacle;
        plan.Edit.Period.End = null;
        plan.Edit.Extension.RemoveAll(e => e.Url == CareExtensions.CloseOutcome);
        plan.AddNote($"Reopened: {command.Reason!.AsText}", command);
        plan.AddNoteOf(command);
        return PlanEntry.RelyOn(Drafts.Write("reopen", plan), plan, context, rules);
    }

    internal static Failure? Move(CarePlanDraft plan, string to, string command, Reason? reason, Agent by)
    {
        if (CommandGuard.Check(plan, to, command, reason, RelationTo(plan, by)) is { } failure)
            return failure;
        plan.Status = to;
        return null;
    }

    /// <summary>
    /// The author asks for a plan; whoever contributes to it, is in its team or is named by it works on it. Where the plan names
    /// nobody, nobody is kept out.
    /// </summary>
    private static ActorRelation? RelationTo(CarePlanDraft plan, Agent by)
    {
        var workers = plan.Edit.Contributor.Targets().Concat(plan.Edit.CareTeam.Targets()).ToArray();
        var author = plan.Edit.Author.Target();
        var relation = by.RelationTo(author, workers.FirstOrDefault(by.Is));
        return relation == ActorRelation.None && author is null && workers.Length == 0
            ? ActorRelation.Either
            : relation;
    }

    private static IEnumerable<Issue> Obstacles(
        CarePlanDraft plan,
        PlanMembers members,
        ActivationContext context,
        CareRules rules,
        CommandContext command
    )
    {
        if (plan.Edit.Intent is not (CarePlanIntentCodes.Plan or CarePlanIntentCodes.Order))
            yield return RuleFailure.Issue(
                "plan-intent",
                "Only a plan of intent 'plan' or 'order' is acted on; make one from this proposal.",
                CarePlanView.At.Intent
            );
        var named = plan.Goals.ToHashSet();
        if (
            !members.Goals.Any(g =>
                named.Contains(g.Reference)
                && g.Status
                    is not (GoalStatusCodes.Rejected or GoalStatusCodes.Cancelled or GoalStatusCodes.EnteredInError)
            )
        )
            yield return RuleFailure.Issue(
                "no-goals",
                "A plan begins with at least one goal that is not rejected or cancelled; add one.",
                CarePlanView.At.Goal
            );
        foreach (var fault in members.Faults(plan))
            yield return fault;
        if (PlanEntry.NotAgreed(plan, context, rules, command) is { } missing)
            yield return missing;
    }
}
