using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Billing;

/// <summary>
/// A patient leaves a programme: the month that has begun is the last. The episode goes on until then, with its end, and is finished by a
/// timer; one that has not begun is cancelled at once.
/// </summary>
public static class ProgramDisenrollment
{
    /// <summary>422 <c>no-episode</c>, <c>reason-required</c>.</summary>
    /// <param name="episodes">Of the patient.</param>
    /// <param name="groups">Groups of the programme that have the patient.</param>
    public static Result<Decision> Decide(
        string program,
        ImmutableArray<Snapshot> episodes,
        ImmutableArray<Snapshot> groups,
        CommandContext command
    )
    {
        var open = episodes
            .Where(e =>
                EpisodeOfCareView.From(Parse(e)) is var view
                && CarePrograms.Of(view) == program
                && LifeEvents.IsOpen(view.Status)
            )
            .ToArray();
        if (open is not [var snapshot, ..])
            return RuleFailure.Of(
                "no-episode",
                $"The patient is not in {CarePrograms.NameOf(program)}.",
                "Parameters.parameter"
            );
        var episode = new EpisodeOfCareDraft(snapshot);
        var begun = episode.Status is EpisodeOfCareStatusCodes.Active or EpisodeOfCareStatusCodes.Onhold;
        if (
            StatusGuard.Check(
                new StatusChange(
                    ResourceTypes.EpisodeOfCare,
                    episode.Status,
                    begun ? EpisodeOfCareStatusCodes.Finished : EpisodeOfCareStatusCodes.Cancelled
                )
                {
                    Command = "disenroll",
                    HasReason = command.Reason is not null,
                }
            ) is
            { } refusal
        )
            return refusal;
        if (episode.Edit.Extension.With(CareExtensions.Disenrollment) is not null)
            return new Decision(episode.Key, []) { Activity = "disenroll" };
        var last = begun ? BillingMonth.Of(command.Today, command.Zone).Last : command.Today;
        if (begun)
        {
            episode.Edit.Period.End = last;
            episode.Edit.Extension.Put(new() { Url = CareExtensions.Disenrollment, ValueDateTime = command.Now });
        }
        else
            episode.Status = EpisodeOfCareStatusCodes.Cancelled;
        var left = groups.Select(g => ProgramGroups.Leave(g, episode.Patient ?? "", last)).OfType<ResourceWrite>();
        return new Decision(
            episode.Key,
            [new ResourceWrite(episode.Key, episode.Version, episode.ToUtf8Json()), .. left]
        )
        {
            Activity = "disenroll",
        };
    }

    /// <summary>When the episode of a patient who leaves is to be finished; null where nobody leaves.</summary>
    public static DateTimeOffset? EndsAt(ResourceDocument resource, CarePolicy policy)
    {
        var episode = EpisodeOfCareView.From(resource);
        return
            episode.Status is EpisodeOfCareStatusCodes.Active or EpisodeOfCareStatusCodes.Onhold
            && ExtensionView.Find(episode.Extension, CareExtensions.Disenrollment).Exists
            && CareDate.Of(episode.Period.End) is { } end
            ? policy.Calendar.EndOf(end)
            : null;
    }

    /// <summary>The episode as it is when its last month is over.</summary>
    public static Decision Finish(Snapshot snapshot)
    {
        var episode = new EpisodeOfCareDraft(snapshot) { Status = EpisodeOfCareStatusCodes.Finished };
        return new Decision(episode.Key, [new ResourceWrite(episode.Key, episode.Version, episode.ToUtf8Json())])
        {
            Activity = "disenroll",
        };
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
