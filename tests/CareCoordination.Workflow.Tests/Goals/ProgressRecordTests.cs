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
