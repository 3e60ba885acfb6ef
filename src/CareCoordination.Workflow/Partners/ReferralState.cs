using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>Where a referral stands: <c>Task.status</c>, and the code of <c>Task.businessStatus</c> where it is one of BSeR's.</summary>
/// <param name="Business">A code of <see cref="BusinessStatuses"/>; null where there is none that is known.</param>
public readonly record struct ReferralState(string Status, string? Business = null)
{
    public static ReferralState Of(TaskDraft task) =>
        new(
            task.Status,
            task.Edit.BusinessStatus.Coding.Select(c => Known(c.System, c.Code)).FirstOrDefault(c => c is not null)
        );

    public static ReferralState Of(TaskView task)
    {
        string? business = null;
        foreach (var coding in task.BusinessStatus.Coding)
            business ??= Known(coding.System, coding.Code);
        return new(task.Status ?? "", business);
    }

    /// <summary>As it is kept beside a partner's copy: <c>in-progress 5.1.1</c>.</summary>
    public static ReferralState Parse(string text) =>
        text.Split(' ', 2) is [var status, var business] ? new(status, business) : new(text);

    public override string ToString() => Business is null ? Status : $"{Status} {Business}";

    private static string? Known(string? system, string? code) =>
        system == BusinessStatuses.System && code is not null && BusinessStatuses.All.ContainsKey(code) ? code : null;
}
