using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Apply;

/// <summary>One application of a PlanDefinition: which actions apply, when they are to be done, and the resources that they become.</summary>
internal sealed class PlanApplication(PlanDefinitionView plan, ApplyRequest request)
{
    private readonly Expressions _expressions = new(request);
    private readonly ResourceKey _key = new(ResourceTypes.CarePlan, request.NewId());
    private readonly List<(ResourceKey Key, byte[] Json)> _made = [];

    public Result<Applied> Apply()
    {
        var tree = new ActionTree(request, _expressions);
        if (!tree.Of(plan).TryGet(out var roots, out var failure))
            return failure;
        var nodes = roots.SelectMany(r => r.WithDescendants()).Where(n => n.MakesResource).ToList();
        if (nodes.Count == 0)
            return RuleFailure.Of(
                "no-applicable-actions",
                "No action of the definition applies to the subject.",
                PlanDefinitionView.At.Action
            );
        if (new Schedule(request, roots, tree.KnownIds).TimeAll() is { } untimed)
            return untimed;
        if (!ProposedGoals.Of(plan, request).TryGet(out var goals, out failure))
            return failure;
        _made.AddRange(goals.Select(g => (g.Key, g.Editor.ToUtf8Json())));
        if (MakeActivities(nodes, goals) is { } unmade)
            return unmade;
        if (!CarePlanOf(roots, nodes, goals).TryGet(out var carePlan, out failure))
            return failure;
        return Finish(carePlan, tree.Notes);
    }

    /// <summary>How resources refer to each other: by key, or within the plan that contains them.</summary>
    private string Refer(ResourceKey key) =>
        request.Persist ? key.ToString()
        : key == _key ? "#"
        : $"#{key.Id}";

    private Failure? MakeActivities(List<ActionNode> nodes, IReadOnlyList<ProposedGoal> goals)
    {
        foreach (var node in nodes)
        {
            if (!ActivityBuilder.TypeOf(node.Activity).TryGet(out var type, out var failure))
                return failure;
            node.Key = new(type, request.NewId());
        }

        var references = goals
            .Where(g => g.DefinitionId is not null)
            .DistinctBy(g => g.DefinitionId)
            .ToDictionary(g => g.DefinitionId!, g => Refer(g.Key));
        var builder = new ActivityBuilder(request, _expressions, Refer);
        foreach (var node in nodes)
        {
            var built = builder.Build(node, _key, isOption: !request.Flatten, references.GetValueOrDefault);
            if (!built.TryGet(out var json, out var failure))
                return failure;
            _made.Add((node.Key, json));
        }

        return null;
    }

    private Result<CarePlanDraft> CarePlanOf(
        List<ActionNode> roots,
        List<ActionNode> nodes,
        IReadOnlyList<ProposedGoal> goals
    )
    {
        if (!DraftPlan.Of(_key.Id, plan, request).TryGet(out var carePlan, out var failure))
            return failure;
        foreach (var goal in goals)
            carePlan.AddGoal(Refer(goal.Key));
        if (request.Flatten)
        {
            foreach (var node in nodes)
                carePlan.AddActivity(Refer(node.Key));
        }
        else
        {
            var group = RequestGroupBuilder.Build(plan, roots, request, request.NewId(), Refer(_key), Refer);
            _made.Add((group.Key, group.Json));
            carePlan.AddActivity(Refer(group.Key));
        }

        PlanNarrative.Write(carePlan, new PlanMembers(_made.Select(m => new Snapshot(m.Key, 0, m.Json))));
        return carePlan;
    }

    private Applied Finish(CarePlanDraft carePlan, List<Issue> notes)
    {
        if (!request.Persist)
        {
            foreach (var (_, json) in _made)
                carePlan.Edit.Contained.Add(new ResourceEditor(ResourceDocument.Parse(json).Value));
            var shown = new Decision(_key, []) { Activity = "apply" };
            return new Applied(shown.Noting(notes), carePlan.ToUtf8Json());
        }

        var answer = carePlan.ToUtf8Json();
        ImmutableArray<ResourceWrite> writes =
        [
            new(_key, 0, answer),
            .. _made.Select(m => new ResourceWrite(m.Key, 0, m.Json)),
        ];
        return new Applied(new Decision(_key, writes) { Activity = "apply" }.Noting(notes), answer);
    }
}
