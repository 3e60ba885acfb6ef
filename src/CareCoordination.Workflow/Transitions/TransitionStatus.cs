using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Transitions;

/// <summary>How a clock of a transition stands.</summary>
/// <param name="Name">Of the work that it measures.</param>
/// <param name="State">met, late-met, running, missed, excused (two attempts in time reached nobody), or stopped.</param>
/// <param name="Attempts">To reach the patient, as far as they are documented.</param>
public sealed record TransitionClock(string Name, string State, DateTimeOffset? Due, DateTimeOffset? Met, int Attempts)
{
    /// <summary>What the appointments of the visit make of it; null for other clocks, and where there is none.</summary>
    public VisitNews? Visit { get; init; }
}

/// <summary>How a visit stands.</summary>
/// <param name="State">Of <see cref="VisitStates"/>.</param>
/// <param name="Appointment">The one that counts, as a reference.</param>
/// <param name="NoShows">How often the patient did not come.</param>
public sealed record VisitNews(string State, string? Appointment, FhirDateTime? Start, int NoShows)
{
    public static VisitNews? Of(TaskDraft task) =>
        VisitStates.Of(task) is { } state
            ? new(
                state,
                VisitStates.CurrentOf(task),
                VisitStates.StartOf(task),
                task.Edit.Extension.With(CareExtensions.NoShows)?.ValuePositiveInt ?? 0
            )
            : null;

    internal void Tell(ParametersParameterEditor clock)
    {
        clock.Part.Add(new() { Name = "visit", ValueCode = State });
        if (Appointment is { } appointment)
            clock.Part.Add(new() { Name = "appointment", ValueReference = References.To(appointment) });
        if (Start is { } start)
            clock.Part.Add(new() { Name = "start", ValueDateTime = start });
        if (NoShows > 0)
            clock.Part.Add(new() { Name = "noShows", ValueInteger = NoShows });
    }
}

/// <summary>The clocks of the plan after a discharge: contact, medications, visit, and the days until it closes.</summary>
public static class TransitionStatus
{
    private const int EnoughAttempts = 2;

    private static readonly ImmutableArray<string> Clocks =
    [
        TransitionWork.Papers,
        TransitionWork.Contact,
        TransitionWork.Facility,
        TransitionWork.Medications,
        TransitionWork.Visit,
        TransitionWork.Close,
    ];

    /// <summary>Those of a plan, in their order; what the plan has no task for is left out.</summary>
    public static ImmutableArray<TransitionClock> Of(
        IEnumerable<TaskDraft> tasks,
        DateTimeOffset now,
        BusinessCalendar calendar
    )
    {
        // What was a mistake was no work.
        var all = tasks.Where(t => t.Status != TaskStatusCodes.EnteredInError).ToArray();
        return
        [
            .. Clocks
                .Select(code =>
                    (Code: code, Tasks: all.Where(t => t.Edit.Code.Has(TransitionWork.System, code)).ToArray())
                )
                .Where(c => c.Tasks.Length > 0)
                .Select(c => Clock(c.Code, c.Tasks, now, calendar)),
        ];
    }

    public static ParametersEditor ToParameters(Snapshot planSnapshot, ImmutableArray<TransitionClock> clocks)
    {
        var plan = new CarePlanDraft(planSnapshot);
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "plan", ValueReference = References.To(plan.Reference) },
                new() { Name = "status", ValueCode = plan.Status },
                new() { Name = "period", ValuePeriod = { Start = plan.Edit.Period.Start, End = plan.Edit.Period.End } },
            },
        };
        foreach (var clock in clocks)
        {
            var part = new ParametersParameterEditor
            {
                Name = "clock",
                Part =
                {
                    new() { Name = "name", ValueCode = clock.Name },
                    new() { Name = "state", ValueCode = clock.State },
                },
            };
            if (clock.Due is { } due)
                part.Part.Add(new() { Name = "due", ValueDateTime = due });
            if (clock.Met is { } met)
                part.Part.Add(new() { Name = "met", ValueDateTime = met });
            if (clock.Attempts > 0)
                part.Part.Add(new() { Name = "attempts", ValueInteger = clock.Attempts });
            clock.Visit?.Tell(part);
            parameters.Parameter.Add(part);
        }

        return parameters;
    }

    private static TransitionClock Clock(string code, TaskDraft[] tasks, DateTimeOffset now, BusinessCalendar calendar)
    {
        var due = tasks.Select(t => t.Due).OfType<CareDate>().Select(calendar.EndOf).Cast<DateTimeOffset?>().Max();
        var done = tasks.Where(t => t.Status == TaskStatusCodes.Completed).ToArray();
        // Whichever of them was done first; of one that does not say when, nobody knows.
        var met = done.Select(t => t.ExecutionEnd ?? CareDate.Of(t.Edit.LastModified))
            .OfType<CareDate>()
            .Select(calendar.StartOf)
            .Cast<DateTimeOffset?>()
            .Min();
        var attempts = Attempts(tasks, due, calendar).Count();
        var state =
            done.Length > 0 ? (met <= due || due is null ? "met" : "late-met")
            : code == TransitionWork.Contact && attempts >= EnoughAttempts ? "excused"
            : tasks.All(t => t.IsTerminal) ? "stopped"
            : now > due ? "missed"
            : "running";
        return new TransitionClock(code, state, due, met, attempts)
        {
            Visit = code == TransitionWork.Visit ? tasks.Select(VisitNews.Of).FirstOrDefault(v => v is not null) : null,
        };
    }

    /// <summary>Each attempt that is documented, and each task that failed without one, as long as it was in time.</summary>
    private static IEnumerable<DateTimeOffset> Attempts(
        TaskDraft[] tasks,
        DateTimeOffset? due,
        BusinessCalendar calendar
    )
    {
        foreach (var task in tasks)
        {
            var documented = task
                .Edit.Extension.Where(e => e.Url == CareExtensions.ContactAttempt)
                .Select(e => CareDate.Of(e.Extension.With(CareExtensions.ContactAttemptDate)?.ValueDateTime))
                .OfType<CareDate>()
                .Select(calendar.StartOf)
                .ToArray();
            if (
                documented.Length == 0
                && task.Status == TaskStatusCodes.Failed
                && CareDate.Of(task.Edit.LastModified) is { } failed
            )
                documented = [calendar.StartOf(failed)];
            foreach (var at in documented.Where(d => due is null || d <= due))
                yield return at;
        }
    }
}
