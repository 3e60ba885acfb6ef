using CareCoordination.Application.Retention;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>Rows are kept for six years, and what is left of the chain can be verified when they go.</summary>
public sealed class TrailRetentionTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_oldest_rows_go_after_six_years_and_the_chain_goes_on(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        var clock = new ShiftedClock(Begin);
        await using var server = await TestServer.StartAsync(
            [.. database.Settings, "--Care:Retention:Enabled=false", "--Care:Retention:Batch=4"],
            time: clock
        );
        for (var i = 0; i < 10; i++)
            await server.PutAsync($"Patient/old{i}", Given.Patient($"old{i}"));
        clock.Advance(TimeSpan.FromDays(365));
        for (var i = 0; i < 3; i++)
            await server.PutAsync($"Patient/new{i}", Given.Patient($"new{i}"));

        clock.Advance(Begin.AddYears(6).AddDays(-1) - clock.GetUtcNow());
        Assert.Equal(0, (await SweepAsync(server)).Audit);
        Assert.Equal(13, await database.CountAsync("\"AuditRow\""));

        clock.Advance(TimeSpan.FromDays(2));
        var removed = await Task.WhenAll(SweepAsync(server), SweepAsync(server));
        Assert.True(removed.Sum(r => r.Audit) >= 10);
        Assert.Equal(3, await database.CountAsync("\"AuditRow\""));
        Assert.Equal(3, await database.CountAsync("\"AuditKey\""));
        var report = await server.VerifyAsync();
        Assert.Equal((3, 0), (report.Rows, report.Problems.Length));
        Assert.Single(await server.AllAsync("AuditEvent?entity=Patient/new1"));
        Assert.Empty(await server.AllAsync("AuditEvent?entity=Patient/old1"));

        // All go, and the next row follows them.
        clock.Advance(TimeSpan.FromDays(400));
        await SweepAsync(server);
        Assert.Equal(0, await database.CountAsync("\"AuditRow\""));
        await server.PutAsync("Patient/last", Given.Patient("last"));
        Assert.Single(await server.AllAsync("AuditEvent?_id=audit-14"));
        Assert.Empty((await server.VerifyAsync()).Problems);
        await database.ExecuteAsync("""UPDATE "AuditCut" SET "Sequence" = 12""");
        Assert.NotEmpty((await server.VerifyAsync()).Problems);
    }

    private static Task<Removed> SweepAsync(TestServer server) =>
        server.Services.GetRequiredService<RetentionSweep>().RunAsync(TestContext.Current.CancellationToken);
}
