using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>
/// The ServiceRequest as it goes to a partner: as it is once the message has had its effect. A partner that is told that its Task is
/// cancelled has no order any more, although the request here ends only when that is known there, or goes on with another partner.
/// https://hl7.org/fhir/R4/request.html#statemachine
/// </summary>
public static class PartnerOrder
{
    /// <summary>Whether the attempts have to be known.</summary>
    public static bool EndsWith(Snapshot task) => Ending(new TaskDraft(task)) is not null;

    /// <param name="attempts">All Tasks that fulfil the request, where <see cref="EndsWith"/> says so.</param>
    public static Snapshot Of(Snapshot request, Snapshot task, IEnumerable<Snapshot> attempts)
    {
        var told = new TaskDraft(task);
        var order = new ServiceRequestDraft(request);
        if (Ending(told) is not { } status || !order.IsOpen)
            return request;
        // The same order may go on at this partner, by somebody else there.
        var goesOnThere = attempts
            .Select(a => new TaskDraft(a))
            .Any(t => t.Key != told.Key && t.IsReferral() && !t.IsTerminal && t.Partner() == told.Partner());
        if (goesOnThere)
            return request;
        order.Status = status;
        return request with { Utf8Json = order.ToUtf8Json() };
    }

    private static string? Ending(TaskDraft task) =>
        task.Status switch
        {
            TaskStatusCodes.Cancelled => RequestStatusCodes.Revoked,
            TaskStatusCodes.EnteredInError => RequestStatusCodes.EnteredInError,
            _ => null,
        };
}
