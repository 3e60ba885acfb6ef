using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts plans and goals: m-12 to m-15 of docs/measures.md.</summary>
internal sealed class NaivePlans(NaiveChart chart, NaiveEnrolments enrolments, NaivePeriod period)
{
    private const string Commands = "https://carecoordination.example/fhir/CodeSystem/care-command";

    private readonly List<(string? Plan, DateOnly Day)> _reviews = [.. ReadReviews(chart)];

    public IEnumerable<NaiveMeasure> All() =>
        [
            new("m-12", Planned()),
            new("m-13", Reviewed()),
            new("m-14", DueGoals((goal, due) => IsReached(goal) && WasReached(goal, due))),
            new("m-14b", DueGoals((goal, _) => goal.Code("achievementStatus") == "not-attainable")),
            new("m-15", OwnGoals()),
        ];

    /// <summary>Enrolments that had a plan within fourteen days.</summary>
    private IEnumerable<NaiveRow> Planned()
    {
        var plans = chart.Record.Of("CarePlan").Where(p => chart.IsThere(p.At("subject").Key("Patient"))).ToList();
        return from enrolment in enrolments.All
            where period.Has(enrolment.From)
            select enrolment.Row(
                enrolment.To <= enrolment.From.AddDays(14),
                plans.Exists(p =>
                    chart.PersonOf(p.At("subject")) == enrolment.Person
                    && chart.Days.Of(p.Text("period", "start")) <= enrolment.From.AddDays(14)
                    && (
                        p.Text("status") is "active" or "on-hold"
                        || p.Text("status") == "completed"
                            && (chart.Days.Of(p.Text("period", "end")) ?? chart.Stored(p)) >= enrolment.From
                    )
                )
            );
    }

    private static IEnumerable<(string?, DateOnly)> ReadReviews(NaiveChart chart)
    {
        foreach (var provenance in chart.Record.Of("Provenance"))
        {
            if (
                !provenance
                    .Items("activity", "coding")
                    .Any(c => c.Text("system") == Commands && c.Text("code") == "review")
                || chart.Days.Of(provenance.Text("recorded")) is not { } day
            )
                continue;
            foreach (var target in provenance.Items("target"))
                yield return (target.Key("CarePlan"), day);
        }

        foreach (var task in chart.Tasks)
        {
            if (
                task.Code("code") == "plan-review"
                && task.Text("status") == "completed"
                && chart.Days.Of(task.Text("executionPeriod", "end")) is { } day
            )
                yield return (NaiveChart.FirstPlan(task), day);
        }
    }

    /// <summary>A plan had a status from a day on, until another one.</summary>
    private sealed record Standing(ToldVersion Version, string? Status, DateOnly From, DateOnly Until);

    /// <summary>One that was stored later than it began had its first status since it began.</summary>
    private List<Standing> Standings(List<ToldVersion> history)
    {
        var changes = history
            .Where((v, i) => i == 0 || v.Body?.Text("status") != history[i - 1].Body?.Text("status"))
            .Select(v => (Version: v, Day: chart.Days.Of(v.At)))
            .ToList();
        var plan = history[^1].Body ?? default;
        var began = chart.Days.Of(plan.Text("period", "start")) ?? chart.Days.Of(plan.Text("created"));
        return
        [
            .. changes.Select(
                (c, i) =>
                    new Standing(
                        c.Version,
                        c.Version.Body is { } then ? then.Text("status") : "deleted",
                        i == 0 && began < c.Day ? began.Value : c.Day,
                        i + 1 < changes.Count ? changes[i + 1].Day : DateOnly.MaxValue
                    )
            ),
        ];
    }

    /// <summary>Months at whose end a plan was active, or on hold: those of the latter are left out.</summary>
    private IEnumerable<NaiveRow> Reviewed()
    {
        foreach (var history in chart.Record.Histories("CarePlan"))
        {
            if (history[^1].Body is not { } plan || history.Exists(v => v.Body?.Text("status") == "entered-in-error"))
                continue;
            var standings = Standings(history);
            foreach (var (start, end) in enrolments.Months(period))
            {
                if (!standings.Exists(s => s.Status is "active" or "on-hold" && s.From <= end && s.Until > end))
                    continue;
                var reviews = _reviews.Where(r => r.Plan == plan.Text("id") && r.Day <= end).Select(r => r.Day);
                var begun = standings.Where(s => s.Status == "active").Select(s => s.From).Order().Take(1);
                var seldom = TierOf(chart.PersonOf(plan.At("subject")), end) switch
                {
                    "high" => 30,
                    "moderate" => 90,
                    _ => 180,
                };
                yield return new NaiveRow(
                    plan.At("subject").Key("Patient"),
                    standings.Exists(s => s.Status == "on-hold" && s.From <= end && s.Until >= start),
                    reviews.Concat(begun).Any(day => day >= end.AddDays(-seldom))
                )
                {
                    Practitioner = NaiveStrata.Worker(plan.At("author")),
                    Programme = plan.Text("instantiatesCanonical"),
                };
            }
        }
    }

