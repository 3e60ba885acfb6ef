using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Goals;

public sealed class GoalEvaluationTests
{
    private const string A1c = "'measure':{'coding':[{'system':'http://loinc.org','code':'4548-4'}]}";
    private const string Systolic = "'measure':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]}";

    [Theory]
    // A bound above.
    [InlineData("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}", "8.0", "7.5", "improving")]
    [InlineData("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}", "8.0", "8.5", "worsening")]
    [InlineData("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}", "8.0", "7.9", "no-change")]
    [InlineData("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}", "8.0", "7.0", "improving")]
    [InlineData("'detailQuantity':{'value':7,'comparator':'<=','unit':'%'}", "8.0", "7.0", "achieved")]
    [InlineData("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}", "8.0", "6.9", "achieved")]
    [InlineData("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}", null, "8.0", "in-progress")]
    // A bound below.
    [InlineData("'detailQuantity':{'value':50,'comparator':'>','unit':'%'}", "40", "50", "improving")]
    [InlineData("'detailQuantity':{'value':50,'comparator':'>=','unit':'%'}", "40", "50", "achieved")]
    [InlineData("'detailQuantity':{'value':50,'comparator':'>=','unit':'%'}", "40", "30", "worsening")]
    // A value without a comparator is a bound on the side away from the start.
    [InlineData("'detailQuantity':{'value':80,'unit':'%'}", "95", "79", "achieved")]
    [InlineData("'detailQuantity':{'value':80,'unit':'%'}", "70", "81", "achieved")]
    [InlineData("'detailQuantity':{'value':80,'unit':'%'}", "95", "90", "improving")]
    [InlineData("'detailQuantity':{'value':80,'unit':'%'}", "70", "65", "worsening")]
    // A range is to be within, its ends included.
    [InlineData("'detailRange':{'low':{'value':4,'unit':'%'},'high':{'value':6,'unit':'%'}}", "8", "6", "achieved")]
    [InlineData("'detailRange':{'low':{'value':4,'unit':'%'},'high':{'value':6,'unit':'%'}}", "8", "4", "achieved")]
    [InlineData("'detailRange':{'low':{'value':4,'unit':'%'},'high':{'value':6,'unit':'%'}}", "8", "3.5", "improving")]
    [InlineData("'detailRange':{'low':{'value':4,'unit':'%'},'high':{'value':6,'unit':'%'}}", "7", "2", "worsening")]
    [InlineData("'detailRange':{'high':{'value':6,'unit':'%'}}", "7", "2", "achieved")]
    [InlineData("'detailInteger':5", "9", "5", "achieved")]
    public void Judges_a_reading_by_the_target_and_the_reading_before(
        string detail,
        string? before,
        string now,
        string achievement
    )
    {
        var known = before is null ? [] : new[] { Reading("o1", "2026-11-01", before) };

        var decision = Evaluated(Goal($"{A1c},{detail}"), Reading("o2", "2026-11-20", now), known, CareRules.Defaults);

        Assert.Equal(achievement, Achievement(decision!));
        Assert.Equal("active", decision!.Status("Goal/g"));
        Given.AssertJson(Outcomes("o2"), decision!.Written("Goal/g")["outcomeReference"]);
    }

    [Fact]
    public void A_target_may_require_several_readings_in_a_row()
    {
        const string three =
            "'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/required-readings','valuePositiveInt':3}]";
        var goal = Goal($"{three},{A1c},'detailQuantity':{{'value':7,'comparator':'<','unit':'%'}}");
        string After(params string[] values)
        {
            var readings = values.Select((v, i) => Reading($"o{i}", $"2026-11-{i + 1:00}", v)).ToArray();
            return Achievement(Evaluated(goal, readings[^1], readings[..^1], CareRules.Defaults)!)!;
        }

        Assert.Equal("improving", After("8", "6.5"));
        Assert.Equal("in-progress", After("6.5"));
        Assert.Equal("in-progress", After("8", "6.5", "6.4"));
        Assert.Equal("achieved", After("8", "6.5", "6.4", "6.3"));
        Assert.Equal("worsening", After("6.5", "6.4", "7.4"));
    }

    [Fact]
    public void The_dead_band_of_a_target_goes_before_that_of_the_rules()
    {
        const string half =
            "'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/dead-band','valueDecimal':0.5}]";
        var goal = Goal($"{half},{A1c},'detailQuantity':{{'value':7,'comparator':'<','unit':'%'}}");

        var same = Evaluated(
            goal,
            Reading("o2", "2026-11-20", "7.5"),
            [Reading("o1", "2026-11-01", "8.0")],
            CareRules.Defaults
        );
        var nearer = Evaluated(
            goal,
            Reading("o2", "2026-11-20", "7.4"),
            [Reading("o1", "2026-11-01", "8.0")],
            CareRules.Defaults
        );

        Assert.Equal("no-change", Achievement(same!));
        Assert.Equal("improving", Achievement(nearer!));
    }

