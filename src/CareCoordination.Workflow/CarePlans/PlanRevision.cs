using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>Changes to a plan that stays the same plan.</summary>
/// <param name="Add">Goals and activities, by reference; they are among the members.</param>
/// <param name="Remove">Goals and activities, by reference; what is removed is cancelled with the reason and stays named.</param>
/// <param name="New">Resources that come into being with the revision, at version 0.</param>
public sealed record RevisedMembers(
    ImmutableArray<string> Add,
    ImmutableArray<string> Remove,
    ImmutableArray<Snapshot> New
)
{
    public string? Title { get; init; }

    public string? Description { get; init; }

    public DateOnly? PeriodEnd { get; init; }
}

/// <summary>What <c>$revise</c> with mode <c>replace</c> asks.</summary>
/// <param name="Plan">The plan that takes over, without id and status.</param>
/// <param name="Complete">The old plan was fulfilled; otherwise it is superseded, and revoked.</param>
/// <param name="IsReplaced">Whether another plan replaces the old one already.</param>
public sealed record PlanReplacement(ResourceDocument Plan, bool Complete, bool IsReplaced)
{
    /// <summary>Given where the new plan is to be activated at once.</summary>
    public ActivationContext? Activation { get; init; }
}

/// <summary><c>$revise</c>, in place or by a new plan.</summary>
public static class PlanRevision
{
    /// <summary>
    /// Adds and removes members of a plan that is not over. 422 <c>not-in-plan</c>, <c>member-missing</c>, <c>member-patient</c>,
    /// <c>reason-required</c>. A member that vanished is just taken out.
    /// </summary>
    /// <param name="members">Those of the plan and those to add, <see cref="RevisedMembers.New"/> left out.</param>
    public static Result<Decision> InPlace(
        Snapshot snapshot,
        IEnumerable<Snapshot> members,
        RevisedMembers revision,
        CommandContext command
    )
    {
        var plan = new CarePlanDraft(snapshot);
        if (Unfit(plan, command.Reason) is { } unfit)
            return unfit;
        var all = new PlanMembers(members.Concat(revision.New));
        foreach (var removed in revision.Remove)
        {
            if (Remove(plan, all, removed, command) is { } failure)
                return failure;
        }

        foreach (var added in revision.Add.Concat(revision.New.Select(n => n.Key.ToString())))
        {
            if (added.StartsWith("Goal/", StringComparison.Ordinal))
                plan.AddGoal(added);
            else
                plan.AddActivity(added);
        }

        if (all.Faults(plan).ToImmutableArray() is { IsEmpty: false } faults)
            return new Failure(422, faults);
        plan.Edit.Title = revision.Title ?? plan.Edit.Title;
        plan.Edit.Description = revision.Description ?? plan.Edit.Description;
        plan.Edit.Period.End = revision.PeriodEnd ?? plan.Edit.Period.End;
        plan.AddNote($"Revised: {command.Reason!.AsText}", command);
        plan.AddNoteOf(command);
        PlanNarrative.Write(plan, all);
        return WithNew(Drafts.Write("revise", plan, all.Drafts), revision.New);
    }

    /// <summary>What is new was not read, so it counts as unchanged; it is written all the same.</summary>
    private static Decision WithNew(Decision decision, ImmutableArray<Snapshot> created)
    {
        var news = created
            .Where(n => decision.Writes.All(w => w.Key != n.Key))
            .Select(n => new ResourceWrite(n.Key, 0, n.Utf8Json));
        return decision with
        {
            Writes = [.. decision.Writes, .. news],
            ReliedOn = [.. decision.ReliedOn.Where(r => r.Version > 0)],
        };
    }

    /// <summary>
    /// A new plan takes over the open goals and activities of the old one, by reference. 422 <c>intent-differs</c>, <c>member-patient</c>;
    /// 409 <c>already-replaced</c>.
    /// </summary>
    public static Result<Decision> Replace(
        Snapshot snapshot,
        PlanMembers members,
        PlanReplacement replacement,
        CareRules rules,
        CommandContext command,
        string newId
    )
    {
        var old = new CarePlanDraft(snapshot);
        var view = CarePlanView.From(replacement.Plan);
        if (
            (Unfit(old, command.Reason) ?? Irreplaceable(old, replacement.IsReplaced) ?? NoSuccessor(old, view)) is
            { } refused
        )
            return refused;
        var plan = Successor(old, view, newId);
        PlanHandOn.To(plan, old, members);
        old.Status = replacement.Complete ? RequestStatusCodes.Completed : RequestStatusCodes.Revoked;
        old.EndOn(command.Today);
        old.AddNote($"Replaced by {plan.Reference}: {command.Reason!.AsText}", command);
        old.AddNoteOf(command);
        if (replacement.Activation is { } activation)
            return ActivateInPlaceOf(old, plan, members, activation, rules, command);
        PlanNarrative.Write(plan, members);
        return Drafts.Write("revise", plan, [old, .. members.Drafts]);
    }

