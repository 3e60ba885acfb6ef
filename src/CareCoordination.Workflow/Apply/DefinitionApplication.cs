using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// <c>PlanDefinition/$apply</c> and <c>ActivityDefinition/$apply</c>. https://hl7.org/fhir/R4/plandefinition-operation-apply.html
/// Refusals name the rule and the element: <c>subject-type</c>, <c>definition-missing</c> (404), <c>definition-cycle</c>,
/// <c>definition-retired</c>, <c>expression-failed</c>, <c>related-action-missing</c>, <c>no-applicable-actions</c>.
/// </summary>
public static class DefinitionApplication
{
    /// <summary>A draft CarePlan with draft goals and activities.</summary>
    public static Result<Applied> Plan(ResourceDocument definition, ApplyRequest request)
    {
        var plan = PlanDefinitionView.From(definition);
        if (!plan.Exists)
            return RuleFailure.Of("definition-type", "The definition is no PlanDefinition.", "PlanDefinition");
        if (
            Unfit(plan.Status, plan.SubjectCodeableConcept, request.Subject.Type, ResourceTypes.PlanDefinition) is
            { } unfit
        )
            return unfit;
        var expressions = new Expressions(request);
        var tree = new ActionTree(request, expressions);
        if (!tree.Of(plan).TryGet(out var roots, out var failure))
            return failure;
        var nodes = roots.SelectMany(r => r.WithDescendants()).ToList();
        if (!nodes.Exists(n => n.MakesResource))
            return RuleFailure.Of(
                "no-applicable-actions",
                "No action of the definition applies to the subject.",
                PlanDefinitionView.At.Action
            );
        if (new Schedule(request, roots, tree.KnownIds).TimeAll() is { } untimed)
            return untimed;

        var planKey = new ResourceKey(ResourceTypes.CarePlan, request.NewId());
        string Refer(ResourceKey key) =>
            request.Persist ? key.ToString()
            : key == planKey ? "#"
            : $"#{key.Id}";

        var goals = Goals(plan, request);
        var goalReferences = goals
            .Where(g => g.DefinitionId is not null)
            .DistinctBy(g => g.DefinitionId)
            .ToDictionary(g => g.DefinitionId!, g => Refer(g.Key));
        var made = new List<(ResourceKey Key, byte[] Json)>(goals.Select(g => (g.Key, g.Editor.ToUtf8Json())));
        foreach (var node in nodes.Where(n => n.MakesResource))
        {
            if (!ActivityBuilder.TypeOf(node.Activity).TryGet(out var type, out failure))
                return failure;
            node.Key = new(type, request.NewId());
        }

        var builder = new ActivityBuilder(request, expressions, Refer);
        foreach (var node in nodes.Where(n => n.MakesResource))
        {
            if (
                !builder
                    .Build(node, planKey, isOption: !request.Flatten, goalReferences.GetValueOrDefault)
                    .TryGet(out var json, out failure)
            )
                return failure;
            made.Add((node.Key, json));
        }

        var carePlan = CarePlan(planKey.Id, plan, request);
        foreach (var goal in goals)
            carePlan.AddGoal(Refer(goal.Key));
        if (request.Flatten)
        {
            foreach (var node in nodes.Where(n => n.MakesResource))
                carePlan.AddActivity(Refer(node.Key));
        }
        else
        {
            var group = RequestGroupBuilder.Build(plan, roots, request, request.NewId(), Refer(planKey), Refer);
            made.Add((group.Key, group.Json));
            carePlan.AddActivity(Refer(group.Key));
        }

        var snapshots = made.Select(m => new Snapshot(m.Key, 0, m.Json)).ToArray();
        PlanNarrative.Write(carePlan, new PlanMembers(snapshots));
        return Finish(carePlan, made, request).Noting(tree.Notes);
    }

    /// <summary>One draft resource.</summary>
    public static Result<Applied> Activity(ResourceDocument definition, ApplyRequest request)
    {
        var activity = ActivityDefinitionView.From(definition);
        if (!activity.Exists)
            return RuleFailure.Of("definition-type", "The definition is no ActivityDefinition.", "ActivityDefinition");
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
            .Where(R4.Schema.IsResourceType)
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

    private sealed record MadeGoal(string? DefinitionId, ResourceKey Key, GoalEditor Editor);

    /// <summary>Proposed: a goal is sought when the patient has accepted it.</summary>
    private static List<MadeGoal> Goals(PlanDefinitionView plan, ApplyRequest request)
    {
        var goals = new List<MadeGoal>();
        foreach (var definition in plan.Goal)
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
                goal.Target.Add(Target(target, request));
            goals.Add(new MadeGoal(definition.Id, new(ResourceTypes.Goal, id), goal));
        }

        return goals;
    }

    private static GoalTargetEditor Target(PlanDefinitionGoalTargetView definition, ApplyRequest request)
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
        if (FhirDuration.Parse(definition.Due) is { } due)
            target.DueDate = request.Calendar.DayOf(due.AddTo(request.Start, request.Calendar.Zone));
        return target;
    }

    private static CarePlanDraft CarePlan(string id, PlanDefinitionView definition, ApplyRequest request)
    {
        var start = request.Calendar.DayOf(request.Start);
        var author = request.Practitioner ?? request.CareManager ?? request.By.Reference;
        var plan = new CarePlanDraft(id)
        {
            Edit =
            {
                Status = RequestStatusCodes.Draft,
                Intent = CarePlanIntentCodes.Plan,
                Title = definition.Title ?? definition.Name,
                Description = definition.Description,
                Subject = References.To(request.Subject.ToString()),
                Encounter = { Reference = request.Encounter },
                Period = { Start = start },
                Created = request.Now,
                Author = References.To(author),
            },
        };
        plan.Edit.InstantiatesCanonical.Add(
            ActivityBuilder.Canonical(ActionTree.UrlOf(definition), definition.Version)!
        );
        PlanCategories.Ensure(plan);
        foreach (var topic in definition.Topic)
            plan.Edit.Category.Add(new(topic));
        if (request.ParentPlan is { } parent)
            plan.Edit.PartOf.Add(References.To(parent));
        if (request.CareManager is { } manager && manager != author)
            plan.Edit.Contributor.Add(References.To(manager));
        // A plan of thirty days that starts on the first ends on the thirtieth.
        if (
            FhirDuration.Parse(ExtensionView.Find(definition.Extension, CareExtensions.PlanDuration).ValueDuration) is
            { } length
        )
            plan.Edit.Period.End = request
                .Calendar.DayOf(length.AddTo(request.Calendar.StartOf(start), request.Calendar.Zone))
                .AddDays(-1);
        return plan;
    }

    private static Applied Finish(CarePlanDraft plan, List<(ResourceKey Key, byte[] Json)> made, ApplyRequest request)
    {
        if (!request.Persist)
        {
            foreach (var (_, json) in made)
                plan.Edit.Contained.Add(new ResourceEditor(ResourceDocument.Parse(json).Value));
            return new Applied(new Decision(plan.Key, []) { Activity = "apply" }, plan.ToUtf8Json());
        }

        var answer = plan.ToUtf8Json();
        ImmutableArray<ResourceWrite> writes =
        [
            new(plan.Key, 0, answer),
            .. made.Select(m => new ResourceWrite(m.Key, 0, m.Json)),
        ];
        return new Applied(new Decision(plan.Key, writes) { Activity = "apply" }, answer);
    }

    private static Applied Noting(this Applied applied, List<Issue> notes) =>
        applied with
        {
            Decision = applied.Decision.Noting(notes),
        };
}
