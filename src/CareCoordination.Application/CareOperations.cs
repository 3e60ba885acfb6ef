using System.Collections.Immutable;
using CareCoordination.Application.Assessments;
using CareCoordination.Application.CarePlans;
using CareCoordination.Application.Caseload;
using CareCoordination.Application.Disclosures;
using CareCoordination.Application.Exports;
using CareCoordination.Application.Goals;
using CareCoordination.Application.Import.Bulk;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Privacy;
using CareCoordination.Application.Programmes;
using CareCoordination.Application.Referrals;
using CareCoordination.Application.Reindexing;
using CareCoordination.Application.Tasks;
using CareCoordination.Application.Transitions;
using CareCoordination.Application.Views;

namespace CareCoordination.Application;

/// <summary>The operations of care coordination.</summary>
public static class CareOperations
{
    public static readonly ImmutableArray<Operation> All =
    [
        SubmitTransition.Operation,
        ShowTransitionStatus.Operation,
        MatchPatient.Operation,
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
        RecordAttempt.Operation,
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
        AssessRisk.Operation,
        ScoreResponse.Operation,
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
        CoverRole.Operation,
        BreakGlass.Operation,
        EnrollPatient.Operation,
        DisenrollPatient.Operation,
        LogProgramTime.Operation,
        ShowBillingStatus.Operation,
        DraftCharges.Operation,
        ShowBillingSummary.Operation,
        ShowAsyncStatus.Operation,
        Reindex.Operation,
        BulkExport.OfSystem,
        BulkExport.OfPatients,
        BulkExport.OfGroup,
        BulkImport.Operation,
        ShowDisclosures.Operation,
        ExplainAccess.Operation,
        RunView.OfServer,
        RunView.OfServerBefore,
        RunView.OfView,
        RunView.OfViewBefore,
        ExportViews.OfServer,
        ExportViews.OfServerBefore,
        ExportViews.OfView,
    ];
}
