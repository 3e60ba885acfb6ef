using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/valueset-goal-status.html. R4 has no diagram for Goal: this one is ours, from the definitions of the
/// codes. A completed goal may be sought again after a regression, as the definition of achievement in-progress says.
/// </summary>
public static class GoalLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.Goal,
        "lifecycleStatus",
        Statuses,
        start: "proposed",
        [
            new("proposed", "planned", Either),
            new("proposed", "accepted", Either, "accept"),
            new("proposed", "cancelled", Either, "cancel", NeedsReason: true),
            new("proposed", "rejected", Either, "reject", NeedsReason: true),
            new("planned", "accepted", Either, "accept"),
            new("planned", "active", Either, "activate"),
            new("planned", "cancelled", Either, "cancel", NeedsReason: true),
            new("planned", "rejected", Either, "reject", NeedsReason: true),
            new("accepted", "active", Either, "activate"),
            new("accepted", "on-hold", Either, "hold", NeedsReason: true),
            new("accepted", "cancelled", Either, "cancel", NeedsReason: true),
            new("active", "on-hold", Either, "hold", NeedsReason: true),
            new("active", "completed", Either, "complete"),
            new("active", "cancelled", Either, "cancel", NeedsReason: true),
            new("on-hold", "active", Either, "resume"),
            new("on-hold", "completed", Either, "complete"),
            new("on-hold", "cancelled", Either, "cancel", NeedsReason: true),
            new("completed", "active", Either, "reopen", NeedsReason: true),
            .. Lifecycle.Voiding(Statuses, Either),
        ]
    );

    private static ImmutableArray<string> Statuses =>
        [
            "proposed",
            "planned",
            "accepted",
            "active",
            "on-hold",
            "completed",
            "cancelled",
            "entered-in-error",
            "rejected",
        ];
}
