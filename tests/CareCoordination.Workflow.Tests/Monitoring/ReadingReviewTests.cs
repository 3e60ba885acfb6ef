using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Monitoring;

/// <summary>What readings beyond a threshold make of the Tasks of a care manager.</summary>
public sealed class ReadingReviewTests
{
    // A Monday, 15:00 UTC.
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 15, 0, 0, TimeSpan.Zero);

    private static readonly string High = Watched.Threshold(Watched.Quantity("160", ">="), "urgent");
    private static readonly string Crisis = Watched.Threshold(Watched.Quantity("180", ">="), "stat");
    private static readonly string Low = Watched.Threshold(Watched.Quantity("90", "<"), "asap");

    private readonly Watched _patient = new(Watched.Target(Watched.Systolic, High, Crisis, Low), Now);

    [Fact]
    public void A_reading_within_the_thresholds_gives_nothing_to_do()
    {
        _patient.Write(Watched.Reading("a", "159.9", "2026-11-23T08:00:00Z"));
        _patient.Write(Watched.Reading("b", "90", "2026-11-23T09:00:00Z"));

        Assert.Empty(_patient.Tasks);
    }

    [Fact]
    public void A_reading_beyond_a_threshold_is_reviewed_by_the_care_manager()
    {
        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));

        Given.AssertJson(
            """
            {"resourceType":"Task","id":"task-1",
             "basedOn":[{"reference":"CarePlan/p"}],
             "status":"ready","intent":"order","priority":"urgent",
             "code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/monitoring-work","code":"review-reading","display":"Review reading"}],"text":"Review reading"},
             "description":"Systolic: at least 160 mm[Hg]",
             "focus":{"reference":"Goal/g"},"for":{"reference":"Patient/p"},
             "authoredOn":"2026-11-23T15:00:00Z","lastModified":"2026-11-23T15:00:00Z",
             "requester":{"reference":"Practitioner/any"},"owner":{"reference":"Practitioner/m"},
             "reasonReference":{"reference":"Observation/a"},
             "restriction":{"period":{"end":"2026-11-24T23:59:59Z"}},
             "input":[{"type":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/monitoring-work","code":"reading","display":"Reading"}],"text":"Reading"},"valueReference":{"reference":"Observation/a"}}]}
            """,
            _patient.Json("task-1")
        );
    }

    [Fact]
    public void Whom_nobody_manages_is_for_any_care_manager()
    {
        var patient = new Watched(Watched.Target(Watched.Systolic, High), Now) { Around = new([]) };

        patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));

        Assert.Equal("requested", patient.Status("task-1"));
        Assert.Null(patient.Json("task-1")["owner"]);
        Assert.NotNull(patient.Json("task-1")["performerType"]);
    }

    [Fact]
    public void Further_readings_come_to_the_open_Task_and_raise_it_and_never_lower_it()
    {
        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));
        _patient.Write(Watched.Reading("b", "185", "2026-11-23T09:00:00Z"));
        _patient.Write(Watched.Reading("c", "161", "2026-11-23T10:00:00Z"));
        _patient.Write(Watched.Reading("d", "120", "2026-11-23T11:00:00Z"));

        Assert.Equal(["task-1"], _patient.Tasks);
        Assert.Equal(["Observation/a", "Observation/b", "Observation/c"], _patient.Inputs("task-1"));
        Assert.Equal("stat", _patient.Priority("task-1"));
        Assert.Equal("2026-11-23T23:59:59Z", _patient.Due("task-1"));
        Assert.Equal("Observation/b", _patient.Json("task-1")["reasonReference"]!["reference"]!.GetValue<string>());
    }

    [Fact]
    public void Several_readings_of_one_commit_in_any_order_are_one_Task()
    {
        foreach (
            var order in (int[][])
                [
                    [0, 1, 2],
                    [2, 1, 0],
                    [1, 2, 0],
                ]
        )
        {
            var patient = new Watched(Watched.Target(Watched.Systolic, High, Crisis), Now);
            var all = new[]
            {
                Watched.Reading("a", "165", "2026-11-23T08:00:00Z"),
                Watched.Reading("b", "185", "2026-11-23T09:00:00Z"),
                Watched.Reading("c", "161", "2026-11-23T10:00:00Z"),
            };

            patient.Write([.. order.Select(i => all[i])]);

            Assert.Equal(["task-1"], patient.Tasks);
            Assert.Equal(["Observation/a", "Observation/b", "Observation/c"], patient.Inputs("task-1"));
            Assert.Equal("stat", patient.Priority("task-1"));
        }
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("on-hold")]
    public void What_was_looked_at_does_not_take_further_readings(string status)
    {
        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));
        _patient.Change("task-1", t => t["status"] = status);
        _patient.Write(Watched.Reading("b", "166", "2026-11-23T09:00:00Z"));

        Assert.Equal(["task-1", "task-2"], _patient.Tasks);
        Assert.Equal(["Observation/b"], _patient.Inputs("task-2"));
    }

    [Fact]
    public void A_reading_that_was_reviewed_asks_again_only_where_it_was_worse_than_it_said()
    {
        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));
        _patient.Change("task-1", t => t["status"] = "completed");

        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z", ",'note':[{'text':'sitting'}]"));
        Assert.Equal(["task-1"], _patient.Tasks);

        _patient.Write(Watched.Reading("a", "190", "2026-11-23T08:00:00Z"));
        Assert.Equal(["task-1", "task-2"], _patient.Tasks);
        Assert.Equal("stat", _patient.Priority("task-2"));
    }

    [Fact]
    public void Readings_that_are_corrected_or_taken_back_end_a_Task_that_nobody_has_begun()
    {
        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));
        _patient.Write(Watched.Reading("b", "170", "2026-11-23T09:00:00Z"));

        _patient.Write(Watched.Reading("a", "156", "2026-11-23T08:00:00Z"));
        Assert.Equal("ready", _patient.Status("task-1"));
        Assert.Equal(["Observation/b"], _patient.Inputs("task-1"));
        Assert.Equal("Observation/b", _patient.Json("task-1")["reasonReference"]!["reference"]!.GetValue<string>());

        _patient.Delete("b");
        Assert.Equal("cancelled", _patient.Status("task-1"));
        Assert.Empty(_patient.Inputs("task-1"));
        Assert.Contains(
            "readings-withdrawn",
            _patient.Json("task-1")["statusReason"]!.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("entered-in-error")]
    [InlineData("preliminary")]
    [InlineData("cancelled")]
    public void A_reading_that_does_not_count_any_more_is_taken_back(string status)
    {
        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));
        var withdrawn = Workflow.Goals.Reading.Of(
            Given.Resource(
                "Observation",
                "a",
                $"'status':'{status}','code':{{'coding':[{{'system':'http://loinc.org','code':'8480-6'}}]}},'subject':{{'reference':'Patient/p'}},'effectiveDateTime':'2026-11-23','valueQuantity':{{'value':165,'code':'mm[Hg]'}}"
            )
        );

        _patient.Write(withdrawn);

        Assert.Equal("cancelled", _patient.Status("task-1"));
    }

    [Theory]
    [InlineData("in-progress")]
    [InlineData("on-hold")]
    public void What_somebody_has_begun_is_theirs_to_end(string status)
    {
        _patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));
        _patient.Change("task-1", t => t["status"] = status);

        _patient.Delete("a");

        Assert.Equal(status, _patient.Status("task-1"));
        Assert.NotNull(_patient.Json("task-1")["note"]);
    }

    [Theory]
    [InlineData("2026-11-23", true)]
    [InlineData("2026-11-20T00:00:00-05:00", true)]
    [InlineData("2026-11-20", true)]
    [InlineData("2026-11-19T23:59:59-05:00", false)]
    [InlineData("2026-11-19", false)]
    [InlineData("2025-12-31", false)]
    [InlineData("2026-11-24", false)]
    public void History_that_arrives_late_asks_nobody_to_act(string when, bool isFresh)
    {
        var patient = new Watched(Watched.Target(Watched.Systolic, High), Now, Given.NewYork);

        patient.Write(Watched.Reading("a", "165", when));

        Assert.Equal(isFresh ? 1 : 0, patient.Tasks.Count);
    }

    [Fact]
    public void As_many_in_a_row_as_the_threshold_waits_for()
    {
        var patient = new Watched(
            Watched.Target(Watched.Systolic, Watched.Threshold(Watched.Quantity("140", ">="), "routine", 3)),
            Now
        );
        patient.Write(Watched.Reading("a", "145", "2026-11-22T08:00:00Z"));
        patient.Write(Watched.Reading("b", "130", "2026-11-22T09:00:00Z"));
        patient.Write(Watched.Reading("c", "145", "2026-11-22T10:00:00Z"));
        patient.Write(Watched.Reading("d", "145", "2026-11-22T12:00:00Z"));
        Assert.Empty(patient.Tasks);

        // It was measured between the two others, and arrives after them.
        patient.Write(Watched.Reading("e", "150", "2026-11-22T11:00:00Z"));

        Assert.Equal(["Observation/e"], patient.Inputs("task-1"));
    }

    [Fact]
    public void A_note_on_a_reading_of_a_run_takes_it_from_no_review_however_many_came_after()
    {
        var patient = new Watched(
            Watched.Target(Watched.Systolic, Watched.Threshold(Watched.Quantity("140", ">="), "routine", 3)),
            Now
        );
        for (var i = 0; i < 20; i++)
            patient.Write(Watched.Reading($"o{i:00}", i < 3 ? "145" : "120", $"2026-11-22T10:{i:00}:00Z"));
        Assert.Equal(["Observation/o02"], patient.Inputs("task-1"));

        patient.Write(Watched.Reading("o02", "146", "2026-11-22T10:02:00Z"));

        Assert.Equal("ready", patient.Status("task-1"));
        Assert.Equal(["Observation/o02"], patient.Inputs("task-1"));
    }

    [Fact]
    public void Two_targets_of_a_goal_are_one_Task()
    {
        const string heart =
            "'measure':{'coding':[{'system':'http://loinc.org','code':'8867-4','display':'Heart rate'}]}";
        var patient = new Watched(
            string.Join(
                ',',
                Watched.Target(Watched.Systolic, High),
                Watched.Target(heart, Watched.Threshold(Watched.Quantity("120", ">", "/min"), "stat"))
            ),
            Now
        );

        patient.Write(
            Watched.Reading(
                "a",
                "165",
                "2026-11-23T08:00:00Z",
                ",'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8867-4'}]},'valueQuantity':{'value':130,'code':'/min'}}]"
            )
        );

        Assert.Equal(["task-1"], patient.Tasks);
        Assert.Equal("stat", patient.Priority("task-1"));
        Assert.Equal("Heart rate: above 120 /min", patient.Json("task-1")["description"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("routine", "2026-11-27T04:59:59Z")]
    [InlineData("urgent", "2026-11-25T04:59:59Z")]
    [InlineData("asap", "2026-11-24T04:59:59Z")]
    [InlineData("stat", "2026-11-24T04:59:59Z")]
    public void Due_is_the_end_of_a_day_of_the_organisation(string priority, string due)
    {
        var patient = new Watched(
            Watched.Target(Watched.Systolic, Watched.Threshold(Watched.Quantity("160", ">="), priority)),
            Now,
            Given.NewYork
        );

        patient.Write(Watched.Reading("a", "165", "2026-11-23T08:00:00Z"));

        // Thanksgiving, the 26th, is no business day: three of them end with the 27th.
        Assert.Equal(
            priority == "routine" ? "2026-11-28T04:59:59Z" : due,
            DateTimeOffset
                .Parse(patient.Due("task-1")!, System.Globalization.CultureInfo.InvariantCulture)
                .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    [Fact]
    public void On_a_Sunday_the_same_day_is_the_Sunday()
    {
        var sunday = new DateTimeOffset(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);
        var patient = new Watched(Watched.Target(Watched.Systolic, Crisis), sunday);

        patient.Write(Watched.Reading("a", "190", "2026-11-22T08:00:00Z"));

        Assert.Equal("2026-11-22T23:59:59Z", patient.Due("task-1"));
    }

    [Fact]
    public void The_rules_of_the_day_say_how_long_there_is()
    {
        var rules = new CareRules(new DateOnly(2026, 1, 1))
        {
            Monitoring = new()
            {
                FreshDays = 0,
                ReviewBusinessDays = ImmutableDictionary<string, int>.Empty.Add("urgent", 5),
            },
        };
        var patient = new Watched(Watched.Target(Watched.Systolic, High), Now, rules: rules);

        patient.Write(Watched.Reading("a", "165", "2026-11-22T08:00:00Z"));
        Assert.Empty(patient.Tasks);
        patient.Write(Watched.Reading("b", "165", "2026-11-23T08:00:00Z"));
        Assert.Equal("2026-12-01T23:59:59Z", patient.Due("task-1"));
    }

    [Fact]
    public void A_Task_does_not_grow_with_every_reading()
    {
        for (var i = 0; i < 60; i++)
            _patient.Write(Watched.Reading($"o{i:00}", "165", $"2026-11-23T08:{i:00}:00Z"));

        var inputs = _patient.Inputs("task-1");
        Assert.Equal(20, inputs.Length);
        Assert.Equal(("Observation/o00", "Observation/o41", "Observation/o59"), (inputs[0], inputs[1], inputs[^1]));
    }

    [Theory]
    [InlineData("'dataAbsentReason':{'text':'device error'}")]
    [InlineData("'valueString':'high'")]
    [InlineData("'valueQuantity':{'unit':'mmHg'}")]
    public void A_reading_without_a_number_asks_for_nothing(string value)
    {
        _patient.Write(
            Workflow.Goals.Reading.Of(
                Given.Resource(
                    "Observation",
                    "a",
                    $"'status':'final','code':{{'coding':[{{'system':'http://loinc.org','code':'8480-6'}}]}},'subject':{{'reference':'Patient/p'}},'effectiveDateTime':'2026-11-23',{value}"
                )
            )
        );

        Assert.Empty(_patient.Tasks);
    }
}
