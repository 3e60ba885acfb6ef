using System.Collections.Immutable;
using CareCoordination.Server.CarePlans;
using CareCoordination.Server.Caseload;
using CareCoordination.Server.Goals;
using CareCoordination.Server.PartnerDesk;
using CareCoordination.Server.Referrals;
using CareCoordination.Server.Routing;
using CareCoordination.Server.Tasks;

namespace CareCoordination.Server.Operations;

/// <summary>
/// The operations of care coordination, once: their routes, their OperationDefinitions and what the CapabilityStatement says of
/// them come from here.
/// </summary>
public static class OperationTable
{
    public static readonly ImmutableArray<Operation> All =
    [
        ClaimTask.Operation,
        AcceptTask.Operation,
        RejectTask.Operation,
        StartTask.Operation,
        StopTask.Operation,
        HoldTask.Operation,
        ResumeTask.Operation,
        CompleteTask.Operation,
        FailTask.Operation,
        CancelTask.Operation,
        ReassignTask.Operation,
        EscalateTask.Operation,
        SnoozeTask.Operation,
        ReopenTask.Operation,
        ApplyDefinition.OfPlan,
        ApplyDefinition.OfActivity,
        ActivatePlan.Operation,
        HoldPlan.Operation,
        ResumePlan.Operation,
        ClosePlan.Operation,
        RevokePlan.Operation,
        ReopenPlan.Operation,
        ShowProgress.Operation,
        ReviewPlan.Operation,
        RevisePlan.Operation,
        ReconcilePlan.Operation,
        ShowCareSummary.OfPlan,
        ShowCareSummary.OfPatient,
        AcceptGoal.Operation,
        RejectGoal.Operation,
        ActivateGoal.Operation,
        HoldGoal.Operation,
        ResumeGoal.Operation,
        CompleteGoal.Operation,
        CancelGoal.Operation,
        ReopenGoal.Operation,
        RecordProgress.Operation,
        SetAchievement.Operation,
        DispatchRequest.Operation,
        CancelRequest.Operation,
        RedirectRequest.Operation,
        CloseRequestLoop.Operation,
        ShowReferralStatus.Operation,
        ShowWorklist.Operation,
        ShowCaseload.Operation,
        TransferCaseload.Operation,
        AssignCareManager.Operation,
        TransferPatient.Operation,
        ShowAsyncStatus.Operation,
        ListDeliveries.Operation,
        ReplayDeliveries.Operation,
        ParkDeliveries.Operation,
        EndDeliveries.Operation,
        ShowPartnerHealth.Operation,
        ProbePartner.Operation,
        DrainPartner.Operation,
        ResumePartner.Operation,
        ListInbound.Operation,
        ReapplyInbound.Operation,
    ];

    private static readonly Dictionary<string, Operation> ById = All.ToDictionary(o => o.Id, StringComparer.Ordinal);

    /// <summary>The operation that an OperationDefinition's id names.</summary>
    public static Operation? Find(string id) => ById.GetValueOrDefault(id);

    internal static IEnumerable<InteractionDefinition> Rows => All.SelectMany(o => o.Rows());
}
