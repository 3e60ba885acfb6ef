using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Transitions;

/// <summary>What the state of a stay means for plans: of this stay, and of those before it. Lives inside one decision.</summary>
/// <param name="route">Where its discharge leads; null where there is none.</param>
internal sealed class PlansAfterStay(IntakeContext context, Stay stay, EncounterView encounter, DischargeRoute? route)
{
    private readonly bool _isInpatient = Stays.IsInpatient(encounter);
    private readonly List<string> _replaced = [];

    /// <summary>What is made and changed.</summary>
    public List<ResourceDraft> Drafts { get; } = [];

    /// <summary>Plans that end, with what ends with them.</summary>
    public List<Decision> Decisions { get; } = [];

    /// <summary>What was made, and what it is.</summary>
    public List<(string What, string Reference)> Made { get; } = [];

    public static ResourceKey ListKey(IntakeContext context) =>
        new(ResourceTypes.List, MedicationReconciliation.IdOf(context.Notice.Stay));

    /// <summary>Why nothing begins although the patient was discharged; null where something does, or nobody was.</summary>
    public string? Remark { get; private set; }

    private BusinessCalendar Calendar => context.Policy.Calendar;

    private TransitionRules Rules => context.Policy.RulesAt(context.Command.Now).Transitions;

    public void Decide()
    {
        DateOnly? discharged =
            stay.IsFinished && CareDate.Of(encounter.Period.End) is { } end ? Calendar.DayOf(end) : null;
        var order =
            route is DischargeRoute.Community or DischargeRoute.AgainstAdvice or DischargeRoute.Facility
            && _isInpatient
            && discharged is { } day
            && !context.IsDead
                ? Order(route.Value, day)
                : null;
        if (order is not null && IsTooLate(order))
        {
            Remark = $"The discharge is told later than {Rules.LatestDays} days after it: no plan begins.";
            order = null;
        }

        var own = TransitionPlans.PlansOf(context.Notice.Stay, stay.Generation);
        // The care of whoever has died ends by what follows from the death.
        foreach (var open in context.IsDead ? [] : context.Plans)
        {
            if (own.Contains(open.Plan.Key.Id))
            {
                if (open.Plan.Key.Id != order?.PlanId)
                    Revoke(open, WhyOver());
            }
            else if (_isInpatient)
                Interrupt(open, new CarePlanDraft(open.Plan), isFollowed: order is not null);
        }

        if (order is not null)
            Begin(order with { Replaces = [.. _replaced] });
        else if (route is DischargeRoute.Hospice or DischargeRoute.Died)
            Last(route.Value, discharged ?? context.Command.Today);
    }

    /// <summary>Days are those of the organisation. A plan that is there is corrected however late.</summary>
    private bool IsTooLate(TransitionPlanOrder order) =>
        context.Command.Today.DayNumber - order.Discharged.DayNumber > Rules.LatestDays
        && !context.Existing.Contains(new(ResourceTypes.CarePlan, order.PlanId));

    private string WhyOver() =>
        stay.Status == EncounterStatusCodes.Cancelled ? "The stay was cancelled."
        : !stay.IsFinished ? "The discharge was taken back."
        : "The discharge led elsewhere.";

    /// <summary>A patient who is in hospital again rests the plan of the stay before; one who is discharged again begins anew.</summary>
    private void Interrupt(OpenTransitionPlan open, CarePlanDraft plan, bool isFollowed)
    {
        var here = context.EncounterKey.ToString();
        var isLater =
            plan.Edit.Period.Start is { } since
            && CareDate.Of(encounter.Period.Start) is { } start
            && Calendar.DayOf(start) >= DateOnly.FromDateTime(since.Local);
        var isUnderWay = stay.Status == EncounterStatusCodes.InProgress;
        if (isFollowed && isLater)
        {
            Revoke(open, "Readmitted: the plan after the later discharge takes its place.");
            _replaced.Add(plan.Reference);
        }
        else if (isUnderWay && isLater && plan.Status == RequestStatusCodes.Active)
            Hold(open, plan, here);
        else if (
            !isUnderWay
            && plan.Status == RequestStatusCodes.OnHold
            && plan.Edit.SupportingInfo.Targets().Contains(here)
        )
            Resume(open, plan, here);
    }

    private void Hold(OpenTransitionPlan open, CarePlanDraft plan, string here)
    {
        var command = context.Command with { Reason = new Reason("Readmitted") };
        PlanSteps.PutOnHold(open.Members.OwnOf(plan), plan.Reference, command);
        plan.Status = RequestStatusCodes.OnHold;
        plan.Edit.SupportingInfo.Add(References.To(here));
        plan.AddNote("On hold: the patient is in hospital again.", command);
        Drafts.Add(plan);
        Drafts.AddRange(open.Members.Drafts);
    }

