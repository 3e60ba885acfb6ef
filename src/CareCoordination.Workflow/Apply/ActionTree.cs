using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// The actions of a plan that apply to the subject: conditions asked, named definitions found, choices made.
/// https://hl7.org/fhir/R4/plandefinition.html
/// </summary>
internal sealed class ActionTree(ApplyRequest request, Expressions expressions)
{
    /// <summary>Actions of a definition and of all that it names: each may be named many times.</summary>
    private const int MostActions = 2_000;

    /// <summary>Definitions that name each other in a chain.</summary>
    private const int MostLevels = 32;

    private Failure? _failure;
    private int _actions;

    public List<Issue> Notes { get; } = [];

    /// <summary>Ids of all actions, those that do not apply included: a relation to one of those is no error.</summary>
    public HashSet<string> KnownIds { get; } = new(StringComparer.Ordinal);

    public Result<List<ActionNode>> Of(PlanDefinitionView plan)
    {
        var nodes = Collect(plan.Action, plan, parent: null, [UrlOf(plan)]);
        return _failure is { } failure ? failure : nodes;
    }

    internal static string UrlOf(PlanDefinitionView plan) => plan.Url ?? $"PlanDefinition/{plan.Id}";

    private List<ActionNode> Collect(
        ElementViews<PlanDefinitionActionView> actions,
        PlanDefinitionView plan,
        ActionNode? parent,
        ImmutableStack<string> path
    )
    {
        var nodes = new List<ActionNode>();
        foreach (var action in actions)
        {
            if (_failure is not null)
                break;
            if (action.Id is { } id)
                KnownIds.Add(id);
            if (++_actions > MostActions)
                _failure ??= TooLarge(action);
            if (_failure is null && Applies(action) && Make(action, plan, parent, path) is { } node)
                nodes.Add(node);
        }

        return nodes;
    }

    private bool Applies(PlanDefinitionActionView action)
    {
        foreach (var condition in action.Condition)
        {
            // start and stop conditions are for whoever performs the action.
            if (condition.Kind != ActionConditionKindCodes.Applicability)
                continue;
            if (!expressions.IsTrue(condition.Expression).TryGet(out var isTrue, out _failure))
                return false;
            if (!isTrue)
                return false;
        }

        return true;
    }

    private ActionNode? Make(
        PlanDefinitionActionView action,
        PlanDefinitionView plan,
        ActionNode? parent,
        ImmutableStack<string> path
    )
    {
        if (action.DefinitionCanonical is not { } canonical)
            return WithChildren(new ActionNode(action, plan, parent), plan, path);
        if (request.Resolve(canonical) is not { } document)
            return Fail(
                RuleFailure.Missing(
                    "definition-missing",
                    $"'{canonical}' is not known here; store the definition first.",
                    action.Element.Location
                )
            );
        if (ActivityDefinitionView.From(document) is { Exists: true } activity)
            return WithChildren(new ActionNode(action, plan, parent) { Activity = activity }, plan, path);
        if (PlanDefinitionView.From(document) is not { Exists: true } nested)
            return Fail(
                RuleFailure.Of(
                    "definition-type",
                    $"'{canonical}' is neither an ActivityDefinition nor a PlanDefinition.",
                    action.Element.Location
                )
            );
        if (path.Contains(UrlOf(nested)))
            return Fail(
                RuleFailure.Of("definition-cycle", $"'{canonical}' leads back to itself.", action.Element.Location)
            );
        if (path.Count() >= MostLevels)
            return Fail(TooLarge(action));
        var node = WithChildren(new ActionNode(action, plan, parent), plan, path);
        node?.Children.AddRange(Collect(nested.Action, nested, node, path.Push(UrlOf(nested))));
        return node;
    }

    private ActionNode? WithChildren(ActionNode node, PlanDefinitionView plan, ImmutableStack<string> path)
    {
        var children = Collect(node.Action.Action, plan, node, path);
        // A RequestGroup leaves the choice to whoever works with it; activities of a plan are chosen here.
        node.Children.AddRange(request.Flatten ? Choose(node, children) : children);
        return _failure is null ? node : null;
    }

    /// <summary>https://hl7.org/fhir/R4/valueset-action-selection-behavior.html. A precheck says what is chosen unless somebody says otherwise.</summary>
    private List<ActionNode> Choose(ActionNode group, List<ActionNode> children)
    {
        bool Is(ActionNode n, string precheck) => n.Action.PrecheckBehavior == precheck;

        var chosen = group.Action.SelectionBehavior switch
        {
            ActionSelectionBehaviorCodes.Any => children.Where(c => !Is(c, ActionPrecheckBehaviorCodes.No)).ToList(),
            ActionSelectionBehaviorCodes.OneOrMore => children
                .Where(c => !Is(c, ActionPrecheckBehaviorCodes.No))
                .ToList()
                is { Count: > 0 } some
                ? some
                : children.Take(1).ToList(),
            ActionSelectionBehaviorCodes.ExactlyOne => (
                children.Find(c => Is(c, ActionPrecheckBehaviorCodes.Yes)) ?? children.FirstOrDefault()
            )
                is { } one
                ? [one]
                : [],
            ActionSelectionBehaviorCodes.AtMostOne => children.Find(c => Is(c, ActionPrecheckBehaviorCodes.Yes))
                is { } one
                ? [one]
                : [],
            _ => children,
        };
        if (chosen.Count < children.Count)
            Notes.Add(
                Issue.Information(
                    $"{chosen.Count} of {children.Count} actions were chosen; the others can be added with $revise.",
                    group.At
                )
            );
        return chosen;
    }

    private static Failure TooLarge(PlanDefinitionActionView action) =>
        RuleFailure.Of(
            "definition-size",
            $"The definition, with those that it names, has more than {MostActions} actions or {MostLevels} levels; divide it.",
            action.Element.Location
        );

    private ActionNode? Fail(Failure failure)
    {
        _failure ??= failure;
        return null;
    }
}
