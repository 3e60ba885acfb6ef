using System.Collections.Concurrent;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>Many who claim from one pool.</summary>
public sealed class ClaimRaceTests
{
    private const int Clients = 200;
    private const int Tasks = 10_000;
    private const int TasksPerBundle = 1000;

    [Fact]
    public async Task Each_task_of_a_pool_is_claimed_exactly_once_by_200_clients()
    {
        await using var server = await PostgreSqlServer.NewAsync();
        var entry = Given.Entry("POST", "Task", Given.Task("p"));
        for (var i = 0; i < Tasks; i += TasksPerBundle)
            (await server.PostAsync("", Given.Transaction([.. Enumerable.Repeat(entry, TasksPerBundle)]))).ShouldBe(
                200
            );
        var pool = await PoolAsync(server);
        Assert.Equal(Tasks, pool.Distinct().Count());

        // Every task is tried by two clients at about the same time: the one that is a step behind comes to it a moment later.
        var claimed = new ConcurrentBag<(string Task, string Owner)>();
        var next = -1;
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(ClaimAsync));

        Assert.Equal((Tasks, Tasks), (claimed.Count, refused));
        Assert.Equal(Tasks, claimed.Select(c => c.Task).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(await PoolAsync(server));
        foreach (var of in claimed.GroupBy(c => c.Owner).Take(5))
        {
            var mine = await PoolAsync(server, $"owner={of.Key}");
            Assert.Equal(of.Select(c => c.Task).Order(StringComparer.Ordinal), mine.Order(StringComparer.Ordinal));
        }

        async Task ClaimAsync(int client)
        {
            var owner = $"Practitioner/c{client}";
            await server.EmployAsync(owner);
            var asked = Ask.Parameters(Ask.Reference("practitioner", owner));
            for (int place; (place = Interlocked.Increment(ref next)) < 2 * Tasks; )
            {
                var task = pool[place / 2];
                var answer = await server.PostAsync($"Task/{task}/$claim", asked);
                if (answer.Status == 409)
                    Interlocked.Increment(ref refused);
                else
                    claimed.Add((answer.ShouldBe(200).Id, owner));
            }
        }
    }

    private static async Task<List<string>> PoolAsync(TestServer server, string of = "unassigned=true")
    {
        var pool = new List<string>();
        for (var next = $"Task/$worklist?{of}&count=1000"; next is not null; )
        {
            var page = (await server.GetAsync(next)).ShouldBe(200);
            pool.AddRange(page.Ids);
            next = page.Link("next")?[(server.Base.Length + 1)..];
        }

        return pool;
    }
}
