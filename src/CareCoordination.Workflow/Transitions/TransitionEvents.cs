using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Transitions;

/// <summary>What a hospital tells of a stay.</summary>
public enum TransitionEvent
{
    /// <summary>The stay has begun.</summary>
    Admit,

    /// <summary>The patient is elsewhere in the hospital, or in another class of care.</summary>
    Transfer,

    /// <summary>The stay has ended.</summary>
    Discharge,

    /// <summary>Something of the stay is to be corrected; it neither begins nor ends by this.</summary>
    Update,

    /// <summary>The stay never was.</summary>
    CancelAdmit,

    /// <summary>The last transfer never was.</summary>
    CancelTransfer,

    /// <summary>The patient was not discharged.</summary>
    CancelDischarge,

    /// <summary>Two records are of one patient.</summary>
    Merge,

    /// <summary>Something else that a notification tells: its resources are taken in, no stay is moved.</summary>
    Other,
}

/// <summary>The codes by which messages name an event.</summary>
public static class TransitionEvents
{
    /// <summary>https://hl7.org/fhir/us/davinci-alerts/STU1.1/CodeSystem-notification-event.html</summary>
    public const string AlertSystem = "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event";

    /// <summary>What the code system of Da Vinci has no code for.</summary>
    public const string System = OwnCanonical.CodeSystems + "transition-event";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new("update", "Something of a stay is to be corrected, as by the trigger event A08 of HL7 v2."),
        new("cancel-admit", "The stay never was: A11."),
        new("cancel-transfer", "The last transfer never was: A12."),
        new("cancel-discharge", "The patient was not discharged: A13."),
        new("merge", "Two records are of one patient: A40."),
    ];

    /// <summary>Null for the code of another system, and for one of ours that is none.</summary>
    public static TransitionEvent? Find(string? system, string? code) =>
        (system, code) switch
        {
            (AlertSystem, "notification-admit") => TransitionEvent.Admit,
            (AlertSystem, "notification-transfer") => TransitionEvent.Transfer,
            (AlertSystem, "notification-discharge") => TransitionEvent.Discharge,
            (AlertSystem, not null) => TransitionEvent.Other,
            (System, "update") => TransitionEvent.Update,
            (System, "cancel-admit") => TransitionEvent.CancelAdmit,
            (System, "cancel-transfer") => TransitionEvent.CancelTransfer,
            (System, "cancel-discharge") => TransitionEvent.CancelDischarge,
            (System, "merge") => TransitionEvent.Merge,
            _ => null,
        };

    /// <summary>The word by which the record of an intake keeps it.</summary>
    public static string Word(this TransitionEvent value) =>
        value switch
        {
            TransitionEvent.Admit => "admit",
            TransitionEvent.Transfer => "transfer",
            TransitionEvent.Discharge => "discharge",
            TransitionEvent.Update => "update",
            TransitionEvent.CancelAdmit => "cancel-admit",
            TransitionEvent.CancelTransfer => "cancel-transfer",
            TransitionEvent.CancelDischarge => "cancel-discharge",
            TransitionEvent.Merge => "merge",
            _ => "other",
        };

    /// <summary>The event of such a word; null for others.</summary>
    public static TransitionEvent? OfWord(string? word) =>
        Enum.GetValues<TransitionEvent>()
            .Where(e => e.Word() == word)
            .Select(e => (TransitionEvent?)e)
            .FirstOrDefault();
}
