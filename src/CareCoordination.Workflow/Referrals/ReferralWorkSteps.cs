using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>Ends the Tasks that a referral gave people here, once a command has done what they ask for.</summary>
internal static class ReferralWorkSteps
{
    public static bool Is(this TaskDraft task, ReferralWork kind) =>
        task.Edit.Code.Has(CareExtensions.ReferralWorkSystem, kind.Code);

    /// <summary>Completes the open ones of these kinds.</summary>
    public static void Finish(IEnumerable<TaskDraft> work, ReferralContext context, params ReferralWork[] kinds)
    {
        foreach (var task in work)
        {
            if (task.IsTerminal || !kinds.Any(task.Is))
                continue;
            Held.Clear(task);
            task.Status = TaskStatusCodes.Completed;
            task.Owner ??= context.By.AsOwner;
            task.ExecutionStart ??= context.Now;
            task.ExecutionEnd = context.Now;
            task.Touch(context.Now);
        }
    }
}
