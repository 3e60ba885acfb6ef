using System.Collections.Immutable;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/event.html#statemachine, with one step of our own: a message that is sent at once goes from
/// preparation to completed. <c>unknown</c> is accepted from elsewhere and left for any other status.
/// </summary>
public static class CommunicationLifecycle
{
    public static readonly Lifecycle Table = new(
        "Communication",
        "status",
        Statuses,
        start: "preparation",
        [
            new("preparation", "in-progress", Either),
            new("preparation", "not-done", Either),
            new("preparation", "completed", Either),
            new("in-progress", "on-hold", Either),
            new("in-progress", "stopped", Either),
            new("in-progress", "completed", Either),
            new("on-hold", "in-progress", Either),
            new("on-hold", "stopped", Either),
            new("unknown", "preparation", Either),
            new("unknown", "in-progress", Either),
            new("unknown", "not-done", Either),
            new("unknown", "on-hold", Either),
            new("unknown", "stopped", Either),
            new("unknown", "completed", Either),
            .. Lifecycle.Voiding(Statuses, Either),
        ]
    );

    private static ImmutableArray<string> Statuses =>
        ["preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"];
}
