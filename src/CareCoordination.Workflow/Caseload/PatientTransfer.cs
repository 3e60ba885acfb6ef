using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Caseload;

/// <summary>What a handover touches.</summary>
/// <param name="Episode">The one that the offer is about.</param>
/// <param name="Plans">The patient's plans that are not over.</param>
/// <param name="OpenTasks">Tasks of the patient that are not over.</param>
public sealed record TransferScope(
    Snapshot Episode,
    Snapshot? CareTeam,
    ImmutableArray<Snapshot> Plans,
    ImmutableArray<Snapshot> OpenTasks
)
{
    /// <summary>Other active episodes of the patient: a patient has one accountable care manager.</summary>
    public ImmutableArray<Snapshot> OtherEpisodes { get; init; } = [];

    /// <summary>In which further ways the one who hands over is named: the person behind the role.</summary>
    public ImmutableArray<string> AlsoFrom { get; init; } = [];
}

/// <summary>
/// <c>$transfer</c> of one patient: offered as a Task to approve, done when the new care manager accepts it. Until then nothing moves.
/// </summary>
public static class PatientTransfer
{
    private static readonly string[] OpenOnly = ["requested", "received", "accepted", "ready", "in-progress"];

    /// <summary>
    /// The offer. 422 <c>note-required</c>, <c>not-manager</c>, <c>same-manager</c> or the obstacle of the candidate; 409
    /// <c>transfer-pending</c> where one is open. Of several offers at once one is made: each marks the episode.
    /// </summary>
    /// <param name="from">In all ways in which the one who hands over is named; empty: whoever it is.</param>
    /// <param name="isPending">The offer that the episode names is open.</param>
    public static Result<Decision> Offer(
        Snapshot episodeSnapshot,
        ImmutableArray<string> from,
        RankedCandidate to,
        HandoverTerms terms,
        bool isPending,
        DateTimeOffset now,
        string newId
    )
    {
        var episode = new EpisodeOfCareDraft(episodeSnapshot);
        if ((Incomplete(terms) ?? NotManager(episode, from, to) ?? Unavailable(episode, to, isPending)) is { } refused)
            return refused;
        var offer = Handover.Offer(episode, to, terms, now, newId);
        episode.Edit.Extension.Put(
            new() { Url = CareExtensions.Handover, ValueReference = References.To(offer.Reference) }
        );
        return Drafts.Write("transfer", offer, episode);
    }

    private static Failure? Incomplete(HandoverTerms terms)
    {
        if (string.IsNullOrWhiteSpace(terms.Note))
            return RuleFailure.Of(
                "note-required",
                "A handover needs a note for the one who takes over; send 'handoffNote'.",
                "Parameters.parameter"
            );
        return terms.Due is null
            ? RuleFailure.OutOfRange(
                "The parameter 'effective' and the business days to accept a handover",
                "Parameters.parameter"
            )
            : null;
    }

    private static Failure? NotManager(EpisodeOfCareDraft episode, ImmutableArray<string> from, RankedCandidate to)
    {
        if (episode.CareManager is not { } manager)
            return RuleFailure.Of(
                "not-manager",
                $"{episode.Reference} has no care manager; use $assign-care-manager.",
                EpisodeOfCareView.At.CareManager
            );
        if (!from.IsEmpty && !from.Contains(manager))
            return RuleFailure.Of(
                "not-manager",
                $"{from[0]} is not the care manager of {episode.Reference}.",
                EpisodeOfCareView.At.CareManager
            );
        return to.Candidate.Is(manager)
            ? RuleFailure.Of(
                "same-manager",
                $"{manager} is the care manager of {episode.Reference} already.",
                "Parameters.parameter"
            )
            : null;
    }

    private static Failure? Unavailable(EpisodeOfCareDraft episode, RankedCandidate to, bool isPending)
    {
        if (to.Obstacles is [var obstacle, ..])
            return RuleFailure.Of(
                obstacle,
                $"{to.Candidate.PractitionerRole} cannot take the patient: {string.Join(", ", to.Obstacles)}.",
                "Parameters.parameter"
            );
        return isPending
            ? RuleFailure.Conflict(
                "transfer-pending",
                $"A handover of {episode.Reference} waits to be accepted: {episode.Handover}.",
                EpisodeOfCareView.At.CareManager
            )
            : null;
    }

