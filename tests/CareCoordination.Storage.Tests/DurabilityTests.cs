using System.Diagnostics;
using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;

namespace CareCoordination.Storage.Tests;

/// <summary>What was acknowledged is there, once, whatever happened to the process or the database.</summary>
public sealed class DurabilityTests
{
    private const int AcknowledgedBeforeKill = 200;

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task An_acknowledged_write_survives_the_death_of_the_process(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var acknowledged = new List<string>();
        var program = Path.Combine(AppContext.BaseDirectory, "CareCoordination.Storage.CrashWriter.dll");
        var start = new ProcessStartInfo("dotnet", [program, provider.ToString(), database.Options.ConnectionString])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using (var writer = Process.Start(start)!)
        {
            // A line that is cut off by the end was not acknowledged.
            while (await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } id)
            {
                acknowledged.Add(id);
                if (acknowledged.Count == AcknowledgedBeforeKill)
                    writer.Kill();
            }

            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(acknowledged.Count >= AcknowledgedBeforeKill, "The writer ended before it was killed.");
        var store = database.OpenStore();
        foreach (var id in acknowledged.SkipLast(1))
            Assert.Equal(1, (await store.ReadAsync(Given.Key($"Patient/{id}"), default))?.Version);
        await AssertWholeAsync(store);
    }

    [Fact]
    public async Task A_database_that_goes_away_and_comes_back_loses_and_doubles_nothing()
    {
        using var cluster = PostgreSqlCluster.RequireOwn();
        var options = new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString = cluster.NewDatabase(),
        };
        await new StorageMigrator(options).ApplyAsync(default);
        await using var store = TestDatabase.Open(options);
        using var done = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(w => WriteAsync(store, w, done.Token)));

        await Task.Delay(500, TestContext.Current.CancellationToken);
        cluster.Stop();
        var away = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.ReadAsync(Given.Key("Patient/0-0"), default)
        );
        Assert.True(away.RetryAfter > TimeSpan.Zero);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/while-away")));
        cluster.Start();
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        await done.CancelAsync();
        var acknowledged = (await writing).SelectMany(ids => ids).ToList();

        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/afterwards"))).Outcome);
        foreach (var id in acknowledged)
            Assert.Equal(1, (await store.ReadAsync(Given.Key($"Patient/{id}"), default))?.Version);
        Assert.Null(await store.ReadAsync(Given.Key("Patient/while-away"), default));
        await AssertWholeAsync(store);
    }

    private static async Task<List<string>> WriteAsync(ResourceStore store, int writer, CancellationToken stop)
    {
        var acknowledged = new List<string>();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                var result = await store.OneAsync(Given.Put($"Patient/{writer}-{i}", """ "active":true """));
                Assert.Equal(ChangeOutcome.Created, result.Outcome);
                acknowledged.Add($"{writer}-{i}");
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }

        return acknowledged;
    }

    /// <summary>Every version has its resource and every resource its index rows, once.</summary>
    private static async Task AssertWholeAsync(ResourceStore store)
    {
        var versions = (await store.HistoryAsync(new HistoryQuery("Patient", null, 0), default)).Total;
        var resources = (await store.SearchAsync(Given.Query("Patient?_summary=count"), default)).Total;
        var active = (await store.SearchAsync(Given.Query("Patient?active=true&_summary=count"), default)).Total;
        var missing = (
            await store.SearchAsync(Given.Query("Patient?active:missing=true&_summary=count"), default)
        ).Total;
        Assert.Equal((versions, versions), (resources, active + missing));
    }
}
