using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts tasks, contacts and caseloads: m-16, m-17 and m-22 of docs/measures.md.</summary>
internal sealed class NaiveWork(NaiveChart chart, NaiveEnrolments enrolments, NaivePeriod period)
{
    private const string Attempted = "https://carecoordination.example/fhir/StructureDefinition/contact-attempt";
    private const int Most = 170;

    public IEnumerable<NaiveMeasure> All() =>
        [
            new("m-16", Tasks()),
            new("m-17a", Overdue()),
            new("m-17b", Caseloads(), NaiveScore.Ratio),
            new("m-22", Contacts()),
            new("m-22b", Unreachable()),
        ];

    private NaiveRow Row(JsonElement task, bool isLeftOut, bool isCounted) =>
        new(task.At("for").Key("Patient"), isLeftOut, isCounted)
        {
            Practitioner = NaiveStrata.Worker(task.At("owner")),
            Programme = chart.TemplateOf(NaiveChart.FirstPlan(task)),
        };

    private DateOnly? DueOf(JsonElement task) => chart.Days.Of(task.Text("restriction", "period", "end"));

    private IEnumerable<NaiveRow> Tasks() =>
        from task in chart.Tasks
        where task.Text("intent") is "order" or "plan"
        where task.Text("status") != "draft"
        let due = task.Text("restriction", "period", "end")
        where period.Has(chart.Days.Of(due))
        let end = task.Text("executionPeriod", "end")
        select Row(
            task,
            task.Text("status") is "cancelled" or "rejected",
            task.Text("status") == "completed"
                && (
                    end is not null && NaiveDays.IsInstant(due) && NaiveDays.IsInstant(end)
                        ? chart.Days.StartOf(end) <= chart.Days.StartOf(due)
                        : chart.Days.Of(end) <= chart.Days.Of(due)
                )
        );

    /// <summary>Open tasks of patients at the end of the period, by the versions of then.</summary>
    private IEnumerable<NaiveRow> Overdue() =>
        from history in chart.Record.Histories("Task")
        let then = history.LastOrDefault(v => chart.Days.Of(v.At) <= period.Last)?.Body ?? default
        where then.Text("status") is "requested" or "received" or "accepted" or "ready" or "in-progress" or "on-hold"
        where then.At("for").Key("Patient") is not null
        select Row(then, false, DueOf(then) <= period.Last);

    /// <summary>Whom each care manager has when the last day ends. Somebody and their roles are one.</summary>
    private IEnumerable<NaiveRow> Caseloads()
    {
        var people = chart
            .Record.Of("PractitionerRole")
            .Where(r => r.At("practitioner").Key("Practitioner") is not null)
            .ToDictionary(
                r => $"PractitionerRole/{r.Text("id")}",
                r => $"Practitioner/{r.At("practitioner").Key("Practitioner")}",
                StringComparer.Ordinal
            );
        foreach (
            var caseload in enrolments
                .All.Where(e => e.Manager is not null && e.From <= period.Last && (e.To is null || e.To > period.Last))
                .GroupBy(e => e.Episode.At("careManager").Text("reference")!.Split("/_history")[0])
                .SelectMany(of => of, (of, e) => (Manager: people.GetValueOrDefault(of.Key, of.Key), Enrolment: e))
                .GroupBy(e => e.Manager, e => e.Enrolment, StringComparer.Ordinal)
        )
        {
            var patients = caseload.GroupBy(e => e.Person, StringComparer.Ordinal).ToList();
            foreach (var of in patients)
                yield return NaiveEnrolments.Last(of).Row(false, patients.Count > Most) with
                {
                    Value = 1,
                    Weight = 1.0 / patients.Count,
                };
        }
    }

    private IEnumerable<NaiveRow> Contacts() =>
        from task in chart.Tasks
        where NaiveChart.IsWork(task, "contact-task") && task.Text("status") != "draft"
        let due = DueOf(task)
        where period.Has(due)
        select Row(
            task,
            task.Text("status") is "cancelled" or "rejected",
            task.Text("status") == "completed"
                && (chart.Days.Of(task.Text("executionPeriod", "end")) ?? chart.Days.Of(task.Text("lastModified")))
                    <= due
        ) with
        {
            Value = task.Extensions(Attempted).Count(),
        };

    /// <summary>Patients with contacts that were due, and how often nobody was reached.</summary>
    private IEnumerable<NaiveRow> Unreachable() =>
        from task in chart.Tasks
        where
            NaiveChart.IsWork(task, "contact-task") && task.Text("status") is not ("draft" or "cancelled" or "rejected")
        where period.Has(DueOf(task))
        let person = chart.PersonOf(task.At("for"))
        where person is not null
        group task by person into due
        let attempts = due.Sum(t => Math.Max(t.Extensions(Attempted).Count(), t.Text("status") == "failed" ? 1 : 0))
        select new NaiveRow(due.Key, false, attempts >= 3)
        {
            Value = attempts,
            Practitioner = NaiveStrata.Worker(
                due.OrderBy(DueOf).ThenBy(t => t.Text("id"), StringComparer.Ordinal).Last().At("owner")
            ),
        };
}
