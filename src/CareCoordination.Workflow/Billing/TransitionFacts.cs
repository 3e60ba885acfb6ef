using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Billing;

/// <summary>
/// What the clocks of a transition say of its billing: the day of service is that of the visit. Days are calendar days from the discharge,
/// which is day 0.
/// </summary>
/// <param name="Visit">The day of the visit, which is in the month.</param>
/// <param name="Met">Codes of <see cref="BillingNeeds"/>.</param>
internal sealed record TransitionFacts(DateOnly Visit, ImmutableArray<string> Met, ImmutableArray<string> Evidence)
{
    private const int PeriodDays = 30;

    /// <summary>Of the last discharge whose visit was in the month; null where there was none.</summary>
    public static TransitionFacts? Of(BillingRecord record, BillingMonth month, CarePolicy policy) =>
        record
            .Plans.Select(p => new CarePlanDraft(p))
            .Where(TransitionPlans.IsOne)
            .Select(p => Of(p, record, month, policy))
            .OfType<TransitionFacts>()
            .OrderByDescending(t => t.Visit)
            .FirstOrDefault();

    private static TransitionFacts? Of(CarePlanDraft plan, BillingRecord record, BillingMonth month, CarePolicy policy)
    {
        TaskDraft[] tasks =
        [
            .. record
                .Tasks.Select(t => new TaskDraft(t))
                .Where(t => t.Edit.BasedOn.Targets().Contains(plan.Reference) || plan.Activities.Contains(t.Reference)),
        ];
        var clocks = TransitionStatus.Of(tasks, month.Span.End, policy.Calendar);
        if (
            CareDate.Of(plan.Edit.Period.Start)?.DayIn(month.Zone) is not { } discharged
            || DayOf(clocks, TransitionWork.Visit, month) is not { } visit
            || !month.Includes(visit)
        )
            return null;
        return new TransitionFacts(
            visit,
            [.. Needs(record, clocks, discharged, visit, month)],
            [plan.Reference, .. tasks.Where(IsOfClock).Select(t => t.Reference)]
        );
    }

    private static IEnumerable<string> Needs(
        BillingRecord record,
        ImmutableArray<TransitionClock> clocks,
        DateOnly discharged,
        DateOnly visit,
        BillingMonth month
    )
    {
        if (clocks.Any(c => c.Name == TransitionWork.Contact && c.State is "met" or "excused"))
            yield return BillingNeeds.TimelyContact;
        if (DayOf(clocks, TransitionWork.Medications, month) <= visit)
            yield return BillingNeeds.Medications;
        var days = visit.DayNumber - discharged.DayNumber;
        if (days is >= 0 and <= 14)
            yield return BillingNeeds.Visit14;
        if (days is >= 0 and <= 7)
            yield return BillingNeeds.Visit7;
        if (record.Died is not { } died || died.DayNumber - discharged.DayNumber >= PeriodDays)
            yield return BillingNeeds.Alive;
    }

    private static DateOnly? DayOf(ImmutableArray<TransitionClock> clocks, string name, BillingMonth month) =>
        clocks.FirstOrDefault(c => c.Name == name)?.Met is { } met ? month.DayOf(met) : null;

    private static bool IsOfClock(TaskDraft task) =>
        task.Edit.Code.Coding.Any(c =>
            c
                is {
                    System: TransitionWork.System,
                    Code: TransitionWork.Contact or TransitionWork.Medications or TransitionWork.Visit
                }
        );
}