    /// <summary>The risk that was told last by a day.</summary>
    private string? TierOf(string? person, DateOnly day) =>
        chart
            .Record.Of("RiskAssessment")
            .Where(r =>
                r.Text("status") is "final" or "amended" or "corrected"
                && chart.IsThere(r.At("subject").Key("Patient"))
                && chart.PersonOf(r.At("subject")) == person
            )
            .SelectMany(r => r.Items("prediction").Select(p => (Risk: r, Tier: p.Code("qualitativeRisk"))))
            .Where(r => r.Tier is not null && DayOf(r.Risk) <= day)
            .OrderBy(r => DayOf(r.Risk))
            .ThenBy(r => r.Risk.Text("id"), StringComparer.Ordinal)
            .LastOrDefault()
            .Tier;

    private DateOnly? DayOf(JsonElement assessment) =>
        chart.Days.Of(assessment.Text("occurrenceDateTime") ?? assessment.Text("occurrencePeriod", "start"))
        ?? chart.Stored(assessment);

    private IEnumerable<NaiveRow> DueGoals(Func<JsonElement, DateOnly?, bool> isCounted) =>
        from goal in chart.Record.Of("Goal")
        where
            goal.Text("lifecycleStatus")
                is not ("proposed" or "planned" or "rejected" or "cancelled" or "entered-in-error")
        let due = goal.Items("target").Select(t => chart.Days.Of(t.Text("dueDate"))).Min()
        where period.Has(due)
        select new NaiveRow(goal.At("subject").Key("Patient"), false, isCounted(goal, due));

    private static bool IsReached(JsonElement goal) => goal.Code("achievementStatus") is "achieved" or "sustaining";

    private bool WasReached(JsonElement goal, DateOnly? due) =>
        chart.Days.Of(goal.Text("statusDate")) is { } day
            ? day <= due
            : chart.Record.Versions.Any(v =>
                v.Key == $"Goal/{goal.Text("id")}"
                && v.Body is { } then
                && IsReached(then)
                && chart.Days.Of(v.At) <= due
            );

    /// <summary>Goals that were written in the period, or began before, that the patient expressed or agreed to.</summary>
    private IEnumerable<NaiveRow> OwnGoals() =>
        from history in chart.Record.Histories("Goal")
        where history[^1].Body is { } now && now.Text("lifecycleStatus") != "entered-in-error"
        let goal = history[^1].Body!.Value
        let stored = chart.Days.Of(history[0].At)
        let began = chart.Days.Of(history[0].Body!.Value.Text("startDate"))
        where period.Has(began < stored ? began : stored)
        select new NaiveRow(
            goal.At("subject").Key("Patient"),
            false,
            goal.At("expressedBy").Key("Patient") is not null
                || goal.At("expressedBy").Key("RelatedPerson") is not null
                || goal.Extensions("http://hl7.org/fhir/StructureDefinition/goal-acceptance")
                    .SelectMany(a => a.Extensions("status"))
                    .FirstOrDefault()
                    .Text("valueCode") == "agree"
        );

    /// <summary>Rows of <c>plan_status</c>. A plan is of whom it is of now.</summary>
    public IEnumerable<string> StandingRows() =>
        from history in chart.Record.Histories("CarePlan")
        where !history.Exists(v => v.Body?.Text("status") == "entered-in-error")
        from standing in Standings(history)
        let subject = (history[^1].Body ?? standing.Version.Body ?? default).At("subject")
        select TableRows.Of(
            ("plan_id", standing.Version.Id),
            ("person_id", chart.PersonOf(subject)),
            ("status", standing.Status),
            ("from_day", standing.From),
            ("until_day", standing.Until)
        );
}
