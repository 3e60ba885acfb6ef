using CareCoordination.Workflow.Rules;

namespace CareCoordination.Analytics.Tests;

/// <summary>How many patients and tasks each care manager had when each day ended.</summary>
public sealed class CaseloadTests
{
    private const string All =
        "strftime(day, '%Y-%m-%d'), manager, zone, is_over, patients, low_patients, moderate_patients, high_patients, other_patients, transition_patients, points, most_patients, most_points, state, came, went, open_tasks, held_tasks, overdue_tasks";

    /// <summary>Of managers other than nobody, day by day.</summary>
    private static List<string> Days(Outcomes outcomes, string until, string columns = "patients, came, went") =>
        outcomes.Rows(
            $"SELECT strftime(day, '%m-%d'), practitioner_id, {columns} FROM caseload_until(TIMESTAMPTZ '{until}') ORDER BY day, manager"
        );

    [Fact]
    public void Whoever_has_a_patient_when_the_day_ends_has_them_that_day()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01", manager: "ann"))
            .At("2026-03-04T12:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01", manager: "bob"));

        Assert.Equal(
            [
                "03-02|ann|1|1|0",
                "03-03|ann|1|0|0",
                "03-04|ann|0|0|1",
                "03-04|bob|1|1|0",
                "03-05|ann|0|0|0",
                "03-05|bob|1|0|0",
            ],
            Days(outcomes, "2026-03-05 10:00:00+00")
        );
        Assert.Equal(
            ["ann|2026-03-02T09:00:01|2026-03-04T12:00:01|2026-03-04", "bob|2026-03-04T12:00:01||"],
            outcomes.Rows("SELECT practitioner_id, from_at, until_at, until_day FROM caseload_period ORDER BY 1")
        );
    }

    [Fact]
    public void Somebody_who_had_a_patient_for_an_hour_had_them_at_no_days_end()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01", manager: "ann"))
            .At("2026-03-02T10:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01", manager: "bob"))
            .At("2026-03-02T11:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01", manager: "ann"));

        Assert.Equal(["03-02|ann|1|2|1", "03-02|bob|0|1|1"], Days(outcomes, "2026-03-02 23:00:00+00"));
    }

    [Fact]
    public void What_is_told_later_changes_no_day_that_is_over()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01", manager: "ann"))
            .At("2026-03-05T09:00:00Z")
            // Since last year, it turns out, and with somebody else.
            .Put(Care.Episode("e", "p", "2025-01-01", manager: "bob"));

        Assert.Equal(
            ["03-02|ann|1|1|0", "03-03|ann|1|0|0", "03-04|ann|1|0|0", "03-05|ann|0|0|1", "03-05|bob|1|1|0"],
            Days(outcomes, "2026-03-05 10:00:00+00")
        );
    }

    [Theory]
    [InlineData("onhold")]
    [InlineData("finished")]
    [InlineData("entered-in-error")]
    [InlineData(null)]
    public void An_episode_that_rests_ends_or_is_deleted_is_nobodys_until_it_goes_on(string? status)
    {
        using var outcomes = new Outcomes();
        outcomes.At("2026-03-02T09:00:00Z").Put(Care.Episode("e", "p", "2026-03-01"));
        outcomes.At("2026-03-03T09:00:00Z");
        if (status is null)
            outcomes.Delete("EpisodeOfCare", "e");
        else
            outcomes.Put(Care.Episode("e", "p", "2026-03-01", status: status));
        outcomes.At("2026-03-05T09:00:00Z").Put(Care.Episode("e", "p", "2026-03-01"));

        Assert.Equal(
            ["03-02|m|1|1|0", "03-03|m|0|0|1", "03-04|m|0|0|0", "03-05|m|1|1|0"],
            Days(outcomes, "2026-03-05 10:00:00+00")
        );
    }

    [Fact]
    public void A_merge_makes_one_patient_of_two_from_its_day_on()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(Care.Patient("old"), Care.Patient("new"))
            .Put(Care.Episode("e", "old", "2026-03-01"), Care.Episode("f", "new", "2026-03-01"))
            .At("2026-03-03T09:00:00Z")
            .Put(Care.Patient("old", more: Care.MergedInto("new")), Care.Episode("e", "new", "2026-03-01"));

        Assert.Equal(["03-02|m|2|2|0", "03-03|m|1|0|1"], Days(outcomes, "2026-03-03 10:00:00+00"));
        Assert.Equal(
            ["new|new", "old|new"],
            outcomes.Rows("SELECT patient_id, person_id FROM caseload_period ORDER BY 1")
        );
    }

    [Fact]
    public void Two_episodes_of_a_patient_with_one_manager_are_one_patient()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01"), Care.Episode("f", "p", "2026-03-01"))
            .At("2026-03-03T09:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01", status: "finished"));

        Assert.Equal(["03-02|m|1|1|0", "03-03|m|1|0|0"], Days(outcomes, "2026-03-03 10:00:00+00"));
    }

    [Fact]
    public void A_person_and_their_roles_are_one_manager_and_whoever_covers_has_none_of_it()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            // Cover stands in the role and leaves patients and work to it.
            .Put(Care.Role("r", "ann"), Care.Role("s", "ann"), Care.Role("cover", "bob"))
            .Put(
                Care.Episode("e", "p", "2026-03-01", manager: "PractitionerRole/r"),
                Care.Episode("f", "q", "2026-03-01", manager: "Practitioner/ann")
            )
            .Put(Care.Duty("t", "PractitionerRole/s"), Care.Duty("u", "Practitioner/ann/_history/2"));

        Assert.Equal(
            ["03-02|ann|2|2|0|2"],
            Days(outcomes, "2026-03-02 10:00:00+00", "patients, came, went, open_tasks")
        );
    }

    [Fact]
    public void A_day_is_one_of_the_organisation_whose_manager_it_is_when_clocks_change_too()
    {
        using var outcomes = new Outcomes("UTC", ("east", Outcomes.Policy("America/New_York")));
        outcomes
            .At("2026-03-01T00:00:00Z")
            .Put(Care.Organization("ward", partOf: "clinic"), Care.Organization("clinic", partOf: "east"))
            .Put(Care.Role("r", "ann", "ward"), Care.Role("s", "bob"))
            // Sunday 8 March has 23 hours there: it ends at 04:00 UTC, the day before at 05:00.
            .At("2026-03-08T04:30:00Z")
            .Put(
                Care.Episode("e", "p", "2026-03-01", manager: "ann"),
                Care.Episode("f", "q", "2026-03-01", manager: "bob")
            )
            .At("2026-03-09T03:59:58Z")
            .Put(Care.Episode("e", "p", "2026-03-01", manager: "bob"))
            .At("2026-03-09T04:00:00Z")
            .Put(Care.Episode("f", "q", "2026-03-01", manager: "ann"));

        Assert.Equal(
            ["03-07|ann|1|1|0", "03-08|ann|0|0|1", "03-08|bob|1|1|0", "03-09|ann|1|1|0", "03-09|bob|1|1|1"],
            Days(outcomes, "2026-03-09 12:00:00+00")
        );
    }

    [Fact]
    public void Work_is_overdue_from_the_day_at_whose_end_it_is_late_until_it_is_done()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(
                Care.Duty("day", "Practitioner/m", "2026-03-03"),
                Care.Duty("time", "Practitioner/m", "2026-03-03T12:00:00Z"),
                Care.Duty("month", "Practitioner/m", "2026-03"),
                Care.Duty("rests", "Practitioner/m", "2026-03-03T12:00:00Z", "on-hold"),
                Care.Duty("draft", "Practitioner/m", "2026-03-03T12:00:00Z", "draft"),
                Care.Duty("others", "Organization/o", "2026-03-03T12:00:00Z"),
                Care.Duty("never", "Practitioner/m")
            )
            .At("2026-03-05T09:00:00Z")
            .Put(Care.Duty("time", "Practitioner/m", "2026-03-03T12:00:00Z", "completed"));

        const string Columns = "open_tasks, held_tasks, overdue_tasks";
        Assert.Equal(
            ["03-02|m|4|1|0", "03-03|m|4|1|1", "03-04|m|4|1|2", "03-05|m|3|1|1"],
            Days(outcomes, "2026-03-05 10:00:00+00", Columns)
        );
        // Of the day that goes on, what is late by now.
        Assert.Equal(["03-02|m|4|1|0", "03-03|m|4|1|0"], Days(outcomes, "2026-03-03 11:59:00+00", Columns));
        Assert.Equal(["03-02|m|4|1|0", "03-03|m|4|1|1"], Days(outcomes, "2026-03-03 12:01:00+00", Columns));
    }

    [Fact]
    public void Patients_weigh_by_their_risk_and_by_the_rules_of_the_day()
    {
        var rules = CareRules.Defaults with { TransitionPoints = 5, MostPoints = 10 };
        using var outcomes = new Outcomes(
            "UTC",
            ("east", Outcomes.Policy("UTC", rules with { EffectiveFrom = new DateOnly(2026, 3, 4) }))
        );
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(
                Care.Role("r", "m", "east"),
                Care.Episode("e", "p", "2026-03-01"),
                Care.Episode("f", "q", "2026-03-01")
            )
            .Put(Care.Risk("x", "p", "low", "2026-02-01"))
            .At("2026-03-03T09:00:00Z")
            .Put(
                Care.Risk("y", "p", "high", "2026-03-03"),
                Care.Plan("t", "p", "2026-03-03", more: ",\"partOf\":[{\"reference\":\"CarePlan/c\"}]")
            )
            .At("2026-03-05T09:00:00Z")
            .Delete("RiskAssessment", "y")
            .At("2026-03-06T09:00:00Z")
            .Put(Care.Plan("t", "p", "2026-03-03", "completed", ",\"partOf\":[{\"reference\":\"CarePlan/c\"}]"));

        Assert.Equal(
            [
                "03-02|m|2|1|0|1|0|2|below-cap",
                "03-03|m|2|0|1|1|1|8|below-cap",
                "03-04|m|2|0|1|1|1|10|at-cap",
                "03-05|m|2|1|0|1|1|7|below-cap",
                "03-06|m|2|1|0|1|0|2|below-cap",
            ],
            Days(
                outcomes,
                "2026-03-06 10:00:00+00",
                "patients, low_patients, high_patients, other_patients, transition_patients, points, state"
            )
        );
    }

    [Fact]
    public void Whoever_may_not_see_what_is_labelled_counts_without_it_and_takes_nothing_before_it_for_the_last()
    {
        using var outcomes = new Outcomes();
        outcomes
            .At("2026-03-02T09:00:00Z")
            .Put(Care.Episode("e", "p", "2026-03-01"), Care.Episode("f", "q", "2026-03-01"));
        outcomes.At("2026-03-03T09:00:00Z");
        outcomes.Label(Care.Episode("f", "q", "2026-03-01"), (long)Access.Labels.SensitivityLabel.VeryRestricted);
        outcomes.Follow();

        using var reader = outcomes.File.OpenReader(isShared: true);
        Assert.Equal(
            ["2|true", "1|true", "1|false"],
            Outcomes.Rows(
                reader,
                "SELECT patients, is_over FROM caseload_until(TIMESTAMPTZ '2026-03-04 10:00:00+00') ORDER BY day"
            )
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_row_is_what_other_code_counts_from_the_stored_versions(int seed)
    {
        var random = new Random(seed);
        var rules = new CareRules(new DateOnly(2026, 4, 1))
        {
            MostPatients = 3,
            MostPoints = 9,
            TransitionPoints = 2,
        };
        using var outcomes = new Outcomes(
            "America/New_York",
            ("east", Outcomes.Policy("Australia/Lord_Howe", rules)),
            ("west", Outcomes.Policy("Pacific/Kiritimati"))
        );
        var care = new RandomCaseload(random);
        care.Write(outcomes, 250);
        outcomes.Follow(1 + random.Next(60));
        foreach (var told in (int[])[0, 1, 36, 24 * 40])
        {
            var now = outcomes.Now.AddHours(told - 24 * 20);
            var sql = now.UtcDateTime.ToString(
                "yyyy-MM-dd HH:mm:ss",
                System.Globalization.CultureInfo.InvariantCulture
            );
            var counted = new NaiveCaseload(outcomes.Stored, outcomes.Settings, now).Rows();
            Assert.True(counted.Count > 20, $"{counted.Count} rows");
            Assert.Equal(
                string.Join('\n', counted),
                string.Join(
                    '\n',
                    outcomes.Rows($"SELECT {All} FROM caseload_until(TIMESTAMPTZ '{sql}+00') ORDER BY day, manager")
                )
            );
        }
    }
}

/// <summary>Patients who come, go and are assessed, and work that moves from hand to hand.</summary>
internal sealed class RandomCaseload(Random random)
{
    private static readonly string[] Patients = ["a", "b", "c", "d", "e"];

    private static readonly string[] Managers =
    [
        "Practitioner/m0",
        "Practitioner/m1",
        "Practitioner/m2",
        "PractitionerRole/r0",
        "PractitionerRole/r1",
        "PractitionerRole/r2",
        "PractitionerRole/r3",
        "PractitionerRole/gone",
    ];

    private readonly Dictionary<string, string> _episodes = new(StringComparer.Ordinal);

    public void Write(Outcomes outcomes, int writes)
    {
        outcomes.At("2026-02-25T00:00:00Z").Put(Patients.Select(p => Care.Patient(p)));
        outcomes.Put(
            Care.Organization("ward", "clinic"),
            Care.Organization("clinic", "east"),
            Care.Role("r0", "m0", isActive: false, organization: "west"),
            Care.Role("r1", "m0", "ward"),
            Care.Role("r2", "m1", "west"),
            Care.Role("r3", null, "nobody")
        );
        for (var i = 0; i < writes; i++)
        {
            outcomes.Now = outcomes.Now.AddMinutes(random.Next(random.Next(3) == 0 ? 3000 : 300));
            var deletable = outcomes
                .StoredKeys.Where(k => k.Type is not ("PractitionerRole" or "Organization"))
                .ToList();
            if (random.Next(12) == 0)
            {
                var key = deletable[random.Next(deletable.Count)];
                outcomes.Delete(key.Type, key.Id);
                _episodes.Remove(key.Id);
            }
            else if (random.Next(25) == 0)
            {
                Merge(outcomes);
            }
            else
            {
                outcomes.Put(Next());
            }
        }
    }

    private void Merge(Outcomes outcomes)
    {
        var (from, to) = (Of(Patients), Of(Patients));
        outcomes.Put(Care.Patient(from, more: Care.MergedInto(to)));
        foreach (var (id, patient) in _episodes.Where(e => e.Value == from).ToList())
            outcomes.Put(Episode(id, to));
    }

    private string Episode(string id, string patient)
    {
        _episodes[id] = patient;
        return Care.Episode(
            id,
            patient,
            Day(),
            status: Of("active", "active", "active", "onhold", "finished", "planned"),
            manager: Of([.. Managers, "Organization/ward"])
        );
    }

    private string Next() =>
        random.Next(10) switch
        {
            < 4 => Episode($"e{random.Next(8)}", Of(Patients)),
            < 7 => Care.Duty(
                $"t{random.Next(10)}",
                Of([.. Managers, "Organization/ward", "Patient/a"]),
                random.Next(4) == 0
                    ? null
                    : Of(Day(), Day()[..7], Day() + "T13:30:00-04:00", "2026", Day() + "T02:00:00Z"),
                Of("requested", "accepted", "in-progress", "on-hold", "completed", "draft", "ready")
            ),
            < 9 =>
                $$"""{"resourceType":"RiskAssessment","id":"x{{random.Next(9)}}","status":"{{Of(
                "final",
                "final",
                "amended",
                "preliminary",
                "entered-in-error"
            )}}","subject":{"reference":"Patient/{{Of(Patients)}}"},{{Occurrence()}}"prediction":[{"rationale":"none"},{"qualitativeRisk":{"coding":[{"code":"{{Of(
                "low",
                "moderate",
                "high",
                "certain"
            )}}"}]} }]}""",
            _ => Care.Plan(
                $"p{random.Next(6)}",
                Of(Patients),
                Day(),
                Of("active", "active", "on-hold", "completed"),
                random.Next(4) == 0 ? "" : ",\"partOf\":[{\"reference\":\"CarePlan/long\"}]"
            ),
        };

    private string Occurrence() =>
        random.Next(4) switch
        {
            0 => "",
            1 => $"\"occurrenceDateTime\":\"{Day()[..7]}\",",
            2 => $"\"occurrencePeriod\":{{\"start\":\"{Day()}\"}},",
            _ => $"\"occurrenceDateTime\":\"{Day()}T22:00:00Z\",",
        };

    private string Of(params string[] choices) => choices[random.Next(choices.Length)];

    private string Day() =>
        new DateOnly(2026, 2, 1)
            .AddDays(random.Next(150))
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
