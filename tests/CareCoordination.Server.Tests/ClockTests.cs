using System.Globalization;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>A server whose clock is a day ahead of the database's, beside one whose clock is right.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private const string Bound = "--Storage:MaxClockAheadSeconds=5";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private TestServer _ahead = null!;
    private TestServer _right = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        string[] database =
        [
            "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
        ];
        Assert.Equal(0, await Program.Main(["migrate", .. database]));
        _ahead = await TestServer.StartAsync([.. database, Bound], time: new ShiftedClock(Now + Day));
        _right = await TestServer.StartAsync([.. database, Bound]);
    }

    [Fact]
    public async Task Readiness_says_by_how_much_a_clock_is_ahead()
    {
        var body = (await _ahead.GetAsync("/health/ready")).ShouldBe(200).Body;

        Assert.Matches("^ready; the clock is 86[34][0-9]{2} s ahead$", body);
        Assert.Equal("ready", (await _right.GetAsync("/health/ready")).ShouldBe(200).Body);
    }

    [Fact]
    public async Task Both_stamp_with_the_time_of_the_database_and_find_what_is_new()
    {
        var seen = Now - Minute;
        for (var i = 0; i < 6; i++)
        {
            var server = i % 2 == 0 ? _ahead : _right;
            var created = (await server.PostAsync("Patient", """{"resourceType":"Patient"}""")).ShouldBe(201);
            var updated = DateTimeOffset.Parse(
                created.Json.GetProperty("meta").GetProperty("lastUpdated").GetString()!,
                CultureInfo.InvariantCulture
            );
            Assert.InRange(updated, Now - Minute, Now + Minute);
            var since = Uri.EscapeDataString(seen.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
            foreach (var reader in (TestServer[])[_ahead, _right])
            {
                var found = (await reader.GetAsync($"Patient?_lastUpdated=gt{since}")).ShouldBe(200);
                Assert.Equal([created.Id], found.Resources.Select(r => r.GetProperty("id").GetString()!));
                var future = Uri.EscapeDataString((Now + Minute).ToString("O", CultureInfo.InvariantCulture));
                var history = (await reader.GetAsync($"Patient/_history?_since={future}")).ShouldBe(200);
                Assert.Empty(history.Entries);
            }

            seen = updated;
        }
    }

    [Fact]
    public async Task What_the_server_writes_of_itself_has_the_right_time()
    {
        var task = (
            await _ahead.PostAsync(
                "Task",
                """{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/p"}}"""
            )
        ).ShouldBe(201);

        var claimed = await _ahead.PostAsync(
            $"Task/{task.Id}/$cancel",
            """{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":"moved"}]}"""
        );

        Assert.True(claimed.Status < 300, claimed.Body);
        var provenance = (await _ahead.GetAsync($"Provenance?target=Task/{task.Id}")).ShouldBe(200);
        var recorded = provenance.Resources.Select(r => r.GetProperty("recorded").GetString()!).ToList();
        Assert.NotEmpty(recorded);
        foreach (var time in recorded)
            Assert.InRange(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), Now - Minute, Now + Minute);
    }

    public async ValueTask DisposeAsync()
    {
        await _ahead.DisposeAsync();
        await _right.DisposeAsync();
    }
}
