using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Caseload;

/// <summary>On what terms a patient is handed over.</summary>
/// <param name="Note">What the one who takes over should know.</param>
/// <param name="Due">Until when it has to be accepted, before a lead is told; null where that is no date any more.</param>
public sealed record HandoverTerms(string? Note, DateTimeOffset? Due)
{
    /// <summary>From when it may be accepted; null: at once.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>True: drafts and what is on hold stay with whoever owns them.</summary>
    public bool OpenTasksOnly { get; init; }

    /// <summary>The Task of the bulk transfer that this is part of.</summary>
    public string? PartOf { get; init; }
}

/// <summary>The Task that offers a patient to a new care manager.</summary>
public static class Handover
{
    internal const string OpenOnly = "open-only";
    private const string TasksInput = "tasks";

    public static bool IsOffer(Snapshot task) => HandoverOffer.Is(ResourceDocument.Parse(task.Utf8Json).Value);

    /// <summary>The offer that was made last for an episode, open or not; null where there was none.</summary>
    public static string? LastOffer(Snapshot episode) => new EpisodeOfCareDraft(episode).Handover;

    internal static TaskDraft Offer(
        EpisodeOfCareDraft episode,
        RankedCandidate to,
        HandoverTerms terms,
        DateTimeOffset now,
        string newId
    )
    {
        var code = CodeableConceptEditor.Of(TaskCodeCodes.System, TaskCodeCodes.Approve);
        code.Coding.Add(new() { System = CareExtensions.CommandSystem, Code = HandoverOffer.Code });
        code.Text = "Handover of a patient to another care manager";
        var offer = new TaskDraft(newId)
        {
            Edit =
            {
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                // So that a lead is told as soon as it is late.
                Priority = RequestPriorityCodes.Asap,
                Code = code,
                Description = terms.Note,
                Focus = References.To(episode.Reference),
                For = TaskWords.Copy(episode.Edit.Patient),
                AuthoredOn = now,
                Requester = References.To(episode.CareManager!),
                Owner = References.To(to.Candidate.PractitionerRole),
            },
            Due = terms.Due,
            RestrictionStart = terms.From,
        };
        if (terms.PartOf is { } job)
            offer.Edit.PartOf.Add(References.To(job));
        if (terms.OpenTasksOnly)
            offer.Edit.Input.Add(new() { Type = { Text = TasksInput }, ValueCode = OpenOnly });
        offer.Touch(now);
        return offer;
    }

    internal static bool MovesOpenTasksOnly(TaskDraft offer) =>
        offer.Edit.Input.Any(i => i.Type.Text == TasksInput && i.ValueCode == OpenOnly);
}
