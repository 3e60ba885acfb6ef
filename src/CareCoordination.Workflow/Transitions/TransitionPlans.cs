using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Transitions;

/// <summary>What a plan after a discharge is made of.</summary>
/// <param name="StayId">Of the stay: what its plan, goals and tasks have their ids from.</param>
/// <param name="Encounter">The stay, as a reference.</param>
/// <param name="Patient">As a reference.</param>
public sealed record TransitionPlanOrder(
    string StayId,
    int Generation,
    string Encounter,
    string Patient,
    DischargeRoute Route,
    DateOnly Discharged
)
{
    public bool IsHighRisk { get; init; }

    /// <summary>The diagnoses of the stay, as references.</summary>
    public ImmutableArray<string> Diagnoses { get; init; } = [];

    /// <summary>Results that were not there at discharge, as references.</summary>
    public ImmutableArray<string> PendingResults { get; init; } = [];

    /// <summary>The List of what was taken before and after; null where no medications were told.</summary>
    public string? MedicationList { get; init; }

    /// <summary>Null where nobody manages the patient's care: the tasks are for the role.</summary>
    public string? Manager { get; init; }

    /// <summary>Plans that this one takes the place of, as references.</summary>
    public ImmutableArray<string> Replaces { get; init; } = [];

    public string PlanId => TransitionPlans.IdOf(StayId, Generation, TransitionPlans.SlotOf(Route));

    /// <summary>The id of what belongs to the plan.</summary>
    public string IdOf(string slot) =>
        TransitionPlans.IdOf(StayId, Generation, $"{TransitionPlans.SlotOf(Route)} {slot}");
}

/// <summary>The plan of the days after a discharge: made, and moved where the discharge is corrected.</summary>
public static class TransitionPlans
{
    /// <summary>The category of such plans.</summary>
    public const string CategorySystem = OwnCanonical.CodeSystems + "transition-plan";

    public const string TransitionalCare = "transitional-care";
    public const string FacilityFollow = "facility-follow";

    /// <summary>The slot of a task, in its identifier.</summary>
    public const string SlotSystem = "urn:carecoordination:transition-slot";

    public static readonly ImmutableArray<OwnCode> Categories =
    [
        new(FacilityFollow, "The patient went to another facility, which is followed until it discharges."),
        new(TransitionalCare, "The days after a discharge to the community."),
    ];

    private static readonly (string Slot, string Text)[] Goals =
    [
        ("stay-home", "No readmission within the thirty days"),
        ("visit", "The visit after the discharge is kept"),
        ("medications", "The medications are reconciled"),
        ("teach-back", "The patient can say which signs to call for, and whom"),
    ];

    public static string IdOf(string stay, int generation, string slot) =>
        TransitionIds.Of("transition", stay, $"{generation}", slot);

    /// <summary>The slot of the one task that is left where no plan begins.</summary>
    internal const string Last = "last";

    /// <summary>What the state of a stay may lead to, to be looked for before it is decided.</summary>
    public static ImmutableArray<ResourceKey> KeysOf(string stay, int generation) =>
        [
            .. Slots.Select(slot => new ResourceKey(ResourceTypes.CarePlan, IdOf(stay, generation, slot))),
            LastTaskOf(stay, generation),
        ];

    /// <summary>The ids of all plans that a stay may have led to so far.</summary>
    internal static ImmutableHashSet<string> PlansOf(string stay, int generation) =>
        [.. Enumerable.Range(0, generation + 1).SelectMany(_ => Slots, (number, slot) => IdOf(stay, number, slot))];

    internal static string SlotOf(DischargeRoute route) => route == DischargeRoute.Facility ? "facility" : "plan";

    private static readonly string[] Slots = ["plan", "facility"];

    internal static ResourceKey LastTaskOf(string stay, int generation) =>
        new(ResourceTypes.Task, IdOf(stay, generation, Last));

    public static bool IsOne(CarePlanDraft plan) =>
        plan.Edit.Category.Any(c => c.Coding.Any(x => x.System == CategorySystem));

