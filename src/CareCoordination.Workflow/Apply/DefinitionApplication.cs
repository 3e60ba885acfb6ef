using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// <c>PlanDefinition/$apply</c> and <c>ActivityDefinition/$apply</c>. https://hl7.org/fhir/R4/plandefinition-operation-apply.html
/// Refusals name the rule and the element: <c>subject-type</c>, <c>definition-missing</c> (404), <c>definition-cycle</c>,
/// <c>definition-size</c>, <c>definition-retired</c>, <c>expression-failed</c>, <c>related-action-missing</c>,
/// <c>no-applicable-actions</c>, <c>time-range</c>.
/// </summary>
public static class DefinitionApplication
{
    /// <summary>A draft CarePlan with draft goals and activities.</summary>
    public static Result<Applied> Plan(ResourceDocument definition, ApplyRequest request)
    {
        var plan = PlanDefinitionView.From(definition);
        if (!plan.Exists)
            return RuleFailure.Of(
                "definition-type",
                "The definition is no PlanDefinition.",
                ResourceTypes.PlanDefinition
            );
        if (LivingPatient.Check(request.SubjectResource, "Parameters.parameter") is { } dead)
            return dead;
        return
            Unfit(plan.Status, plan.SubjectCodeableConcept, request.Subject.Type, ResourceTypes.PlanDefinition)
                is { } unfit
            ? unfit
            : new PlanApplication(plan, request).Apply();
    }

    /// <summary>One draft resource.</summary>
    public static Result<Applied> Activity(ResourceDocument definition, ApplyRequest request)
    {
        var activity = ActivityDefinitionView.From(definition);
        if (!activity.Exists)
            return RuleFailure.Of(
                "definition-type",
                "The definition is no ActivityDefinition.",
                ResourceTypes.ActivityDefinition
            );
        if (LivingPatient.Check(request.SubjectResource, "Parameters.parameter") is { } dead)
            return dead;
        if (
            Unfit(
                activity.Status,
                activity.SubjectCodeableConcept,
                request.Subject.Type,
                ResourceTypes.ActivityDefinition
            ) is
            { } unfit
        )
            return unfit;
        if (!ActivityBuilder.TypeOf(activity).TryGet(out var type, out var failure))
            return failure;
        var node = new ActionNode(default, default, parent: null)
        {
            Activity = activity,
            Key = new(type, request.NewId()),
        };
        if (new Schedule(request, [node], []).TimeAll() is { } untimed)
            return untimed;
        var builder = new ActivityBuilder(request, new Expressions(request), k => k.ToString());
        if (!builder.Build(node, plan: null, isOption: false, _ => null).TryGet(out var json, out failure))
            return failure;
        ImmutableArray<ResourceWrite> writes = request.Persist ? [new(node.Key, 0, json)] : [];
        return new Applied(new Decision(node.Key, writes) { Activity = "apply" }, json);
    }

    private static Failure? Unfit(
        string? status,
        CodeableConceptView subject,
        string subjectType,
        string definitionType
    )
    {
        if (status == PublicationStatusCodes.Retired)
            return RuleFailure.Of(
                "definition-retired",
                "The definition is retired; use the one that replaced it.",
                $"{definitionType}.status"
            );
        var types = subject
            .Coding.Select(c => c.Code)
            .OfType<string>()
            .Where(R4Definitions.Schema.IsResourceType)
            .DefaultIfEmpty(ResourceTypes.Patient)
            .ToArray();
        return types.Contains(subjectType)
            ? null
            : RuleFailure.Of(
                "subject-type",
                $"The definition is for {string.Join(" or ", types)}, not for {subjectType}.",
                $"{definitionType}.subject"
            );
    }
}