    [Fact]
    public void What_was_achieved_is_sustained_or_lost()
    {
        var goal = Goal($"{A1c},'detailQuantity':{{'value':7,'comparator':'<','unit':'%'}}", achievement: "achieved");
        var before = Reading("o1", "2026-11-01", "6.5");

        Assert.Equal(
            "sustaining",
            Achievement(Evaluated(goal, Reading("o2", "2026-11-20", "6.6"), [before], CareRules.Defaults)!)
        );
        Assert.Equal(
            "worsening",
            Achievement(Evaluated(goal, Reading("o2", "2026-11-20", "7.01"), [before], CareRules.Defaults)!)
        );
    }

    [Fact]
    public void A_goal_of_two_targets_is_achieved_with_both()
    {
        const string diastolic = "'measure':{'coding':[{'system':'http://loinc.org','code':'8462-4'}]}";
        var goal = Given.Resource(
            "Goal",
            "g",
            $"'lifecycleStatus':'active','subject':{{'reference':'Patient/1'}},'target':[{{{Systolic},'detailQuantity':{{'value':140,'comparator':'<','unit':'mm[Hg]'}}}},{{{diastolic},'detailQuantity':{{'value':90,'comparator':'<','unit':'mm[Hg]'}}}}]"
        );

        Assert.Equal("achieved", Achievement(Evaluated(goal, Pressure("p", 130, 80), [], CareRules.Defaults)!));
        Assert.Equal("in-progress", Achievement(Evaluated(goal, Pressure("p", 130, 95), [], CareRules.Defaults)!));
    }

    [Theory]
    [InlineData("'detailBoolean':true", "'valueBoolean':true", "achieved")]
    [InlineData("'detailBoolean':true", "'valueBoolean':false", "in-progress")]
    [InlineData(
        "'detailCodeableConcept':{'coding':[{'system':'s','code':'c'}]}",
        "'valueCodeableConcept':{'coding':[{'system':'s','code':'c'}]}",
        "achieved"
    )]
    [InlineData(
        "'detailCodeableConcept':{'coding':[{'system':'s','code':'c'}]}",
        "'valueCodeableConcept':{'coding':[{'system':'s','code':'d'}]}",
        "in-progress"
    )]
    public void Targets_may_be_codes_and_truths(string detail, string value, string achievement) =>
        Assert.Equal(
            achievement,
            Achievement(
                Evaluated(Goal($"{A1c},{detail}"), Observation("o", "2026-11-20", value), [], CareRules.Defaults)!
            )
        );

    [Theory]
    [InlineData("'valueQuantity':{'value':6,'unit':'mmol/mol','code':'mmol/mol'}")] // another unit
    [InlineData("'valueQuantity':{'value':6,'comparator':'<','unit':'%'}")] // no number
    [InlineData("'valueString':'six'")]
    public void What_cannot_be_compared_says_nothing_and_writes_nothing(string value) =>
        Assert.Null(
            Evaluated(
                Goal($"{A1c},'detailQuantity':{{'value':7,'comparator':'<','unit':'%'}}"),
                Observation("o", "2026-11-20", value),
                [],
                CareRules.Defaults
            )
        );

    [Fact]
    public void A_reading_that_arrives_late_takes_its_place_in_time()
    {
        var goal = Goal($"{A1c},'detailQuantity':{{'value':7,'comparator':'<','unit':'%'}}");

        var decision = Evaluated(
            goal,
            Reading("late", "2026-10-01", "9.0"),
            [Reading("o1", "2026-11-01", "8.0")],
            CareRules.Defaults
        );

        Assert.Equal("improving", Achievement(decision!));
    }

    [Fact]
    public void A_withdrawn_reading_is_no_outcome_any_more()
    {
        var goal = Goal(
            $"{A1c},'detailQuantity':{{'value':7,'comparator':'<','unit':'%'}}",
            achievement: "achieved",
            more: ",'outcomeReference':[{'reference':'Observation/o2'}]"
        );

        var decision = Evaluated(
            goal,
            Reading("o2", "2026-11-20", "6.0", "entered-in-error"),
            [Reading("o1", "2026-11-01", "8.0"), Reading("o2", "2026-11-20", "6.0")],
            CareRules.Defaults
        );

        // As if it never was: what is known is the one that misses the target.
        Given.AssertJson(Outcomes("o1"), decision!.Written("Goal/g")["outcomeReference"]);
        Assert.Equal("in-progress", Achievement(decision!));
    }

