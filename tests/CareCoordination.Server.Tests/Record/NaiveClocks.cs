using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>The clocks of each plan after a discharge, told plan by plan from its tasks as they are now.</summary>
internal sealed class NaiveClocks(ToldRecord record, RecordSettings settings, DateTimeOffset now)
{
    private const string Kinds = "https://carecoordination.example/fhir/CodeSystem/transition-plan";
    private const string Works = "https://carecoordination.example/fhir/CodeSystem/transition-work";
    private const string Attempted = "https://carecoordination.example/fhir/StructureDefinition/contact-attempt";

    private static readonly string[] Clocks = ["papers", "contact", "facility", "medications", "visit", "close"];

    private readonly NaivePolicies _policies = new(record, settings);

    private sealed record Work(
        JsonElement Task,
        string Id,
        string Clock,
        string? Status,
        DateTimeOffset? Due,
        DateTimeOffset? Ended
    );

    public IEnumerable<string> Rows()
    {
        foreach (var plan in record.Of("CarePlan").Where(p => p.Text("status") != "entered-in-error"))
        {
            var kind = plan.Items("category")
                .SelectMany(c => c.Items("coding"))
                .Where(c => c.Text("system") == Kinds)
                .Select(c => c.Text("code"))
                .Min(StringComparer.Ordinal);
            if (kind is null)
                continue;
            var days = _policies.OfPlan(plan).Days;
            foreach (var clock in WorkOf(plan, days).GroupBy(w => w.Clock, StringComparer.Ordinal))
                yield return Row(plan, kind, days, clock.Key, [.. clock]);
        }
    }

    /// <summary>The tasks that the plan names, and those that name the plan.</summary>
    private IEnumerable<Work> WorkOf(JsonElement plan, NaiveDays days)
    {
        var named = plan.Items("activity").Select(a => a.At("reference").Key("Task")).OfType<string>().ToHashSet();
        foreach (var task in record.Of("Task").Where(t => t.Text("status") != "entered-in-error"))
        {
            var ofPlan = task.Items("basedOn").Select(b => b.Key("CarePlan")).FirstOrDefault(k => k is not null);
            if (!named.Contains(task.Text("id")!) && ofPlan != plan.Text("id"))
                continue;
            var due = days.EndOf(task.Text("restriction", "period", "end"));
            var ended = days.StartOf(task.Text("executionPeriod", "end")) ?? days.StartOf(task.Text("lastModified"));
            foreach (var code in task.Items("code", "coding").Where(c => c.Text("system") == Works))
            {
                if (Clocks.Contains(code.Text("code")))
                    yield return new Work(task, task.Text("id")!, code.Text("code")!, task.Text("status"), due, ended);
            }
        }
    }

    private string Row(JsonElement plan, string kind, NaiveDays days, string clock, List<Work> work)
    {
        var stay = plan.At("encounter").Key("Encounter");
        var left = record
            .Of("Encounter")
            .FirstOrDefault(e => e.Text("id") == stay && e.Text("status") != "entered-in-error")
            .Text("period", "end");
        var begun = plan.Text("period", "start");
        var discharged = settings.Server.Days.Of(begun);
        var done = work.Where(w => w.Status == "completed").ToList();
        var due = work.Select(w => w.Due).Max();
        var met = done.Select(w => w.Ended).Min();
        var attempts = work.SelectMany(w => Attempts(w.Task, days)).Count(a => due is null || a <= due);
        return TableRows.Of(
            ("plan_id", plan.Text("id")),
            ("clock", clock),
            ("patient_id", plan.At("subject").Key("Patient")),
            ("person_id", record.PersonOf(plan.At("subject").Key("Patient"))),
            ("plan_status", plan.Text("status")),
            ("kind", kind),
            ("stay_id", stay),
            ("zone", days.Zone),
            ("discharge_day", discharged),
            ("started_at", days.StartOf(left) ?? (discharged is { } day ? days.StartOf(day) : null)),
            ("due_at", due),
            ("due_day", due is { } end ? days.Of(end) : null),
            ("met_at", met),
            ("met_day", met is { } then ? days.Of(then) : null),
            (
                "met_by_task_id",
                done.OrderBy(w => w.Ended ?? DateTimeOffset.MaxValue)
                    .ThenBy(w => w.Id, StringComparer.Ordinal)
                    .FirstOrDefault()
                    ?.Id
            ),
            ("attempts", attempts),
            ("state", State(clock, work, due, met, attempts)),
            ("owner", OwnerOf(work))
        );
    }

    /// <summary>Those that are told; of a task that tells none, and has failed, that it did.</summary>
    private static IEnumerable<DateTimeOffset> Attempts(JsonElement task, NaiveDays days)
    {
        var told = task.Extensions(Attempted)
            .Select(a => days.StartOf(a.Extensions("date").FirstOrDefault().Text("valueDateTime")))
            .OfType<DateTimeOffset>()
            .ToList();
        if (told.Count == 0 && task.Text("status") == "failed" && days.StartOf(task.Text("lastModified")) is { } failed)
            told.Add(failed);
        return told;
    }

    private string State(string clock, List<Work> work, DateTimeOffset? due, DateTimeOffset? met, int attempts) =>
        work.Exists(w => w.Status == "completed")
            ? due is null || met <= due
                ? "met"
                : "late-met"
            : clock == "contact" && attempts >= 2
                ? "excused"
                : work.TrueForAll(w => w.Status is "completed" or "cancelled" or "failed" or "rejected")
                    ? "stopped"
                    : now > due
                        ? "missed"
                        : "running";

    /// <summary>Whose work it is: of the last task that did not fail, or else of the last one.</summary>
    private static string? OwnerOf(List<Work> work) =>
        work.OrderBy(w => w.Status != "failed")
            .ThenBy(w => w.Id, StringComparer.Ordinal)
            .Last()
            .Task.Text("owner", "reference");
}
