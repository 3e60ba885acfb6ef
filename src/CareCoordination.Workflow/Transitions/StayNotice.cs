using System.Text.Json.Nodes;

namespace CareCoordination.Workflow.Transitions;

/// <summary>What one message says of a stay, with the references that hold here.</summary>
/// <param name="Record">The id of its record: what keeps two apart that were said at one instant.</param>
/// <param name="Encounter">The Encounter that it tells.</param>
public sealed record StayNotice(TransitionEvent Event, DateTimeOffset At, string Record, JsonObject Encounter);
