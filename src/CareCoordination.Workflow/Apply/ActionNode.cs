using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Apply;

/// <summary>An action that applies to the subject, with the definition it names.</summary>
internal sealed class ActionNode(PlanDefinitionActionView action, PlanDefinitionView plan, ActionNode? parent)
{
    public PlanDefinitionActionView Action => action;

    /// <summary>The plan that the action is written in: the one applied, or one that it names.</summary>
    public PlanDefinitionView Plan => plan;

    public ActionNode? Parent => parent;

    public ActivityDefinitionView Activity { get; init; }

    public List<ActionNode> Children { get; } = [];

    /// <summary>False for one that only groups others: it makes no resource.</summary>
    public bool MakesResource =>
        Activity.Exists
        || action.DefinitionUri is not null
        || (Children.Count == 0 && action.DefinitionCanonical is null);

    /// <summary>The resource it becomes.</summary>
    public ResourceKey Key { get; set; }

    public Occasion? Occasion { get; set; }

    public bool IsBeingTimed { get; set; }

    /// <summary>Where the action is written, as an issue's expression says it.</summary>
    public string At => action.Element.Location;

    public IEnumerable<ActionNode> WithDescendants() => Children.SelectMany(c => c.WithDescendants()).Prepend(this);
}

/// <summary>When something is to be done.</summary>
/// <param name="Start">Not before.</param>
/// <param name="Due">Until when; null where nothing says.</param>
/// <param name="Series">The Timing of what repeats.</param>
internal sealed record Occasion(DateTimeOffset Start, DateTimeOffset? Due, TimingView Series = default);
