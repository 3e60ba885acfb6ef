using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Goals;

/// <summary>A reading that turns out to be another rejudges the goals that it was about, and those that it is about now.</summary>
public abstract class CorrectedReadingTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : CorrectedReadingTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : CorrectedReadingTests(shared);

    private readonly string _id = Given.Id();

    /// <summary>What the reading becomes: code, patient, status, day, unit; and whether it then is one of the other goal.</summary>
    public static TheoryData<string, string, string, string, string, string, bool> Corrections =>
        new()
        {
            { "recoded", "8462-4", "P", "final", "2026-03-01", "mm[Hg]", true },
            { "recoded to what nobody measures", "8867-4", "P", "final", "2026-03-01", "mm[Hg]", false },
            { "of somebody else", "8480-6", "Q", "final", "2026-03-01", "mm[Hg]", true },
            { "entered in error", "8480-6", "P", "entered-in-error", "2026-03-01", "mm[Hg]", false },
            { "preliminary after all", "8480-6", "P", "preliminary", "2026-03-01", "mm[Hg]", false },
            { "of before the goal", "8480-6", "P", "corrected", "2025-12-31", "mm[Hg]", false },
            { "of a day to come", "8480-6", "P", "corrected", "2099-01-01", "mm[Hg]", false },
            { "in another unit", "8480-6", "P", "corrected", "2026-03-01", "kPa", false },
        };

    public static TheoryData<string, string, string, string, string, string, string, bool> Ways
    {
        get
        {
            var ways = new TheoryData<string, string, string, string, string, string, string, bool>();
            foreach (
                var door in (string[])
                    ["put", "patch", "conditional put", "transaction", "conditional transaction", "batch"]
            )
            foreach (var (what, code, patient, status, day, unit, moves) in Corrections.Select(c => c.Data))
                ways.Add(door, what, code, patient, status, day, unit, moves);
            return ways;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_correction_rejudges(
        string door,
        string what,
        string code,
        string patient,
        string status,
        string day,
        string unit,
        bool moves
    )
    {
        await GoalAsync("sys", "8480-6", "P");
        await GoalAsync("dia", "8462-4", "P");
        await GoalAsync("other", "8480-6", "Q");
        (await Server.PutAsync($"Observation/{_id}", Reading("8480-6", "P", "final", "2026-03-01", "mm[Hg]"))).ShouldBe(
            201
        );
        Assert.Equal((what, "achieved"), (what, await AchievementAsync("sys")));

        await CorrectAsync(door, Reading(code, patient, status, day, unit));

        Assert.Equal((what, "in-progress"), (what, await AchievementAsync("sys")));
        Assert.DoesNotContain(
            "outcomeReference",
            (await Server.GetAsync($"Goal/{_id}-sys")).Body,
            StringComparison.Ordinal
        );
        Assert.Equal((what, moves && patient == "P" ? "achieved" : null), (what, await AchievementAsync("dia")));
        Assert.Equal((what, moves && patient == "Q" ? "achieved" : null), (what, await AchievementAsync("other")));
    }

    [Fact]
    public async Task A_goal_that_has_other_readings_says_what_those_say()
    {
        await GoalAsync("sys", "8480-6", "P");
        (
            await Server.PutAsync(
                $"Observation/{_id}-1",
                Reading("8480-6", "P", "final", "2026-02-01", "mm[Hg]", 150, "-1")
            )
        ).ShouldBe(201);
        (
            await Server.PutAsync(
                $"Observation/{_id}-2",
                Reading("8480-6", "P", "final", "2026-02-02", "mm[Hg]", 160, "-2")
            )
        ).ShouldBe(201);
        (await Server.PutAsync($"Observation/{_id}", Reading("8480-6", "P", "final", "2026-03-01", "mm[Hg]"))).ShouldBe(
            201
        );
        Assert.Equal("achieved", await AchievementAsync("sys"));

        (await Server.PutAsync($"Observation/{_id}", Reading("8867-4", "P", "final", "2026-03-01", "mm[Hg]"))).ShouldBe(
            200
        );

        Assert.Equal("worsening", await AchievementAsync("sys"));
        Assert.Contains(
            $"Observation/{_id}-2",
            (await Server.GetAsync($"Goal/{_id}-sys")).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_goal_without_a_start_is_judged_from_the_day_on_which_it_was_set()
    {
        var now = TimeProvider.System.GetUtcNow();
        await GoalAsync("old", "8480-6", "P", "");
        await GoalAsync("told", "8480-6", "P", "\"statusDate\":\"2026-01-01\",");
        (await Server.PutAsync($"Observation/{_id}", Reading("8480-6", "P", "final", "2026-03-01", "mm[Hg]"))).ShouldBe(
            201
        );
        Assert.Equal((null, "achieved"), (await AchievementAsync("old"), await AchievementAsync("told")));

        // Each step writes a new date of the status, and changes nothing of when it was set.
        foreach (var name in (string[])["old", "told"])
        {
            (await Server.AskAsync($"Goal/{_id}-{name}/$hold", Ask.Text("reason", "away"))).ShouldBe(200);
            (await Server.AskAsync($"Goal/{_id}-{name}/$resume")).ShouldBe(200);
        }

        (
            await Server.PutAsync(
                $"Observation/{_id}-now",
                Reading("8480-6", "P", "final", $"{now:yyyy-MM-ddTHH:mm:ss}Z", "mm[Hg]", 120, "-now")
            )
        ).ShouldBe(201);
        Assert.Equal(("achieved", "sustaining"), (await AchievementAsync("old"), await AchievementAsync("told")));
    }

    private async Task CorrectAsync(string door, string body)
    {
        var url = $"Observation/{_id}";
        var answer = door switch
        {
            "put" => await Server.PutAsync(url, body),
            "patch" => await Server.PatchAsync(url, $$"""[{"op":"replace","path":"","value":{{body}}}]"""),
            "conditional put" => await Server.PutAsync($"Observation?_id={_id}", body),
            "transaction" => await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", url, body))),
            "conditional transaction" => await Server.PostAsync(
                "",
                Given.Transaction(Given.Entry("PUT", $"Observation?_id={_id}", body))
            ),
            _ => await Server.PostAsync("", Given.Batch(Given.Entry("PUT", url, body))),
        };
        answer.ShouldBe(200);
    }

    private async Task<string?> AchievementAsync(string goal) =>
        (await Server.GetAsync($"Goal/{_id}-{goal}"))
            .ShouldBe(200)
            .Json.TryGetProperty("achievementStatus", out var status)
            ? status.GetProperty("coding")[0].GetProperty("code").GetString()
            : null;

    private async Task GoalAsync(
        string name,
        string code,
        string patient,
        string dates = "\"startDate\":\"2026-01-01\","
    ) =>
        (
            await Server.PutAsync(
                $"Goal/{_id}-{name}",
                $$$"""
                {"resourceType":"Goal","id":"{{{_id}}}-{{{name}}}","lifecycleStatus":"active",{{{dates}}}"description":{"text":"x"},
                 "subject":{"reference":"Patient/{{{_id}}}-{{{patient}}}"},
                 "target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"detailQuantity":{"value":130,"comparator":"<","code":"mm[Hg]"}}]}
                """
            )
        ).ShouldBe(201);

    private string Reading(
        string code,
        string patient,
        string status,
        string day,
        string unit,
        int value = 120,
        string suffix = ""
    ) =>
        $$$"""{"resourceType":"Observation","id":"{{{_id}}}{{{suffix}}}","status":"{{{status}}}","code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"subject":{"reference":"Patient/{{{_id}}}-{{{patient}}}"},"effectiveDateTime":"{{{day}}}","valueQuantity":{"value":{{{value}}},"code":"{{{unit}}}"}}""";
}
