using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Goals;

/// <summary>Goals of many readings: what they say, what has to be read for it, and what is written.</summary>
public sealed class GoalGrowthTests
{
    private static readonly CareRules Rules = CareRules.Defaults;

    public static TheoryData<string> Targets =>
        [
            "'detailQuantity':{'value':7,'comparator':'<','unit':'%'}",
            "'detailQuantity':{'value':7,'unit':'%'}",
            "'detailInteger':7",
            "'detailRange':{'low':{'value':5,'unit':'%'},'high':{'value':8,'unit':'%'}}",
            Required(3) + "'detailQuantity':{'value':7,'comparator':'<=','unit':'%'}",
            Required(9) + "'detailQuantity':{'value':9,'comparator':'<','unit':'%'}",
        ];

    /// <summary>All readings in order, one after the other, are what every other way is held to.</summary>
    [Theory]
    [MemberData(nameof(Targets))]
    public void A_goal_says_the_same_in_whatever_order_and_commits_its_readings_arrive(string target)
    {
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var readings = Readings(random, random.Next(1, 30));
            var expected = Achievement(InOrder(Goal(target), readings));

            // Those that arrive late are within the window: each is at most five places away from its own.
            var late = readings
                .Select((r, i) => (r, i + random.Next(6)))
                .OrderBy(p => p.Item2)
                .Select(p => p.r)
                .ToArray();
            Assert.Equal(expected, Achievement(InOrder(Goal(target), late)));
            Assert.Equal(expected, Achievement(InCommits(Goal(target), readings, random)));
            Assert.Equal(expected, Achievement(InCommits(Goal(target), late, random)));
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_latest_readings_say_as_much_as_all_of_them(string target)
    {
        var random = new Random(12);
        for (var round = 0; round < 30; round++)
        {
            var readings = Readings(random, 60);
            var all = new KnownReadings([
                .. KnownReadings
                    .Needed(Goal(target), Rules)
                    .Select(q => new MeasureWindow(q with { Latest = 1_000 }, [.. readings[..^1].Reverse()], [])),
            ]);

            var byAll = GoalEvaluation.Evaluate(Goal(target), [readings[^1]], all, Rules);
            var byLatest = Goals.Readings.Evaluate(Goal(target), [readings[^1]], readings[..^1], Rules);

            Assert.Equal(Json(byAll), Json(byLatest));
        }
    }

    [Fact]
    public void What_has_to_be_read_does_not_grow_with_the_readings()
    {
        Assert.Equal([(8, 0)], Needed("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}"));
        Assert.Equal([(8, 2)], Needed("'detailQuantity':{'value':7,'unit':'%'}"));
        Assert.Equal([(8, 2)], Needed("'detailInteger':7"));
        Assert.Equal([(8, 0)], Needed("'detailBoolean':true"));
        Assert.Equal([(11, 0)], Needed(Required(5) + "'detailQuantity':{'value':7,'comparator':'<','unit':'%'}"));
        Assert.Equal(
            [(56, 0)],
            Needed(Required(int.MaxValue) + "'detailQuantity':{'value':7,'comparator':'<','unit':'%'}")
        );
        Assert.Empty(Needed("'detailString':'well'"));
    }

    [Fact]
    public void Targets_of_one_measure_are_read_together_and_of_too_many_not_at_all()
    {
        static string Targets(int measures) =>
            string.Join(
                "},{",
                Enumerable
                    .Range(0, measures)
                    .Select(i => $"'measure':{{'coding':[{{'system':'s','code':'c{i}'}}]}},'detailInteger':{i}")
            );
        var twice = GoalOf(
            "'measure':{'coding':[{'system':'s','code':'b'},{'system':'s','code':'a'},{'code':'no system'}]},'detailInteger':5},"
                + $"{{'measure':{{'coding':[{{'system':'s','code':'a'}},{{'system':'s','code':'b'}}]}},{Required(9)}'detailQuantity':{{'value':7,'comparator':'<'}}"
        );

        var one = Assert.Single(KnownReadings.Needed(twice, Rules));
        Assert.Equal([new MeasureCode("s", "a"), new MeasureCode("s", "b")], one.Codes);
        Assert.Equal((15, 2), (one.Latest, one.First));
        Assert.Equal(16, KnownReadings.Needed(GoalOf(Targets(16)), Rules).Length);
        Assert.Empty(KnownReadings.Needed(GoalOf(Targets(17)), Rules));
    }

    [Fact]
    public void A_goal_of_more_codes_than_are_looked_for_is_judged_by_nothing()
    {
        static Snapshot Coded(int codes) =>
            GoalOf(
                $"'measure':{{'coding':[{string.Join(',', Enumerable.Range(0, codes).Select(i => $"{{'system':'s','code':'c{i}'}}"))}]}},'detailInteger':7"
            );

        Assert.Equal(64, Assert.Single(KnownReadings.Needed(Coded(64), Rules)).Codes.Length);
        Assert.Empty(KnownReadings.Needed(Coded(65), Rules));
    }

    [Fact]
    public void A_goal_of_thousands_of_readings_is_as_large_as_one_of_ten()
    {
        var random = new Random(13);
        var goal = Goal(
            "'detailQuantity':{'value':7,'comparator':'<','unit':'%'}",
            ",'outcomeReference':[{'reference':'Observation/person'}]"
        );
        var readings = Readings(random, 3_000);
        var sizes = new List<int>();
        for (var i = 0; i < readings.Length; i++)
        {
            var window = readings[Math.Max(0, i - 12)..i];
            if (Goals.Readings.Evaluate(goal, [readings[i]], window, Rules) is not { } decision)
                continue;
            goal = decision.After("Goal/g");
            sizes.Add(goal.Utf8Json.Length);
            var outcomes = decision.Written("Goal/g")["outcomeReference"]!.AsArray();
            Assert.Equal(["Observation/person", $"Observation/o{i}"], outcomes.Select(o => (string)o!["reference"]!));
        }

        Assert.True(sizes.Count > 1_000);
        Assert.True(sizes.Max() - sizes.Min() < 40, $"{sizes.Min()} {sizes.Max()}");
    }

    [Fact]
    public void A_reading_that_changes_nothing_writes_nothing()
    {
        var goal = Goal("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}");
        var readings = Enumerable.Range(0, 100).Select(i => Reading(i, 6.0m)).ToArray();
        var written = new List<int>();
        for (var i = 0; i < readings.Length; i++)
        {
            if (Goals.Readings.Evaluate(goal, [readings[i]], readings[..i], Rules) is not { } decision)
                continue;
            goal = decision.After("Goal/g");
            written.Add(i);
        }

        // Achieved, then sustained.
        Assert.Equal([0, 1], written);
        Assert.Equal("sustaining", Achievement(goal));
    }

    [Fact]
    public void A_reading_older_than_a_full_window_changes_nothing_but_the_side_of_the_beginning()
    {
        var bound = Goal("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}");
        var side = Goal("'detailQuantity':{'value':7,'unit':'%'}");
        var readings = Enumerable.Range(10, 20).Select(i => Reading(i, 8m - i / 100m)).ToArray();
        (bound, side) = (InOrder(bound, readings), InOrder(side, readings));

        // Long before all others the patient was below: the target is to be above.
        var early = Reading(0, 5m);

        Assert.Null(Goals.Readings.Evaluate(bound, [early], readings, Rules));
        Assert.Equal("no-change", Achievement(side));
        var turned = Goals.Readings.Evaluate(side, [early], readings, Rules)!;
        Assert.Equal("sustaining", Achievement(turned.After("Goal/g")));
    }

    [Fact]
    public void A_reading_that_is_written_again_is_no_further_one()
    {
        var reading = Reading(1, 6m);
        var goal = InOrder(Goal("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}"), [reading]);

        Assert.Equal("achieved", Achievement(goal));
        Assert.Null(Goals.Readings.Evaluate(goal, [reading], [reading], Rules));
        var amended = Goals.Readings.Evaluate(goal, [Reading(1, 9m)], [reading], Rules)!;
        Assert.Equal("in-progress", Achievement(amended.After("Goal/g")));
    }

    [Fact]
    public void What_a_person_judged_holds_until_the_next_reading()
    {
        var missed = Reading(1, 8m);
        var judged = InOrder(Goal("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}"), [missed]);
        judged = GoalSteps.SetAchievement(judged, "achieved").Value.After("Goal/g");

        var met = Goals.Readings.Evaluate(judged, [Reading(2, 6m)], [missed], Rules)!;

        Assert.Equal("sustaining", Achievement(met.After("Goal/g")));
        Assert.Equal(
            "in-progress",
            Achievement(Goals.Readings.Evaluate(judged, [missed], [missed], Rules)!.After("Goal/g"))
        );
    }

    [Fact]
    public void Every_number_of_a_target_and_of_a_reading_is_judged()
    {
        foreach (var target in Hostile.Numbers)
        {
            foreach (var first in Hostile.Numbers)
            {
                foreach (var second in Hostile.Numbers.Take(16))
                {
                    var goal = Goal(
                        $"'extension':[{{'url':'https://carecoordination.example/fhir/StructureDefinition/dead-band','valueDecimal':{second}}}],'detailQuantity':{{'value':{target},'unit':'%'}}"
                    );
                    var known = Reading(1, Hostile.Decimal(first));
                    var goal2 = Goals.Readings.Evaluate(goal, [known], [], Rules)!.After("Goal/g");
                    _ = Goals.Readings.Evaluate(goal2, [Reading(2, Hostile.Decimal(second))], [known], Rules);
                }
            }
        }
    }

    /// <summary>Counted in bytes allocated, which time and other tests do not change.</summary>
    [Fact]
    public void Work_grows_with_the_readings_of_a_commit_and_not_with_their_square()
    {
        long Allocated(int count)
        {
            var goal = Goal("'detailQuantity':{'value':7,'comparator':'<','unit':'%'}");
            var news = Readings(new Random(14), count);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotNull(Goals.Readings.Evaluate(goal, news, [], Rules));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(10);
        var (small, large) = (Allocated(200), Allocated(1_600));
        Assert.True(large < small * 12, $"{small} {large}");
    }

    private static (int, int)[] Needed(string target) =>
        [.. KnownReadings.Needed(Goal(target), Rules).Select(q => (q.Latest, q.First))];

    private static Snapshot InOrder(Snapshot goal, Reading[] readings)
    {
        for (var i = 0; i < readings.Length; i++)
            goal = Goals.Readings.Evaluate(goal, [readings[i]], readings[..i], Rules)?.After("Goal/g") ?? goal;
        return goal;
    }

    private static Snapshot InCommits(Snapshot goal, Reading[] readings, Random random)
    {
        for (var i = 0; i < readings.Length; )
        {
            var next = Math.Min(readings.Length, i + random.Next(1, 5));
            goal = Goals.Readings.Evaluate(goal, readings[i..next], readings[..i], Rules)?.After("Goal/g") ?? goal;
            i = next;
        }

        return goal;
    }

    private static string? Achievement(Snapshot goal) =>
        (string?)JsonNode.Parse(goal.Utf8Json.Span)!["achievementStatus"]?["coding"]?[0]?["code"];

    private static string? Json(Decision? decision) => decision?.Written("Goal/g").ToJsonString();

    private static string Required(int readings) =>
        $"'extension':[{{'url':'https://carecoordination.example/fhir/StructureDefinition/required-readings','valuePositiveInt':{readings}}}],";

    private static Snapshot Goal(string target, string more = "") =>
        GoalOf($"'measure':{{'coding':[{{'system':'http://loinc.org','code':'4548-4'}}]}},{target}", more);

    private static Snapshot GoalOf(string targets, string more = "") =>
        Given.Resource(
            "Goal",
            "g",
            $"'lifecycleStatus':'active','subject':{{'reference':'Patient/1'}},'target':[{{{targets}}}]{more}"
        );

    private static Reading[] Readings(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Reading(i, random.Next(40, 100) / 10m))];

    private static Reading Reading(int number, decimal value) =>
        Workflow.Goals.Reading.Of(
            Given.Resource(
                "Observation",
                $"o{number}",
                $"'status':'final','code':{{'coding':[{{'system':'http://loinc.org','code':'4548-4'}}]}},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'{Given.Now.AddMinutes(5 * number):yyyy-MM-ddTHH:mm:ssZ}','valueQuantity':{{'value':{value.ToString(CultureInfo.InvariantCulture)},'unit':'%'}}"
            )
        )!;
}
