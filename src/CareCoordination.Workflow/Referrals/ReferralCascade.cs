using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>
/// What becomes of referrals when what they rest on goes: the patient dies or leaves the programme, a consent is withdrawn, the
/// request ends by a plain write, or all of it was entered in error.
/// </summary>
public static class ReferralCascade
{
    /// <summary>Why referrals end; the code is that of <c>Task.statusReason</c>.</summary>
    public static readonly Reason Died = Why("patient-died", "The patient has died.");

    public static readonly Reason Deleted = Why("patient-deleted", "The record of the patient was deleted.");

    public static readonly Reason Unenrolled = Why("unenrolled", "The patient has left the programme.");

    public static readonly Reason Withdrawn = Why("consent-withdrawn", "The consent was withdrawn.");

    public static readonly Reason RequestEnded = Why("request-ended", "The request has ended.");

    /// <summary>
    /// Calls off what is under way and revokes the requests at once: nothing of it waits for a partner. Partners are told.
    /// </summary>
    /// <param name="requests">The requests that end, of any status.</param>
    /// <param name="attempts">Tasks that fulfil them, of any status.</param>
    /// <param name="isKnownThere">Whether a partner may have heard of a Task.</param>
    internal static void End(
        IEnumerable<ServiceRequestDraft> requests,
        IEnumerable<TaskDraft> attempts,
        Func<TaskDraft, bool> isKnownThere,
        Reason reason,
        DateTimeOffset now
    )
    {
        var ending = requests.ToArray();
        var keys = ending.Select(r => r.Key).ToHashSet();
        foreach (var task in attempts)
        {
            if (!task.IsTerminal && task.IsReferral() && keys.Contains(task.Request()!.Value))
                task.CallOff(reason, isKnownThere(task), now);
        }

        foreach (var request in ending.Where(r => r.IsOpen))
            request.Status = RequestStatusCodes.Revoked;
    }

    /// <summary>
    /// What was never to be is entered in error with its request. A partner that may have seen it makes it a matter of privacy.
    /// </summary>
    /// <returns>The Tasks that change, and the work that comes of it.</returns>
    internal static IReadOnlyList<ResourceDraft> Void(
        IEnumerable<TaskDraft> attempts,
        Func<TaskDraft, bool> isKnownThere,
        ReferralContext context
    )
    {
        var changed = new List<ResourceDraft>();
        foreach (var task in attempts.Where(t => t.IsReferral()))
        {
            if (task.Status != TaskStatusCodes.EnteredInError)
            {
                Held.Clear(task);
                task.Status = TaskStatusCodes.EnteredInError;
                task.Touch(context.Now);
                changed.Add(task);
            }

            if (task.Partner() is not null && isKnownThere(task))
                changed.Add(ReferralWork.Privacy.For(task, context));
        }

        return changed;
    }

    private static Reason Why(string code, string text) => new(text, CareExtensions.ReferralStatusSystem, code);
}