    [Theory]
    [InlineData("proposed")]
    [InlineData("accepted")]
    [InlineData("on-hold")]
    [InlineData("completed")]
    [InlineData("cancelled")]
    public void Only_active_goals_are_judged(string status) =>
        Assert.Null(
            Evaluated(
                Given.Resource(
                    "Goal",
                    "g",
                    $"'lifecycleStatus':'{status}','subject':{{'reference':'Patient/1'}},'target':[{{{A1c},'detailInteger':5}}]"
                ),
                Reading("o", "2026-11-20", "5"),
                [],
                CareRules.Defaults
            )
        );

    [Fact]
    public void Readings_of_other_measures_or_other_patients_change_nothing()
    {
        Assert.Null(
            Evaluated(Goal($"{Systolic},'detailInteger':5"), Reading("o", "2026-11-20", "5"), [], CareRules.Defaults)
        );
        Assert.Null(
            Evaluated(
                Given.Resource(
                    "Goal",
                    "g",
                    $"'lifecycleStatus':'active','subject':{{'reference':'Patient/2'}},'target':[{{{A1c},'detailInteger':5}}]"
                ),
                Reading("o", "2026-11-20", "5"),
                [],
                CareRules.Defaults
            )
        );
    }

    [Fact]
    public void The_same_reading_again_writes_nothing()
    {
        var goal = Goal($"{A1c},'detailQuantity':{{'value':7,'comparator':'<','unit':'%'}}");
        var reading = Reading("o", "2026-11-20", "8");
        var first = Evaluated(goal, reading, [], CareRules.Defaults)!;

        Assert.Null(Evaluated(first.After("Goal/g"), reading, [reading], CareRules.Defaults));
    }

    [Fact]
    public void Rules_hold_from_their_day()
    {
        var older = new CareRules(new DateOnly(2026, 1, 1)) { RequiredReadings = 2 };
        var newer = new CareRules(new DateOnly(2027, 1, 1)) { RequiredReadings = 3 };

        Assert.Equal(1, CareRules.On(new DateOnly(2025, 12, 31), [newer, older]).RequiredReadings);
        Assert.Equal(2, CareRules.On(new DateOnly(2026, 12, 31), [newer, older]).RequiredReadings);
        Assert.Equal(3, CareRules.On(new DateOnly(2027, 1, 1), [newer, older]).RequiredReadings);
    }

    private static Decision? Evaluated(Snapshot goal, Reading news, IEnumerable<Reading> known, CareRules rules) =>
        Readings.Evaluate(goal, [news], known, rules);

    private static string Outcomes(params string[] ids) =>
        $"[{string.Join(',', ids.Select(i => $$"""{"extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/decided-by","valueBoolean":true}],"reference":"Observation/{{i}}"}"""))}]";

    private static string? Achievement(Decision decision) =>
        (string?)decision.Written("Goal/g")["achievementStatus"]?["coding"]?[0]?["code"];

    private static Snapshot Goal(string target, string? achievement = null, string more = "") =>
        Given.Resource(
            "Goal",
            "g",
            $"'lifecycleStatus':'active','subject':{{'reference':'Patient/1'}},'target':[{{{target}}}]{more}"
                + (
                    achievement is null
                        ? ""
                        : $",'achievementStatus':{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/goal-achievement','code':'{achievement}'}}]}}"
                )
        );

    private static Reading Reading(string id, string day, string value, string status = "final") =>
        Observation(id, day, $"'valueQuantity':{{'value':{value},'unit':'%'}}", status);

    private static Reading Observation(string id, string day, string value, string status = "final") =>
        Workflow.Goals.Reading.Of(
            Given.Resource(
                "Observation",
                id,
                $"'status':'{status}','code':{{'coding':[{{'system':'http://loinc.org','code':'4548-4'}}]}},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'{day}',{value}"
            )
        )!;

    private static Reading Pressure(string id, int systolic, int diastolic) =>
        Workflow.Goals.Reading.Of(
            Given.Resource(
                "Observation",
                id,
                "'status':'final','code':{'coding':[{'system':'http://loinc.org','code':'85354-9'}]},'subject':{'reference':'Patient/1'},'effectiveDateTime':'2026-11-20',"
                    + $"'component':[{{'code':{{'coding':[{{'system':'http://loinc.org','code':'8480-6'}}]}},'valueQuantity':{{'value':{systolic},'unit':'mm[Hg]'}}}},"
                    + $"{{'code':{{'coding':[{{'system':'http://loinc.org','code':'8462-4'}}]}},'valueQuantity':{{'value':{diastolic},'unit':'mm[Hg]'}}}}]"
            )
        )!;
}
