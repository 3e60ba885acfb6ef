using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>The events of a MessageHeader: those of the Da Vinci notifications, and of ours those that it has no code for.</summary>
public static class TransitionEvents
{
    /// <summary>https://hl7.org/fhir/us/davinci-alerts/CodeSystem-notification-event.html</summary>
    public const string Notifications = "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event";

    public const string System = OwnCanonical.CodeSystems + "transition-event";

    public const string Admit = "notification-admit";
    public const string Transfer = "notification-transfer";
    public const string Discharge = "notification-discharge";

    public const string Update = "update";
    public const string CancelAdmit = "cancel-admit";
    public const string CancelTransfer = "cancel-transfer";
    public const string CancelDischarge = "cancel-discharge";
    public const string Merge = "merge";
}
