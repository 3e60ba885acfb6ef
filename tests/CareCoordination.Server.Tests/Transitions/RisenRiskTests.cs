using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>A risk that turns out to be high after the discharge was told changes the plan as if it had been known at once.</summary>
public abstract class RisenRiskTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : RisenRiskTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : RisenRiskTests(shared);

    private static readonly string[] Calm = ["call 7", "call 14", "call 21", "call 28", "visit 14"];
    private static readonly string[] High = ["call 3", "call 7", "call 10", "call 14", "call 21", "call 28", "visit 7"];

    private readonly Hospital _hospital = new() { Start = At(-3), End = At(0) };

    [Fact]
    public async Task The_visit_is_brought_forward_and_further_calls_are_asked_for_once()
    {
        await SayAsync(isHigh: false);
        Assert.Equal(Calm, await WorkAsync());

        await SayAsync(isHigh: true);
        Assert.Equal(High, await WorkAsync());
        var versions = await VersionsAsync();

        await SayAsync(isHigh: true);
        Assert.Equal(High, await WorkAsync());
        Assert.Equal(versions, await VersionsAsync());
    }

    [Fact]
    public async Task It_is_as_if_it_had_been_known_at_once()
    {
        await SayAsync(isHigh: true);

        Assert.Equal(High, await WorkAsync());
    }

    [Fact]
    public async Task A_risk_that_falls_takes_nothing_back()
    {
        await SayAsync(isHigh: true);
        await SayAsync(isHigh: false);

        Assert.Equal(High, await WorkAsync());
    }

    [Fact]
    public async Task A_time_that_somebody_has_chosen_stays()
    {
        await SayAsync(isHigh: false);
        await ChangeVisitAsync($$"""{"op":"replace","path":"/restriction/period/end","value":"{{At(10)}}"}""");

        await SayAsync(isHigh: true);

        var before = Calm.SkipLast(1).Append("visit 10").ToArray();
        Assert.Equal(before, await WorkAsync());
    }

    [Fact]
    public async Task A_visit_that_was_kept_asks_for_nothing_more()
    {
        await SayAsync(isHigh: false);
        foreach (var status in (string[])["accepted", "in-progress", "completed"])
            await ChangeVisitAsync($$"""{"op":"replace","path":"/status","value":"{{status}}"}""");

        await SayAsync(isHigh: true);

        Assert.Equal(Calm, await WorkAsync());
    }

    /// <summary>LACE: a stay of twenty days counts seven, an emergency three, which is high.</summary>
    private async Task SayAsync(bool isHigh)
    {
        _hospital.Start = At(isHigh ? -20 : -3);
        var priority = isHigh
            ? """ "priority":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActPriority","code":"EM"}]},"""
            : "";
        var message = _hospital
            .Discharge(TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture))
            .Replace("\"class\":", priority + "\"class\":", StringComparison.Ordinal);
        (await Server.PostAsync("$submit-transition", message)).ShouldBe(200);
    }

    /// <summary>What the calls and the visit are due by, in days from the discharge.</summary>
    private async Task<string[]> WorkAsync() =>
        [
            .. (await TasksAsync())
                .Where(t => CodeOf(t) is "call" or "visit")
                .Select(t => (Code: CodeOf(t), Days: DueOf(t).DayNumber - DischargedOn.DayNumber))
                .OrderBy(t => t.Code, StringComparer.Ordinal)
                .ThenBy(t => t.Days)
                .Select(t => $"{t.Code} {t.Days}"),
        ];

    private async Task<string[]> VersionsAsync() =>
        [
            .. (await TasksAsync())
                .Where(t => t.TryGetProperty("restriction", out _))
                .Select(t => $"{t.GetProperty("id")} {t.GetProperty("meta").GetProperty("versionId")}")
                .Order(StringComparer.Ordinal),
        ];

    private async Task ChangeVisitAsync(string change)
    {
        var visit = (await TasksAsync()).Single(t => CodeOf(t) == "visit");
        (await Server.PatchAsync($"Task/{visit.GetProperty("id")}", $"[{change}]")).ShouldBe(200);
    }

    private async Task<JsonElement[]> TasksAsync()
    {
        var patient = Assert.Single(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{_hospital.Person}")).ShouldBe(200).Ids
        );
        return [.. (await Server.GetAsync($"Task?patient=Patient/{patient}&_count=100")).ShouldBe(200).Resources];
    }

    private DateOnly DischargedOn =>
        DateOnly.FromDateTime(DateTimeOffset.Parse(_hospital.End, CultureInfo.InvariantCulture).UtcDateTime);

    private static DateOnly DueOf(JsonElement task) =>
        DateOnly.FromDateTime(
            task.GetProperty("restriction").GetProperty("period").GetProperty("end").GetDateTimeOffset().UtcDateTime
        );

    private static string CodeOf(JsonElement task) =>
        task.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!;

    private static string At(int days) =>
        TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
