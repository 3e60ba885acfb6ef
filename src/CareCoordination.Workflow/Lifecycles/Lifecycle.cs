using System.Collections.Immutable;
using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>The transition table of one resource type: every legal step, and nothing else is legal.</summary>
/// <remarks>A resource may be created in any status: records come from elsewhere as they are.</remarks>
public sealed class Lifecycle
{
    public const string EnteredInError = "entered-in-error";

    private readonly byte[] _statusElementUtf8;
    private readonly Dictionary<(string From, string To), Transition> _steps;

    /// <param name="statusElement"><c>status</c>, or <c>lifecycleStatus</c> for Goal.</param>
    /// <param name="statuses">All codes, in the order of the specification.</param>
    /// <param name="start">Where work that begins here begins.</param>
    internal Lifecycle(
        string resourceType,
        string statusElement,
        ImmutableArray<string> statuses,
        string start,
        ImmutableArray<Transition> transitions
    )
    {
        ResourceType = resourceType;
        StatusElement = statusElement;
        _statusElementUtf8 = Encoding.UTF8.GetBytes(statusElement);
        Statuses = statuses;
        Start = start;
        Transitions = transitions;
        _steps = transitions.ToDictionary(t => (t.From, t.To));
    }

    public string ResourceType { get; }

    /// <summary>The element that holds the status.</summary>
    public string StatusElement { get; }

    public ImmutableArray<string> Statuses { get; }

    public string Start { get; }

    public ImmutableArray<Transition> Transitions { get; }

    /// <summary>The status of a resource of this type; null where it has none.</summary>
    public string? StatusOf(ResourceDocument resource) =>
        resource.Root.TryGetProperty(_statusElementUtf8, out var status)
        && status.Kind == System.Text.Json.JsonValueKind.String
            ? status.GetString()
            : null;

    /// <summary>The step, or null where it is not legal.</summary>
    public Transition? Find(string from, string to) => _steps.GetValueOrDefault((from, to));

    /// <summary>The legal steps out of a status.</summary>
    public IEnumerable<Transition> From(string status) => Transitions.Where(t => t.From == status);

    /// <summary>True where nothing leads on but a correction or a command that brings it back.</summary>
    public bool IsTerminal(string status) => From(status).All(t => t.CommandOnly || t.To == EnteredInError);

    /// <summary>The last rows of every table: what should never have existed can be voided from anywhere.</summary>
    internal static IEnumerable<Transition> Voiding(ImmutableArray<string> statuses, ActorRelation by) =>
        statuses.Where(s => s != EnteredInError).Select(s => new Transition(s, EnteredInError, by));
}
