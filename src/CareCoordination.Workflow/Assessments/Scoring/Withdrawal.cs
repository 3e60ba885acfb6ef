using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>
/// What becomes of what an earlier version of a response gave and this one does not give any more. What nobody has taken up yet goes; what
/// somebody has confirmed, ordered or begun stays, and so does everything that is about safety until a person has looked.
/// </summary>
internal static class Withdrawal
{
    private const string VerificationStatuses = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    private const string Words = "The answer that it rests on was amended.";

    /// <summary>Null where it stays as it is.</summary>
    public static byte[]? Of(ResourceKey key, ReadOnlyMemory<byte> stored, DateTimeOffset now)
    {
        var document = ResourceDocument.Parse(stored).Value;
        return key.Type switch
        {
            ResourceTypes.Observation => Observation(ObservationView.From(document)),
            ResourceTypes.Condition => Condition(ConditionView.From(document)),
            ResourceTypes.ServiceRequest => Request(ServiceRequestView.From(document)),
            ResourceTypes.Task => Task(new Snapshot(key, 1, stored), now),
            _ => null,
        };
    }

    public static bool IsWithdrawn(ConditionView condition) =>
        condition.VerificationStatus.Has(VerificationStatuses, ConditionVerStatusCodes.EnteredInError);

    /// <summary>What somebody has revoked is not ours to propose again.</summary>
    public static bool IsWithdrawn(ServiceRequestView request) => request.Status == RequestStatusCodes.EnteredInError;

    private static byte[]? Observation(ObservationView observation) =>
        observation.Status == ObservationStatusCodes.EnteredInError
            ? null
            : new ObservationEditor(observation) { Status = ObservationStatusCodes.EnteredInError }.ToUtf8Json();

    private static byte[]? Condition(ConditionView condition)
    {
        if (!condition.VerificationStatus.Has(VerificationStatuses, ConditionVerStatusCodes.Unconfirmed))
            return null;
        // con-5: what was entered in error has no clinical status.
        return new ConditionEditor(condition)
        {
            ClinicalStatus = new(),
            VerificationStatus = CodeableConceptEditor.Of(VerificationStatuses, ConditionVerStatusCodes.EnteredInError),
        }.ToUtf8Json();
    }

    private static byte[]? Request(ServiceRequestView request) =>
        request is { Status: RequestStatusCodes.Draft, Intent: RequestIntentCodes.Proposal }
            ? new ServiceRequestEditor(request) { Status = RequestStatusCodes.EnteredInError }.ToUtf8Json()
            : null;

    private static byte[]? Task(Snapshot stored, DateTimeOffset now)
    {
        var task = new TaskDraft(stored);
        if (task.Status != TaskStatusCodes.Requested)
            return null;
        task.Status = TaskStatusCodes.Cancelled;
        task.SetReason(new Reason(Words));
        task.Touch(now);
        return task.ToUtf8Json();
    }
}
