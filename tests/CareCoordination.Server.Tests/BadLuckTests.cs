using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>A database that goes away and comes back.</summary>
public sealed class BadLuckTests
{
    [Fact]
    public async Task While_the_database_is_away_everything_says_when_to_come_back_and_then_works_again()
    {
        using var cluster = PostgreSqlCluster.RequireOwn();
        var database = $"--ConnectionStrings:CareCoordination={cluster.NewDatabase()}";
        const string Provider = "--Storage:Provider=PostgreSql";
        Assert.Equal(0, await Program.Main(["migrate", Provider, database]));
        await using var server = await TestServer.StartAsync([Provider, database, "--Logging:LogLevel:Default=None"]);
        var before = (await server.PostAsync("Patient", Given.Patient("x"))).ShouldBe(201);

        cluster.Stop();
        var read = await server.GetAsync($"Patient/{before.Id}");
        var write = await server.PostAsync("Patient", Given.Patient("x"));
        var search = await server.GetAsync("Patient?name=x");
        var ready = await server.GetAsync("/health/ready");
        var live = await server.GetAsync("/health/live");
        cluster.Start();

        foreach (var answer in (Answer[])[read, write, search])
        {
            answer.ShouldBe(503);
            Assert.StartsWith("error transient: ", Assert.Single(answer.Issues), StringComparison.Ordinal);
            Assert.NotNull(answer.Header("Retry-After"));
        }

        ready.ShouldBe(503);
        live.ShouldBe(200);
        Assert.Equal(before.Body, (await EventuallyAsync(() => server.GetAsync($"Patient/{before.Id}"))).Body);
        (await EventuallyAsync(() => server.PostAsync("Patient", Given.Patient("x")))).ShouldBe(201);
    }

    [Fact]
    public async Task A_server_database_that_was_not_migrated_stops_the_start()
    {
        var cluster = PostgreSqlCluster.Require();
        var problem = await Assert.ThrowsAsync<CareCoordination.Application.Settings.ConfigurationProblem>(() =>
            TestServer.StartAsync([
                "--Storage:Provider=PostgreSql",
                $"--ConnectionStrings:CareCoordination={cluster.NewDatabase()}",
            ])
        );
        Assert.Contains("run the server with the verb 'migrate'", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<Answer> EventuallyAsync(Func<Task<Answer>> ask)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await ask();
            if (answer.Status < 500 || attempt == 50)
                return answer;
            await Task.Delay(100);
        }
    }
}
