using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Transitions;

/// <summary>Who cares for a patient as a transition begins.</summary>
/// <param name="Episodes">Those of the patient that are open.</param>
/// <param name="Team">The patient's team; null where there is none.</param>
/// <param name="Practitioners">Whom the patient has as general practitioners, as references that hold here.</param>
/// <param name="Assigned">Who becomes the care manager by this discharge; null where somebody is, or nobody can.</param>
public sealed record TransitionPeople(
    ImmutableArray<Snapshot> Episodes,
    Snapshot? Team,
    ImmutableArray<string> Practitioners,
    string? Assigned
)
{
    public static readonly TransitionPeople None = new([], null, [], null);
}

/// <summary>
/// The people of a transition: an episode with its care manager, a team of the manager, the general practitioners and who discharged, and
/// what tells the manager and the practitioners of it. Members that are there stay as they are.
/// </summary>
internal static class TransitionTeam
{
    private const string GeneralPractitioner = "446050000";
    private const string Discharging = "discharging organization";

    /// <param name="hospital">Who discharged, as a reference; null where nobody says so.</param>
    /// <param name="plan">Of the days after the discharge, as a reference.</param>
    public static ImmutableArray<ResourceDraft> Make(IntakeContext context, string? hospital, string plan)
    {
        var people = context.People;
        var team = people.Team is { } known ? new CareTeamDraft(known) : NewTeam(context, plan);
        foreach (var practitioner in people.Practitioners)
            Join(
                team,
                practitioner,
                CodeableConceptEditor.Of(PlanCategories.Snomed, GeneralPractitioner, "Primary care physician"),
                context.Command.Today
            );
        if (hospital is not null)
            Join(team, hospital, new() { Text = Discharging }, context.Command.Today);
        if (context.Manager is { } manager)
            team.SetCareManager(manager, context.Command.Today);
        var episode = EpisodeOf(context, plan);
        if (people.Assigned is { } assigned)
            episode.CareManager = assigned;
        if (!episode.Edit.Team.Targets().Contains(team.Reference))
            episode.Edit.Team.Add(References.To(team.Reference));
        return
        [
            episode,
            team,
            .. people
                .Practitioners.Prepend(context.Manager)
                .OfType<string>()
                .Distinct()
                .Select(to => Notice(context, to, plan)),
        ];
    }

    /// <summary>The active one before others; a new one where none is open.</summary>
    private static EpisodeOfCareDraft EpisodeOf(IntakeContext context, string plan)
    {
        var known = context
            .People.Episodes.OrderBy(e =>
                EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value).Status
                == EpisodeOfCareStatusCodes.Active
                    ? 0
                    : 1
            )
            .Select(e => (Snapshot?)e)
            .FirstOrDefault();
        if (known is { } open)
            return new EpisodeOfCareDraft(open);
        var id = TransitionIds.Of("episode", plan);
        var episode = new EpisodeOfCareEditor
        {
            Id = id,
            Status = EpisodeOfCareStatusCodes.Active,
            Patient = References.To(context.Patient!),
            Type = { CodeableConceptEditor.Of(TransitionPlans.CategorySystem, TransitionPlans.TransitionalCare) },
        };
        episode.Period.Start = context.Command.Today;
        return new EpisodeOfCareDraft(new Snapshot(new(ResourceTypes.EpisodeOfCare, id), 0, episode.ToUtf8Json()));
    }

    /// <summary>Under an id that the plan makes, as the episode: those of an earlier plan may have been ended since.</summary>
    private static CareTeamDraft NewTeam(IntakeContext context, string plan) =>
        new(TransitionIds.Of("team", plan))
        {
            Edit =
            {
                Status = CareTeamStatusCodes.Active,
                Name = "Care team",
                Subject = References.To(context.Patient!),
            },
        };

    private static void Join(CareTeamDraft team, string member, CodeableConceptEditor role, DateOnly day)
    {
        if (team.Edit.Participant.Any(p => p.Member.Target() == member && p.Period.End is null))
            return;
        team.Edit.Participant.Add(
            new()
            {
                Role = { role },
                Member = References.To(member),
                Period = { Start = day },
            }
        );
    }

    /// <summary>Somebody, or a channel to them, has to send it: under an id that the plan makes, so that each is told once.</summary>
    private static CommunicationDraft Notice(IntakeContext context, string to, string plan) =>
        new(TransitionIds.Of("notice", plan, to))
        {
            Status = EventStatusCodes.Preparation,
            Edit =
            {
                Subject = References.To(context.Patient!),
                Topic = new() { Text = "Discharge" },
                About = { References.To(context.EncounterKey.ToString()), References.To(plan) },
                Recipient = { References.To(to) },
                Payload =
                {
                    new() { ContentString = "The patient was discharged. The plan of the days after it has begun." },
                },
            },
        };
}
