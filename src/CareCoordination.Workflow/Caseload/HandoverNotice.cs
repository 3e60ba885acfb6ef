using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Caseload;

/// <summary>The Communications of a handover. https://hl7.org/fhir/R4/communication.html</summary>
internal static class HandoverNotice
{
    /// <summary>The note, which the new care manager had before accepting.</summary>
    public static ResourceWrite ToManager(TaskDraft offer, EpisodeOfCareDraft episode, string id, DateTimeOffset now)
    {
        var notice = Notice(offer, episode, id, offer.Owner!, offer.Edit.Description ?? "");
        notice.Status = EventStatusCodes.Completed;
        notice.Sent = offer.Edit.AuthoredOn;
        notice.Received = now;
        return Write(id, notice);
    }

    /// <summary>Who cares from now on; somebody, or a channel to the patient, has to send it.</summary>
    public static ResourceWrite ToPatient(TaskDraft offer, EpisodeOfCareDraft episode, string id)
    {
        var notice = Notice(offer, episode, id, episode.Patient!, $"Your care manager is now {offer.Owner}.");
        notice.Status = EventStatusCodes.Preparation;
        return Write(id, notice);
    }

    private static CommunicationEditor Notice(
        TaskDraft offer,
        EpisodeOfCareDraft episode,
        string id,
        string to,
        string text
    ) =>
        new()
        {
            Id = id,
            Subject = { Reference = episode.Patient },
            Topic = new() { Text = "Handover to a new care manager" },
            About = { References.To(offer.Reference), References.To(episode.Reference) },
            Recipient = { References.To(to) },
            Sender = { Reference = offer.Requester },
            Payload = { new() { ContentString = text } },
        };

    private static ResourceWrite Write(string id, CommunicationEditor notice) =>
        new(new(ResourceTypes.Communication, id), 0, notice.ToUtf8Json());
}
