using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>The tables that measures are counted over, row by row. docs/measures.md</summary>
internal sealed class NaiveTables(NaiveChart chart)
{
    private static readonly (string Sql, int Gap, string[] Classes)[] Stays =
    [
        ("stays(['IMP', 'ACUTE', 'OBSENC'], 1)", 1, ["IMP", "ACUTE", "OBSENC"]),
        ("stays(['IMP', 'ACUTE', 'OBSENC', 'NONAC'], 30)", 30, ["IMP", "ACUTE", "OBSENC", "NONAC"]),
        ("stays(['IMP', 'ACUTE'], 1)", 1, ["IMP", "ACUTE"]),
        ("stays(['EMER'], -1)", -1, ["EMER"]),
    ];

    private static readonly NaivePeriod Ever = new(DateOnly.MinValue, DateOnly.MaxValue);

    private readonly NaiveEnrolments _enrolments = new(chart);

    public IEnumerable<(string Sql, IEnumerable<string> Rows)> All() =>
        [
            ("enrolment", _enrolments.Rows()),
            ("known_until", [TableRows.Of(("day", _enrolments.Known))]),
            ("hospice_care", chart.Decline.CareRows()),
            ("frailty_told", chart.Decline.FrailtyRows()),
            ("procedure_in_set", chart.Decline.ProcedureRows()),
            ("medicine_order_in_set", chart.Decline.PrescriptionRows()),
            ("condition_in_set", Illnesses()),
            ("encounter_in_set", EncounterSets()),
            ("(SELECT * FROM patient_contact WHERE day IS NOT NULL)", Contacts()),
            .. Stays.Select(s => (s.Sql, StayRows(s.Gap, s.Classes))),
            ("transition", Transitions()),
            (
                "(SELECT set_name, observation_id, person_id, effective_day, value_quantity, encounter_id FROM observation_in_set)",
                Observations()
            ),
            ("fill_in_set", Fills()),
            ("plan_status", new NaivePlans(chart, _enrolments, Ever).StandingRows()),
            ("plan_task", PlanTasks()),
            ("(SELECT sr_id, id, is_work FROM referral_task)", ReferralTasks()),
            .. new NaiveSocial(chart, _enrolments, Ever).Tables(),
            (
                "(SELECT sr_id, sent_day, round(hours_to_accept, 3) AS hours_to_accept, round(hours_to_close, 3) AS hours_to_close FROM referral_hours)",
                new NaiveLoops(chart, Ever).HourRows()
            ),
            ("referral_failure", new NaiveLoops(chart, Ever).FailureRows()),
        ];

    private IEnumerable<string> Illnesses() =>
        from illness in chart.Illnesses
        from set in illness.Sets
        select TableRows.Of(
            ("set_name", set),
            ("condition_id", illness.Id),
            ("person_id", illness.Person),
            ("from_day", illness.From),
            ("to_day", illness.To),
            ("told_day", illness.Told),
            ("verification_status", illness.Verification)
        );

    private IEnumerable<string> EncounterSets() =>
        from encounter in chart.Encounters
        from set in encounter.Items("type").SelectMany(t => NaiveCodes.SetsOf(t)).Distinct(StringComparer.Ordinal)
        select TableRows.Of(("set_name", set), ("encounter_id", encounter.Text("id")));

    private IEnumerable<string> Observations() =>
        from observation in chart.Record.Of("Observation")
        where NaiveChronic.IsTaken(observation)
        from set in NaiveCodes.SetsOf(
            observation.At("code").Text("coding", "system"),
            observation.At("code").Text("coding", "code")
        )
        let day = chart.Days.Of(observation.Text("effectiveDateTime") ?? observation.Text("effectivePeriod", "start"))
        select TableRows.Of(
            ("set_name", set),
            ("observation_id", observation.Text("id")),
            ("person_id", chart.PersonOf(observation.At("subject"))),
            ("effective_day", day),
            ("value_quantity", observation.Number("valueQuantity", "value")),
            ("encounter_id", observation.At("encounter").Key("Encounter"))
        );

