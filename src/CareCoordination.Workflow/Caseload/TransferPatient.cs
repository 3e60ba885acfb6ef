using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Caseload;

/// <summary>What a handover touches.</summary>
/// <param name="Plans">The patient's plans that are not over.</param>
/// <param name="OpenTasks">Open tasks of the patient.</param>
public sealed record TransferScope(
    Snapshot Episode,
    Snapshot? CareTeam,
    ImmutableArray<Snapshot> Plans,
    ImmutableArray<Snapshot> OpenTasks
);

/// <summary>
/// <c>$transfer</c> of one patient: offered as a Task to approve, done when the new care manager accepts it. Until then nothing moves.
/// </summary>
public static class TransferPatient
{
    /// <summary>
    /// The offer. 422 <c>note-required</c>, <c>not-manager</c> or the obstacle of the candidate; 409 <c>transfer-pending</c> where one
    /// is open.
    /// </summary>
    /// <param name="due">When it has to be accepted, before a lead is told: one business day.</param>
    public static Result<Decision> Offer(
        Snapshot episodeSnapshot,
        string from,
        RankedCandidate to,
        string? handoffNote,
        bool isPending,
        Agent by,
        DateTimeOffset now,
        DateTimeOffset due,
        string newId
    )
    {
        var episode = new EpisodeOfCareDraft(episodeSnapshot);
        if (string.IsNullOrWhiteSpace(handoffNote))
            return Refuse.Rule(
                "note-required",
                "A handover needs a note for the one who takes over; send 'handoffNote'.",
                "Parameters.parameter"
            );
        if (episode.CareManager != from)
            return Refuse.Rule(
                "not-manager",
                $"{from} is not the care manager of {episode.Reference}.",
                EpisodeOfCareView.At.CareManager
            );
        if (to.Obstacles is [var obstacle, ..])
            return Refuse.Rule(
                obstacle,
                $"{to.Candidate.PractitionerRole} cannot take the patient: {string.Join(", ", to.Obstacles)}.",
                "Parameters.parameter"
            );
        if (isPending)
            return Refuse.Conflict(
                "transfer-pending",
                $"A handover of {episode.Reference} waits to be accepted.",
                EpisodeOfCareView.At.CareManager
            );
        var offer = new TaskDraft(newId)
        {
            Edit =
            {
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                Code = CodeableConceptEditor.Of(TaskCodeCodes.System, TaskCodeCodes.Approve),
                Description = handoffNote,
                Focus = Shapes.To(episode.Reference),
                For = { Reference = episode.Patient },
                AuthoredOn = now,
                Requester = Shapes.To(from),
                Owner = Shapes.To(to.Candidate.PractitionerRole),
            },
            Due = due,
        };
        offer.Touch(now);
        return Decision.Write("transfer", offer, episode);
    }

    /// <summary>
    /// The acceptance: episode, team, plans and open tasks move in one commit. Work in progress is stopped, as R4 has it for
    /// reassignment; what is finished stays with whoever did it. 403 for anybody but the one it was offered to.
    /// </summary>
    public static Result<Decision> Accept(
        Snapshot offerSnapshot,
        TransferScope scope,
        Agent by,
        DateTimeOffset now,
        DateOnly today,
        string newTeamId
    )
    {
        var offer = new TaskDraft(offerSnapshot);
        var episode = new EpisodeOfCareDraft(scope.Episode);
        if (
            offer.Edit.Focus.Target() != episode.Reference
            || !offer.Edit.Code.Has(TaskCodeCodes.System, TaskCodeCodes.Approve)
        )
            return Refuse.Rule(
                "not-a-transfer",
                $"{offer.Reference} offers no handover of {episode.Reference}.",
                "Task.focus"
            );
        if (offer.IsTerminal)
            return Refuse.Rule("illegal-transition", $"{offer.Reference} is {offer.Status} already.", "Task.status");
        if (!by.IsUnchecked && !by.Is(offer.Owner))
            return Refuse.Forbidden("Only the one it was offered to accepts a handover.", "Task.owner");
        var (from, to) = (offer.Requester, offer.Owner!);
        if (episode.CareManager != from)
            return Refuse.Conflict(
                "other-manager",
                $"{episode.Reference} has another care manager by now; offer it again.",
                EpisodeOfCareView.At.CareManager
            );

        offer.Status = TaskStatusCodes.Completed;
        offer.ExecutionStart ??= now;
        offer.ExecutionEnd = now;
        offer.Touch(now);
        episode.CareManager = to;
        var team = AssignCareManager.TeamOf(scope.CareTeam, episode, newTeamId);
        team.SetCareManager(to, today);
        var plans = scope.Plans.Select(p => new CarePlanDraft(p)).ToArray();
        foreach (var plan in plans.Where(p => !p.Edit.Contributor.Targets().Contains(to)))
            plan.Edit.Contributor.Add(Shapes.To(to));
        var tasks = scope.OpenTasks.Where(t => t.Key != offer.Key).Select(t => new TaskDraft(t)).ToArray();
        foreach (var task in tasks.Where(t => !t.IsTerminal && t.Owner == from))
        {
            TaskSteps.HandOver(task, to);
            task.Touch(now);
        }

        return Decision.Write("transfer", offer, [episode, team, .. plans, .. tasks]);
    }
}
