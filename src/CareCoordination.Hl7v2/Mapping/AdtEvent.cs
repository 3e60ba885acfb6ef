using System.Collections.Frozen;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>What a trigger event of ADT is in FHIR.</summary>
/// <param name="Trigger">MSH-9.2.</param>
/// <param name="System">The code system of the event.</param>
/// <param name="Code">The event.</param>
/// <param name="Display">In words.</param>
/// <param name="Status">Of the Encounter; null where the message says by PV1-45 whether it is over.</param>
internal sealed record AdtEvent(string Trigger, string System, string Code, string Display, string? Status)
{
    /// <summary>HL7 v2.8, chapter 3: the events that are taken.</summary>
    private static readonly FrozenDictionary<string, AdtEvent> All = new AdtEvent[]
    {
        new("A01", TransitionEvents.Notifications, TransitionEvents.Admit, "Admit Notification", "in-progress"),
        new("A02", TransitionEvents.Notifications, TransitionEvents.Transfer, "Transfer Notification", "in-progress"),
        new("A03", TransitionEvents.Notifications, TransitionEvents.Discharge, "Discharge Notification", "finished"),
        new("A04", TransitionEvents.Notifications, TransitionEvents.Admit, "Admit Notification", "in-progress"),
        new("A06", TransitionEvents.Notifications, TransitionEvents.Transfer, "Transfer Notification", "in-progress"),
        new("A07", TransitionEvents.Notifications, TransitionEvents.Transfer, "Transfer Notification", "in-progress"),
        new("A08", TransitionEvents.System, TransitionEvents.Update, "Update", Status: null),
        new("A11", TransitionEvents.System, TransitionEvents.CancelAdmit, "Cancelled admission", "cancelled"),
        new("A12", TransitionEvents.System, TransitionEvents.CancelTransfer, "Cancelled transfer", "in-progress"),
        new("A13", TransitionEvents.System, TransitionEvents.CancelDischarge, "Cancelled discharge", "in-progress"),
        new("A40", TransitionEvents.System, TransitionEvents.Merge, "Merged patients", Status: null),
    }.ToFrozenDictionary(e => e.Trigger, StringComparer.Ordinal);

    /// <summary>True for the events of the Da Vinci notifications, whose profiles hold then.</summary>
    public bool IsNotification => System == TransitionEvents.Notifications;

    public bool IsMerge => Code == TransitionEvents.Merge;

    public bool IsDischarge => Code == TransitionEvents.Discharge;

    public bool IsCancelledDischarge => Code == TransitionEvents.CancelDischarge;

    /// <summary>The event of a message; null where it is of a kind that is not taken, which is told.</summary>
    public static AdtEvent? Of(MappingContext context)
    {
        var head = context.Message.Head;
        var version = head.Version;
        if (version.Length > 0 && version != "2" && !version.StartsWith("2.", StringComparison.Ordinal))
        {
            context.Notes.Refuse(
                ErrorCode.UnsupportedVersionId,
                new Hl7Place("MSH", Field: 12),
                "Versions 2.1 to 2.8 are taken."
            );
            return null;
        }

        var processing = head.ProcessingId.Split(head.Delimiters.Component ?? head.Delimiters.Field)[0];
        if (processing.Length > 0 && !context.Sender.ProcessingIds.Contains(processing))
        {
            context.Notes.Refuse(
                ErrorCode.UnsupportedProcessingId,
                new Hl7Place("MSH", Field: 11),
                $"Messages of this kind are not taken of this sender: {string.Join(", ", context.Sender.ProcessingIds.Order(StringComparer.Ordinal))} are."
            );
            return null;
        }

        return OfType(context);
    }

    private static AdtEvent? OfType(MappingContext context)
    {
        var head = context.Message.Head;
        if (head.MessageCode != "ADT")
        {
            context.Notes.Refuse(
                ErrorCode.UnsupportedMessageType,
                new Hl7Place("MSH", Field: 9, Component: 1),
                "Messages of type ADT are taken."
            );
            return null;
        }

        // Systems that write the type alone have the event in EVN-1.
        var trigger = head.TriggerEvent.Length > 0 ? head.TriggerEvent : context.Message["EVN-1"].Text;
        if (All.TryGetValue(trigger, out var found))
            return found;
        context.Notes.Refuse(
            ErrorCode.UnsupportedEventCode,
            new Hl7Place("MSH", Field: 9, Component: 2),
            $"The events {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))} are taken."
        );
        return null;
    }
}
