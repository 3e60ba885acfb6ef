using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Tests.Goals;

public sealed class GoalStepTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly Reason Because = new("too much", "http://example.org", "burden");

    /// <summary>Where each command leads from, and to; every other pair is refused. Written independently of the table.</summary>
    private static readonly Dictionary<(string Command, string From), string> Legal = new()
    {
        [("accept", "proposed")] = "accepted",
        [("accept", "planned")] = "accepted",
        [("accept", "accepted")] = "accepted",
        [("accept", "active")] = "active",
        [("reject", "proposed")] = "rejected",
        [("reject", "planned")] = "rejected",
        [("activate", "planned")] = "active",
        [("activate", "accepted")] = "active",
        [("hold", "accepted")] = "on-hold",
        [("hold", "active")] = "on-hold",
        [("resume", "on-hold")] = "active",
        [("complete", "active")] = "completed",
        [("complete", "on-hold")] = "completed",
        [("reopen", "completed")] = "active",
        [("cancel", "proposed")] = "cancelled",
        [("cancel", "planned")] = "cancelled",
        [("cancel", "accepted")] = "cancelled",
        [("cancel", "active")] = "cancelled",
        [("cancel", "on-hold")] = "cancelled",
    };

    public static TheoryData<string, string> CommandsAndStatuses()
    {
        var data = new TheoryData<string, string>();
        foreach (var command in Legal.Keys.Select(k => k.Command).Distinct())
        foreach (var status in GoalLifecycle.Table.Statuses)
            data.Add(command, status);
        return data;
    }

    [Theory]
    [MemberData(nameof(CommandsAndStatuses))]
    public void Every_command_goes_where_it_may_and_nowhere_else(string command, string from)
    {
        var goal = Goal(from);
        var result = command switch
        {
            "accept" => GoalSteps.Accept(goal, "Patient/1", Given.Anyone, Today),
            "reject" => GoalSteps.Reject(goal, "Patient/1", Because, Given.Anyone, Today),
            "complete" => GoalSteps.Complete(goal, "achieved", Given.Anyone, Today),
            "reopen" => GoalSteps.Reopen(goal, Because, Given.Anyone, Today),
            _ => GoalSteps.Step(goal, command, Because, Given.Anyone, Today),
        };

        if (Legal.TryGetValue((command, from), out var to))
            Assert.Equal(to, result.Value.Status("Goal/g"));
        else
            Assert.Equal((422, "illegal-transition"), (result.Failure?.Status, result.Rule()));
    }

    [Fact]
    public void A_rejection_is_told_as_a_string_a_code_and_the_patient_who_disagrees()
    {
        var rejected = GoalSteps.Reject(Goal("proposed"), "Patient/1", Because, Given.Anyone, Today).Value;

        Given.AssertJson(
            """{"resourceType":"Goal","id":"g","lifecycleStatus":"rejected","subject":{"reference":"Patient/1"},"statusDate":"2026-11-23","statusReason":"too much","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/goal-reasonRejected","valueCodeableConcept":{"coding":[{"system":"http://example.org","code":"burden"}],"text":"too much"}},{"url":"http://hl7.org/fhir/StructureDefinition/goal-acceptance","extension":[{"url":"individual","valueReference":{"reference":"Patient/1"}},{"url":"status","valueCode":"disagree"}]}]}""",
            rejected.Written("Goal/g")
        );
    }

    [Fact]
    public void Each_individual_accepts_once()
    {
        var first = GoalSteps.Accept(Goal("proposed"), "Patient/1", Given.Anyone, Today).Value;
        var second = GoalSteps.Accept(first.After("Goal/g"), "RelatedPerson/2", Given.Anyone, Today).Value;
        var again = GoalSteps.Accept(second.After("Goal/g"), "Patient/1", Given.Anyone, Today).Value;

        Assert.Equal(2, again.Written("Goal/g")["extension"]!.AsArray().Count);
        Assert.Equal("accepted", again.Status("Goal/g"));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "improving", false)]
    [InlineData("in-progress", null, false)]
    [InlineData("achieved", null, true)]
    [InlineData(null, "sustaining", true)]
    [InlineData("not-attainable", "improving", true)]
    public void A_goal_is_completed_with_a_final_achievement(string? given, string? known, bool completes)
    {
        var achievement = known is null
            ? ""
            : $",'achievementStatus':{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/goal-achievement','code':'{known}'}}]}}";

        var result = GoalSteps.Complete(Goal("active", achievement), given, Given.Anyone, Today);

        Assert.Equal(completes ? null : "achievement-required", result.Rule());
    }

    [Fact]
    public void Reasons_are_required_where_the_table_says_so()
    {
        Assert.Equal(
            "reason-required",
            GoalSteps.Reject(Goal("proposed"), "Patient/1", null, Given.Anyone, Today).Rule()
        );
        Assert.Equal("reason-required", GoalSteps.Step(Goal("active"), "cancel", null, Given.Anyone, Today).Rule());
        Assert.Equal("reason-required", GoalSteps.Reopen(Goal("completed"), null, Given.Anyone, Today).Rule());
    }

    [Fact]
    public void An_achievement_is_one_of_its_codes_and_of_a_goal_that_counts()
    {
        Assert.Equal("achievement-unknown", GoalSteps.SetAchievement(Goal("active"), "great").Rule());
        Assert.Equal("illegal-transition", GoalSteps.SetAchievement(Goal("rejected"), "achieved").Rule());
        Assert.True(GoalSteps.SetAchievement(Goal("active"), "not-attainable").IsSuccess);
    }

    private static Snapshot Goal(string status, string more = "") =>
        Given.Resource("Goal", "g", $"'lifecycleStatus':'{status}','subject':{{'reference':'Patient/1'}}{more}");
}
