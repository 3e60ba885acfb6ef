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
    /// <summary>Conflicts are for a person: each needs a decision.</summary>
    Manual,
    PreferThis,
    PreferOther,
}

/// <summary>Which of the two members of a conflict stays.</summary>
public enum KeptSide
{
    This,
    Other,

    /// <summary>They are no conflict: a person has looked at it.</summary>
    Both,
}

/// <summary>What a person decided about one conflict, by the references of its two members.</summary>
public readonly record struct ReconcileDecision(string This, string Other, KeptSide Keep);

/// <param name="Decisions">They go before the strategy.</param>
public sealed record ReconcileChoices(ReconcileStrategy Strategy, ImmutableArray<ReconcileDecision> Decisions);

/// <summary>A plan with its members.</summary>
public sealed record WholePlan(Snapshot Plan, PlanMembers Members);

/// <summary>
/// <c>$reconcile</c>: another plan of the patient is merged into this one. Nothing is deleted: what loses a conflict is cancelled with a
/// reason that names the winner, the other plan is revoked and replaced, so that the merge can be read back and undone.
/// </summary>
public static class ReconcilePlans
{
    /// <summary>
    /// 422 <c>different-patients</c>, <c>not-a-conflict</c>; 409 <c>unresolved-conflicts</c>, each conflict that nobody decided an issue.
    /// </summary>
    public static Result<Decision> Merge(
        WholePlan into,
        WholePlan merged,
        ReconcileChoices choices,
        CommandContext command
    )
    {
        var plan = new CarePlanDraft(into.Plan);
        var other = new CarePlanDraft(merged.Plan);
        if (Unfit(plan, other) is { } unfit)
            return unfit;
        var conflicts = PlanConflict.Between(into.Members, merged.Members);
        if (!Losers(conflicts, choices).TryGet(out var losers, out var failure))
            return failure;

        var all = into.Members.Drafts.Concat(merged.Members.Drafts).DistinctBy(d => d.Key).ToArray();
        foreach (var (reference, reason) in losers)
            End(all.First(d => d.Reference == reference), reason, command.Now, command.Today);
        PlanSteps.TakeUp(merged.Members, other.Reference, command);
        PlanHandOn.To(plan, other, merged.Members);
        Rewire(merged.Members, other.Reference, plan.Reference);
        if (plan.Status == RequestStatusCodes.Active)
            PlanSteps.Begin(merged.Members, command);
        else if (plan.Status == RequestStatusCodes.OnHold)
            PlanSteps.PutOnHold(merged.Members, plan.Reference, command);
        Replace(plan, other, command);
        PlanNarrative.Write(plan, into.Members);
        return Drafts.Write("reconcile", plan, [other, .. all]);
    }

    /// <summary>What ends, each with a reason that names what stays.</summary>
    private static Result<ImmutableArray<(string Reference, Reason Why)>> Losers(
        ImmutableArray<PlanConflict> conflicts,
        ReconcileChoices choices
    )
    {
        foreach (var decision in choices.Decisions)
        {
            if (!conflicts.Any(c => c.One == decision.This && c.Other == decision.Other))
                return RuleFailure.Of(
                    "not-a-conflict",
                    $"{decision.This} and {decision.Other} are no conflict of the two plans; ask with 'dryRun' which there are.",
                    "Parameters.parameter"
                );
        }

        var kept = conflicts.Select(c => (Conflict: c, Keep: Keep(c, choices))).ToArray();
        if (kept.Any(k => k.Keep is null))
            return Unresolved([.. kept.Where(k => k.Keep is null).Select(k => k.Conflict)]);
        return kept.Where(k => k.Keep is not KeptSide.Both)
            .Select(k =>
                k.Keep is KeptSide.This
                    ? (Loser: k.Conflict.Other, Winner: k.Conflict.One, k.Conflict.Code)
                    : (Loser: k.Conflict.One, Winner: k.Conflict.Other, k.Conflict.Code)
            )
            .DistinctBy(l => l.Loser)
            .Select(l => (l.Loser, new Reason($"{l.Code}: {l.Winner} stays.")))
            .ToImmutableArray();
    }

    /// <summary>Null where nobody decided.</summary>
    private static KeptSide? Keep(PlanConflict conflict, ReconcileChoices choices)
    {
        foreach (var decision in choices.Decisions)
        {
            if (decision.This == conflict.One && decision.Other == conflict.Other)
                return decision.Keep;
        }

        return choices.Strategy switch
        {
            ReconcileStrategy.PreferThis => KeptSide.This,
            ReconcileStrategy.PreferOther => KeptSide.Other,
            _ => null,
        };
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
                    Issue.Error(IssueCode.Conflict, $"{c.Code}: {c.One} and {c.Other}.", ResourceTypes.CarePlan) with
                    {
                        Details = "unresolved-conflicts",
                    }
                ),
            ]
        );

    /// <summary>What was based on the plan that ends is based on the one in which it goes on.</summary>
    private static void Rewire(PlanMembers members, string from, string to)
    {
        foreach (var task in members.Tasks.Where(t => !t.IsTerminal))
            Rewire(task.Edit.BasedOn, from, to);
        foreach (var request in members.Requests.Where(r => r.IsOpen))
            Rewire(request.Edit.BasedOn, from, to);
        foreach (var request in members.Following.Where(r => r.IsOpen))
            Rewire(request.BasedOn, from, to);
    }

    private static void Replace(CarePlanDraft plan, CarePlanDraft other, CommandContext command)
    {
        var why = (command.Reason ?? new Reason($"Merged into {plan.Reference}.")).AsText;
        plan.Edit.Replaces.Add(References.To(other.Reference));
        plan.AddNote($"Reconciled with {other.Reference}: {why}", command);
        plan.AddNoteOf(command);
        other.Status = RequestStatusCodes.Revoked;
        if (other.Edit.Period is { Start: not null, End: null })
            other.EndOn(command.Today);
        other.AddNote($"Merged into {plan.Reference}: {why}", command);
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
            case FollowingRequestDraft { IsOpen: true } request:
                Held.Clear(request);
                request.Status = RequestStatusCodes.Revoked;
                break;
        }
    }

    private static void Rewire(Fhir.Json.ObjectListEditor<ReferenceEditor> basedOn, string from, string to)
    {
        foreach (var reference in basedOn.Where(r => r.Target() == from))
            reference.Reference = to;
    }
}
