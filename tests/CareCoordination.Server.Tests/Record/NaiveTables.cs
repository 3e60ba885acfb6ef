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

    private readonly NaiveEnrolments _enrolments = new(chart);

    public IEnumerable<(string Sql, IEnumerable<string> Rows)> All() =>
        [
            ("enrolment", _enrolments.Rows()),
            ("known_until", [TableRows.Of(("day", _enrolments.Known))]),
            ("hospice_care", chart.CareRows()),
            ("condition_in_set", Illnesses()),
            ("encounter_in_set", EncounterSets()),
            ("patient_contact", Contacts()),
            .. Stays.Select(s => (s.Sql, StayRows(s.Gap, s.Classes))),
            ("transition", Transitions()),
            (
                "(SELECT sr_id, sent_day, round(hours_to_accept, 3) AS hours_to_accept, round(hours_to_close, 3) AS hours_to_close FROM referral_hours)",
                new NaiveLoops(chart, new NaivePeriod(DateOnly.MinValue, DateOnly.MaxValue)).HourRows()
            ),
            (
                "referral_failure",
                new NaiveLoops(chart, new NaivePeriod(DateOnly.MinValue, DateOnly.MaxValue)).FailureRows()
            ),
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
            ("told_day", illness.Told)
        );

    private IEnumerable<string> EncounterSets() =>
        from encounter in chart.Encounters
        from set in encounter.Items("type").SelectMany(t => NaiveCodes.SetsOf(t)).Distinct(StringComparer.Ordinal)
        select TableRows.Of(("set_name", set), ("encounter_id", encounter.Text("id")));

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
        var counted = new NaiveTransitions(chart, new NaivePeriod(DateOnly.MinValue, DateOnly.MaxValue));
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
