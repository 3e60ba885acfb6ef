using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Goals;

/// <summary>
/// Which earlier Observations a goal is judged by. A reading that meets the target is <c>achieved</c> alone, and <c>sustaining</c> where
/// one before it met it too: so the goal tells whether the earlier one counts.
/// </summary>
public abstract class ReadingTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ReadingTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ReadingTests(shared);

    private const string Systolic = """{"coding":[{"system":"http://loinc.org","code":"8480-6"}]}""";
    private const string At = """ "effectiveDateTime":"2026-03-01T10:00:00Z" """;

    private readonly string _patient = Given.Id();

    /// <summary>Members of an Observation that was there before the goal; P is the patient, B the address of the server.</summary>
    public static TheoryData<string, string> Counting =>
        new()
        {
            { "a time", $$$""" "code":{{{Systolic}}},{{{At}}} """ },
            {
                "a time in a zone",
                $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2026-03-01T10:00:00.123+14:00" """
            },
            { "a day", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2026-03-01" """ },
            { "an instant", $$$""" "code":{{{Systolic}}},"effectiveInstant":"2026-03-01T10:00:00-11:00" """ },
            {
                "a period",
                $$$""" "code":{{{Systolic}}},"effectivePeriod":{"start":"2026-02-01","end":"2026-03-01"} """
            },
            { "an open period", $$$""" "code":{{{Systolic}}},"effectivePeriod":{"start":"2026-03-01"} """ },
            { "issued", $$$""" "code":{{{Systolic}}},"issued":"2026-03-01T10:00:00Z" """ },
            { "amended", $$$""" "status":"amended","code":{{{Systolic}}},{{{At}}} """ },
            { "corrected", $$$""" "status":"corrected","code":{{{Systolic}}},{{{At}}} """ },
            {
                "one of several codings",
                $$$""" "code":{"coding":[{"system":"http://snomed.info/sct","code":"271649006"},{"system":"http://loinc.org","code":"8480-6"}]},{{{At}}} """
            },
            {
                "a component",
                $$$""" "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},{{{At}}},"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg"}},{"code":{{{Systolic}}},"valueQuantity":{"value":120,"unit":"mmHg"}}] """
            },
            { "in full", $$$""" "subject":{"reference":"B/Patient/P"},"code":{{{Systolic}}},{{{At}}} """ },
            {
                "of a version",
                $$$""" "subject":{"reference":"Patient/P/_history/1"},"code":{{{Systolic}}},{{{At}}} """
            },
        };

    public static TheoryData<string, string> NotCounting =>
        new()
        {
            { "preliminary", $$$""" "status":"preliminary","code":{{{Systolic}}},{{{At}}} """ },
            { "in error", $$$""" "status":"entered-in-error","code":{{{Systolic}}},{{{At}}} """ },
            { "no time", $$$""" "code":{{{Systolic}}} """ },
            { "before the goal", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2025-12-31" """ },
            { "of a time to come", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2095-12-31T10:00:00Z" """ },
            { "another code", $$$""" "code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},{{{At}}} """ },
            { "another system", $$$""" "code":{"coding":[{"system":"http://a.example","code":"8480-6"}]},{{{At}}} """ },
            { "no system", $$$""" "code":{"coding":[{"code":"8480-6"}]},{{{At}}} """ },
            { "another unit", $$$""" "code":{{{Systolic}}},{{{At}}},"valueQuantity":{"value":16,"unit":"kPa"} """ },
            { "of somebody else", $$$""" "subject":{"reference":"Patient/P-else"},"code":{{{Systolic}}},{{{At}}} """ },
            {
                "elsewhere",
                $$$""" "subject":{"reference":"http://a.example/Patient/P"},"code":{{{Systolic}}},{{{At}}} """
            },
            { "by identifier", $$$""" "subject":{"identifier":{"value":"P"}},"code":{{{Systolic}}},{{{At}}} """ },
            {
                "contained",
                $$$""" "contained":[{"resourceType":"Patient","id":"P"}],"subject":{"reference":"#P"},"code":{{{Systolic}}},{{{At}}} """
            },
        };

    [Theory, MemberData(nameof(Counting))]
    public async Task An_earlier_reading_counts(string what, string members)
    {
        await PutAsync("before", members);
        await GoalAsync();

        Assert.Equal((what, "sustaining"), (what, await NextAsync()));
    }

    [Theory, MemberData(nameof(NotCounting))]
    public async Task What_is_no_reading_of_the_goal_does_not_count(string what, string members)
    {
        await PutAsync("before", members);
        await GoalAsync();

        Assert.Equal((what, "achieved"), (what, await NextAsync()));
    }

    [Theory, MemberData(nameof(NotCounting))]
    public async Task A_reading_that_becomes_none_does_not_count_any_more(string what, string members)
    {
        await PutAsync("before", $$$""" "code":{{{Systolic}}},{{{At}}} """);
        await PutAsync("before", members);
        await GoalAsync();

        Assert.Equal((what, "achieved"), (what, await NextAsync()));
    }

    [Theory, MemberData(nameof(Counting))]
    public async Task What_becomes_a_reading_counts(string what, string members)
    {
        await PutAsync("before", $$$""" "status":"preliminary","code":{{{Systolic}}} """);
        await PutAsync("before", members);
        await GoalAsync();

        Assert.Equal((what, "sustaining"), (what, await NextAsync()));
    }

    [Fact]
    public async Task A_reading_that_was_deleted_does_not_count_and_counts_when_it_is_back()
    {
        await PutAsync("before", $$$""" "code":{{{Systolic}}},{{{At}}} """);
        (await Server.DeleteAsync($"Observation/{_patient}-before")).ShouldBe(204);
        await GoalAsync();
        Assert.Equal("achieved", await NextAsync());

        await PutAsync("before", $$$""" "code":{{{Systolic}}},{{{At}}} """);
        await GoalAsync("again");
        Assert.Equal("sustaining", await NextAsync("again", "2026-03-21T10:00:00Z"));
    }

    [Fact]
    public async Task Readings_are_in_the_order_in_which_they_were_true_whatever_their_zones()
    {
        // The evening of the first in New York is after the midnight that begins the second in Greenwich.
        await PutAsync("a", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2026-03-01T23:00:00-05:00" """, 150);
        await PutAsync("b", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2026-03-02T00:00:00Z" """, 120);
        await GoalAsync();
        await PutAsync("c", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2026-03-02T09:30:00+05:30" """, 140);

        // 03:59 UTC: between the two of them, so that the one of 150 is the latest still.
        await PutAsync("c", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2026-03-02T09:29:00+05:30" """, 140);

        Assert.Equal("worsening", await AchievementAsync("goal"));
    }

    [Theory]
    [InlineData("2026-02-01")]
    [InlineData("2095-01-01T10:00:00Z")]
    public async Task A_reading_outside_of_the_life_of_a_goal_does_not_move_it(string at)
    {
        await GoalAsync(start: "2026-02-02");

        await PutAsync("outside", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"{{{at}}}" """);

        var goal = (await Server.GetAsync($"Goal/{_patient}-goal")).ShouldBe(200);
        Assert.Equal("W/\"1\"", goal.ETag);
        Assert.Equal("achieved", await NextAsync());
    }

    [Fact]
    public async Task The_day_on_which_a_goal_begins_is_of_its_life()
    {
        await PutAsync("before", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"2026-02-02" """);
        await GoalAsync(start: "2026-02-02");

        Assert.Equal("sustaining", await NextAsync());
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("conditional delete")]
    [InlineData("transaction")]
    public async Task A_deleted_reading_decides_nothing_any_more(string way)
    {
        await GoalAsync();
        Assert.Equal("achieved", await NextAsync());
        var reading = $"Observation/{_patient}-next-goal";

        var gone = way switch
        {
            "delete" => await Server.DeleteAsync(reading),
            "conditional delete" => await Server.DeleteAsync($"Observation?_id={_patient}-next-goal"),
            _ => await Server.PostAsync("", Given.Transaction(Given.Entry("DELETE", reading))),
        };

        Assert.InRange(gone.Status, 200, 204);
        Assert.Equal("in-progress", await AchievementAsync("goal"));
        var goal = (await Server.GetAsync($"Goal/{_patient}-goal")).ShouldBe(200);
        Assert.DoesNotContain(reading, goal.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("batch")]
    [InlineData("conditional update")]
    [InlineData("patch")]
    public async Task Every_way_of_writing_keeps_readings(string way)
    {
        var body = Body("before", $$$""" "code":{{{Systolic}}},{{{At}}} """, 120);
        var path = $"Observation/{_patient}-before";
        var answer = way switch
        {
            "transaction" => await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", path, body))),
            "batch" => await Server.PostAsync("", Given.Batch(Given.Entry("PUT", path, body))),
            "conditional update" => await Server.PutAsync($"Observation?_id={_patient}-before", body),
            _ => await PatchedAsync(path, body),
        };
        Assert.InRange(answer.Status, 200, 201);
        await GoalAsync();

        Assert.Equal((way, "sustaining"), (way, await NextAsync()));
    }

    [Fact]
    public async Task A_goal_of_several_codes_is_judged_by_the_readings_of_all_of_them()
    {
        const string Other = """{"coding":[{"system":"urn:lab","code":"rr"}]}""";
        for (var i = 0; i < 12; i++)
            await PutAsync(
                $"n{i}",
                $$$""" "code":{{{(i % 2 == 0 ? Systolic : Other)}}},"effectiveDateTime":"2026-03-{{{i + 1:00}}}T10:00:00Z" """,
                i == 11 ? 150 : 120
            );
        await GoalAsync(
            codes: """{"system":"urn:lab","code":"rr"},{"system":"http://loinc.org","code":"8480-6"}""",
            required: 3
        );

        Assert.Equal("improving", await NextAsync());
        await PutAsync("n11", $$$""" "code":{{{Other}}},"effectiveDateTime":"2026-03-12T10:00:00Z" """, 120);
        Assert.Equal("sustaining", await AchievementAsync("goal"));
    }

    private async Task<Answer> PatchedAsync(string path, string body)
    {
        var other = body.Replace("8480-6", "8462-4", StringComparison.Ordinal);
        (await Server.PutAsync(path, other)).ShouldBe(201);
        return await Server.PatchAsync(path, """[{"op":"replace","path":"/code/coding/0/code","value":"8480-6"}]""");
    }

    /// <summary>A further reading that meets the target, and what the goal says then.</summary>
    private async Task<string> NextAsync(string goal = "goal", string at = "2026-03-20T10:00:00Z")
    {
        await PutAsync($"next-{goal}", $$$""" "code":{{{Systolic}}},"effectiveDateTime":"{{{at}}}" """);
        return await AchievementAsync(goal);
    }

    private async Task<string> AchievementAsync(string goal) =>
        (await Server.GetAsync($"Goal/{_patient}-{goal}"))
            .ShouldBe(200)
            .Json.GetProperty("achievementStatus")
            .GetProperty("coding")[0]
            .GetProperty("code")
            .GetString()!;

    private async Task GoalAsync(
        string name = "goal",
        string codes = """{"system":"http://loinc.org","code":"8480-6"}""",
        int required = 1,
        string start = "2026-01-01"
    ) =>
        (
            await Server.PutAsync(
                $"Goal/{_patient}-{name}",
                $$$"""
                {"resourceType":"Goal","id":"{{{_patient}}}-{{{name}}}","lifecycleStatus":"active","startDate":"{{{start}}}","description":{"text":"Blood pressure"},
                 "subject":{"reference":"Patient/{{{_patient}}}"},
                 "target":[{"extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/required-readings","valuePositiveInt":{{{required}}}}],
                            "measure":{"coding":[{{{codes}}}]},"detailQuantity":{"value":130,"comparator":"<","unit":"mmHg"}}]}
                """
            )
        ).ShouldBe(201);

    private async Task PutAsync(string name, string members, int value = 120) =>
        Assert.InRange(
            (await Server.PutAsync($"Observation/{_patient}-{name}", Body(name, members, value))).Status,
            200,
            201
        );

    /// <summary>An Observation of the members, and of what they leave out.</summary>
    private string Body(string name, string members, int value)
    {
        members = members.Trim().Replace("B/", Server.Base + "/", StringComparison.Ordinal);
        members = System.Text.RegularExpressions.Regex.Replace(members, @"\bP\b", _patient);
        var rest = "";
        if (!members.Contains("\"status\":", StringComparison.Ordinal))
            rest += ",\"status\":\"final\"";
        if (!members.Contains("\"subject\":", StringComparison.Ordinal))
            rest += $",\"subject\":{{\"reference\":\"Patient/{_patient}\"}}";
        if (!members.Contains("\"valueQuantity\":", StringComparison.Ordinal))
            rest += $",\"valueQuantity\":{{\"value\":{value},\"unit\":\"mmHg\"}}";
        return $"{{\"resourceType\":\"Observation\",\"id\":\"{_patient}-{name}\",{members}{rest}}}";
    }
}
