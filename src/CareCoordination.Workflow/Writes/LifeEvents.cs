using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Writes;

/// <summary>Something after which nobody cares for a patient any more.</summary>
/// <param name="Why">As the reason of what ends by it.</param>
public sealed record LifeEvent(string Patient, string Why);

/// <summary>The care of a patient that a life event ends.</summary>
/// <param name="Care">Plans, goals, tasks, appointments and episodes that are open.</param>
/// <param name="Calendar">Of the organisation that manages the patient.</param>
public sealed record CareAtItsEnd(
    LifeEvent Event,
    ImmutableArray<Snapshot> Care,
    BusinessCalendar Calendar,
    Agent By,
    Func<string> NewId
)
{
    /// <summary>Who is to be told; null where nobody manages the patient's care.</summary>
    public string? Manager { get; init; }
}

/// <summary>
/// What plain writes mean for the care of a patient who has died, was discharged (the last open episode of care is finished or
/// cancelled) or whose record is deleted: plans are revoked, goals, tasks and appointments cancelled, episodes finished, each with the
/// reason, and the care manager is told. Referrals are ended by <see cref="ReferralFamily"/>.
/// </summary>
public static class LifeEvents
{
    /// <summary>Null where the write is no such event. For a discharge it is one only where no other episode is open.</summary>
    public static LifeEvent? Of(RestWrite write)
    {
        switch (write.Key.Type)
        {
            case ResourceTypes.Patient when write.IsDeletion:
                return new(write.Key.ToString(), "The record of the patient was deleted.");
            case ResourceTypes.Patient:
                return LivingPatient.IsDead(write.After) ? new(write.Key.ToString(), "The patient has died.") : null;
            case ResourceTypes.EpisodeOfCare:
                var episode = EpisodeOfCareView.From(write.After);
                return
                    write.Before is { } before
                    && IsOpen(EpisodeOfCareView.From(before).Status)
                    && episode.Status is EpisodeOfCareStatusCodes.Finished or EpisodeOfCareStatusCodes.Cancelled
                    && episode.Patient.Target() is { } patient
                    ? new(patient, "The episode of care has ended.")
                    : null;
            default:
                return null;
        }
    }

    /// <summary>The patient of an episode that is open once this is written; null where it writes none.</summary>
    public static string? OpenEpisodeOf(RestWrite write) =>
        write is { IsDeletion: false, Key.Type: ResourceTypes.EpisodeOfCare }
        && EpisodeOfCareView.From(write.After) is var episode
        && IsOpen(episode.Status)
            ? episode.Patient.Target()
            : null;

    /// <summary>An episode that still goes on, or will.</summary>
    public static bool IsOpen(string? episodeStatus) =>
        episodeStatus
            is EpisodeOfCareStatusCodes.Planned
                or EpisodeOfCareStatusCodes.Waitlist
                or EpisodeOfCareStatusCodes.Active
                or EpisodeOfCareStatusCodes.Onhold;

    internal static ImmutableArray<ResourceWrite> Follow(CareAtItsEnd ending, DateTimeOffset now)
    {
        var writes = ending
            .Care.Select(snapshot =>
                End(snapshot, ending, now) is { } json
                    ? new ResourceWrite(snapshot.Key, snapshot.Version, json)
                    : default(ResourceWrite?)
            )
            .OfType<ResourceWrite>()
            .ToImmutableArray();
        return writes.IsEmpty || ending.Manager is not { } manager
            ? writes
            : writes.Add(Notice(ending, manager, ending.NewId()));
    }

    private static byte[]? End(Snapshot snapshot, CareAtItsEnd ending, DateTimeOffset now)
    {
        var (reason, today) = (new Reason(ending.Event.Why), ending.Calendar.DayOf(now));
        switch (snapshot.Key.Type)
        {
            case ResourceTypes.CarePlan:
                var plan = new CarePlanDraft(snapshot) { Status = RequestStatusCodes.Revoked };
                plan.EndOn(today);
                plan.AddNote(ending.Event.Why, ending.By.Reference, now);
                return plan.ToUtf8Json();
            case ResourceTypes.Goal:
                var goal = new GoalDraft(snapshot);
                goal.Move(GoalStatusCodes.Cancelled, today, reason);
                return goal.ToUtf8Json();
            case ResourceTypes.Task:
                var task = new TaskDraft(snapshot);
                if (task.IsReferral() && task.Partner() is not null)
                    return null;
                FinishTask.CancelAll([task], reason, now);
                return task.ToUtf8Json();
            case ResourceTypes.Appointment:
                return new AppointmentEditor(AppointmentView.From(Parse(snapshot)))
                {
                    Status = "cancelled",
                }.ToUtf8Json();
            case ResourceTypes.EpisodeOfCare:
                var episode = new EpisodeOfCareEditor(EpisodeOfCareView.From(Parse(snapshot)))
                {
                    Status = EpisodeOfCareStatusCodes.Finished,
                };
                episode.Period.End = today;
                return episode.ToUtf8Json();
            default:
                return null;
        }
    }

    /// <summary>The first that one of the episodes names.</summary>
    public static string? ManagerOf(IEnumerable<Snapshot> episodes) =>
        episodes.Select(e => EpisodeOfCareView.From(Parse(e)).CareManager.Target()).FirstOrDefault(m => m is not null);

    private static ResourceWrite Notice(CareAtItsEnd ending, string manager, string id) =>
        new(
            new(ResourceTypes.Communication, id),
            0,
            new CommunicationEditor
            {
                Id = id,
                Status = EventStatusCodes.Preparation,
                Subject = { Reference = ending.Event.Patient },
                Topic = new() { Text = "Care has ended" },
                Recipient = { References.To(manager) },
                Payload =
                {
                    new() { ContentString = $"{ending.Event.Why} Plans, goals, tasks and appointments were ended." },
                },
            }.ToUtf8Json()
        );

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
