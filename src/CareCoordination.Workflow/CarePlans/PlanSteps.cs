using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>What <c>$activate</c> has to know beyond the plan and its members.</summary>
/// <param name="Consents">Those of the patient that may count, or the one that is named.</param>
/// <param name="OtherActive">Other active plans of the patient.</param>
/// <param name="AllowConcurrent">Two plans of one template side by side are meant.</param>
public sealed record ActivationContext(
    ImmutableArray<Snapshot> Consents,
    ImmutableArray<Snapshot> OtherActive,
    bool AllowConcurrent = false
)
{
    /// <summary>Null where the patient is not here.</summary>
    public Snapshot? Patient { get; init; }
}

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
            return Resume(snapshot, members, command.By, command.Now);
        if (Move(plan, RequestStatusCodes.Active, "activate", null, command.By) is { } failure)
            return failure;
        if (
            context.Patient is { } patient
            && LivingPatient.Check(ResourceDocument.Parse(patient.Utf8Json).Value, CarePlanView.At.Subject) is { } dead
        )
            return dead;
        if (Obstacles(plan, members, context, rules, command).ToImmutableArray() is { IsEmpty: false } obstacles)
            return new Failure(422, obstacles);
        if (!context.AllowConcurrent && Twin(plan, context.OtherActive) is { } twin)
        {
            return RuleFailure.Conflict(
                "duplicate",
                $"{twin} is an active plan of the same template and category; close it, or send 'allowConcurrent'.",
                CarePlanView.At.InstantiatesCanonical
            );
        }

        plan.Edit.Period.Start ??= command.Today;
        PlanCategories.Ensure(plan);
        if (plan.Edit.Author.Target() is null && plan.Edit.Contributor.Count == 0)
            plan.Edit.Contributor.Add(References.To(command.By.Reference));
        Begin(members, command);
        PlanNarrative.Write(plan, members);
        return WithConditions(Drafts.Write("activate", plan, members.Drafts), plan, members, context, rules);
    }

    /// <summary>Accepted goals become active, drafts among the tasks are asked for, drafts among the requests become active.</summary>
    private static void Begin(PlanMembers members, CommandContext command)
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
        foreach (var group in members.Groups.Where(g => g.Status == RequestStatusCodes.Draft))
            group.Status = RequestStatusCodes.Active;
    }

    /// <summary>What an activation relies on, and what the caller should know of goals that nobody has accepted.</summary>
    private static Decision WithConditions(
        Decision decision,
        CarePlanDraft plan,
        PlanMembers members,
        ActivationContext context,
        CareRules rules
    )
    {
        if (PlanConsent.IsNeeded(plan, rules))
            decision = decision with
            {
                ReliedOn = decision.ReliedOn.AddRange(context.Consents.Select(c => new ReliedOn(c.Key, c.Version))),
            };
        if (!context.AllowConcurrent)
            decision = decision with { Finds = StillAlone(plan, context.OtherActive) };
        var waiting = members.Goals.Where(g => g.Status == GoalStatusCodes.Proposed).Select(g => g.Reference).ToArray();
        return waiting.Length == 0
            ? decision
            : decision.Noting(
                Issue.Information(
                    $"Not sought until somebody accepts them: {string.Join(", ", waiting)}.",
                    CarePlanView.At.Goal
                )
            );
    }

    /// <summary><c>$hold</c>: the plan and with it every task that can be held; no threshold of lateness is crossed meanwhile.</summary>
    public static Result<Decision> Hold(
        Snapshot snapshot,
        PlanMembers members,
        Reason? reason,
        Agent by,
        DateTimeOffset now
    )
    {
        var plan = new CarePlanDraft(snapshot);
        if (Move(plan, RequestStatusCodes.OnHold, "hold", reason, by) is { } failure)
            return failure;
        Held.PutAll(members.Tasks, plan.Reference, now);
        foreach (var group in members.Groups.Where(g => g.Status == RequestStatusCodes.Active))
            Held.Put(group, plan.Reference, now);
        plan.AddNote($"On hold: {reason!.AsText}", by.Reference, now);
        return Drafts.Write("hold", plan, members.Drafts);
    }

    /// <summary><c>$resume</c>: the plan, and each task that it held to where it was.</summary>
    public static Result<Decision> Resume(Snapshot snapshot, PlanMembers members, Agent by, DateTimeOffset now)
    {
        var plan = new CarePlanDraft(snapshot);
        if (Move(plan, RequestStatusCodes.Active, "resume", null, by) is { } failure)
            return failure;
        Held.ResumeAll(members.Tasks, plan.Reference, now);
        foreach (var group in members.Groups)
        {
            if (
                group.Status == RequestStatusCodes.OnHold
                && group.Edit.Extension.With(CareExtensions.HeldBy)?.ValueReference.Target() == plan.Reference
            )
            {
                Held.Clear(group);
                group.Status = RequestStatusCodes.Active;
            }
        }

        return Drafts.Write("resume", plan, members.Drafts);
    }

    /// <summary><c>$reopen</c>: a lead brings back a plan that was closed or revoked. Its members stay as they are.</summary>
    public static Result<Decision> Reopen(Snapshot snapshot, Reason? reason, Agent by, DateTimeOffset now)
    {
        var plan = new CarePlanDraft(snapshot);
        if (Move(plan, RequestStatusCodes.Active, "reopen", reason, by) is { } failure)
            return failure;
        plan.Edit.Period.End = null;
        plan.Edit.Extension.RemoveAll(e => e.Url == CareExtensions.CloseOutcome);
        plan.AddNote($"Reopened: {reason!.AsText}", by.Reference, now);
        return Drafts.Write("reopen", plan);
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
        if (PlanConsent.IsNeeded(plan, rules) && !PlanConsent.Covers(plan, context.Consents, rules, command))
            yield return RuleFailure.Issue(
                "consent-missing",
                "Plans of this category need an active Consent of the patient; record it first.",
                CarePlanView.At.Category
            );
    }

    /// <summary>
    /// Two drafts of one template write nothing in common: what keeps them from becoming active at once is that no active plan of the
    /// template came up since.
    /// </summary>
    private static ImmutableArray<StillFinds> StillAlone(CarePlanDraft plan, ImmutableArray<Snapshot> others)
    {
        var finds = ImmutableArray.CreateBuilder<StillFinds>();
        foreach (var template in plan.Edit.InstantiatesCanonical)
        {
            // Those of other categories may be there, one by this condition.
            var known = others.Where(o => new CarePlanDraft(o).Edit.InstantiatesCanonical.Contains(template)).ToArray();
            if (known.Length > 1)
                continue;
            var query =
                $"subject={Escaped(plan.Subject ?? "")}&status=active&instantiates-canonical={Escaped(template)}";
            finds.Add(new StillFinds(ResourceTypes.CarePlan, query, known is [var one] ? one.Key : null));
        }

        return finds.ToImmutable();
    }

    /// <summary>A value of a search: commas in it separate nothing.</summary>
    private static string Escaped(string value) =>
        Uri.EscapeDataString(value.Replace(",", "\\,", StringComparison.Ordinal));

    /// <summary>Another plan of the same template whose categories overlap.</summary>
    private static string? Twin(CarePlanDraft plan, ImmutableArray<Snapshot> others)
    {
        var templates = plan.Edit.InstantiatesCanonical.ToHashSet();
        if (templates.Count == 0)
            return null;
        var categories = PlanCategories.CodesOf(plan).ToHashSet();
        foreach (var other in others.Where(o => o.Key != plan.Key).Select(o => new CarePlanDraft(o)))
        {
            if (other.Status != RequestStatusCodes.Active || !other.Edit.InstantiatesCanonical.Any(templates.Contains))
                continue;
            var theirs = PlanCategories.CodesOf(other).ToHashSet();
            if (categories.Count == 0 || theirs.Count == 0 || theirs.Overlaps(categories))
                return other.Reference;
        }

        return null;
    }
}
