using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/valueset-episode-of-care-status.html. R4 has no diagram for EpisodeOfCare: this one is ours, from the
/// definitions of the codes. A patient who comes back gets a new episode. The code is <c>onhold</c>, without a hyphen.
/// </summary>
public static class EpisodeOfCareLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.EpisodeOfCare,
        "status",
        Statuses,
        start: "planned",
        [
            new("planned", "waitlist", Owner),
            new("planned", "active", Owner, "enroll"),
            new("planned", "cancelled", Owner, "disenroll", NeedsReason: true),
            new("waitlist", "planned", Owner),
            new("waitlist", "active", Owner, "enroll"),
            new("waitlist", "cancelled", Owner, "disenroll", NeedsReason: true),
            new("active", "onhold", Owner),
            new("active", "finished", Owner, "disenroll", NeedsReason: true),
            new("active", "cancelled", Owner),
            new("onhold", "active", Owner),
            new("onhold", "finished", Owner, "disenroll", NeedsReason: true),
            new("onhold", "cancelled", Owner),
            .. Lifecycle.Voiding(Statuses, Owner),
        ]
    );

    private static ImmutableArray<string> Statuses =>
        ["planned", "waitlist", "active", "onhold", "finished", "cancelled", "entered-in-error"];
}
