using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/request.html#statemachine. The status is in the control of the requester; what the performer does is
/// told by the Task that fulfils the request.
/// </summary>
public static class ServiceRequestLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.ServiceRequest,
        "status",
        RequestStatuses.All,
        start: "draft",
        [
            new("draft", "active", Requester, "activate"),
            new("draft", "revoked", Requester, "cancel", NeedsReason: true),
            new("active", "on-hold", Requester, "hold", NeedsReason: true),
            new("active", "revoked", Requester, "cancel", NeedsReason: true),
            new("active", "completed", Requester, "close-loop"),
            new("on-hold", "active", Requester, "resume"),
            new("on-hold", "revoked", Requester, "cancel", NeedsReason: true),
            new("on-hold", "completed", Requester, "close-loop"),
            .. RequestStatuses.OutOfUnknown(Requester),
            .. Lifecycle.Voiding(RequestStatuses.All, Requester),
        ]
    );
}
