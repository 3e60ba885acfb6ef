using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Goals;

/// <summary>A value that somebody reports for a goal, without an Observation.</summary>
/// <param name="Unit">As the target has it; null: the unit of the target.</param>
/// <param name="At">When it was true of the patient.</param>
public sealed record ReportedValue(decimal Value, string? Unit, CareDate At);

/// <summary><c>Goal/$record-progress</c>: evidence for one goal, by an Observation that exists or by a value that becomes one.</summary>
public static class ProgressRecord
{
    /// <summary>422 <c>goal-not-active</c>, <c>not-a-measure</c>.</summary>
    public static Result<Decision> FromObservation(
        Snapshot snapshot,
        Snapshot observation,
        KnownReadings known,
        CareRules rules
    )
    {
        var goal = new GoalDraft(snapshot);
        if (NotActive(goal) is { } failure)
            return failure;
        if (
            Reading.Of(observation) is not { } reading
            || GoalEvaluation.MeasuredBy(snapshot, new[] { reading }.ToLookup(r => r.Patient)).IsEmpty
        )
            return NotAMeasure(goal);
        return Record(snapshot, reading, known, rules);
    }

    /// <summary>
    /// The value becomes a final Observation of the first measurable target. 422 <c>goal-not-active</c>, <c>no-measure</c>.
    /// </summary>
    /// <param name="performer">Who reports it: the patient or a practitioner.</param>
    public static Result<Decision> FromValue(
        Snapshot snapshot,
        ReportedValue value,
        string performer,
        KnownReadings known,
        CareRules rules,
        string newId
    )
    {
        var goal = new GoalDraft(snapshot);
        if (NotActive(goal) is { } failure)
            return failure;
        var target = GoalView.From(goal.Original!).Target.FirstOrDefault(t => t.Measure.Coding.Any());
        if (!target.Exists)
            return RuleFailure.Of(
                "no-measure",
                $"{goal.Reference} has no target with a coded measure; send an Observation.",
                GoalView.At.Target
            );
        var unit = UnitOf(target);
        var observation = new ObservationEditor
        {
            Id = newId,
            Status = ObservationStatusCodes.Final,
            Code = new(target.Measure),
            Subject = { Reference = goal.Subject },
            EffectiveDateTime = value.At.Given,
            Performer = { References.To(performer) },
            ValueQuantity =
            {
                Value = value.Value,
                Unit = value.Unit ?? unit.Unit ?? unit.Code,
                System = value.Unit is null ? unit.System : null,
                Code = value.Unit is null ? unit.Code : null,
            },
        }.ToUtf8Json();
        var key = new Fhir.Primitives.ResourceKey(ResourceTypes.Observation, newId);
        var reading = Reading.Of(new Snapshot(key, 0, observation))!;
        var decision = Record(snapshot, reading, known, rules);
        return decision with { Writes = [.. decision.Writes, new ResourceWrite(key, 0, observation)] };
    }

    private static Decision Record(Snapshot goal, Reading reading, KnownReadings known, CareRules rules) =>
        (
            GoalEvaluation.Evaluate(goal, [reading], known, rules, recorded: reading)
            ?? Drafts.Write("record-progress", new GoalDraft(goal))
        ) with
        {
            Activity = "record-progress",
        };

    private static QuantityView UnitOf(GoalTargetView target) =>
        target.DetailQuantity.Exists ? target.DetailQuantity
        : target.DetailRange.Low.Exists ? target.DetailRange.Low
        : target.DetailRange.High;

    private static Failure? NotActive(GoalDraft goal) =>
        goal.Status == GoalStatusCodes.Active
            ? null
            : RuleFailure.Of(
                "goal-not-active",
                $"{goal.Reference} is {goal.Status}: progress is recorded while a goal is active.",
                GoalView.At.LifecycleStatus
            );

    private static Failure NotAMeasure(GoalDraft goal) =>
        RuleFailure.Of(
            "not-a-measure",
            $"The Observation measures no target of {goal.Reference}, or is of another patient.",
            GoalView.At.Target
        );
}
