using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts what was done after discharges to the community, plan by plan: m-06 and m-07 of docs/measures.md.</summary>
internal sealed class NaiveTransitions(NaiveChart chart, NaivePeriod period)
{
    private const string Kinds = "https://carecoordination.example/fhir/CodeSystem/transition-plan";
    private const string Attempted = "https://carecoordination.example/fhir/StructureDefinition/contact-attempt";

    /// <summary>https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays/</summary>
    private static readonly DateOnly[] Holidays =
    [
        .. new[]
        {
            "2025-09-01",
            "2025-10-13",
            "2025-11-11",
            "2025-11-27",
            "2025-12-25",
            "2026-01-01",
            "2026-01-19",
            "2026-02-16",
            "2026-05-25",
            "2026-06-19",
            "2026-07-03",
        }.Select(d => DateOnly.ParseExact(d, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <param name="Discharged">The day.</param>
    /// <param name="Stay">That it is after; null where it is not there.</param>
    internal sealed record Transition(JsonElement Plan, string? Person, DateOnly? Discharged, JsonElement Stay)
    {
        public string Id => Plan.Text("id")!;
    }

    public IEnumerable<NaiveMeasure> All()
    {
        var transitions = Transitions().Where(t => period.Has(t.Discharged)).ToList();
        return
        [
            new("m-06", transitions.Select(t => Row(t, ContactDue(t), (due) => WasSpokenWith(t, due)))),
            new(
                "m-06b",
                transitions.Select(t => Row(t, ContactDue(t), due => WasSpokenWith(t, due) || Attempts(t, due) >= 2))
            ),
            new("m-07", transitions.Select(t => Row(t, VisitDue(t), due => WasSeen(t, due)))),
        ];
    }

    public IEnumerable<Transition> Transitions() =>
        from plan in chart.Record.Of("CarePlan")
        where plan.Text("status") is "active" or "on-hold" or "completed"
        where
            plan.Text("instantiatesCanonical")?.Contains("tcm-30d", StringComparison.Ordinal) == true
            || plan.Items("category")
                .SelectMany(c => c.Items("coding"))
                .Any(c => c.Text("system") == Kinds && c.Text("code") == "transitional-care")
        let stay = chart.Encounters.FirstOrDefault(e => e.Text("id") == plan.At("encounter").Key("Encounter"))
        let disposition = stay.At("hospitalization").Code("dischargeDisposition")
        where disposition is null || NaiveCodes.Has("home-disposition", disposition)
        select new Transition(
            plan,
            chart.PersonOf(plan.At("subject")),
            chart.Days.Of(stay.Text("period", "end")) ?? chart.Days.Of(plan.Text("period", "start")),
            stay
        );

    private NaiveRow Row(Transition transition, DateOnly due, Func<DateOnly, bool> isCounted) =>
        new(transition.Person, HadEnded(transition, due), isCounted(due))
        {
            Practitioner = ManagerOf(transition.Person),
            Organization = transition.Stay.At("serviceProvider").Key("Organization"),
            Programme = transition.Plan.Text("instantiatesCanonical"),
        };

    /// <summary>That of the episode that began last.</summary>
    public string? ManagerOf(string? person) =>
        chart
            .Record.Of("EpisodeOfCare")
            .Where(e =>
                e.Text("status") is not ("planned" or "waitlist" or "cancelled" or "entered-in-error")
                && chart.PersonOf(e.At("patient")) == person
                && e.At("careManager").Key() is not null
            )
            .OrderBy(e => chart.Days.StartOf(e.Text("period", "start")) ?? DateTimeOffset.MinValue)
            .ThenBy(e => e.Text("id"), StringComparer.Ordinal)
            .LastOrDefault()
            .At("careManager")
            .Key();

    public static bool IsBusinessDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day);

    /// <summary>The second business day after the discharge, whose day is none.</summary>
    public static DateOnly ContactDue(Transition transition)
    {
        var day = transition.Discharged!.Value;
        for (var open = 0; open < 2; open += IsBusinessDay(day) ? 1 : 0)
            day = day.AddDays(1);
        return day;
    }

    public DateOnly VisitDue(Transition transition) =>
        transition.Discharged!.Value.AddDays(IsHigh(transition) ? 7 : 14);

    private bool WasSpokenWith(Transition transition, DateOnly due) =>
        chart.Contacts.Any(c => c.Person == transition.Person && c.Day >= transition.Discharged && c.Day <= due);

    /// <summary>Seen at home or where one goes, or a visit of the plan that is done; not on the day of the discharge itself.</summary>
    private bool WasSeen(Transition transition, DateOnly due) =>
        chart.Contacts.Any(c =>
            c.Person == transition.Person && c.Kind is "AMB" or "HH" && IsAfter(transition, c.Day, due)
        )
        || WorkOf(transition)
            .Any(t =>
                NaiveChart.IsWork(t, "visit-task")
                && t.Text("status") == "completed"
                && IsAfter(transition, chart.Days.Of(t.Text("executionPeriod", "end")), due)
            );

    private static bool IsAfter(Transition transition, DateOnly? day, DateOnly due) =>
        day > transition.Discharged && day <= due;

    /// <summary>The tasks that the plan names, and those that name the plan.</summary>
    private IEnumerable<JsonElement> WorkOf(Transition transition)
    {
        var named = transition
            .Plan.Items("activity")
            .Select(a => a.At("reference").Key("Task"))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return chart.Tasks.Where(t => named.Contains(t.Text("id")!) || NaiveChart.FirstPlan(t) == transition.Id);
    }

    /// <summary>Attempts that are documented; a task that failed and documents none is one.</summary>
    private int Attempts(Transition transition, DateOnly due) =>
        WorkOf(transition)
            .Where(t => NaiveChart.IsWork(t, "contact-task"))
            .SelectMany(t =>
                t.Extensions(Attempted).Any()
                    ? t.Extensions(Attempted).Select(a => a.Extensions("date").FirstOrDefault().Text("valueDateTime"))
                : t.Text("status") == "failed" ? [t.Text("lastModified")]
                : Array.Empty<string?>()
            )
            .Count(at => chart.Days.Of(at) is { } day && day >= transition.Discharged && day <= due);

    /// <summary>By what an assessment of the stay says, or else the last one by the day of the discharge.</summary>
    public bool IsHigh(Transition transition)
    {
        var assessments = chart
            .Record.Of("RiskAssessment")
            .Where(r => r.Text("status") is "final" or "amended" or "corrected")
            .SelectMany(r => r.Items("prediction").Select(p => (Risk: r, Tier: p.Code("qualitativeRisk"))))
            .Where(r => r.Tier is not null)
            .ToList();
        var ofStay = assessments
            .Where(r =>
                r.Risk.At("encounter").Key("Encounter") is { } id
                && id == transition.Plan.At("encounter").Key("Encounter")
            )
            .ToList();
        if (ofStay.Count > 0)
            return ofStay.Exists(r => r.Tier == "high");
        return assessments
                .Where(r =>
                    chart.PersonOf(r.Risk.At("subject")) == transition.Person && DayOf(r.Risk) <= transition.Discharged
                )
                .OrderBy(r => DayOf(r.Risk))
                .ThenBy(r => r.Risk.Text("id"), StringComparer.Ordinal)
                .LastOrDefault()
                .Tier == "high";
    }

    private DateOnly? DayOf(JsonElement assessment) =>
        chart.Days.Of(assessment.Text("occurrenceDateTime") ?? assessment.Text("occurrencePeriod", "start"))
        ?? chart.Stored(assessment);

    /// <summary>By the deadline the patient was in hospital again, or had died.</summary>
    private bool HadEnded(Transition transition, DateOnly due) =>
        BackOn(transition) <= due
        || chart.IsDead(transition.Person)
            && (chart.DeathOf(transition.Person) ?? chart.Stored(chart.PatientOf(transition.Person))) <= due;

    /// <summary>The first day after the discharge, or on its day and later than it, on which the patient came to a hospital.</summary>
    private DateOnly? BackOn(Transition transition) =>
        chart
            .Stays.Where(s =>
                s.Person == transition.Person
                && s.Class is "IMP" or "ACUTE" or "OBSENC"
                && s.Id != transition.Stay.Text("id")
                && (
                    s.Admitted > transition.Discharged
                    || s.Admitted == transition.Discharged && s.AdmittedAt >= LeftAt(transition)
                )
            )
            .Select(s => (DateOnly?)s.Admitted)
            .Min();

    /// <summary>The instant of the discharge; null where only its day is known.</summary>
    public DateTimeOffset? LeftAt(Transition transition) =>
        transition.Stay.Text("period", "end") is { } left && NaiveDays.IsInstant(left)
            ? chart.Days.StartOf(left)
            : null;
}
