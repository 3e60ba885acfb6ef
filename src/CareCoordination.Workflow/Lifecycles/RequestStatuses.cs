using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>https://hl7.org/fhir/R4/valueset-request-status.html</summary>
internal static class RequestStatuses
{
    public static ImmutableArray<string> All =>
        ["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"];

    /// <summary>The sender learned which status applies: any of them may.</summary>
    public static IEnumerable<Transition> OutOfUnknown(ActorRelation by) =>
        All.Where(s => s is not "unknown" and not Lifecycle.EnteredInError)
            .Select(s => new Transition("unknown", s, by));
}
