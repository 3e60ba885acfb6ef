using System.Collections.Frozen;

namespace CareCoordination.Workflow.Partners;

/// <summary>
/// The states of a referral that BSeR harmonised with 360X: codes of <c>Task.businessStatus</c>, used for every partner.
/// https://hl7.org/fhir/us/bser/CodeSystem-TaskBusinessStatusCS.html
/// </summary>
public static class BusinessStatuses
{
    public const string System = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";

    public const string Created = "2.0";
    public const string Accepted = "3.0";
    public const string Declined = "4.0";
    public const string Scheduled = "5.1.1";
    public const string NoShow = "5.1.2";
    public const string AppointmentCancelled = "5.1.3";
    public const string Visited = "5.1.4";
    public const string CancellationRequested = "5.2";
    public const string Cancelled = "6.0";
    public const string Completed = "7.0";

    /// <summary>Each code with its display.</summary>
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        [Created] = "Service Request Created",
        [Accepted] = "Service Request Accepted",
        [Declined] = "Service Request Declined",
        [Scheduled] = "Service Request Event Scheduled",
        [NoShow] = "Scheduled Service Request Event Unattended",
        [AppointmentCancelled] = "Scheduled Service Request Event Cancelled",
        [Visited] = "Service Request Event Completed",
        [CancellationRequested] = "Service Request Cancellation Requested",
        [Cancelled] = "Service Request Fulfillment Cancelled",
        [Completed] = "Service Request Fulfillment Completed",
    }.ToFrozenDictionary();

    /// <summary>On a Task here: nobody answered in time.</summary>
    public const string OverdueAnswer = "overdue-ack";

    /// <summary>On a Task here: the partner does not know the patient yet.</summary>
    public const string PendingRegistration = "pending-registration";

    /// <summary>On a Task here: completed without an output or a report.</summary>
    public const string ClosedWithoutReport = "closed-without-report";
}
