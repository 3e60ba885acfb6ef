using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/task.html#statemachine: the diagram, and from the text below it: cancel, suspend and resume from any
/// state that is not terminal, and stopping, which returns work in progress to ready. From SDOH Clinical Care and BSeR: an
/// accepted referral may be declined, failed or completed at once, and one on hold may fail or be completed there. What is ready may
/// be as well: most work is told of when it is done, and nobody says first that it begins.
/// </summary>
public static class TaskLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.Task,
        "status",
        Statuses,
        start: "draft",
        [
            new("draft", "requested", Requester, "activate"),
            new("draft", "ready", Requester, "activate"),
            new("draft", "on-hold", Requester, "hold", NeedsReason: true),
            new("draft", "cancelled", Either, "cancel", NeedsReason: true),
            new("requested", "received", Owner, "claim"),
            new("requested", "accepted", Owner, "accept"),
            new("requested", "rejected", Owner, "reject", NeedsReason: true),
            new("requested", "on-hold", Either, "hold", NeedsReason: true),
            new("requested", "cancelled", Either, "cancel", NeedsReason: true),
            new("received", "requested", Owner, "reassign"),
            new("received", "accepted", Owner, "accept"),
            new("received", "rejected", Owner, "reject", NeedsReason: true),
            new("received", "on-hold", Either, "hold", NeedsReason: true),
            new("received", "cancelled", Either, "cancel", NeedsReason: true),
            new("accepted", "rejected", Owner, "reject", NeedsReason: true),
            new("accepted", "in-progress", Owner, "start"),
            new("accepted", "on-hold", Owner, "hold", NeedsReason: true),
            new("accepted", "failed", Owner, "fail", NeedsReason: true),
            new("accepted", "completed", Owner, "complete"),
            new("accepted", "cancelled", Either, "cancel", NeedsReason: true),
            new("ready", "in-progress", Owner, "start"),
            new("ready", "failed", Owner, "fail", NeedsReason: true),
            new("ready", "completed", Owner, "complete"),
            new("ready", "on-hold", Either, "hold", NeedsReason: true),
            new("ready", "cancelled", Either, "cancel", NeedsReason: true),
            new("in-progress", "ready", Owner, "stop"),
            new("in-progress", "on-hold", Owner, "hold", NeedsReason: true),
            new("in-progress", "failed", Owner, "fail", NeedsReason: true),
            new("in-progress", "completed", Owner, "complete"),
            new("in-progress", "cancelled", Either, "cancel", NeedsReason: true),
            new("on-hold", "draft", Requester, "resume", Resumes: true),
            new("on-hold", "requested", Either, "resume", Resumes: true),
            new("on-hold", "received", Either, "resume", Resumes: true),
            new("on-hold", "accepted", Owner, "resume", Resumes: true),
            new("on-hold", "ready", Either, "resume", Resumes: true),
            new("on-hold", "in-progress", Owner, "resume", Resumes: true),
            new("on-hold", "failed", Owner, "fail", NeedsReason: true),
            new("on-hold", "completed", Owner, "complete"),
            new("on-hold", "cancelled", Either, "cancel", NeedsReason: true),
            new("failed", "in-progress", Lead, "reopen", NeedsReason: true, CommandOnly: true),
            new("completed", "in-progress", Lead, "reopen", NeedsReason: true, CommandOnly: true),
            .. Lifecycle.Voiding(Statuses, Requester),
        ]
    );

    private static ImmutableArray<string> Statuses =>
        [
            "draft",
            "requested",
            "received",
            "accepted",
            "rejected",
            "ready",
            "cancelled",
            "in-progress",
            "on-hold",
            "failed",
            "completed",
            "entered-in-error",
        ];
}
