using System.Globalization;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Analytics.Tests;

/// <summary>The clocks of plans after a discharge, in a table as $transition-status tells them.</summary>
public sealed class TransitionClockTests
{
    private static List<string> Clocks(Outcomes outcomes, string at, string columns) =>
        outcomes.Rows($"SELECT clock, {columns} FROM transition_clocks(TIMESTAMPTZ '{at}') ORDER BY plan_id, clock");

    private static string Due(string end) => $$""","restriction":{"period":{"end":"{{end}}"} }""";

    /// <summary>Discharged on Friday, 4 September 2026, before Labor Day.</summary>
    private static Outcomes Discharged()
    {
        var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Stay("s", "p", "IMP", "2026-09-01", "2026-09-04T15:00:00Z"),
            Care.Transition("plan", "p", "s", "2026-09-04"),
            Care.Work("contact", "p", "plan", "contact", "ready", null, Due("2026-09-09T23:59:59Z")),
            Care.Work("visit", "p", "plan", "visit", "ready", null, Due("2026-09-18T23:59:59Z")),
            Care.Work("call", "p", "plan", "call", "ready", null, Due("2026-09-11T23:59:59Z"))
        );
        return outcomes;
    }

    [Fact]
    public void A_clock_runs_from_the_discharge_and_is_met_by_what_was_done_in_time()
    {
        using var outcomes = Discharged();
        Assert.Equal(
            [
                "contact|2026-09-04|2026-09-04T15:00:00|2026-09-09|running||",
                "visit|2026-09-04|2026-09-04T15:00:00|2026-09-18|running||",
            ],
            Clocks(
                outcomes,
                "2026-09-09 23:59:58+00",
                "discharge_day, started_at, due_day, state, met_by_task_id, met_day"
            )
        );
        Assert.Equal(["contact|missed", "visit|running"], Clocks(outcomes, "2026-09-10 00:00:00+00", "state"));

        outcomes.Put(
            Care.Work(
                "contact",
                "p",
                "plan",
                "contact",
                "completed",
                "2026-09-08T10:00:00Z",
                Due("2026-09-09T23:59:59Z")
            ),
            Care.Work("visit", "p", "plan", "visit", "completed", "2026-09-19", Due("2026-09-18T23:59:59Z"))
        );
        Assert.Equal(
            ["contact|met|contact|2026-09-08", "visit|late-met|visit|2026-09-19"],
            Clocks(outcomes, "2026-10-01 00:00:00+00", "state, met_by_task_id, met_day")
        );
    }

    [Fact]
    public void Two_attempts_in_time_excuse_and_one_that_was_late_does_not_count()
    {
        using var outcomes = Discharged();
        const string First = ",\"lastModified\":\"2026-09-08T10:00:00Z\"";
        outcomes.Put(Care.Work("contact", "p", "plan", "contact", "failed", null, Due("2026-09-09T23:59:59Z") + First));
        Assert.Equal(
            ["stopped|1", "running|0"],
            Clocks(outcomes, "2026-09-09 00:00:00+00", "state, attempts").ConvertAll(r => r.Split('|', 2)[1])
        );

        const string Late = ",\"lastModified\":\"2026-09-10T10:00:00Z\"";
        outcomes.Put(Care.Work("again", "p", "plan", "contact", "failed", null, Due("2026-09-09T23:59:59Z") + Late));
        Assert.Equal("contact|stopped|1", Clocks(outcomes, "2026-09-12 00:00:00+00", "state, attempts")[0]);

        const string InTime = ",\"lastModified\":\"2026-09-09T10:00:00Z\"";
        outcomes.Put(Care.Work("again", "p", "plan", "contact", "failed", null, Due("2026-09-09T23:59:59Z") + InTime));
        Assert.Equal("contact|excused|2", Clocks(outcomes, "2026-09-12 00:00:00+00", "state, attempts")[0]);
    }

    [Fact]
    public void A_day_is_one_of_the_organisation_whose_plan_it_is()
    {
        using var outcomes = new Outcomes("UTC", ("east", Outcomes.Policy("America/New_York")));
        outcomes.Put(
            Care.Organization("ward", "east"),
            Care.Patient("p", more: ",\"managingOrganization\":{\"reference\":\"Organization/ward\"}"),
            Care.Patient("q"),
            Care.Transition("a", "p", "s", "2026-11-01"),
            Care.Transition("b", "q", "s", "2026-11-01"),
            // The day the clocks are set back there.
            Care.Work("ta", "p", "a", "contact", "ready", null, Due("2026-11-01")),
            Care.Work("tb", "q", "b", "contact", "ready", null, Due("2026-11-01"))
        );

        Assert.Equal(
            ["contact|America/New_York|2026-11-02T04:59:59|running", "contact|UTC|2026-11-01T23:59:59|missed"],
            Clocks(outcomes, "2026-11-02 04:00:00+00", "zone, due_at, state")
        );
    }

    [Theory]
    [InlineData("2026-11-01", "2026-11-01T04:00:00")]
    [InlineData("2026-11-01T23:30:00Z", "2026-11-01T23:30:00")]
    [InlineData("2026-11", "2026-11-01T04:00:00")]
    [InlineData(null, "2026-10-31T04:00:00")]
    public void The_day_of_a_discharge_begins_in_the_zone_of_the_organisation(string? left, string started)
    {
        using var outcomes = new Outcomes("UTC", ("east", Outcomes.Policy("America/New_York")));
        outcomes.Put(
            Care.Organization("east"),
            Care.Patient("p", more: ",\"managingOrganization\":{\"reference\":\"Organization/east\"}"),
            Care.Stay("s", "p", "IMP", "2026-10-28", left),
            Care.Transition("plan", "p", "s", "2026-10-31"),
            Care.Work("t", "p", "plan", "contact", "ready", null)
        );

        Assert.Equal([$"contact|{started}"], Clocks(outcomes, "2026-11-02 04:00:00+00", "started_at"));
    }

    [Fact]
    public void A_task_that_was_deleted_or_a_mistake_is_none_and_comes_back()
    {
        using var outcomes = Discharged();
        outcomes.Delete("Task", "contact");
        outcomes.Put(Care.Work("visit", "p", "plan", "visit", "entered-in-error", null));
        Assert.Empty(Clocks(outcomes, "2026-09-09 00:00:00+00", "state"));

        outcomes.Put(Care.Work("contact", "p", "plan", "contact", "ready", null, Due("2026-09-09T23:59:59Z")));
        Assert.Equal(["contact|running"], Clocks(outcomes, "2026-09-09 00:00:00+00", "state"));

        outcomes.Put(Care.Patient("p", more: Care.MergedInto("q")), Care.Patient("q"));
        Assert.Equal(["contact|p|q"], Clocks(outcomes, "2026-09-09 00:00:00+00", "patient_id, person_id"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_clock_is_the_one_that_the_server_tells(int seed)
    {
        var random = new Random(seed);
        string Of(params string[] choices) => choices[random.Next(choices.Length)];
        string Day() =>
            new DateOnly(2026, 3, 1).AddDays(random.Next(40)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string Time() => Of(Day(), Day() + "T10:00:00Z", Day() + "T23:59:59-05:00");
        using var outcomes = new Outcomes("America/New_York");
        for (var i = 0; i < 5; i++)
            outcomes.Put(Care.Transition($"p{i}", "a", "s", "2026-03-01"));
        for (var i = 0; i < 300; i++)
        {
            var id = $"t{random.Next(60)}";
            if (random.Next(15) == 0 && outcomes.StoredKeys.Any(k => k.Id == id))
            {
                outcomes.Delete("Task", id);
                continue;
            }

            outcomes.Put(
                Care.Work(
                    id,
                    "a",
                    $"p{random.Next(5)}",
                    Of("papers", "contact", "contact", "facility", "medications", "visit", "close", "call"),
                    Of(
                        "ready",
                        "in-progress",
                        "on-hold",
                        "completed",
                        "failed",
                        "cancelled",
                        "rejected",
                        "entered-in-error"
                    ),
                    random.Next(2) == 0 ? null : Time(),
                    (random.Next(6) == 0 ? "" : Due(Of(Time(), Time(), "2026-03")))
                        + (random.Next(3) == 0 ? "" : $",\"lastModified\":\"{Day()}T08:00:00Z\"")
                        + (random.Next(3) == 0 ? Attempts(Time(), Time()) : "")
                )
            );
        }

        foreach (var day in (int[])[1, 20, 31])
        {
            var now = new DateTimeOffset(2026, 3, day, 12, 0, 0, TimeSpan.Zero);
            Assert.Equal(
                string.Join('\n', Told(outcomes, now)),
                string.Join(
                    '\n',
                    outcomes.Rows(
                        $"SELECT plan_id, clock, due_at, state, met_at, attempts FROM transition_clocks(TIMESTAMPTZ '2026-03-{now.Day:00} 12:00:00+00') ORDER BY plan_id, clock"
                    )
                )
            );
        }
    }

    private static string Attempts(params string[] dates) =>
        $",\"extension\":[{string.Join(',', dates.Select(date => $$"""{"url":"https://carecoordination.example/fhir/StructureDefinition/contact-attempt","extension":[{"url":"date","valueDateTime":"{{date}}"}]}"""))}]";

    /// <summary>What the server tells of the tasks that are stored now.</summary>
    private static IEnumerable<string> Told(Outcomes outcomes, DateTimeOffset now) =>
        from task in outcomes.Stored.GroupBy(v => v.Key).Select(of => of.Last())
        where task.Key.Type == ResourceTypes.Task && !task.IsDeleted
        let draft = new TaskDraft(new Snapshot(task.Key, task.Version, task.Utf8Json))
        group draft by draft.Edit.BasedOn[0].Reference!.Split('/')[1] into plan
        from clock in TransitionStatus.Of(plan, now, outcomes.Settings.Default.Calendar)
        orderby plan.Key, clock.Name
        select $"{plan.Key}|{clock.Name}|{Text(clock.Due)}|{clock.State}|{Text(clock.Met)}|{clock.Attempts}";

    private static string Text(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
