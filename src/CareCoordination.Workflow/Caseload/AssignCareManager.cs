using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Caseload;

/// <summary>What an assignment touches.</summary>
/// <param name="Episode">The active episode of the programme.</param>
/// <param name="CareTeam">The patient's team; null where there is none yet.</param>
/// <param name="OpenTasks">Open tasks of the patient that nobody owns.</param>
/// <param name="OtherManagers">Care managers of other active episodes of the patient.</param>
public sealed record AssignmentScope(
    Snapshot Episode,
    Snapshot? CareTeam,
    ImmutableArray<Snapshot> OpenTasks,
    ImmutableArray<string> OtherManagers
);

/// <summary>
/// <c>Patient/$assign-care-manager</c>: one accountable care manager, in the episode and in the team; open tasks without an owner become
/// theirs.
/// </summary>
public static class AssignCareManager
{
    /// <summary>
    /// 422 with the obstacle of the candidate: <c>cap-exceeded</c>, <c>licence-expired</c>, <c>licence-state</c>, <c>away</c>; 422
    /// <c>episode-not-active</c>; 409 <c>other-manager</c> where somebody else is it: <c>$transfer</c> asks them.
    /// </summary>
    public static Result<Decision> Assign(
        RankedCandidate chosen,
        AssignmentScope scope,
        DateTimeOffset now,
        DateOnly today,
        string newTeamId
    )
    {
        if (chosen.Obstacles is [var first, ..])
            return Refuse.Rule(first, Sentence(first, chosen.Candidate.PractitionerRole), "Parameters.parameter");
        var episode = new EpisodeOfCareDraft(scope.Episode);
        if (
            episode.Status
            is not (
                EpisodeOfCareStatusCodes.Active
                or EpisodeOfCareStatusCodes.Planned
                or EpisodeOfCareStatusCodes.Waitlist
            )
        )
            return Refuse.Rule(
                "episode-not-active",
                $"{episode.Reference} is {episode.Status}; enrol the patient first.",
                EpisodeOfCareView.At.Status
            );
        var manager = chosen.Candidate.PractitionerRole;
        if (
            (episode.CareManager ?? scope.OtherManagers.FirstOrDefault(m => m != manager)) is { } other
            && other != manager
        )
            return Refuse.Conflict(
                "other-manager",
                $"{other} is the care manager; hand over with $transfer.",
                EpisodeOfCareView.At.CareManager
            );
        episode.CareManager = manager;
        var team = TeamOf(scope.CareTeam, episode, newTeamId);
        team.SetCareManager(manager, today);
        if (!episode.Edit.Team.Targets().Contains(team.Reference))
            episode.Edit.Team.Add(Shapes.To(team.Reference));
        return Decision.Write("assign-care-manager", episode, [team, .. Own(scope.OpenTasks, manager, now)]);
    }

    internal static CareTeamDraft TeamOf(Snapshot? snapshot, EpisodeOfCareDraft episode, string newTeamId)
    {
        if (snapshot is { } known)
            return new CareTeamDraft(known);
        return new CareTeamDraft(newTeamId)
        {
            Edit = { Status = CareTeamStatusCodes.Active, Subject = { Reference = episode.Patient } },
        };
    }

    private static IEnumerable<TaskDraft> Own(ImmutableArray<Snapshot> tasks, string manager, DateTimeOffset now)
    {
        foreach (var task in tasks.Select(t => new TaskDraft(t)))
        {
            if (!task.IsTerminal && task.Owner is null)
            {
                task.Owner = manager;
                task.Touch(now);
            }

            yield return task;
        }
    }

    private static string Sentence(string obstacle, string candidate) =>
        obstacle switch
        {
            CareManagerChoice.CapExceeded =>
                $"{candidate} is at the cap; choose another one, or let a lead override it.",
            CareManagerChoice.LicenceExpired => $"The licence of {candidate} has expired; choose another one.",
            CareManagerChoice.LicenceState =>
                $"{candidate} is not licensed in the state of the patient; choose another one.",
            _ => $"{candidate} is away; choose another one.",
        };
}
