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
    /// <summary>422 <c>goal-not-active</c>, <c>not-a-measure</c>, <c>value-unfit</c>.</summary>
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
    /// The value becomes a final Observation of the first measurable target. 422 <c>goal-not-active</c>, <c>no-measure</c>, <c>value-unfit</c>.
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
        return Record(snapshot, reading, known, rules).TryGet(out var decision, out var unfit)
            ? decision with
            {
                Writes = [.. decision.Writes, new ResourceWrite(key, 0, observation)],
            }
            : unfit;
    }

    private static Result<Decision> Record(Snapshot snapshot, Reading reading, KnownReadings known, CareRules rules)
    {
        var goal = new GoalDraft(snapshot);
        var fits = Fits(goal, reading, rules).ToArray();
        if (fits.Length > 0 && Array.TrueForAll(fits, f => f.Fit is ValueFit.OtherType or ValueFit.OtherDimension))
            return RuleFailure.Of("value-unfit", Unfit(fits[0].Fit, fits[0].Unit), "Parameters.parameter");
        var decision = (
            GoalEvaluation.Evaluate(snapshot, [reading], known, rules, recorded: reading)
            ?? Drafts.Write("record-progress", goal)
        ) with
        {
            Activity = "record-progress",
        };
        return fits.Length > 0 && Array.TrueForAll(fits, f => f.Fit != ValueFit.Fits)
            ? decision.Noting(
                RuleFailure.Warning(
                    "value-not-compared",
                    $"It is recorded, and says nothing of the target: send an exact value in {InUnit(fits[0].Unit)}.",
                    GoalView.At.Target
                )
            )
            : decision;
    }

    /// <summary>How the reading stands to each target that it measures and that a reading can meet.</summary>
    private static IEnumerable<(ValueFit Fit, string? Unit)> Fits(GoalDraft goal, Reading reading, CareRules rules)
    {
        foreach (var target in GoalView.From(goal.Original!).Target)
        {
            if (TargetTest.Of(target, _ => null, rules) is { } test && reading.Of(target.Measure) is { } value)
                yield return (test.FitOf(value), test.Unit);
        }
    }

    private static string Unfit(ValueFit fit, string? unit) =>
        fit == ValueFit.OtherDimension
            ? $"The value is in a unit of something else than the target; send it in {InUnit(unit)}."
            : "The value is of another type than the target, or there is none; send what the target asks for.";

    private static string InUnit(string? unit) => unit is null ? "the unit of the target" : $"'{unit}'";

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
