using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>What becomes of what is unfinished when a plan closes.</summary>
public abstract record Unfinished
{
    private Unfinished() { }

    /// <summary>Nothing may be unfinished.</summary>
    public sealed record None : Unfinished;

    public sealed record Cancel : Unfinished;

    /// <summary>Goals, tasks and requests go on in another active plan of the patient.</summary>
    public sealed record TransferTo(Snapshot Plan) : Unfinished;
}

/// <param name="Outcome">How it ended.</param>
/// <param name="Achievements">The final achievement of goals, by reference.</param>
public sealed record PlanClosing(Reason? Outcome, string? Summary, Unfinished Unfinished)
{
    public ImmutableDictionary<string, string> Achievements { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary><c>$close</c> and <c>$revoke</c>.</summary>
public static class EndPlan
{
    /// <summary>
    /// The plan is completed, and every goal with it. 422 <c>open-goals</c>, <c>open-tasks</c>, <c>open-referrals</c> where something is
    /// unfinished and <see cref="PlanClosing.Unfinished"/> does not say what becomes of it; <c>goal-not-in-plan</c>,
    /// <c>transfer-target</c>.
    /// </summary>
    public static Result<Decision> Close(
        Snapshot snapshot,
        PlanMembers members,
        PlanClosing closing,
        CommandContext command
    )
    {
        var plan = new CarePlanDraft(snapshot);
        if (PlanSteps.Move(plan, RequestStatusCodes.Completed, "close", null, command.By) is { } failure)
            return failure;
        if (closing.Achievements.Keys.FirstOrDefault(k => members.Goals.All(g => g.Reference != k)) is { } stranger)
            return RuleFailure.Of(
                "goal-not-in-plan",
                $"{stranger} is no goal of {plan.Reference}.",
                "Parameters.parameter"
            );
        if (!Target(plan, closing.Unfinished).TryGet(out var target, out failure))
            return failure;

        CompleteGoals(members, closing.Achievements, command.Today);
        var own = members.OwnOf(plan);
        if (closing.Unfinished is Unfinished.None && Open(own).ToImmutableArray() is { IsEmpty: false } open)
            return new Failure(422, open);
        if (target is not null)
        {
            // The plan that held them ends: what goes on elsewhere is not held by it any more.
            PlanSteps.TakeUp(own, plan.Reference, command);
            PlanHandOn.To(target, plan, own);
        }
        else
        {
            Cancel(own, command with { Reason = closing.Outcome ?? new Reason($"{plan.Reference} was closed.") });
            EndFollowing(own, ofActive: RequestStatusCodes.Completed);
        }

        Conclude(plan, closing, command);
        PlanNarrative.Write(plan, members);
        return target is null
            ? Drafts.Write("close", plan, members.Drafts)
            : Drafts.Write("close", plan, [target, .. members.Drafts]);
    }

    /// <summary>The plan in which the unfinished goes on; null where nothing goes on.</summary>
    private static Result<CarePlanDraft?> Target(CarePlanDraft plan, Unfinished unfinished)
    {
        if (unfinished is not Unfinished.TransferTo transfer)
            return (CarePlanDraft?)null;
        var target = new CarePlanDraft(transfer.Plan);
        return target.Status == RequestStatusCodes.Active && target.Subject == plan.Subject && target.Key != plan.Key
            ? target
            : RuleFailure.Of(
                "transfer-target",
                "What is unfinished can go on in another active plan of the same patient only.",
                "Parameters.parameter"
            );
    }

    /// <summary>Goals with a final achievement are completed with the plan.</summary>
    private static void CompleteGoals(
        PlanMembers members,
        ImmutableDictionary<string, string> achievements,
        DateOnly today
    )
    {
        foreach (var goal in members.Goals.Where(g => g.Status is GoalStatusCodes.Active or GoalStatusCodes.OnHold))
        {
            var achievement = achievements.GetValueOrDefault(goal.Reference) ?? goal.Achievement;
            if (!GoalSteps.IsFinal(achievement))
                continue;
            goal.Move(GoalStatusCodes.Completed, today, null);
            goal.Achievement = achievement;
        }
    }

    private static void Conclude(CarePlanDraft plan, PlanClosing closing, CommandContext command)
    {
        plan.EndOn(command.Today);
        if (closing.Outcome is { } outcome)
            plan.Edit.Extension.Put(
                new() { Url = CareExtensions.CloseOutcome, ValueCodeableConcept = outcome.ToCodeableConcept() }
            );
        if (closing.Summary is { } summary)
            plan.AddNote(summary, command);
        plan.AddNoteOf(command);
    }

    /// <summary>
    /// The plan ends before it is fulfilled: its goals and tasks are cancelled, requests that nobody has yet are revoked. A request that a
    /// partner works on is called off, and ends once the partner lets go: until then it stays, and a note names it.
    /// </summary>
    public static Result<Decision> Revoke(Snapshot snapshot, PlanMembers members, CommandContext command)
    {
        var plan = new CarePlanDraft(snapshot);
        if (PlanSteps.Move(plan, RequestStatusCodes.Revoked, "revoke", command.Reason, command.By) is { } failure)
            return failure;
        var own = members.OwnOf(plan);
        var dispatched = own
            .Tasks.Where(t =>
                !t.IsTerminal
                && t.Status != TaskStatusCodes.Draft
                && t.Edit.Focus.Target() is { } focus
                && focus.StartsWith("ServiceRequest/", StringComparison.Ordinal)
            )
            .ToArray();
        var kept = dispatched.Select(t => t.Edit.Focus.Target()).ToHashSet();
        var sent = dispatched.Where(t => t.Partner() is not null).ToArray();
        CancelGoals(own, command);
        FinishTask.CancelAll(own.Tasks.Except(dispatched).Concat(sent), command.Reason!, command.Now);
        foreach (var request in own.Requests.Where(r => r.IsOpen && sent.Any(t => t.Request() == r.Key)))
            request.MarkCancelRequested(command.Now);
        foreach (var request in own.Requests.Where(r => r.IsOpen && !kept.Contains(r.Reference)))
            request.Status = RequestStatusCodes.Revoked;
        EndFollowing(own, ofActive: RequestStatusCodes.Revoked);
        if (plan.Edit.Period is { Start: not null, End: null })
            plan.EndOn(command.Today);
        plan.AddNote($"Revoked: {command.Reason!.AsText}", command);
        plan.AddNoteOf(command);
        var decision = Drafts.Write("revoke", plan, members.Drafts);
        return dispatched.Length == 0
            ? decision
            : decision.Noting(
                Issue.Warning(
                    IssueCode.Incomplete,
                    $"With a partner, and open until that lets go: {string.Join(", ", kept)}.",
                    CarePlanView.At.Activity
                )
            );
    }

    private static IEnumerable<Issue> Open(PlanMembers members)
    {
        Issue? Name(string rule, string what, string at, IEnumerable<ResourceDraft> open) =>
            open.Select(o => o.Reference).ToArray() is { Length: > 0 } names
                ? RuleFailure.Issue(rule, $"{what}: {string.Join(", ", names)}. Finish them, or send 'unfinished'.", at)
                : null;

        Issue?[] issues =
        [
            Name(
                "open-goals",
                "Goals without a final achievement",
                CarePlanView.At.Goal,
                members.Goals.Where(g => !g.IsTerminal)
            ),
            Name(
                "open-tasks",
                "Open tasks",
                CarePlanView.At.Activity,
                members.Tasks.Where(t => !t.IsTerminal && !TaskEscalation.IsEscalation(t))
            ),
            Name("open-referrals", "Open referrals", CarePlanView.At.Activity, members.Requests.Where(r => r.IsOpen)),
        ];
        return issues.OfType<Issue>();
    }

    private static void Cancel(PlanMembers members, CommandContext command)
    {
        CancelGoals(members, command);
        FinishTask.CancelAll(members.Tasks, command.Reason!, command.Now);
        foreach (var request in members.Requests.Where(r => r.IsOpen))
            request.Status = RequestStatusCodes.Revoked;
    }

    private static void CancelGoals(PlanMembers members, CommandContext command)
    {
        foreach (var goal in members.Goals.Where(g => !g.IsTerminal))
            goal.Move(GoalStatusCodes.Cancelled, command.Today, command.Reason);
    }

    /// <summary>They end with the plan; those that never began are revoked however it ends.</summary>
    private static void EndFollowing(PlanMembers members, string ofActive)
    {
        foreach (var request in members.Following)
        {
            var status = request.Status switch
            {
                RequestStatusCodes.Active or RequestStatusCodes.OnHold => ofActive,
                RequestStatusCodes.Draft => RequestStatusCodes.Revoked,
                _ => null,
            };
            if (status is null)
                continue;
            Held.Clear(request);
            request.Status = status;
        }
    }
}
