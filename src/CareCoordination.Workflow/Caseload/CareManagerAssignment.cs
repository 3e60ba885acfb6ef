using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Caseload;

/// <summary>What an assignment touches.</summary>
/// <param name="Episode">The active episode of the programme.</param>
/// <param name="CareTeam">The patient's team; null where there is none yet.</param>
/// <param name="OpenTasks">Tasks of the patient that are not over and that nobody owns.</param>
/// <param name="OtherEpisodes">Other active episodes of the patient.</param>
public sealed record AssignmentScope(
    Snapshot Episode,
    Snapshot? CareTeam,
    ImmutableArray<Snapshot> OpenTasks,
    ImmutableArray<Snapshot> OtherEpisodes
);

/// <summary>
/// <c>Patient/$assign-care-manager</c>: one accountable care manager, in the episode and in the team; open tasks without an owner become
/// theirs, but for those that are meant for another role.
/// </summary>
public static class CareManagerAssignment
{
    /// <summary>
    /// The episode of a programme: the active one where there are several. 422 <c>no-episode</c>, <c>episode-ambiguous</c>.
    /// </summary>
    /// <param name="episodes">Those of the patient that are active, planned or waiting.</param>
    /// <param name="program">The code or text of <c>EpisodeOfCare.type</c>; null: any.</param>
    public static Result<Snapshot> EpisodeOf(ImmutableArray<Snapshot> episodes, string? program)
    {
        var fitting = episodes
            .Select(e => (Snapshot: e, View: EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value)))
            .Where(e =>
                program is null || e.View.Type.Any(t => t.Text == program || t.Coding.Any(c => c.Code == program))
            )
            .ToArray();
        var active = fitting.Where(e => e.View.Status == EpisodeOfCareStatusCodes.Active).ToArray();
        return (active.Length == 0 ? fitting : active) switch
        {
            [] => RuleFailure.Of(
                "no-episode",
                "The patient has no such episode of care that is active, planned or waiting; enrol the patient first.",
                "Parameters.parameter"
            ),
            [var only] => only.Snapshot,
            _ => RuleFailure.Of(
                "episode-ambiguous",
                "The patient has several episodes of care; say which with 'program', the code of EpisodeOfCare.type.",
                "Parameters.parameter"
            ),
        };
    }

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
            return RuleFailure.Of(first, Sentence(first, chosen.Candidate.PractitionerRole), "Parameters.parameter");
        var episode = new EpisodeOfCareDraft(scope.Episode);
        if (
            episode.Status
            is not (
                EpisodeOfCareStatusCodes.Active
                or EpisodeOfCareStatusCodes.Planned
                or EpisodeOfCareStatusCodes.Waitlist
            )
        )
            return RuleFailure.Of(
                "episode-not-active",
                $"{episode.Reference} is {episode.Status}; enrol the patient first.",
                EpisodeOfCareView.At.Status
            );
        var manager = chosen.Candidate.PractitionerRole;
        var others = scope.OtherEpisodes.Select(e => new EpisodeOfCareDraft(e)).ToArray();
        if (
            others
                .Prepend(episode)
                .Select(e => e.CareManager)
                .FirstOrDefault(m => m is not null && !chosen.Candidate.Is(m)) is
            { } other
        )
            return RuleFailure.Conflict(
                "other-manager",
                $"{other} is the care manager; hand over with $transfer.",
                EpisodeOfCareView.At.CareManager
            );
        episode.CareManager = manager;
        var team = TeamOf(scope.CareTeam, episode, newTeamId);
        team.SetCareManager(manager, today);
        if (!episode.Edit.Team.Targets().Contains(team.Reference))
            episode.Edit.Team.Add(References.To(team.Reference));
        return Drafts.Write("assign-care-manager", episode, [team, .. others, .. Own(scope.OpenTasks, manager, now)]);
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
            if (!task.IsTerminal && task.Owner is null && IsForManager(task))
            {
                task.Owner = manager;
                task.Touch(now);
            }

            yield return task;
        }
    }

    private static bool IsForManager(TaskDraft task)
    {
        var performers = task.Edit.PerformerType;
        return performers.Count == 0
            || performers.Any(p => p.Coding.Any(c => c.Code is { } code && CareManagerRoles.Codes.Contains(code)));
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
