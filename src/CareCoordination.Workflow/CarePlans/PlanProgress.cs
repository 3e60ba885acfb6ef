using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.CarePlans;

/// <summary><c>$progress</c>: where a plan stands at an instant. Changes nothing.</summary>
/// <param name="Activities">Tasks and requests that count: all but those cancelled, rejected or entered in error.</param>
/// <param name="GoalsByAchievement">Goals that are sought or were, by the code of their achievement; <c>unknown</c> where none is told.</param>
public sealed record PlanProgress(
    string Plan,
    int Activities,
    int Done,
    ImmutableSortedDictionary<string, int> GoalsByAchievement,
    int Overdue,
    DateTimeOffset? NextDue,
    int Minutes
)
{
    /// <summary>Whole percent of the activities that are done; 0 where there are none.</summary>
    public int Percent => Activities == 0 ? 0 : Done * 100 / Activities;

    public static PlanProgress Of(
        Snapshot snapshot,
        PlanMembers members,
        BusinessCalendar calendar,
        DateTimeOffset asOf
    )
    {
        var plan = new CarePlanDraft(snapshot);
        var tasks = members
            .Tasks.Where(t =>
                t.Status
                    is not (TaskStatusCodes.Cancelled or TaskStatusCodes.Rejected or TaskStatusCodes.EnteredInError)
            )
            .ToArray();
        var requests = members
            .Requests.Where(r => r.Status is not (RequestStatusCodes.Revoked or RequestStatusCodes.EnteredInError))
            .ToArray();
        var open = tasks
            .Where(t => !t.IsTerminal && t.Due is not null)
            .Select(t => calendar.EndOf(t.Due!.Value))
            .ToArray();
        var goals = members
            .Goals.Where(g =>
                g.Status
                    is not (GoalStatusCodes.Rejected or GoalStatusCodes.Cancelled or GoalStatusCodes.EnteredInError)
            )
            .GroupBy(g => g.Achievement ?? "unknown")
            .ToImmutableSortedDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return new PlanProgress(
            plan.Reference,
            tasks.Length + requests.Length,
            tasks.Count(t => t.Status == TaskStatusCodes.Completed)
                + requests.Count(r => r.Status == RequestStatusCodes.Completed),
            goals,
            open.Count(d => d < asOf),
            open.Where(d => d >= asOf).Select(d => (DateTimeOffset?)d).Min(),
            CheckedNumber.Clamp((long)members.Tasks.SelectMany(TimeLog.Of).Sum(w => (w.End - w.Start).TotalMinutes))
        );
    }

    /// <summary>The answer of the operation.</summary>
    public ParametersEditor ToParameters()
    {
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "plan", ValueReference = References.To(Plan) },
                new() { Name = "activities", ValueInteger = Activities },
                new() { Name = "done", ValueInteger = Done },
                new() { Name = "percent", ValueInteger = Percent },
                new() { Name = "overdue", ValueInteger = Overdue },
                new() { Name = "minutes", ValueInteger = Minutes },
            },
        };
        if (NextDue is { } next)
            parameters.Parameter.Add(new() { Name = "nextDue", ValueDateTime = next });
        foreach (var (achievement, count) in GoalsByAchievement)
        {
            parameters.Parameter.Add(
                new()
                {
                    Name = "goals",
                    Part =
                    {
                        new() { Name = "achievement", ValueCode = achievement },
                        new() { Name = "count", ValueInteger = count },
                    },
                }
            );
        }

        return parameters;
    }
}
