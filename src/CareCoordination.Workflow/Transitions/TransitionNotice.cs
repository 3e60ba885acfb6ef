using System.Collections.Immutable;
using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Transitions;

/// <summary>A resource of a message or document, and the address by which the others refer to it.</summary>
public sealed record NoticeEntry(string? FullUrl, ResourceDocument Resource)
{
    public string Type => Encoding.UTF8.GetString(Resource.ResourceTypeUtf8);
}

/// <summary>What a sender tells, whichever door it came through.</summary>
/// <param name="Sender">Who tells it: the address of the message's source, or what the document's custodian is called by.</param>
/// <param name="MessageId">By which the sender knows it: <c>MessageHeader.id</c>, <c>Bundle.identifier</c> of a document.</param>
/// <param name="At">When it was said: a later one corrects an earlier one, in whichever order they come.</param>
public sealed record TransitionNotice(TransitionEvent Event, string Sender, string MessageId, DateTimeOffset At)
{
    /// <summary>As it came.</summary>
    public required ResourceDocument Bundle { get; init; }

    /// <summary>Of the Bundle: another one with every sending. Null where it has none.</summary>
    public string? BundleId { get; init; }

    /// <summary>The FHIR base of the sender, by which its relative references are read; null where it names none.</summary>
    public string? Base { get; init; }

    /// <summary>True where it came as a message, to which a MessageHeader answers.</summary>
    public bool IsMessage { get; init; }

    /// <summary>The code of the event, as it was sent.</summary>
    public string? Code { get; init; }

    /// <summary>Null only where the event is <see cref="TransitionEvent.Other"/>.</summary>
    public NoticeEntry? Encounter { get; init; }

    /// <summary>Null only where the event is <see cref="TransitionEvent.Other"/>.</summary>
    public NoticeEntry? Patient { get; init; }

    /// <summary>All else that is told.</summary>
    public ImmutableArray<NoticeEntry> Others { get; init; } = [];

    /// <summary>Of the event and the resources, but for <c>meta</c>: what is sent again with another id and time has the same.</summary>
    public required string Digest { get; init; }

    /// <summary>The stay that it speaks of; empty where it speaks of none.</summary>
    public string Stay { get; init; } = "";

    /// <summary>The id under which the Bundle is stored already; null where its record stores it.</summary>
    public string? StoredAs { get; init; }

    /// <summary>By which its record knows the Bundle that it came in; null where the Bundle says it itself.</summary>
    public string? KnownBundle { get; init; }

    /// <summary>What its record tells of how it was read: what of a message of HL7 v2 is otherwise here, or not here. Sentences without patient data.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>At whose word it is taken in once more; null where its sender sent it.</summary>
    public NoticeReplay? Replay { get; init; }

    /// <summary>The version of its record, where it was kept for somebody to look at and comes again; 0 where there is none.</summary>
    public int RecordVersion { get; init; }

    /// <summary>Under which it is recorded: the same for what is sent again.</summary>
    public string RecordId => "toc-" + TransitionIds.Of(Sender, MessageId, Digest);
}

/// <summary>An operator has a message taken in that was refused or kept.</summary>
public sealed record NoticeReplay(Agent By, Reason? Reason)
{
    /// <summary>Who the patient of the message is here, as a reference; null where that is to be found.</summary>
    public string? Patient { get; init; }

    /// <summary>The record of the message that this one corrects; null where it corrects none.</summary>
    public string? Corrects { get; init; }

    /// <summary>For the record.</summary>
    public string Note =>
        (
            Patient is null
                ? "Taken in at the word of an operator"
                : $"Taken in at the word of an operator, as of {Patient}"
        ) + (Reason is { AsText.Length: > 0 } why ? $": {why.AsText}" : ".");
}
