using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/valueset-care-team-status.html. R4 has no diagram for CareTeam: this one is ours, from the
/// definitions of the codes. An inactive team was, but is no longer: a new one is formed.
/// </summary>
public static class CareTeamLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.CareTeam,
        "status",
        Statuses,
        start: "proposed",
        [
            new("proposed", "active", Owner),
            new("proposed", "inactive", Owner),
            new("active", "suspended", Owner),
            new("active", "inactive", Owner),
            new("suspended", "active", Owner),
            new("suspended", "inactive", Owner),
            .. Lifecycle.Voiding(Statuses, Owner),
        ]
    );

    private static ImmutableArray<string> Statuses =>
        ["proposed", "active", "suspended", "inactive", "entered-in-error"];
}
