using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Apply;

/// <summary>A goal of a definition, as it is proposed to the patient.</summary>
/// <param name="DefinitionId">By which actions name it; null where none can.</param>
internal sealed record ProposedGoal(string? DefinitionId, ResourceKey Key, GoalEditor Editor);

/// <summary>Makes the goals of a definition. They are proposed: a goal is sought when the patient has accepted it.</summary>
internal static class ProposedGoals
{
    /// <summary>422 <c>time-range</c> where a target would be due outside of the years that a date can name.</summary>
    public static Result<List<ProposedGoal>> Of(PlanDefinitionView plan, ApplyRequest request)
    {
        var goals = new List<ProposedGoal>();
        foreach (var definition in plan.Goal)
        {
            if (!Of(definition, request).TryGet(out var goal, out var failure))
                return failure;
            goals.Add(goal);
        }

        return goals;
    }

    private static Result<ProposedGoal> Of(PlanDefinitionGoalView definition, ApplyRequest request)
    {
        var id = request.NewId();
        var goal = new GoalEditor
        {
            Id = id,
            LifecycleStatus = GoalStatusCodes.Proposed,
            Description = new(definition.Description),
            Subject = References.To(request.Subject.ToString()),
            StartDate = request.Calendar.DayOf(request.Start),
            StatusDate = request.Calendar.DayOf(request.Now),
        };
        if (definition.Category.Exists)
            goal.Category.Add(new(definition.Category));
        if (definition.Priority.Exists)
            goal.Priority = new(definition.Priority);
        foreach (var target in definition.Target)
        {
            if (!Target(target, request).TryGet(out var made, out var failure))
                return failure;
            goal.Target.Add(made);
        }

        return new ProposedGoal(definition.Id, new(ResourceTypes.Goal, id), goal);
    }

    private static Result<GoalTargetEditor> Target(PlanDefinitionGoalTargetView definition, ApplyRequest request)
    {
        var target = new GoalTargetEditor { Measure = new(definition.Measure) };
        foreach (var extension in definition.Extension)
            target.Extension.Add(new(extension));
        if (definition.DetailQuantity.Exists)
            target.DetailQuantity = new(definition.DetailQuantity);
        else if (definition.DetailRange.Exists)
            target.DetailRange = new(definition.DetailRange);
        else if (definition.DetailCodeableConcept.Exists)
            target.DetailCodeableConcept = new(definition.DetailCodeableConcept);
        if (FhirDuration.Parse(definition.Due) is not { } due)
            return target;
        if (due.AddTo(request.Start, request.Calendar.Zone) is not { } end)
            return RuleFailure.OutOfRange("The due duration of the target", definition.Element.Location);
        target.DueDate = request.Calendar.DayOf(end);
        return target;
    }
}
