using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Goals;

/// <summary>
/// What was measured while a goal rested, or before it began, counts from the moment when it is sought: by whichever door it becomes
/// active, it says at once what its readings say.
/// </summary>
public abstract class SoughtGoalTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly string Today = Day(0);

    private readonly string _patient = $"Patient/{Given.Id("p")}";

    public sealed class OnSqlite(SqliteServer shared) : SoughtGoalTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : SoughtGoalTests(shared);

    public static TheoryData<string> Doors => ["$resume", "$activate", "plan", "put", "patch", "batch", "transaction"];

    [Theory, MemberData(nameof(Doors))]
    public async Task It_is_judged_by_its_latest_reading(string door)
    {
        var goal = await GoalAsync(door is "$activate" ? "accepted" : "active", Day(-20));
        var resume = await RestAsync(goal, door);
        await MeasureAsync(Day(-1), 150);
        var latest = await MeasureAsync(Today, 120);
        Assert.Null(await AchievementAsync(goal));

        await resume();

        Assert.Equal("active", await Server.StatusOfAsync(goal));
        Assert.Equal("achieved", await AchievementAsync(goal));
        Assert.Contains(latest, (await Server.GetAsync(goal)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_judged_before_it_rested_holds_where_nothing_was_measured_since()
    {
        var goal = await GoalAsync("active", Day(-20));
        await MeasureAsync(Day(-10), 120);
        (
            await Server.AskAsync(
                $"{goal}/$set-achievement",
                Ask.Value("achievementStatus", "valueCode", "\"not-attainable\"")
            )
        ).ShouldBe(200);
        (await Server.AskAsync($"{goal}/$hold", Ask.Text("reason", "Away"))).ShouldBe(200);

        (await Server.AskAsync($"{goal}/$resume")).ShouldBe(200);

        Assert.Equal("not-attainable", await AchievementAsync(goal));
    }

    [Fact]
    public async Task One_that_is_reopened_begins_anew()
    {
        var goal = await GoalAsync("active", Day(-20));
        await MeasureAsync(Today, 120);
        (await Server.AskAsync($"{goal}/$complete")).ShouldBe(200);

        (await Server.AskAsync($"{goal}/$reopen", Ask.Text("reason", "Again"))).ShouldBe(200);

        Assert.Equal("in-progress", await AchievementAsync(goal));
    }

    [Fact]
    public async Task Readings_before_the_goal_and_of_other_measures_say_nothing()
    {
        var goal = await GoalAsync("accepted", Day(-5));
        await MeasureAsync(Day(-6), 120);
        await MeasureAsync(Today, 120, "8462-4");

        (await Server.AskAsync($"{goal}/$activate")).ShouldBe(200);

        Assert.Null(await AchievementAsync(goal));
    }

    /// <summary>Commands of a goal with what they need, from the status that each begins in.</summary>
    public static TheoryData<string, string, string?> Commands =>
        new()
        {
            { "proposed", "accept", null },
            { "proposed", "reject", Ask.Text("reason", "No") },
            { "accepted", "activate", null },
            { "active", "hold", Ask.Text("reason", "No") },
            { "on-hold", "resume", null },
            { "active", "cancel", Ask.Text("reason", "No") },
            { "active", "complete", Ask.Value("achievementStatus", "valueCode", "\"achieved\"") },
            { "completed", "reopen", Ask.Text("reason", "No") },
            { "active", "set-achievement", Ask.Value("achievementStatus", "valueCode", "\"improving\"") },
            { "active", "record-progress", Ask.Value("value", "valueQuantity", "{\"value\":120,\"unit\":\"mmHg\"}") },
            // Accepted already: nothing but the note is new.
            { "accepted", "accept", null },
        };

    [Theory, MemberData(nameof(Commands))]
    public async Task A_note_is_kept_with_what_was_decided(string from, string command, string? needed)
    {
        var goal = await GoalAsync(from, Day(-20));
        await Server.PutAsync(
            "Practitioner/noting",
            """{"resourceType":"Practitioner","id":"noting","name":[{"text":"Nell"}]}"""
        );
        string[] sent = [Ask.Text("note", "Ask the daughter"), Ask.Reference("practitioner", "Practitioner/noting")];

        var answer = (await Server.AskAsync($"{goal}/${command}", needed is null ? sent : [.. sent, needed])).ShouldBe(
            200
        );

        var note = Assert.Single(answer.Json.GetProperty("note").EnumerateArray().ToArray());
        Assert.Equal("Ask the daughter", note.GetProperty("text").GetString());
        Assert.Equal("Nell", note.GetProperty("authorReference").GetProperty("display").GetString());
        Assert.Equal("W/\"2\"", answer.ETag);
        Assert.Single(await Server.ProvenanceOfAsync(goal, 2));
    }

    /// <summary>Puts the goal to rest, where it does not rest yet; how it is taken up again.</summary>
    private async Task<Func<Task>> RestAsync(string goal, string door)
    {
        if (door == "$activate")
            return async () => (await Server.AskAsync($"{goal}/$activate")).ShouldBe(200);
        if (door == "plan")
        {
            var plan = $"CarePlan/{Given.Id("cp")}";
            (
                await Server.PutAsync(
                    plan,
                    $$$"""{"resourceType":"CarePlan","id":"{{{plan.Split('/')[1]}}}","status":"draft","intent":"plan","subject":{"reference":"{{{_patient}}}"},"goal":[{"reference":"{{{goal}}}"}]}"""
                )
            ).ShouldBe(201);
            (await Server.AskAsync($"{plan}/$activate")).ShouldBe(200);
            (await Server.AskAsync($"{plan}/$hold", Ask.Text("reason", "Away"))).ShouldBe(200);
            return async () => (await Server.AskAsync($"{plan}/$resume")).ShouldBe(200);
        }

        var held = (await Server.AskAsync($"{goal}/$hold", Ask.Text("reason", "Away"))).ShouldBe(200).Body;
        var active = held.Replace("\"on-hold\"", "\"active\"", StringComparison.Ordinal);
        const string Patch = """[{"op":"replace","path":"/lifecycleStatus","value":"active"}]""";
        return door switch
        {
            "put" => async () => (await Server.PutAsync(goal, active)).ShouldBe(200),
            "patch" => async () => (await Server.PatchAsync(goal, Patch)).ShouldBe(200),
            "batch" => async () =>
                (await Server.PostAsync("", Given.Batch(Given.Entry("PUT", goal, active)))).ShouldBe(200),
            "transaction" => async () =>
                (await Server.PostAsync("", Given.Transaction(Given.Entry("PATCH", goal, Ask.Binary(Patch))))).ShouldBe(
                    200
                ),
            _ => async () => (await Server.AskAsync($"{goal}/$resume")).ShouldBe(200),
        };
    }

    private async Task<string?> AchievementAsync(string goal) =>
        (await Server.GetAsync(goal)).ShouldBe(200).Json.TryGetProperty("achievementStatus", out var status)
            ? status.GetProperty("coding")[0].GetProperty("code").GetString()
            : null;

    private async Task<string> GoalAsync(string status, string began)
    {
        var goal = await Server.PostAsync(
            "Goal",
            $$$"""{"resourceType":"Goal","lifecycleStatus":"{{{status}}}","startDate":"{{{began}}}","description":{"text":"Systolic"},"subject":{"reference":"{{{_patient}}}"},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"detailQuantity":{"value":130,"comparator":"<","unit":"mmHg"}}]}"""
        );
        return $"Goal/{goal.ShouldBe(201).Id}";
    }

    private async Task<string> MeasureAsync(string day, int value, string code = "8480-6")
    {
        var observation = await Server.PostAsync(
            "Observation",
            $$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"subject":{"reference":"{{{_patient}}}"},"effectiveDateTime":"{{{day}}}","valueQuantity":{"value":{{{value}}},"unit":"mmHg"}}"""
        );
        return $"Observation/{observation.ShouldBe(201).Id}";
    }

    private static string Day(int days) =>
        Now.AddDays(days).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