    private void Resume(OpenTransitionPlan open, CarePlanDraft plan, string here)
    {
        PlanSteps.TakeUp(open.Members, plan.Reference, context.Command);
        plan.Status = RequestStatusCodes.Active;
        plan.Edit.SupportingInfo.RemoveAll(r => r.Reference == here);
        plan.AddNote("Resumed: the patient is in hospital no more.", context.Command);
        Drafts.Add(plan);
        Drafts.AddRange(open.Members.Drafts);
    }

    private void Revoke(OpenTransitionPlan open, string why)
    {
        var command = context.Command with { Reason = new Reason(why) };
        if (EndPlan.Revoke(open.Plan, open.Members, command).TryGet(out var revoked, out _))
            Decisions.Add(revoked);
    }

    /// <summary>The plan of this discharge: made, or moved where the discharge is corrected.</summary>
    private void Begin(TransitionPlanOrder order)
    {
        if (context.Plans.FirstOrDefault(p => p.Plan.Key.Id == order.PlanId) is { } open)
        {
            var known = new CarePlanDraft(open.Plan);
            Drafts.AddRange(
                TransitionPlans.Correct(known, open.Members.Tasks, order, Rules, context.Command, Calendar)
            );
            Drafts.Add(known);
            Made.Add(("plan", known.Reference));
            return;
        }

        var at = encounter.Period.End is { Precision: >= DatePrecision.Minute } end
            ? end.Instant
            : (DateTimeOffset?)null;
        var later = Stays.After(order.Discharged, at, context.OtherStays, Calendar).ToArray();
        // One that people have ended stays so, and one that a later discharge has taken the place of never begins.
        if (
            context.Existing.Contains(new(ResourceTypes.CarePlan, order.PlanId))
            || later.Any(l => l.Status == EncounterStatusCodes.Finished)
        )
            return;
        var (plan, members) = TransitionPlans.Make(order, Rules, context.Command, Calendar);
        if (later.Length > 0)
            Rest(plan, members, later[0]);
        Drafts.Add(plan);
        Drafts.AddRange(members);
        Made.Add(("plan", plan.Reference));
        Made.AddRange(members.Select(m => (m is GoalDraft ? "goal" : "task", m.Reference)));
        var people = TransitionTeam.Make(context, encounter.ServiceProvider.Target(), plan.Reference);
        Drafts.AddRange(people.Where(p => p.IsChanged));
        Made.AddRange(people.Where(p => p.Version == 0).Select(p => (NameOf(p.Key.Type), p.Reference)));
    }

    private static string NameOf(string type) =>
        type switch
        {
            ResourceTypes.EpisodeOfCare => "episode",
            ResourceTypes.CareTeam => "team",
            _ => "notice",
        };

    private TransitionPlanOrder Order(DischargeRoute to, DateOnly day) =>
        new(context.Notice.Stay, stay.Generation, context.EncounterKey.ToString(), context.Patient!, to, day)
        {
            IsHighRisk = context.IsHighRisk,
            Diagnoses = context.Diagnoses,
            PendingResults = context.PendingResults,
            Manager = context.Manager,
            MedicationList = context.DischargeMedications.IsEmpty ? null : ListKey(context).ToString(),
        };

    /// <summary>The patient is in hospital again already: what begins rests from the beginning.</summary>
    private void Rest(CarePlanDraft plan, ImmutableArray<ResourceDraft> members, EncounterView later)
    {
        foreach (var goal in members.OfType<GoalDraft>())
        {
            goal.Move(GoalStatusCodes.OnHold, context.Command.Today, new Reason("Readmitted"));
            Held.Put(goal, plan.Reference, GoalStatusCodes.Active, context.Command.Now);
        }

        Held.PutAll(members.OfType<TaskDraft>(), plan.Reference, context.Command.Now);
        plan.Status = RequestStatusCodes.OnHold;
        plan.Edit.SupportingInfo.Add(References.To($"{ResourceTypes.Encounter}/{later.Id}"));
        plan.AddNote("On hold: the patient is in hospital again.", context.Command);
    }

    /// <summary>Nothing is planned any more, and one thing is left to do.</summary>
    private void Last(DischargeRoute to, DateOnly day)
    {
        var code = to == DischargeRoute.Died ? TransitionWork.Bereavement : TransitionWork.HospiceHandover;
        if (
            !context.Existing.Contains(TransitionPlans.LastTaskOf(context.Notice.Stay, stay.Generation))
            && Calendar.AddBusinessDays(day, Rules.ContactBusinessDays) is { } due
        )
            Drafts.Add(
                TransitionPlans.Task(
                    Order(to, day),
                    new TransitionTask(TransitionPlans.Last, code, due),
                    plan: null,
                    context.Command,
                    Calendar
                )
            );
    }
}
