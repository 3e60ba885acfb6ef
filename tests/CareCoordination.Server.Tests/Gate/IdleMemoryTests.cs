using System.Diagnostics;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Gate;

/// <summary>What large requests took goes back to the machine when the server is quiet.</summary>
public sealed class IdleMemoryTests
{
    private const long Megabyte = 1 << 20;

    [Theory]
    [InlineData(100, 300, 100, 0, true)]
    [InlineData(115, 300, 100, 0, true)]
    [InlineData(116, 300, 100, 0, false)] // Something goes on.
    [InlineData(100, 192, 100, 0, false)] // Little is held.
    [InlineData(100, 193, 100, 0, true)]
    [InlineData(100, 300, 100, 36, false)] // It was collected, and what is held is in use.
    [InlineData(101, 300, 101, 36, true)]
    public void Is_collected_where_little_happens_and_much_is_held(
        long allocated,
        long committed,
        long allocatedBefore,
        long collectedAt,
        bool isWorth
    )
    {
        var now = new MemoryUse(allocated * Megabyte, committed * Megabyte);
        var before = new MemoryUse(allocatedBefore * Megabyte, committed * Megabyte);

        Assert.Equal(isWorth, now.IsWorthCollecting(before, collectedAt * Megabyte));
    }

    [Fact]
    public async Task Most_of_what_large_bodies_took_goes_back()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await GivesBackAsync(Path.Combine(folder.FullName, "care.db"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task GivesBackAsync(string file)
    {
        await using var server = await ServerProcess.StartAsync(file);
        var body = $$"""{"resourceType":"Binary","contentType":"text/plain","data":"{{new string('A', 20 << 20)}}"}""";
        (await server.SendAsync(HttpMethod.Get, "Patient")).ShouldBe(200);
        var quiet = server.ResidentBytes;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => server.SendAsync(HttpMethod.Post, "Binary", body))
        );
        Assert.All(answers, a => a.ShouldBe(201));
        var loaded = server.ResidentBytes;

        var patience = Stopwatch.StartNew();
        // The allocators of the web server and of SQLite keep some tens of MB for themselves; without the collection 470 stayed.
        while (server.ResidentBytes > quiet + 200 * Megabyte)
        {
            Assert.True(
                patience.Elapsed < TimeSpan.FromMinutes(2),
                $"{server.ResidentBytes / Megabyte} MB stay of {loaded / Megabyte}; it was {quiet / Megabyte} before."
            );
            await Task.Delay(500);
        }

        (await server.SendAsync(HttpMethod.Get, "Patient")).ShouldBe(200);
    }
}