    /// <summary>Fills with a day and a supply, by the code of the set; of several the first.</summary>
    private IEnumerable<string> Fills() =>
        from fill in chart.Record.Of("MedicationDispense")
        where fill.Text("status") == "completed" && NaiveDecline.DaysOf(fill.At("daysSupply")) >= 1
        let day = chart.Days.Of(fill.Text("whenHandedOver") ?? fill.Text("whenPrepared"))
        where day is not null
        from coding in fill.Items("medicationCodeableConcept", "coding")
        from set in NaiveCodes.SetsOf(coding.Text("system"), coding.Text("code"))
        group $"{coding.Text("system")}|{coding.Text("code")}" by (Fill: fill, Set: set, Day: day) into of
        select TableRows.Of(
            ("set_name", of.Key.Set),
            ("dispense_id", of.Key.Fill.Text("id")),
            ("person_id", chart.PersonOf(of.Key.Fill.At("subject"))),
            ("fill_day", of.Key.Day),
            ("supply", Math.Floor(NaiveDecline.DaysOf(of.Key.Fill.At("daysSupply"))!.Value)),
            ("medicine", of.Min(StringComparer.Ordinal))
        );

    private IEnumerable<string> PlanTasks()
    {
        var named =
            from plan in chart.Record.Of("CarePlan")
            where plan.Text("status") != "entered-in-error"
            from activity in plan.Items("activity")
            select (Plan: plan.Text("id"), Task: activity.At("reference").Key("Task"));
        return named
            .Concat(chart.Tasks.Select(t => (Plan: NaiveChart.FirstPlan(t), Task: t.Text("id"))))
            .Where(t => t.Plan is not null && t.Task is not null)
            .Distinct()
            .Select(t => TableRows.Of(("plan_id", t.Plan), ("task_id", t.Task)));
    }

    private IEnumerable<string> ReferralTasks() =>
        from task in chart.Tasks
        let request = NaiveReferrals.RequestOf(task)
        where request is not null
        select TableRows.Of(("sr_id", request), ("id", task.Text("id")), ("is_work", NaiveReferrals.IsWork(task)));

    private IEnumerable<string> Contacts() =>
        chart.Contacts.Select(c =>
            TableRows.Of(("person_id", c.Person), ("day", c.Day), ("kind", c.Kind), ("care_plan_id", c.Plan))
        );

    private IEnumerable<string> StayRows(int gap, string[] classes) =>
        from person in chart.Stays.Select(s => s.Person).Distinct()
        from chain in chart.ChainsOf(person, gap, classes)
        let final = chain.Final
        select TableRows.Of(
            ("person_id", person),
            ("patient_id", final.Encounter.At("subject").Key("Patient")),
            ("stay_id", final.Id),
            ("first_id", chain.First.Id),
            ("admit_day", chain.First.Admitted),
            ("discharge_day", chain.Discharged),
            (
                "end_day",
                chain.Stays.TrueForAll(s => s.IsOver) ? chain.Stays.Max(s => s.End) : new DateOnly(9999, 12, 31)
            ),
            ("disposition_code", final.Disposition),
            ("practitioner_id", final.Practitioner),
            ("organization_id", final.Organization),
            ("first_planned", chain.First.IsPlanned),
            ("first_of_birth", chain.First.IsOfBirth),
            ("of_birth", final.IsOfBirth)
        );

    private IEnumerable<string> Transitions()
    {
        var counted = new NaiveTransitions(chart, Ever);
        return counted
            .Transitions()
            .Select(t =>
                TableRows.Of(
                    ("plan_id", t.Id),
                    ("patient_id", t.Plan.At("subject").Key("Patient")),
                    ("person_id", t.Person),
                    ("status", t.Plan.Text("status")),
                    ("template", t.Plan.Text("instantiatesCanonical")),
                    ("stay_id", t.Plan.At("encounter").Key("Encounter")),
                    ("discharge_day", t.Discharged),
                    ("left_at", counted.LeftAt(t)),
                    ("disposition_code", t.Stay.At("hospitalization").Code("dischargeDisposition")),
                    ("organization_id", t.Stay.At("serviceProvider").Key("Organization")),
                    ("is_high", counted.IsHigh(t)),
                    ("contact_due", t.Discharged is null ? null : NaiveTransitions.ContactDue(t)),
                    ("visit_due", t.Discharged is null ? null : counted.VisitDue(t)),
                    ("care_manager_id", counted.ManagerOf(t.Person))
                )
            );
    }
}