    /// <summary>
    /// The acceptance: episode, team, plans and open tasks move in one commit. Work in progress is stopped, as R4 has it for
    /// reassignment; what is finished stays with whoever did it. The new care manager and the patient get a Communication. 403 for
    /// anybody but the one it was offered to, 422 <c>not-effective-yet</c>, 409 <c>other-manager</c>.
    /// </summary>
    public static Result<Decision> Accept(
        Snapshot offerSnapshot,
        TransferScope scope,
        Agent by,
        DateTimeOffset now,
        BusinessCalendar calendar,
        Func<string> newId
    )
    {
        var today = calendar.DayOf(now);
        var offer = new TaskDraft(offerSnapshot);
        var episode = new EpisodeOfCareDraft(scope.Episode);
        if (Unacceptable(offer, episode, by, now, calendar) is { } refused)
            return refused;
        var to = offer.Owner!;
        var leaving = scope.AlsoFrom.Add(offer.Requester!);
        Complete(offer, now);
        var others = scope.OtherEpisodes.Select(e => new EpisodeOfCareDraft(e)).ToArray();
        MoveEpisodes(episode, others, to, leaving);
        var team = MoveTeam(scope.CareTeam, episode, to, today, newId());
        var plans = scope.Plans.Select(p => new CarePlanDraft(p)).ToArray();
        foreach (var plan in plans.Where(p => !p.Edit.Contributor.Targets().Contains(to)))
            plan.Edit.Contributor.Add(References.To(to));
        var tasks = scope.OpenTasks.Where(t => t.Key != offer.Key).Select(t => new TaskDraft(t)).ToArray();
        MoveTasks(offer, tasks, leaving, by, now);

        var decision = Drafts.Write("transfer", offer, [episode, .. others, team, .. plans, .. tasks]);
        return decision with
        {
            Writes =
            [
                .. decision.Writes,
                HandoverNotice.ToManager(offer, episode, newId(), now),
                HandoverNotice.ToPatient(offer, episode, newId()),
            ],
        };
    }

    private static Failure? Unacceptable(
        TaskDraft offer,
        EpisodeOfCareDraft episode,
        Agent by,
        DateTimeOffset now,
        BusinessCalendar calendar
    )
    {
        if (
            offer.Edit.Focus.Target() != episode.Reference
            || !offer.Edit.Code.Has(CareExtensions.CommandSystem, HandoverOffer.Code)
        )
            return RuleFailure.Of(
                "not-a-transfer",
                $"{offer.Reference} offers no handover of {episode.Reference}.",
                "Task.focus"
            );
        if (offer.IsTerminal)
            return RuleFailure.Of("illegal-transition", $"{offer.Reference} is {offer.Status} already.", "Task.status");
        if (!by.IsUnchecked && !by.Is(offer.Owner))
            return RuleFailure.Forbidden("Only the one it was offered to accepts a handover.", "Task.owner");
        if (offer.RestrictionStart is { } start && calendar.StartOf(start) > now)
            return RuleFailure.Of(
                "not-effective-yet",
                $"{offer.Reference} takes effect on {offer.Edit.Restriction.Period.Start}; accept it from then on.",
                "Task.restriction.period.start"
            );
        return episode.CareManager == offer.Requester
            ? null
            : RuleFailure.Conflict(
                "other-manager",
                $"{episode.Reference} has another care manager by now; offer it again.",
                EpisodeOfCareView.At.CareManager
            );
    }

    private static void Complete(TaskDraft offer, DateTimeOffset now)
    {
        offer.Status = TaskStatusCodes.Completed;
        offer.ExecutionStart ??= now;
        offer.ExecutionEnd = now;
        offer.Touch(now);
    }

    private static void MoveEpisodes(
        EpisodeOfCareDraft episode,
        EpisodeOfCareDraft[] others,
        string to,
        ImmutableArray<string> leaving
    )
    {
        episode.CareManager = to;
        episode.Edit.Extension.RemoveAll(e => e.Url == CareExtensions.Handover);
        foreach (var other in others.Where(e => e.CareManager is { } manager && leaving.Contains(manager)))
            other.CareManager = to;
    }

    private static CareTeamDraft MoveTeam(
        Snapshot? known,
        EpisodeOfCareDraft episode,
        string to,
        DateOnly today,
        string newId
    )
    {
        var team = CareManagerAssignment.TeamOf(known, episode, newId);
        team.SetCareManager(to, today);
        if (team.IsNew)
            episode.Edit.Team.Add(References.To(team.Reference));
        return team;
    }

    private static void MoveTasks(
        TaskDraft offer,
        TaskDraft[] tasks,
        ImmutableArray<string> leaving,
        Agent by,
        DateTimeOffset now
    )
    {
        // What told a lead that nobody accepted it is over with it.
        FinishTask.CancelAll(
            tasks.Where(t => TaskEscalation.IsEscalation(t) && t.Edit.PartOf.Targets().Contains(offer.Reference)),
            new Reason($"{offer.Reference} was accepted."),
            now
        );
        var openOnly = Handover.MovesOpenTasksOnly(offer);
        foreach (var task in tasks)
        {
            if (task.IsTerminal || task.Owner is not { } owner || !leaving.Contains(owner))
                continue;
            if (openOnly && !OpenOnly.Contains(task.Status))
                continue;
            TaskSteps.HandOver(task, offer.Owner!, by);
            task.Touch(now);
        }
    }
}
