using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Goals;

public sealed class ProgressRecordTests
{
    private const string Target =
        ",'subject':{'reference':'Patient/1'},'target':[{'measure':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'detailQuantity':{'value':80,'comparator':'<=','unit':'kg','system':'http://unitsofmeasure.org','code':'kg'}}]";

    [Fact]
    public void A_reported_value_becomes_an_observation_and_moves_the_goal()
    {
        var goal = Given.Resource("Goal", "g", "'lifecycleStatus':'active'" + Target);

        var decision = ProgressRecord
            .FromValue(goal, new(79.5m, null, Given.Now), "Patient/1", KnownReadings.None, CareRules.Defaults, "o")
            .Value;

        Given.AssertJson(
            """{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2026-11-23T15:00:00Z","performer":[{"reference":"Patient/1"}],"valueQuantity":{"value":79.5,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}""",
            decision.Written("Observation/o")
        );
        Assert.Equal("achieved", (string?)decision.Written("Goal/g")["achievementStatus"]!["coding"]![0]!["code"]);
        Assert.Equal("record-progress", decision.Activity);
    }

    [Fact]
    public void An_observation_that_exists_is_evidence_too()
    {
        var goal = Given.Resource("Goal", "g", "'lifecycleStatus':'active'" + Target);
        var weight = Given.Resource(
            "Observation",
            "w",
            "'status':'final','code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'subject':{'reference':'Patient/1'},'effectiveDateTime':'2026-11-23','valueQuantity':{'value':90,'code':'kg'}"
        );
        var other = Given.Resource(
            "Observation",
            "x",
            "'status':'final','code':{'coding':[{'system':'s','code':'c'}]},'subject':{'reference':'Patient/1'},'effectiveDateTime':'2026-11-23'"
        );

        Assert.Equal(
            "Goal/g",
            ProgressRecord
                .FromObservation(goal, weight, KnownReadings.None, CareRules.Defaults)
                .Value.Writes.Single()
                .Key.ToString()
        );
        Assert.Equal(
            "not-a-measure",
            ProgressRecord.FromObservation(goal, other, KnownReadings.None, CareRules.Defaults).Rule()
        );
    }

    private const string Kilograms =
        "'detailQuantity':{'value':80,'comparator':'<=','unit':'kg','system':'http://unitsofmeasure.org','code':'kg'}";

    public static TheoryData<string, string, string?> Values =>
        new()
        {
            { Kilograms, "'valueQuantity':{'value':79,'unit':'kg','code':'kg'}", null },
            { Kilograms, "'valueQuantity':{'value':79,'unit':'kg'}", null },
            { Kilograms, "'valueQuantity':{'value':79}", null },
            { Kilograms, "'valueInteger':79", null },
            { Kilograms, "'valueQuantity':{'value':174,'code':'[lb_av]'}", "warning value-not-compared" },
            { Kilograms, "'valueQuantity':{'value':12,'unit':'stones'}", "warning value-not-compared" },
            { Kilograms, "'valueQuantity':{'value':90,'comparator':'<','code':'kg'}", "warning value-not-compared" },
            { Kilograms, "'valueQuantity':{'value':79,'code':'mm[Hg]'}", "error value-unfit" },
            { Kilograms, "'valueQuantity':{'value':79,'code':'/min'}", "error value-unfit" },
            { Kilograms, "'valueBoolean':true", "error value-unfit" },
            { Kilograms, "'valueCodeableConcept':{'text':'heavy'}", "error value-unfit" },
            { Kilograms, "'valueString':'79 kg'", "error value-unfit" },
            { Kilograms, "'dataAbsentReason':{'text':'refused'}", "error value-unfit" },
            { "'detailBoolean':true", "'valueBoolean':false", null },
            { "'detailBoolean':true", "'valueQuantity':{'value':1}", "error value-unfit" },
            {
                "'detailCodeableConcept':{'coding':[{'system':'s','code':'c'}]}",
                "'valueCodeableConcept':{'coding':[{'system':'s','code':'d'}]}",
                null
            },
            {
                "'detailCodeableConcept':{'coding':[{'system':'s','code':'c'}]}",
                "'valueQuantity':{'value':1}",
                "error value-unfit"
            },
            { "'detailInteger':5000", "'valueQuantity':{'value':6000,'unit':'steps'}", null },
            { "'detailInteger':5000", "'valueBoolean':true", "error value-unfit" },
            {
                "'detailRange':{'low':{'value':70,'code':'kg'},'high':{'value':80,'code':'kg'}}",
                "'valueQuantity':{'value':75,'code':'cm'}",
                "error value-unfit"
            },
            { "'detailString':'lighter'", "'valueString':'much'", null },
            { "'dueDate':'2027-01-01'", "'valueQuantity':{'value':1,'code':'m'}", null },
        };

    [Theory, MemberData(nameof(Values))]
    public void A_value_fits_the_target_or_is_refused_or_the_caller_is_told(string detail, string value, string? told)
    {
        const string Code = "{'coding':[{'system':'http://loinc.org','code':'29463-7'}]}";
        var goal = Given.Resource(
            "Goal",
            "g",
            $"'lifecycleStatus':'active','subject':{{'reference':'Patient/1'}},'target':[{{'measure':{Code},{detail}}}]"
        );
        var observation = Given.Resource(
            "Observation",
            "o",
            $"'status':'final','code':{Code},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'2026-11-23',{value}"
        );

        var result = ProgressRecord.FromObservation(goal, observation, KnownReadings.None, CareRules.Defaults);

        var issues = result.TryGet(out var decision, out var failure) ? decision.Notes : failure.Issues;
        Assert.Equal(
            told is null ? [] : [told],
            issues.Select(i => $"{(i.IsError ? "error" : "warning")} {i.Details}")
        );
        if (failure is not null)
            Assert.Equal(422, failure.Status);
    }

