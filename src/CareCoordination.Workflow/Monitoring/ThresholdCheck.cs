using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Monitoring;

/// <summary>
/// That a threshold can be crossed at all: one that no reading can meet would be silent for ever, and somebody relies on it. Asked of goals, and
/// of the definitions that goals are made from.
/// </summary>
public static class ThresholdCheck
{
    public const string Rule = "threshold-unusable";

    /// <summary>422 <c>threshold-unusable</c>; null for what has no thresholds, or good ones.</summary>
    public static Failure? Check(string type, ResourceDocument document) =>
        type switch
        {
            ResourceTypes.Goal => Check(GoalView.From(document)),
            ResourceTypes.PlanDefinition => Check(PlanDefinitionView.From(document)),
            _ => null,
        };

    private static Failure? Check(GoalView goal)
    {
        var targets = new List<Target>();
        foreach (var target in goal.Target)
            targets.Add(new(target.Extension, target.Measure));
        return Misplaced(goal.Extension, GoalView.At.Extension) ?? Check(targets, GoalView.At.Target);
    }

    private static Failure? Check(PlanDefinitionView definition)
    {
        foreach (var goal in definition.Goal)
        {
            var targets = new List<Target>();
            foreach (var target in goal.Target)
                targets.Add(new(target.Extension, target.Measure));
            if (
                (
                    Misplaced(goal.Extension, PlanDefinitionGoalView.At.Extension)
                    ?? Check(targets, PlanDefinitionGoalView.At.Target)
                ) is
                { } failure
            )
                return failure;
        }

        return Misplaced(definition.Extension, PlanDefinitionView.At.Extension);
    }

    private static Failure? Misplaced(ElementViews<ExtensionView> extensions, string where) =>
        ExtensionView.Find(extensions, CareExtensions.ReadingThreshold).Exists
            ? RuleFailure.Of(
                Rule,
                "A threshold stands in a target of the goal, beside the measure that it is of: put it there.",
                where
            )
            : null;

    /// <summary>Those of one goal, or of one that a definition proposes.</summary>
    private static Failure? Check(List<Target> targets, string where)
    {
        if (!targets.Exists(t => ExtensionView.Find(t.Extension, CareExtensions.ReadingThreshold).Exists))
            return null;
        foreach (var target in targets)
        {
            if (Check(target.Extension, target.Measure, where) is { } failure)
                return failure;
        }

        return KnownReadings.IsTooMany(targets.Select(t => t.Measure))
            ? RuleFailure.Of(
                Rule,
                $"A goal with thresholds has at most {KnownReadings.MostMeasures} measures, and {KnownReadings.MostCodes} codes of them: divide it into several goals.",
                where
            )
            : null;
    }

    private static Failure? Check(ElementViews<ExtensionView> extensions, CodeableConceptView measure, string where)
    {
        foreach (var extension in extensions)
        {
            if (extension.Url != CareExtensions.ReadingThreshold)
                continue;
            if (!measure.Coding.Any(c => c is { System: not null, Code: not null }))
                return RuleFailure.Of(
                    Rule,
                    "A threshold is of the measure of its target, which has no code: give 'measure' a coding with system and code.",
                    $"{where}.measure"
                );
            if (Wrong(extension) is { } sentence)
                return RuleFailure.Of(Rule, sentence, $"{where}.extension");
        }

        return null;
    }

    private static string? Wrong(ExtensionView extension)
    {
        var when = ExtensionView.Find(extension.Extension, CareExtensions.ReadingThresholdWhen).ValueQuantity;
        if (when is not { Exists: true, Value: not null })
            return "A threshold needs 'when': a Quantity with a value.";
        if (when.Comparator is null)
            return "The Quantity of a threshold needs a comparator: '>=' 180 tells of 180 and above, '<' 60 of what is below 60.";
        var priority = ExtensionView.Find(extension.Extension, CareExtensions.ReadingThresholdPriority);
        if (priority.Exists && !(priority.ValueCode is { } code && Priorities.All.Contains(code)))
            return $"The priority of a threshold is one of the codes {string.Join(", ", Priorities.All)}.";
        var readings = ExtensionView.Find(extension.Extension, CareExtensions.ReadingThresholdReadings);
        if (readings.Exists && readings.ValuePositiveInt is not (>= 1 and <= ReadingThreshold.MostReadings))
            return $"A threshold waits for 1 to {ReadingThreshold.MostReadings} readings in a row: a positiveInt.";
        foreach (var part in extension.Extension)
        {
            if (
                part.Url
                is not (
                    CareExtensions.ReadingThresholdWhen
                    or CareExtensions.ReadingThresholdPriority
                    or CareExtensions.ReadingThresholdReadings
                )
            )
                return "A threshold has the parts 'when', 'priority' and 'readings', and no others.";
        }

        return null;
    }

    /// <summary>What a target of a goal and one of a definition have in common.</summary>
    private readonly record struct Target(ElementViews<ExtensionView> Extension, CodeableConceptView Measure);
}
