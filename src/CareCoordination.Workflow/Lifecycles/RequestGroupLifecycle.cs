using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/request.html#statemachine. A group of a plan follows the plan; the commands are those of the plan.
/// </summary>
public static class RequestGroupLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.RequestGroup,
        "status",
        RequestStatuses.All,
        start: "draft",
        [
            new("draft", "active", Either, "activate"),
            new("draft", "revoked", Either, "revoke", NeedsReason: true),
            new("active", "on-hold", Either, "hold", NeedsReason: true),
            new("active", "revoked", Either, "revoke", NeedsReason: true),
            new("active", "completed", Either, "close"),
            new("on-hold", "active", Either, "resume"),
            new("on-hold", "revoked", Either, "revoke", NeedsReason: true),
            new("on-hold", "completed", Either, "close"),
            .. RequestStatuses.OutOfUnknown(Either),
            .. Lifecycle.Voiding(RequestStatuses.All, Either),
        ]
    );
}
