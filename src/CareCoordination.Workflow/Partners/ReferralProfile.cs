using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>One legal step of a referral, in the words of the partner.</summary>
/// <param name="By">Requester: the one that refers. Owner: the one that is referred to.</param>
public sealed record ReferralStep(ReferralState From, ReferralState To, ActorRelation By, string Event);

/// <summary>A state as this server has it, and as the partner is shown it.</summary>
public sealed record StatusMapping(ReferralState Ours, ReferralState Theirs);

/// <summary>
/// How a kind of partner speaks of referrals: its states, its steps and who makes them, and the words that differ from ours. Partners
/// of all kinds are held to what they may set: the recipient accepts, declines, works and finishes; the requester calls off.
/// </summary>
/// <param name="Statuses">The codes of <c>Task.status</c> that the profile of the partner allows.</param>
/// <param name="Steps">Every legal step; nothing else is legal.</param>
/// <param name="Mappings">Where a state of ours is another one there.</param>
public sealed record ReferralProfile(
    string Name,
    ImmutableArray<string> Statuses,
    ImmutableArray<ReferralStep> Steps,
    ImmutableArray<StatusMapping> Mappings
)
{
    /// <summary>What sets it apart, for people.</summary>
    public required string Meaning { get; init; }

    /// <summary>
    /// True where the requester only asks to call a referral off, and the recipient confirms it or completes it all the same.
    /// </summary>
    public bool CancelsByHandshake { get; init; }

    /// <summary>True where the Task has to say whose it is.</summary>
    public bool NeedsOwner { get; init; }

    /// <summary>The canonical of the profile of its Tasks; null where there is none.</summary>
    public string? TaskProfile { get; init; }

    /// <summary>Who may ask by such a Task.</summary>
    public ImmutableArray<string> Requesters { get; init; } = [];

    /// <summary>The elements of Patient that the partner's profile requires.</summary>
    public ImmutableArray<string> NeededOfPatient { get; init; } = [];

    /// <summary>Plain R4: all statuses, direct cancellation.</summary>
    public static readonly ReferralProfile R4 = new(
        "r4",
        TaskLifecycle.Table.Statuses,
        [.. ReferralSteps.Gravity, .. ReferralSteps.R4Only],
        Mappings: []
    )
    {
        Meaning = "Plain FHIR R4: every status of a Task, and cancellations that need no answer.",
    };

    /// <summary>
    /// SDOH Clinical Care: <c>received</c> and <c>ready</c> are not in its value set.
    /// https://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition-SDOHCC-TaskForReferralManagement.html
    /// </summary>
    public static readonly ReferralProfile Gravity = new(
        "gravity",
        [.. TaskLifecycle.Table.Statuses.Where(s => s is not ("received" or "ready"))],
        ReferralSteps.Gravity,
        [new(new("received"), new("requested")), new(new("ready"), new("accepted"))]
    )
    {
        Meaning = "SDOH Clinical Care: neither received nor ready are statuses.",
        NeededOfPatient = ["identifier", "name", "gender"],
        TaskProfile = "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement",
        Requesters = [ResourceTypes.PractitionerRole, ResourceTypes.Organization],
    };

    /// <summary>
    /// BSeR, harmonised with 360X: begins at <c>received</c>, says more by business status, and cancels by handshake.
    /// https://hl7.org/fhir/us/bser/workflow_management_resources.html
    /// </summary>
    public static readonly ReferralProfile Bser = new(
        "bser",
        ["received", "requested", "accepted", "rejected", "in-progress", "cancelled", "completed", "entered-in-error"],
        ReferralSteps.Bser,
        [
            new(new("requested"), new("received", BusinessStatuses.Created)),
            new(new("received"), new("received", BusinessStatuses.Created)),
            new(new("accepted"), new("accepted", BusinessStatuses.Accepted)),
            new(new("ready"), new("accepted", BusinessStatuses.Accepted)),
            new(new("on-hold"), new("in-progress")),
            new(new("rejected"), new("rejected", BusinessStatuses.Declined)),
            new(new("failed"), new("rejected", BusinessStatuses.Declined)),
            new(new("cancelled"), new("cancelled", BusinessStatuses.Cancelled)),
            new(new("completed"), new("completed", BusinessStatuses.Completed)),
        ]
    )
    {
        Meaning =
            "BSeR, harmonised with 360X: begins at received, says more by business status, and cancels by handshake.",
        CancelsByHandshake = true,
        NeedsOwner = true,
        NeededOfPatient = ["identifier", "name", "gender"],
        TaskProfile = "http://hl7.org/fhir/us/bser/StructureDefinition/BSeR-ReferralTask",
        Requesters = [ResourceTypes.PractitionerRole, ResourceTypes.Practitioner, ResourceTypes.Organization],
    };

    public static readonly ImmutableArray<ReferralProfile> All = [R4, Gravity, Bser];

    /// <summary>Null for a name that there is none of.</summary>
    public static ReferralProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    /// <summary>The one that a referral began with: it ends in the words in which it began.</summary>
    public static ReferralProfile Of(TaskDraft task) =>
        task.Edit.Extension.With(CareExtensions.PartnerProfile)?.ValueCode is { } name ? Find(name) ?? R4 : R4;

    /// <summary>What the partner is shown for a state of ours.</summary>
    public ReferralState Show(ReferralState ours)
    {
        if (Mappings.FirstOrDefault(w => w.Ours.Status == ours.Status) is not { } mapping)
            return ours;
        return mapping.Theirs.Business is null ? mapping.Theirs with { Business = ours.Business } : mapping.Theirs;
    }

    /// <summary>What a state of the partner is here; null where its profile has no such status.</summary>
    public ReferralState? Read(ReferralState theirs) =>
        !Statuses.Contains(theirs.Status) ? null
        // Where a referral begins at received, that is no sign of life: we said it ourselves.
        : CancelsByHandshake && theirs.Status == "received" ? new("requested", theirs.Business)
        : theirs;

    /// <summary>
    /// True where the steps of <paramref name="by"/> lead there, in the partner's words. A poll sees the latest state only, so that
    /// steps between may have been missed.
    /// </summary>
    public bool CanReach(ReferralState from, ReferralState to, ActorRelation by)
    {
        var seen = Steps.SelectMany(s => new[] { s.From, s.To }).Where(s => Same(s, from)).ToHashSet();
        var next = new Queue<ReferralState>(seen);
        while (next.TryDequeue(out var state))
        {
            foreach (var step in Steps)
            {
                if (step.From != state || (step.By & by) == ActorRelation.None)
                    continue;
                if (Same(step.To, to))
                    return true;
                if (seen.Add(step.To))
                    next.Enqueue(step.To);
            }
        }

        return false;
    }

    /// <summary>The step of an event out of a state, or null where it is not legal there.</summary>
    public ReferralStep? Find(ReferralState from, string @event) =>
        Steps.FirstOrDefault(s => s.Event == @event && Same(s.From, from));

    /// <summary>A state without a business status that the table knows is any state of its status.</summary>
    private static bool Same(ReferralState row, ReferralState state) =>
        row.Status == state.Status
        && (row.Business is null || state.Business is null || row.Business == state.Business);
}
