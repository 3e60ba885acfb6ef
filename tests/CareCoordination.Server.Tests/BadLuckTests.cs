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

        Assert.Equal("unreachable", ready.ShouldBe(503).Body);
        live.ShouldBe(200);
        Assert.Equal(before.Body, (await EventuallyAsync(() => server.GetAsync($"Patient/{before.Id}"))).Body);
        (await EventuallyAsync(() => server.PostAsync("Patient", Given.Patient("x")))).ShouldBe(201);
    }

    [Fact]
    public async Task A_server_on_a_standby_reads_and_says_in_a_word_why_it_is_not_ready()
    {
        using var primary = PostgreSqlCluster.RequireOwn();
        var database = primary.NewDatabase();
        const string Provider = "--Storage:Provider=PostgreSql";
        Assert.Equal(0, await Program.Main(["migrate", Provider, $"--ConnectionStrings:CareCoordination={database}"]));
        using var standby = primary.StartStandby();
        var there = database.Replace($"Port={primary.Port}", $"Port={standby.Port}", StringComparison.Ordinal);
        await using var server = await TestServer.StartAsync([
            Provider,
            $"--ConnectionStrings:CareCoordination={there}",
            "--Logging:LogLevel:Default=None",
        ]);

        (await server.GetAsync("Patient")).ShouldBe(200);
        foreach (
            var refused in (Answer[])
                [
                    await server.PostAsync("Patient", Given.Patient("x")),
                    await server.PutAsync("Patient/a", Given.Patient("a", "x")),
                ]
        )
        {
            refused.ShouldBe(503);
            Assert.Equal("5", refused.Header("Retry-After"));
            Assert.Equal(
                "error transient: The database takes no changes at the moment, as during a failover. Nothing was stored; try again in a few seconds.",
                Assert.Single(refused.Issues)
            );
        }

        var ready = (await server.GetAsync("/health/ready")).ShouldBe(503);
        Assert.Equal(("read-only", "text/plain; charset=utf-8"), (ready.Body, ready.Header("Content-Type")));

        standby.Promote();

        (await server.PostAsync("Patient", Given.Patient("x"))).ShouldBe(201);
        Assert.Equal("ready", (await server.GetAsync("/health/ready")).ShouldBe(200).Body);
    }

    [Fact]
    public async Task A_database_that_hangs_is_answered_for_within_its_time_and_works_when_it_goes_on()
    {
        using var cluster = PostgreSqlCluster.RequireOwn();
        var database = $"--ConnectionStrings:CareCoordination={cluster.NewDatabase()}";
        const string Provider = "--Storage:Provider=PostgreSql";
        Assert.Equal(0, await Program.Main(["migrate", Provider, database]));
        await using var server = await TestServer.StartAsync([
            Provider,
            database,
            "--Storage:CommandTimeoutSeconds=2",
            "--Logging:LogLevel:Default=None",
        ]);
        var before = (await server.PostAsync("Patient", Given.Patient("x"))).ShouldBe(201);

        cluster.Pause();
        // Far longer than the two seconds, and far shorter than what the driver takes to give up.
        var patience = TimeSpan.FromSeconds(15);
        var asked = new[]
        {
            server.GetAsync($"Patient/{before.Id}"),
            server.GetAsync("Patient?name=x"),
            server.GetAsync("Patient/_history"),
        };
        foreach (var answer in asked)
            Assert.NotNull((await answer.WaitAsync(patience)).ShouldBe(503).Header("Retry-After"));
        // By whether a session is left to ask on, or one has to be opened.
        Assert.Contains(
            (await server.GetAsync("/health/ready").WaitAsync(patience)).ShouldBe(503).Body,
            (string[])["slow", "unreachable"]
        );
        Assert.Equal("live", (await server.GetAsync("/health/live").WaitAsync(patience)).ShouldBe(200).Body);
        cluster.Resume();

        Assert.Equal(200, (await EventuallyAsync(() => server.GetAsync($"Patient/{before.Id}"))).Status);
        Assert.Equal(201, (await EventuallyAsync(() => server.PostAsync("Patient", Given.Patient("z")))).Status);
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
