using CareCoordination.Application.Timers;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Caseload;

/// <summary>A handover that nobody accepts is for a lead after one business day.</summary>
public sealed class LateHandoverTests
{
    private static readonly DateTimeOffset Friday = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_lead_is_told_when_it_is_due_and_no_more_once_it_is_accepted()
    {
        var clock = new ShiftedClock(Friday);
        await using var server = await TestServer.OnSqliteAsync(clock);
        var ward = await Ward.OpenAsync(server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var (patient, episode) = await ward.PatientAsync(from);
        var offer = await server.AskAsync(
            $"{patient}/$transfer",
            Ask.Reference("to", to),
            Ask.Text("handoffNote", "prefers mornings")
        );
        Assert.Equal("2026-11-23T23:59:59Z", offer.ShouldBe(200).At("restriction", "period", "end"));

        clock.Advance(TimeSpan.FromDays(3));
        await RingAsync(server);
        Assert.Empty((await server.GetAsync("Task/$worklist?role=lead")).Resources);
        clock.Advance(TimeSpan.FromHours(13));
        await RingAsync(server);

        var told = Assert.Single((await server.GetAsync("Task/$worklist?role=lead")).ShouldBe(200).Resources);
        Assert.Equal($"Task/{offer.Id}", told.GetProperty("focus").GetProperty("reference").GetString());
        (await server.AskAsync($"Task/{offer.Id}/$accept")).ShouldBe(200);
        Assert.Equal(to, await ward.ManagerOfAsync(episode));
        Assert.Equal("cancelled", await server.StatusOfAsync($"Task/{told.GetProperty("id").GetString()}"));
    }

    private static async Task RingAsync(TestServer server)
    {
        var round = server.Services.GetRequiredService<TimerSweep>();
        while (await round.RunAsync(TestContext.Current.CancellationToken) > 0) { }
    }
}