    /// <summary>A new plan with its goals and tasks, all of them under way.</summary>
    internal static (CarePlanDraft Plan, ImmutableArray<ResourceDraft> Members) Make(
        TransitionPlanOrder order,
        TransitionRules rules,
        CommandContext command,
        Calendars.BusinessCalendar calendar
    )
    {
        var kind = order.Route == DischargeRoute.Facility ? FacilityFollow : TransitionalCare;
        var plan = new CarePlanDraft(order.PlanId)
        {
            Status = RequestStatusCodes.Active,
            Edit =
            {
                Intent = "plan",
                Title = kind == FacilityFollow ? "Following a facility" : "Transitional care",
                Subject = References.To(order.Patient),
                Encounter = References.To(order.Encounter),
                Created = command.Now,
                Category = { CodeableConceptEditor.Of(CategorySystem, kind) },
            },
        };
        SetPeriod(plan, order.Discharged, rules);
        PlanCategories.Ensure(plan);
        plan.Edit.Contributor.Add(References.To(command.By.Reference));
        foreach (var diagnosis in order.Diagnoses)
            plan.Edit.Addresses.Add(References.To(diagnosis));
        foreach (var replaced in order.Replaces)
            plan.Edit.Replaces.Add(References.To(replaced));
        var members = ImmutableArray.CreateBuilder<ResourceDraft>();
        if (kind == TransitionalCare)
        {
            foreach (var (slot, text) in Goals)
                members.Add(Goal(order, slot, text, command));
        }

        foreach (var task in WorkOf(order, rules, calendar))
            members.Add(Task(order, task, plan, command, calendar));
        foreach (var member in members)
        {
            if (member is GoalDraft)
                plan.AddGoal(member.Reference);
            else
                plan.AddActivity(member.Reference);
        }

        return (plan, members.ToImmutable());
    }

    /// <summary>
    /// The discharge was on another day, or led elsewhere: what is open is due by the new day, what is done stays, and what is missing is
    /// added. Where the day is the same nothing is moved, since somebody may have chosen another time; but a risk that turns out to be high
    /// brings forward what is still due as it was without it, and adds the calls that it asks for. A risk that falls takes nothing back.
    /// </summary>
    internal static ImmutableArray<ResourceDraft> Correct(
        CarePlanDraft plan,
        ImmutableArray<TaskDraft> tasks,
        TransitionPlanOrder order,
        TransitionRules rules,
        CommandContext command,
        Calendars.BusinessCalendar calendar
    )
    {
        var isMoved = plan.Edit.Period.Start is not { } start || DateOnly.FromDateTime(start.Local) != order.Discharged;
        var calm = CalmDays(plan, order, rules, calendar);
        bool IsDueAsCalm(TaskDraft task, string slot) =>
            !task.IsTerminal && calm.TryGetValue(slot, out var day) && task.Due == calendar.EndOf(day);
        var hasRisen =
            order.IsHighRisk
            && tasks.Any(t => t.Key.Id == order.IdOf(TransitionWork.Visit) && IsDueAsCalm(t, TransitionWork.Visit));
        var changed = ImmutableArray.CreateBuilder<ResourceDraft>();
        foreach (var task in WorkOf(order, rules, calendar))
        {
            var id = task.Slot == Last ? LastTaskOf(order.StayId, order.Generation).Id : order.IdOf(task.Slot);
            if (tasks.FirstOrDefault(t => t.Key.Id == id) is not { } known)
            {
                // A result that is named later, a call for the risk. What a plan of another kind had is not taken up in the middle.
                if (
                    task.Code != TransitionWork.PendingResult
                    && !(hasRisen && task.Code == TransitionWork.Call && !calm.ContainsKey(task.Slot))
                )
                    continue;
                var added = Task(order, task, plan, command, calendar);
                plan.AddActivity(added.Reference);
                changed.Add(added);
            }
            else if (!known.IsTerminal && (isMoved || hasRisen && IsDueAsCalm(known, task.Slot)))
            {
                known.Due = calendar.EndOf(task.Day);
                known.Touch(command.Now);
                changed.Add(known);
            }
        }

        if (isMoved)
        {
            SetPeriod(plan, order.Discharged, rules);
        }

        foreach (var diagnosis in order.Diagnoses.Except(plan.Edit.Addresses.Targets()))
            plan.Edit.Addresses.Add(References.To(diagnosis));
        return changed.ToImmutable();
    }

