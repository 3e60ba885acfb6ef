using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Visits;

/// <summary>All that is known of the visits of one patient, as it will be once it is written.</summary>
/// <param name="Tasks">Those to visit, and to reconcile the medications by then.</param>
/// <param name="Parts">The tasks that are part of them.</param>
/// <param name="Appointments">Of the patient.</param>
/// <param name="Encounters">Those that name one of the appointments.</param>
/// <param name="Plans">Those that the tasks are based on.</param>
/// <param name="Policy">Of the organisation whose work the visits are.</param>
public sealed record VisitFacts(
    ImmutableArray<Snapshot> Tasks,
    ImmutableArray<Snapshot> Parts,
    ImmutableArray<Snapshot> Appointments,
    ImmutableArray<Snapshot> Encounters,
    ImmutableArray<Snapshot> Plans,
    CommandContext Command,
    CarePolicy Policy
)
{
    /// <summary>
    /// The days in which an appointment may be of a plan that goes on, with a day more at both ends: in which zone they are is not known
    /// yet. Null for a plan that is over or says nothing.
    /// </summary>
    public static (DateOnly First, DateOnly Last)? DaysOf(Snapshot plan)
    {
        var view = CarePlanView.From(ResourceDocument.Parse(plan.Utf8Json).Value);
        return
            view.Status is RequestStatusCodes.Active or RequestStatusCodes.OnHold
            && CareDate.Of(view.Period.Start) is { } start
            && CareDate.Of(view.Period.End) is { } end
            && start.DayIn(TimeZoneInfo.Utc).PlusDays(-1) is { } first
            && end.LastDayIn(TimeZoneInfo.Utc).PlusDays(1) is { } last
            ? (first, last)
            : null;
    }

    internal VisitRules Rules => Policy.RulesAt(Command.Now).Visits;
}