    private static Failure? Irreplaceable(CarePlanDraft old, bool isReplaced)
    {
        if (isReplaced)
            return RuleFailure.Conflict(
                "already-replaced",
                $"Another plan replaces {old.Reference} already; revise that one.",
                CarePlanView.At.Replaces
            );
        return old.Status == RequestStatusCodes.OnHold
            ? RuleFailure.Of(
                "illegal-transition",
                $"{old.Reference} is on hold; $resume it before it is replaced.",
                CarePlanView.At.Status
            )
            : null;
    }

    private static Failure? NoSuccessor(CarePlanDraft old, CarePlanView successor)
    {
        if (successor.Intent is { } intent && intent != old.Edit.Intent)
            return RuleFailure.Of(
                "intent-differs",
                "A plan is replaced by one of the same intent.",
                CarePlanView.At.Intent
            );
        return successor.Subject.Target() is { } subject && subject != old.Subject
            ? RuleFailure.Of(
                "member-patient",
                "A plan is replaced by one of the same patient.",
                CarePlanView.At.Subject
            )
            : null;
    }

    private static CarePlanDraft Successor(CarePlanDraft old, CarePlanView view, string newId)
    {
        var plan = new CarePlanDraft(newId, view)
        {
            Edit =
            {
                Status = RequestStatusCodes.Draft,
                Intent = old.Edit.Intent,
                Subject = { Reference = old.Subject },
            },
        };
        plan.Edit.Replaces.Add(References.To(old.Reference));
        PlanCategories.Ensure(plan);
        return plan;
    }

    private static Result<Decision> ActivateInPlaceOf(
        CarePlanDraft old,
        CarePlanDraft plan,
        PlanMembers members,
        ActivationContext activation,
        CareRules rules,
        CommandContext command
    )
    {
        var others = activation with { OtherActive = activation.OtherActive.RemoveAll(o => o.Key == old.Key) };
        var draft = new Snapshot(plan.Key, 0, plan.ToUtf8Json());
        if (!PlanSteps.Activate(draft, members, others, rules, command).TryGet(out var decision, out var failure))
            return failure;
        return decision with
        {
            Activity = "revise",
            // The old plan, which is active until this is written, keeps other plans of the template away.
            Finds = [],
            Writes = [.. decision.Writes, new ResourceWrite(old.Key, old.Version, old.ToUtf8Json())],
        };
    }

    internal static Failure? Unfit(CarePlanDraft plan, Reason? reason)
    {
        if (plan.Status is not (RequestStatusCodes.Draft or RequestStatusCodes.Active or RequestStatusCodes.OnHold))
            return RuleFailure.Of(
                "illegal-transition",
                $"{plan.Reference} is {plan.Status}: a plan that is over is not changed; $reopen it.",
                CarePlanView.At.Status
            );
        return reason is null
            ? RuleFailure.Of(
                "reason-required",
                "$revise needs a reason; send the parameter 'reason'.",
                "Parameters.parameter"
            )
            : null;
    }

    private static Failure? Remove(CarePlanDraft plan, PlanMembers members, string removed, CommandContext command)
    {
        if (!plan.Goals.Contains(removed) && plan.ActivityOf(removed) is null)
            return RuleFailure.Of(
                "not-in-plan",
                $"{removed} is no goal or activity of {plan.Reference}.",
                "Parameters.parameter"
            );
        if (members.Goals.FirstOrDefault(g => g.Reference == removed) is { } goal)
        {
            if (!goal.IsTerminal)
                goal.Move(GoalStatusCodes.Cancelled, command.Today, command.Reason);
        }
        else if (members.Tasks.FirstOrDefault(t => t.Reference == removed) is { } task)
        {
            FinishTask.CancelAll(
                members.Tasks.Where(t => t == task || t.Edit.PartOf.Targets().Contains(removed)),
                command.Reason!,
                command.Now
            );
        }
        else if (members.Requests.FirstOrDefault(r => r.Reference == removed) is { } request)
        {
            if (request.IsOpen)
                request.Status = RequestStatusCodes.Revoked;
        }
        else
        {
            // It vanished, or is of a type whose status is not ours to change: the plan forgets it.
            plan.Edit.Goal.RemoveAll(g => g.Target() == removed);
            plan.Edit.Activity.RemoveAll(a => a.Reference.Target() == removed);
        }

        return null;
    }
}