    /// <summary>By slot, the days by which the plan as it stands asks for its work where the risk is not high.</summary>
    private static Dictionary<string, DateOnly> CalmDays(
        CarePlanDraft plan,
        TransitionPlanOrder order,
        TransitionRules rules,
        Calendars.BusinessCalendar calendar
    ) =>
        WorkOf(
                order with
                {
                    IsHighRisk = false,
                    Discharged = plan.Edit.Period.Start is { } start
                        ? DateOnly.FromDateTime(start.Local)
                        : order.Discharged,
                },
                rules,
                calendar
            )
            .DistinctBy(t => t.Slot)
            .ToDictionary(t => t.Slot, t => t.Day, StringComparer.Ordinal);

    /// <summary>The day of the discharge is the first one.</summary>
    private static void SetPeriod(CarePlanDraft plan, DateOnly discharged, TransitionRules rules)
    {
        plan.Edit.Period.Start = discharged;
        plan.Edit.Period.End = discharged.PlusDays(rules.PeriodDays - 1) ?? DateOnly.MaxValue;
    }

    private static ImmutableArray<TransitionTask> WorkOf(
        TransitionPlanOrder order,
        TransitionRules rules,
        Calendars.BusinessCalendar calendar
    ) => TransitionWork.Of(order.Route, order.IsHighRisk, order.Discharged, order.PendingResults, calendar, rules);

    private static GoalDraft Goal(TransitionPlanOrder order, string slot, string text, CommandContext command)
    {
        var goal = new GoalDraft(order.IdOf($"goal {slot}"))
        {
            Edit =
            {
                Description = { Text = text },
                Subject = References.To(order.Patient),
                StartDate = order.Discharged,
            },
        };
        goal.Move(GoalStatusCodes.Active, command.Today, null);
        return goal;
    }

    internal static TaskDraft Task(
        TransitionPlanOrder order,
        TransitionTask task,
        CarePlanDraft? plan,
        CommandContext command,
        Calendars.BusinessCalendar calendar
    )
    {
        var id = task.Slot == Last ? LastTaskOf(order.StayId, order.Generation).Id : order.IdOf(task.Slot);
        var made = new TaskDraft(id)
        {
            Edit =
            {
                Identifier =
                {
                    new() { System = SlotSystem, Value = $"{order.PlanId}:{task.Slot}" },
                },
                Intent = TaskIntentCodes.Order,
                Priority = task.IsUrgent ? RequestPriorityCodes.Urgent : RequestPriorityCodes.Routine,
                Code = TaskWords.Code(TransitionWork.System, task.Code, TransitionWork.Words(task.Code)),
                For = References.To(order.Patient),
                Encounter = References.To(order.Encounter),
                AuthoredOn = command.Now,
            },
            Due = calendar.EndOf(task.Day),
        };
        if (plan is not null)
            made.Edit.BasedOn.Add(References.To(plan.Reference));
        var about = task.Focus ?? (task.Code == TransitionWork.Medications ? order.MedicationList : null);
        if (about is { } focus)
            made.Edit.Focus = References.To(focus);
        made.Edit.Requester = new()
        {
            Reference = command.By.Reference,
            Display = command.By.NameOf(command.By.Reference),
        };
        if (order.Manager is { } manager)
            made.GiveTo(manager, command.By);
        else
            made.Edit.PerformerType.Add(
                TaskWords.Code(PlanCategories.Snomed, Caseload.CareManagerRoles.Codes[0], "care manager")
            );
        made.Status = made.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        made.Touch(command.Now);
        return made;
    }
}
