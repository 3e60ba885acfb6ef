using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/request.html#statemachine, with a draft that is abandoned and a plan on hold that ends there.
/// <c>unknown</c> is accepted from elsewhere and left for any other status; nothing becomes unknown.
/// </summary>
public static class CarePlanLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.CarePlan,
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
            new("revoked", "active", Lead, "reopen", NeedsReason: true, CommandOnly: true),
            new("completed", "active", Lead, "reopen", NeedsReason: true, CommandOnly: true),
            .. RequestStatuses.OutOfUnknown(Either),
            .. Lifecycle.Voiding(RequestStatuses.All, Either),
        ]
    );
}
