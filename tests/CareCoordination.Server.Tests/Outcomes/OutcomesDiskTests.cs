using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Outcomes;

/// <summary>The file of the tables of outcomes is not the record: what befalls it is told to whoever asks, and nobody else notices.</summary>
public sealed class OutcomesDiskTests
{
    private const string Question = "Measure/m-16/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31";

    [Fact]
    public async Task A_full_disk_is_told_and_the_tables_go_on_where_there_is_room_again()
    {
        await using var disk = await SmallDisk.NewAsync("1m");
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        await using var server = await TestServer.StartAsync([
            .. database.Settings,
            $"--Analytics:File={Path.Combine(disk.Folder, "outcomes.duckdb")}",
        ]);
        await StoreAsync(server, 300);

        var refused = await server.GetAsync(Question);

        Assert.Equal(503, refused.Status);
        Assert.Contains("The disk of the tables of outcomes is full", refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(disk.Folder, refused.Body, StringComparison.Ordinal);
        (await server.PutAsync("Patient/meanwhile", Given.Patient("meanwhile"))).ShouldBe(201);

        await disk.GrowAsync("200m");
        Assert.Equal(300, await CountAsync(server));
    }

    [Fact]
    public async Task A_file_that_another_server_has_open_is_told_and_taken_when_it_is_free()
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        using var file = new OutcomesFile();
        await using var server = await TestServer.StartAsync([.. database.Settings, file.Setting]);
        await StoreAsync(server, 3);
        await using (var other = await ServerProcess.StartWithAsync([.. database.Settings, file.Setting]))
        {
            Assert.Equal(200, (await WaitAsync(() => other.SendAsync(HttpMethod.Get, Question))).Status);

            var refused = await server.GetAsync(Question);
            Assert.Equal(503, refused.Status);
            Assert.Contains("is open in another process", refused.Body, StringComparison.Ordinal);
            Assert.NotNull(refused.Header("Retry-After"));
            (await server.PutAsync("Patient/meanwhile", Given.Patient("meanwhile"))).ShouldBe(201);
        }

        Assert.Equal(3, await CountAsync(server));
    }

    private static async Task StoreAsync(TestServer server, int tasks)
    {
        await server.PutAsync("Patient/p", Given.Patient("p"));
        foreach (var part in Enumerable.Range(0, tasks).Chunk(100))
            (
                await server.PostAsync(
                    "",
                    Given.Transaction([
                        .. part.Select(i =>
                            Given.Entry(
                                "PUT",
                                $"Task/t{i}",
                                $$$"""{"resourceType":"Task","id":"t{{{i}}}","status":"completed","intent":"order","for":{"reference":"Patient/p"},"restriction":{"period":{"end":"2026-03-04"}},"executionPeriod":{"end":"2026-03-03"}}"""
                            )
                        ),
                    ])
                )
            ).ShouldBe(200);
    }

    private static async Task<int> CountAsync(TestServer server) =>
        (await WaitAsync(() => server.GetAsync(Question)))
            .ShouldBe(200)
            .Json.GetProperty("group")[0]
            .GetProperty("population")[0]
            .GetProperty("count")
            .GetInt32();

    /// <summary>As a client does that is told to ask again.</summary>
    private static async Task<Answer> WaitAsync(Func<Task<Answer>> ask)
    {
        for (var i = 0; ; i++)
        {
            var answer = await ask();
            if (answer.Status != 503 || i == 100)
                return answer;
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