    [Theory]
    [InlineData("mm[Hg]", "value-unfit", "The value is in a unit of something else than the target; send it in 'kg'.")]
    [InlineData("kg", null, null)]
    [InlineData(null, null, null)]
    public void A_reported_value_is_in_a_unit_of_the_target(string? unit, string? rule, string? sentence)
    {
        var goal = Given.Resource("Goal", "g", "'lifecycleStatus':'active'" + Target);

        var recorded = ProgressRecord.FromValue(
            goal,
            new(79.5m, unit, Given.Now),
            "Patient/1",
            KnownReadings.None,
            CareRules.Defaults,
            "o"
        );

        Assert.Equal((rule, sentence), (recorded.Rule(), recorded.Failure?.Issues[0].Diagnostics));
    }

    [Theory]
    [InlineData("'startDate':'2026-03-01','statusDate':'2026-01-01'", null, "2026-03-01")]
    [InlineData("'statusDate':'2026-02-01'", null, "2026-02-01")]
    [InlineData("'description':{'text':'x'}", null, "2026-11-23")]
    [InlineData("'statusDate':'2026-11-20'", "'statusDate':'2026-01-05'", "2026-01-05")]
    [InlineData("'statusDate':'2026-11-20'", "'description':{'text':'x'}", "2026-10-31")]
    [InlineData("'statusDate':'2026-11-20'", "'statusDate':'2026-11-15'", "2026-10-31")]
    [InlineData("'startDate':'2026-12-01'", "'statusDate':'2026-01-05'", "2026-12-01")]
    public void A_goal_has_readings_from_the_day_on_which_it_began_or_was_set(string now, string? first, string from)
    {
        var goal = Given.Resource("Goal", "g", now);
        (Workflow.Decisions.Snapshot, DateTimeOffset)? came = first is null
            ? null
            // Four o'clock in Greenwich is the evening before in New York.
            : (Given.Resource("Goal", "g", first), new DateTimeOffset(2026, 11, 1, 3, 0, 0, TimeSpan.Zero));

        var life = GoalLife.Of(goal, BusinessCalendar.UnitedStates(Given.NewYork), Given.Now, came);

        Assert.Equal((DateOnly.Parse(from), new DateOnly(2026, 11, 23)), (life.From, life.Today));
        Assert.Equal(!now.Contains("startDate", StringComparison.Ordinal), GoalLife.NeedsFirstVersion(goal));
    }

    [Fact]
    public void Progress_is_recorded_while_a_goal_is_active_and_can_be_measured()
    {
        var held = Given.Resource("Goal", "g", "'lifecycleStatus':'on-hold'" + Target);
        var vague = Given.Resource("Goal", "g", "'lifecycleStatus':'active','subject':{'reference':'Patient/1'}");

        Assert.Equal(
            "goal-not-active",
            ProgressRecord
                .FromValue(held, new(1, null, Given.Now), "Patient/1", KnownReadings.None, CareRules.Defaults, "o")
                .Rule()
        );
        Assert.Equal(
            "no-measure",
            ProgressRecord
                .FromValue(vague, new(1, null, Given.Now), "Patient/1", KnownReadings.None, CareRules.Defaults, "o")
                .Rule()
        );
    }

    [Fact]
    public void What_is_recorded_is_an_outcome_though_it_changes_nothing_until_others_decide()
    {
        var goal = Given.Resource(
            "Goal",
            "g",
            "'lifecycleStatus':'active','outcomeReference':[{'reference':'Observation/person'}]" + Target
        );
        string[] Record(decimal value, string day, string id)
        {
            var decision = ProgressRecord
                .FromValue(
                    goal,
                    new(value, null, DateTimeOffset.Parse(day)),
                    "Patient/1",
                    KnownReadings.None,
                    CareRules.Defaults,
                    id
                )
                .Value;
            goal = decision.After("Goal/g");
            return [.. decision.Written("Goal/g")["outcomeReference"]!.AsArray().Select(r => (string)r!["reference"]!)];
        }

        Assert.Equal(["Observation/person", "Observation/a"], Record(90, "2026-11-01", "a"));
        Assert.Equal(["Observation/person", "Observation/b"], Record(90, "2026-11-02", "b"));
        Assert.Equal(["Observation/person", "Observation/c"], Record(90, "2026-11-03", "c"));
    }

    [Fact]
    public void What_is_recorded_again_writes_nothing()
    {
        var goal = Given.Resource("Goal", "g", "'lifecycleStatus':'active'" + Target);
        var weight = Given.Resource(
            "Observation",
            "w",
            "'status':'final','code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'subject':{'reference':'Patient/1'},'effectiveDateTime':'2026-11-23','valueQuantity':{'value':90,'code':'kg'}"
        );
        var first = ProgressRecord.FromObservation(goal, weight, KnownReadings.None, CareRules.Defaults).Value;

        var again = ProgressRecord
            .FromObservation(first.After("Goal/g"), weight, KnownReadings.None, CareRules.Defaults)
            .Value;

        Assert.True(again.IsEmpty);
        Assert.Equal("record-progress", again.Activity);
    }
}
