using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>Which side of a conflict stays.</summary>
public enum ReconcileStrategy
{
    /// <summary>Conflicts are for a person: there may be none.</summary>
    Manual,
    PreferThis,
    PreferOther,
}

/// <summary>A plan with its members.</summary>
public sealed record WholePlan(Snapshot Plan, PlanMembers Members);

/// <summary>
/// <c>$reconcile</c>: another plan of the patient is merged into this one. Nothing is deleted: what loses a conflict is cancelled with a
/// reason that names the winner, the other plan is revoked and replaced, so that the merge can be read back and undone.
/// </summary>
public static class ReconcilePlans
{
    /// <summary>422 <c>different-patients</c>; 409 <c>unresolved-conflicts</c>, each conflict an issue.</summary>
    public static Result<Decision> Merge(
        WholePlan into,
        WholePlan merged,
        ReconcileStrategy strategy,
        CommandContext command
    )
    {
        var plan = new CarePlanDraft(into.Plan);
        var other = new CarePlanDraft(merged.Plan);
        if (Unfit(plan, other) is { } unfit)
            return unfit;
        var conflicts = PlanConflict.Between(into.Members, merged.Members);
        if (strategy == ReconcileStrategy.Manual && conflicts.Length > 0)
            return Unresolved(conflicts);

        var all = into.Members.Drafts.Concat(merged.Members.Drafts).DistinctBy(d => d.Key).ToArray();
        Resolve(conflicts, strategy, all, command);
        if (plan.Status != RequestStatusCodes.OnHold)
            Held.ResumeAll(merged.Members.Tasks, other.Reference, command.Now);
        TakeOver(plan, other, merged.Members, all);
        Replace(plan, other, command);
        PlanNarrative.Write(plan, into.Members);
        return Drafts.Write("reconcile", plan, [other, .. all]);
    }

    /// <summary>The answer of a dry run: one parameter for each conflict.</summary>
    public static Result<ParametersEditor> DryRun(WholePlan into, WholePlan merged)
    {
        if (Unfit(new CarePlanDraft(into.Plan), new CarePlanDraft(merged.Plan)) is { } unfit)
            return unfit;
        var answer = new ParametersEditor();
        foreach (var conflict in PlanConflict.Between(into.Members, merged.Members))
        {
            answer.Parameter.Add(
                new()
                {
                    Name = "conflict",
                    Part =
                    {
                        new() { Name = "kind", ValueCode = conflict.Code },
                        new() { Name = "this", ValueReference = References.To(conflict.One) },
                        new() { Name = "other", ValueReference = References.To(conflict.Other) },
                    },
                }
            );
        }

        return answer;
    }

    private static Failure Unresolved(ImmutableArray<PlanConflict> conflicts) =>
        new(
            409,
            [
                .. conflicts.Select(c =>
                    Issue.Error(IssueCode.Conflict, $"{c.Code}: {c.One} and {c.Other}.", "CarePlan") with
                    {
                        Details = "unresolved-conflicts",
                    }
                ),
            ]
        );

    /// <summary>What loses a conflict ends, with a reason that names the winner.</summary>
    private static void Resolve(
        ImmutableArray<PlanConflict> conflicts,
        ReconcileStrategy strategy,
        ResourceDraft[] all,
        CommandContext command
    )
    {
        foreach (var conflict in conflicts)
        {
            var (winner, loser) =
                strategy == ReconcileStrategy.PreferThis
                    ? (conflict.One, conflict.Other)
                    : (conflict.Other, conflict.One);
            var reason = new Reason($"{conflict.Code}: {winner} stays.");
            End(all.First(d => d.Reference == loser), reason, command.Now, command.Today);
        }
    }

    /// <summary>Open goals and activities of the other plan go on in this one, and are based on it.</summary>
    private static void TakeOver(CarePlanDraft plan, CarePlanDraft other, PlanMembers members, ResourceDraft[] all)
    {
        foreach (var goal in members.Goals.Where(g => !g.IsTerminal && other.Goals.Contains(g.Reference)))
            plan.AddGoal(goal.Reference);
        var over = all.Where(IsOver).Select(d => d.Reference).ToHashSet();
        foreach (var activity in other.Activities.Where(a => !over.Contains(a)))
            plan.AddActivity(activity);
        foreach (var task in members.Tasks.Where(t => !t.IsTerminal))
            Rewire(task.Edit.BasedOn, other.Reference, plan.Reference);
        foreach (var request in members.Requests.Where(r => r.IsOpen))
            Rewire(request.Edit.BasedOn, other.Reference, plan.Reference);
    }

    private static void Replace(CarePlanDraft plan, CarePlanDraft other, CommandContext command)
    {
        var why = (command.Reason ?? new Reason($"Merged into {plan.Reference}.")).AsText;
        plan.Edit.Replaces.Add(References.To(other.Reference));
        plan.AddNote($"Reconciled with {other.Reference}: {why}", command.By.Reference, command.Now);
        other.Status = RequestStatusCodes.Revoked;
        if (other.Edit.Period is { Start: not null, End: null })
            other.EndOn(command.Today);
        other.AddNote($"Merged into {plan.Reference}: {why}", command.By.Reference, command.Now);
    }

    private static Failure? Unfit(CarePlanDraft plan, CarePlanDraft other)
    {
        if (plan.Subject != other.Subject)
            return RuleFailure.Of(
                "different-patients",
                "Plans of different patients are not merged.",
                CarePlanView.At.Subject
            );
        foreach (var one in new[] { plan, other })
        {
            if (one.Status is not (RequestStatusCodes.Draft or RequestStatusCodes.Active or RequestStatusCodes.OnHold))
                return RuleFailure.Of(
                    "illegal-transition",
                    $"{one.Reference} is {one.Status}: a plan that is over is not merged.",
                    CarePlanView.At.Status
                );
        }

        return plan.Key == other.Key
            ? RuleFailure.Of("same-plan", "A plan is not merged with itself.", "Parameters.parameter")
            : null;
    }

    private static void End(ResourceDraft loser, Reason reason, DateTimeOffset now, DateOnly today)
    {
        switch (loser)
        {
            case GoalDraft { IsTerminal: false } goal:
                goal.Move(GoalStatusCodes.Cancelled, today, reason);
                break;
            case TaskDraft task:
                FinishTask.CancelAll([task], reason, now);
                break;
            case ServiceRequestDraft { IsOpen: true } request:
                request.Status = RequestStatusCodes.Revoked;
                break;
        }
    }

    private static bool IsOver(ResourceDraft draft) =>
        draft switch
        {
            TaskDraft task => task.IsTerminal,
            ServiceRequestDraft request => !request.IsOpen,
            _ => false,
        };

    private static void Rewire(Fhir.Json.ObjectListEditor<ReferenceEditor> basedOn, string from, string to)
    {
        foreach (var reference in basedOn.Where(r => r.Target() == from))
            reference.Reference = to;
    }
}
