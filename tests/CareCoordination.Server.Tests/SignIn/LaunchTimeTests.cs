using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Stores;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>A launch does not last.</summary>
public sealed class LaunchTimeTests
{
    [Fact]
    public async Task A_launch_is_taken_for_five_minutes()
    {
        var clock = new ShiftedClock(new DateTimeOffset(2026, 11, 30, 6, 0, 0, TimeSpan.Zero));
        await using var server = await SignInServer.StartAsync(isPostgreSql: false, clock);
        await using var scope = server.Server.Services.CreateAsyncScope();
        var launches = scope.ServiceProvider.GetRequiredService<Launches>();
        var launch = launches.Make("app", "p-1", null, null);

        Assert.NotNull(await launches.ReadAsync(launch, "app", default));
        clock.Advance(TimeSpan.FromSeconds(295));
        Assert.NotNull(await launches.ReadAsync(launch, "app", default));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await launches.ReadAsync(launch, "app", default));
    }

    [Fact]
    public async Task What_is_taken_once_is_taken_once_and_by_its_own_name()
    {
        await using var server = await SignInServer.StartAsync(isPostgreSql: false);
        await using var scope = server.Server.Services.CreateAsyncScope();
        var spent = scope.ServiceProvider.GetRequiredService<SpentOnce>();

        Assert.False(await spent.IsTakenAsync("launch 1", default));
        Assert.True(await spent.TakeAsync("launch 1", long.MaxValue, default));
        Assert.False(await spent.TakeAsync("launch 1", long.MaxValue, default));
        Assert.True(await spent.IsTakenAsync("launch 1", default));
        Assert.True(await spent.TakeAsync("launch 2", long.MaxValue, default));
    }
}
