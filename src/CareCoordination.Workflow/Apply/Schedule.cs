using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// When each action is to be done: by its own timing, that of its activity, and its place among the others. What is due "in two days" is
/// due by the end of the day that is. https://hl7.org/fhir/R4/plandefinition-definitions.html#PlanDefinition.action.relatedAction
/// </summary>
internal sealed class Schedule(ApplyRequest request, IReadOnlyList<ActionNode> roots, HashSet<string> knownIds)
{
    private readonly ActionTimes _times = new(request);

    private readonly Dictionary<string, ActionNode> _byId = roots
        .SelectMany(r => r.WithDescendants())
        .Where(n => n.Action.Id is not null)
        .DistinctBy(n => n.Action.Id)
        .ToDictionary(n => n.Action.Id!);

    /// <summary>
    /// 422 <c>related-action-missing</c>, <c>related-action-cycle</c> or <c>time-range</c>; null when all have their time.
    /// </summary>
    public Failure? TimeAll()
    {
        foreach (var node in roots.SelectMany(r => r.WithDescendants()))
        {
            if (Time(node) is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>
    /// Times what an action depends on, and then the action. Relations may be a chain of thousands: they are kept on a list, not on
    /// the stack of calls.
    /// </summary>
    private Failure? Time(ActionNode node)
    {
        var waiting = new Stack<(ActionNode Node, IEnumerator<ActionNode> Needs)>();
        if (!Wait(node))
            return null;
        while (waiting.TryPeek(out var top))
        {
            if (top.Needs.MoveNext())
            {
                if (top.Needs.Current.IsBeingTimed)
                    return RuleFailure.Of(
                        "related-action-cycle",
                        "The relations of the actions lead back to this one.",
                        top.Needs.Current.At
                    );
                Wait(top.Needs.Current);
                continue;
            }

            if (!Relate(top.Node).TryGet(out var related, out var failure))
                return failure;
            if (!_times.Own(top.Node, related).TryGet(out var occasion, out failure))
                return failure;
            top.Node.Occasion = occasion;
            top.Node.IsBeingTimed = false;
            waiting.Pop();
        }

        return null;

        bool Wait(ActionNode next)
        {
            if (next.Occasion is not null)
                return false;
            next.IsBeingTimed = true;
            waiting.Push((next, Needs(next).GetEnumerator()));
            return true;
        }
    }

    /// <summary>The group that an action is in, and the actions that it is related to.</summary>
    private IEnumerable<ActionNode> Needs(ActionNode node)
    {
        if (node.Parent is { } parent)
            yield return parent;
        foreach (var relation in node.Action.RelatedAction)
        {
            if (relation.ActionId is { } id && _byId.TryGetValue(id, out var other))
                yield return other;
        }
    }

    private Result<Occasion> Relate(ActionNode node)
    {
        var bounds = new TimeBounds(null, null);
        foreach (var relation in node.Action.RelatedAction)
        {
            if (relation.ActionId is not { } id || !_byId.TryGetValue(id, out var other))
            {
                if (relation.ActionId is { } absent && knownIds.Contains(absent))
                    continue;
                return RuleFailure.Of(
                    "related-action-missing",
                    "The related action is not in the definition.",
                    relation.Element.Location
                );
            }

            if (!_times.Relate(bounds, relation, other.Occasion!).TryGet(out bounds, out var failure))
                return failure;
        }

        var begin = bounds.NotBefore ?? node.Parent?.Occasion?.Start ?? request.Start;
        return new Occasion(bounds.Due < begin ? bounds.Due.Value : begin, bounds.Due);
    }
}
