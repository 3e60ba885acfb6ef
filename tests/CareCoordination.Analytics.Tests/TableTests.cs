using CareCoordination.Analytics.Mirror;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Shipped;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Tests;

/// <summary>Tables hold what is stored now, events what was, and neither depends on how it came in.</summary>
public sealed class TableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void A_table_has_the_rows_of_the_current_versions_alone(int page)
    {
        using var outcomes = new Outcomes();
        outcomes
            .Put(Care.Patient("a"), Care.Patient("b"), Care.Patient("gone"))
            .Put(Care.Patient("a", gender: "male"), Care.Patient("a", gender: "other"))
            .Delete("Patient", "gone")
            .Follow(page);

        Assert.Equal(["a|other", "b|female"], outcomes.Rows("SELECT id, gender FROM patient ORDER BY id"));

        outcomes.Put(Care.Patient("gone", born: "1999")).Delete("Patient", "b");
        Assert.Equal(
            ["a|", "gone|1999-01-01"],
            outcomes.Rows("SELECT id, CASE WHEN id = 'gone' THEN birth_date_day END FROM patient ORDER BY id")
        );
    }

    [Fact]
    public void Every_change_of_a_task_is_an_event_with_its_version_and_none_is_made_up()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Task("t", "p", "requested"),
            Care.Task("t", "p", "requested", ",\"description\":\"more\""),
            Care.Task("t", "p", "accepted"),
            Care.Task("t", "p", "accepted", ",\"businessStatus\":{\"coding\":[{\"code\":\"scheduled\"}]}"),
            Care.Task("t", "p", "completed", ",\"businessStatus\":{\"coding\":[{\"code\":\"scheduled\"}]}")
        );
        outcomes.Delete("Task", "t").Put(Care.Task("t", "p", "draft"));

        string[] events =
        [
            "1||requested|",
            "3|requested|accepted|",
            "4|accepted|accepted|scheduled",
            "5|accepted|completed|scheduled",
            "6|completed|deleted|",
            "7||draft|",
        ];
        const string Sql = "SELECT version, from_status, to_status, business_status FROM task_event ORDER BY version";
        Assert.Equal(events, outcomes.Rows(Sql));
        outcomes.Rebuild();
        Assert.Equal(events, outcomes.Rows(Sql));
    }

    /// <summary>Nothing in the last one is nothing, and is not taken from the one before.</summary>
    [Theory]
    [InlineData(",\"lastModified\":\"2026-02-01T10:00:00Z\"", ",\"lastModified\":\"2026-02-02\"", "|")]
    [InlineData(",\"lastModified\":\"2026-02-03T10:00:00Z\"", ",\"lastModified\":\"2026-02-02\"", "rejected|full")]
    [InlineData(
        ",\"meta\":{\"lastUpdated\":\"2026-02-01T10:00:00Z\"}",
        ",\"lastModified\":\"2026-01-02\"",
        "rejected|full"
    )]
    [InlineData(",\"lastModified\":\"2026-01-02\"", ",\"meta\":{\"lastUpdated\":\"2026-02-01T10:00:00Z\"}", "|")]
    public void A_referral_stands_as_the_try_says_that_was_changed_last(string early, string late, string stands)
    {
        using var outcomes = new Outcomes();
        const string About = ",\"focus\":{\"reference\":\"ServiceRequest/r\"}";
        outcomes.Put(
            Care.Referral("r", "p", "2026-01-01"),
            Care.Task("z", "p", "rejected", About + early + ",\"businessStatus\":{\"coding\":[{\"code\":\"full\"}]}"),
            Care.Task("a", "p", "requested", About + late)
        );

        Assert.Equal([stands], outcomes.Rows("SELECT terminal_status, business_status FROM referral_loop"));
    }

    [Theory]
    [InlineData("exp", null, "")]
    [InlineData(null, "exp", "exp")]
    [InlineData("home", "hosp", "hosp")]
    public void A_stay_ends_as_its_last_encounter_says(string? first, string? last, string ended)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Stay("a", "2026-03-01", "2026-03-04", first),
            Stay("b", "2026-03-05", "2026-03-09", last)
        );

        Assert.Equal(
            [$"b|{ended}"],
            outcomes.Rows("SELECT stay_id, disposition_code FROM stays(['IMP'], 1) WHERE person_id = 'p'")
        );

        static string Stay(string id, string start, string end, string? disposition) =>
            Care.Stay(id, "p", "IMP", start, end, more: disposition is null ? "" : Care.Disposition(disposition));
    }

    [Fact]
    public void A_referral_has_the_times_of_its_tasks_whatever_was_tried()
    {
        using var outcomes = new Outcomes();
        const string About =
            ",\"focus\":{\"reference\":\"ServiceRequest/r\"},\"owner\":{\"reference\":\"Organization/lab\"}";
        outcomes.Put(
            Care.Referral("r", "p", "2026-01-01"),
            Care.Referral("unsent", "p", "2026-01-01"),
            Care.Task("first", "p", "requested", About),
            Care.Task("first", "p", "rejected", About)
        );
        Assert.Equal(
            ["r|rejected|1|false||", "unsent||0|false||"],
            outcomes.Rows(
                "SELECT sr_id, terminal_status, attempts, loop_closed, accepted_at, completed_at FROM referral_loop ORDER BY 1"
            )
        );
        outcomes.Now = outcomes.Now.AddDays(2);
        outcomes.Put(
            Care.Task("second", "p", "requested", About),
            Care.Task("second", "p", "accepted", About),
            Care.Closed("second", "p", "r", "2026-01-03T12:00:00Z", ",\"owner\":{\"reference\":\"Organization/lab\"}")
        );

        Assert.Equal(
            ["r|2|true|lab|2026-01-01T12:00:03|2026-01-03T12:00:06|2026-01-03T12:00:07"],
            outcomes.Rows(
                "SELECT sr_id, attempts, loop_closed, recipient_org, sent_at, accepted_at, completed_at FROM referral_loop WHERE sr_id = 'r'"
            )
        );
    }

    [Fact]
    public void What_did_not_happen_took_no_hours()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Referral("r", "p", "2026-01-01"),
            Care.Task("t", "p", "requested", ",\"focus\":{\"reference\":\"ServiceRequest/r\"}")
        );

        Assert.Equal(
            ["r|true||"],
            outcomes.Rows("SELECT sr_id, sent_hours > 0, hours_to_accept, hours_to_close FROM referral_hours")
        );
    }

    [Fact]
    public void A_day_is_one_of_the_zone_of_the_calendar()
    {
        using var outcomes = new Outcomes("America/New_York");
        outcomes.Put(
            Care.Referral("late", "p", "2026-03-01T03:30:00Z"),
            Care.Referral("day", "p", "2026-03-01"),
            Care.Referral("month", "p", "2026-03")
        );

        Assert.Equal(
            [
                "day|2026-03-01|2026-03-01T05:00:00",
                "late|2026-02-28|2026-03-01T03:30:00",
                "month|2026-03-01|2026-03-01T05:00:00",
            ],
            outcomes.Rows("SELECT id, authored_on_day, authored_on_at FROM service_request ORDER BY id")
        );
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-12:00")]
    [InlineData("9999-12-31")]
    [InlineData("9999")]
    [InlineData("0001")]
    [InlineData("2026-12-31T23:59:60Z")]
    public void No_date_however_far_keeps_others_from_being_taken_in(string date)
    {
        foreach (var zone in (string[])["Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"])
        {
            using var outcomes = new Outcomes(zone);
            outcomes.Put(Care.Referral("far", "p", date), Care.Referral("near", "p", "2026-03-01"));

            Assert.Equal(
                ["far|" + date, "near|2026-03-01"],
                outcomes.Rows("SELECT id, authored_on FROM service_request ORDER BY id")
            );
        }
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1E+999")]
    [InlineData("0.00000000000000000000000000000000000000000000001")]
    [InlineData("123456789012345678901234567890.5")]
    public void No_number_however_large_keeps_others_from_being_taken_in(string number)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            $$$"""{"resourceType":"Observation","id":"far","status":"final","code":{"text":"x"},"valueQuantity":{"value":{{{number}}}}}""",
            """{"resourceType":"Observation","id":"near","status":"final","code":{"text":"a number"},"valueQuantity":{"value":2}}"""
        );

        Assert.Equal(["far", "near"], outcomes.Rows("SELECT id FROM observation ORDER BY id"));
    }

    [Fact]
    public void A_number_that_no_column_can_hold_is_an_empty_cell_and_is_counted()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            """{"resourceType":"Observation","id":"far","status":"final","code":{"text":"x"},"valueQuantity":{"value":1e400}}"""
        );

        Assert.Equal(["far|"], outcomes.Rows("SELECT id, value_quantity FROM observation"));
        Assert.Equal(["Observation|observation|1"], outcomes.Rows("SELECT * FROM table_problem"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public void What_cannot_be_read_keeps_nothing_else_from_being_taken_in_and_is_counted(int page)
    {
        using var outcomes = new Outcomes();
        for (var i = 0; i < 7; i++)
            outcomes.Put(Care.Task($"t{i}", "p", "requested"), Care.Patient($"p{i}"));
        outcomes.Spoil("Task", "t3").Spoil("Patient", "new");
        for (var i = 0; i < 7; i++)
            outcomes.Put(Care.Task($"u{i}", "p", "requested"));
        outcomes.Follow(page);

        Assert.Equal(outcomes.Stored.Count, outcomes.File.Sequence);
        Assert.Equal(["13"], outcomes.Rows("SELECT count(*) FROM task WHERE id <> 't3'"));
        Assert.Empty(outcomes.Rows("SELECT id FROM task WHERE id = 't3'"));
        Assert.Equal(["1"], outcomes.Rows("SELECT _version FROM task_version WHERE _resource = 't3'"));
        Assert.Equal(
            ["Patient|patient|1", "Task|task|1", "Task|task_version|1"],
            outcomes.Rows(
                "SELECT * FROM table_problem WHERE table_name IN ('patient', 'task', 'task_version') ORDER BY ALL"
            )
        );

        outcomes.Put(Care.Task("t3", "p", "accepted"));
        Assert.Equal(["t3"], outcomes.Rows("SELECT id FROM task WHERE id = 't3'"));
        Assert.Empty(outcomes.Rows("SELECT * FROM table_problem WHERE resource_type = 'Task'"));
    }

    [Fact]
    public void Whether_the_database_still_has_the_last_change_is_known_after_the_file_was_opened_again()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("a"), Care.Patient("b")).Follow();
        var last = outcomes.Stored[^1];

        outcomes.Reopen();

        Assert.True(outcomes.File.IsLast(last));
        Assert.False(outcomes.File.IsLast(outcomes.Stored[0]));
        Assert.False(outcomes.File.IsLast(last with { Key = new("Patient", "c") }));
        Assert.False(outcomes.File.IsLast(last with { Version = 2 }));
        Assert.False(outcomes.File.IsLast(last with { LastUpdated = last.LastUpdated.AddTicks(1) }));
    }

    [Fact]
    public void A_record_that_was_merged_is_of_the_person_whom_the_last_merge_left()
    {
        using var outcomes = new Outcomes();
        const string Replaced = ",\"link\":[{{\"type\":\"replaced-by\",\"other\":{{\"reference\":\"Patient/{0}\"}}}}]";
        outcomes.Put(
            Care.Patient(
                "one",
                more: string.Format(System.Globalization.CultureInfo.InvariantCulture, Replaced, "two")
            ),
            Care.Patient(
                "two",
                more: string.Format(System.Globalization.CultureInfo.InvariantCulture, Replaced, "three")
            ),
            Care.Patient("three"),
            Care.Patient(
                "self",
                more: string.Format(System.Globalization.CultureInfo.InvariantCulture, Replaced, "self")
            ),
            Care.Patient(
                "lost",
                more: string.Format(System.Globalization.CultureInfo.InvariantCulture, Replaced, "nobody")
            )
        );

        Assert.Equal(
            ["lost|nobody", "one|three", "self|self", "three|three", "two|three"],
            outcomes.Rows("SELECT patient_id, person_id FROM person ORDER BY 1")
        );
    }

    [Fact]
    public void What_was_taken_in_stays_when_the_file_is_opened_again_and_other_tables_make_it_anew()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("a")).Follow();

        outcomes.Reopen();
        Assert.Equal(1, outcomes.File.Sequence);
        Assert.NotNull(outcomes.File.AsOf);
        Assert.Equal(["a"], outcomes.Rows("SELECT id FROM patient"));

        outcomes.Reopen(new MirrorTables(Outcomes.Parameters, ShippedViews.All.Skip(1).Select(view => view.Utf8Json)));
        Assert.Equal(0, outcomes.File.Sequence);
    }

    [Fact]
    public void A_file_whose_blocks_are_broken_is_made_anew()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("a")).Follow();
        outcomes.File.Dispose();
        var bytes = File.ReadAllBytes(outcomes.Options.File);
        for (var i = 4096; i < bytes.Length; i++)
            bytes[i] ^= 0x5a;
        File.WriteAllBytes(outcomes.Options.File, bytes);

        outcomes.Reopen();

        Assert.Equal(["a"], outcomes.Rows("SELECT id FROM patient"));
    }

    [Fact]
    public void A_file_that_is_broken_is_made_anew()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("a")).Follow();
        outcomes.File.Dispose();
        File.WriteAllText(
            outcomes.Options.File,
            "no database, and longer than a header could be".PadRight(20_000, '.')
        );

        outcomes.Reopen();

        Assert.Equal(["a"], outcomes.Rows("SELECT id FROM patient"));
    }

    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/hostname')")]
    [InlineData("SELECT * FROM read_text('/etc/hostname')")]
    [InlineData("SELECT * FROM glob('/*')")]
    [InlineData("COPY patient TO '/tmp/stolen.csv'")]
    [InlineData("ATTACH '/tmp/other.duckdb'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("DELETE FROM patient")]
    [InlineData("DROP TABLE patient")]
    [InlineData("CREATE TABLE mine (a INTEGER)")]
    [InlineData("UPDATE mirror_state SET sequence = 0")]
    public void A_question_reaches_nothing_but_the_tables_and_changes_nothing(string sql)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("a"));

        Assert.ThrowsAny<DuckDBException>(() => outcomes.Rows(sql));

        Assert.Equal(["a"], outcomes.Rows("SELECT id FROM patient"));
        Assert.Equal(1, outcomes.File.Sequence);
    }
}
