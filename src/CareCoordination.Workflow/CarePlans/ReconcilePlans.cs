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

/// <summary>
/// <c>$reconcile</c>: another plan of the patient is merged into this one. Nothing is deleted: what loses a conflict is cancelled with a
/// reason that names the winner, the other plan is revoked and replaced, so that the merge can be read back and undone.
/// </summary>
public static class ReconcilePlans
{
    /// <summary>422 <c>different-patients</c>; 409 <c>unresolved-conflicts</c>, each conflict an issue.</summary>
    public static Result<Decision> Merge(
        Snapshot snapshot,
        PlanMembers members,
        Snapshot otherSnapshot,
        PlanMembers otherMembers,
        ReconcileStrategy strategy,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        DateOnly today
    )
    {
        var plan = new CarePlanDraft(snapshot);
        var other = new CarePlanDraft(otherSnapshot);
        if (Unfit(plan, other) is { } unfit)
            return unfit;
        reason ??= new Reason($"Merged into {plan.Reference}.");
        var conflicts = PlanConflict.Between(members, otherMembers);
        if (strategy == ReconcileStrategy.Manual && conflicts.Length > 0)
            return new Failure(
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

        var all = members.Drafts.Concat(otherMembers.Drafts).DistinctBy(d => d.Key).ToArray();
        foreach (var conflict in conflicts)
        {
            var (winner, loser) =
                strategy == ReconcileStrategy.PreferThis
                    ? (conflict.One, conflict.Other)
                    : (conflict.Other, conflict.One);
            End(all.First(d => d.Reference == loser), new Reason($"{conflict.Code}: {winner} stays."), now, today);
        }

        if (plan.Status != RequestStatusCodes.OnHold)
            Held.ResumeAll(otherMembers.Tasks, other.Reference, now);
        foreach (var goal in otherMembers.Goals.Where(g => !g.IsTerminal && other.Goals.Contains(g.Reference)))
            plan.AddGoal(goal.Reference);
        var over = all.Where(IsOver).Select(d => d.Reference).ToHashSet();
        foreach (var activity in other.Activities.Where(a => !over.Contains(a)))
            plan.AddActivity(activity);
        foreach (var task in otherMembers.Tasks.Where(t => !t.IsTerminal))
            Rewire(task.Edit.BasedOn, other.Reference, plan.Reference);
        foreach (var request in otherMembers.Requests.Where(r => r.IsOpen))
            Rewire(request.Edit.BasedOn, other.Reference, plan.Reference);

        plan.Edit.Replaces.Add(References.To(other.Reference));
        plan.AddNote($"Reconciled with {other.Reference}: {reason.AsText}", by.Reference, now);
        other.Status = RequestStatusCodes.Revoked;
        if (other.Edit.Period is { Start: not null, End: null })
            other.EndOn(today);
        other.AddNote($"Merged into {plan.Reference}: {reason.AsText}", by.Reference, now);
        PlanNarrative.Write(plan, members);
        return Drafts.Write("reconcile", plan, [other, .. all]);
    }

    /// <summary>The answer of a dry run: one parameter for each conflict.</summary>
    public static Result<ParametersEditor> DryRun(
        Snapshot snapshot,
        PlanMembers members,
        Snapshot otherSnapshot,
        PlanMembers otherMembers
    )
    {
        if (Unfit(new CarePlanDraft(snapshot), new CarePlanDraft(otherSnapshot)) is { } unfit)
            return unfit;
        var answer = new ParametersEditor();
        foreach (var conflict in PlanConflict.Between(members, otherMembers))
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
