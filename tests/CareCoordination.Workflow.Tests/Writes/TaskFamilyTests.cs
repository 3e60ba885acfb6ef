using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Tests.Writes;

/// <summary>Families of tasks of any size and shape, moved by plain writes.</summary>
public sealed class TaskFamilyTests
{
    private const string Url = "https://carecoordination.example/fhir/StructureDefinition/";

    private static readonly string[] Statuses = ["ready", "in-progress", "on-hold", "completed", "cancelled"];

    /// <summary>Each move by itself, parts before what they are part of, on all that is below it.</summary>
    [Fact]
    public void Moves_of_one_commit_end_as_if_they_were_made_one_after_the_other()
    {
        var random = new Random(3);
        var moved = 0;
        for (var round = 0; round < 1_000; round++)
        {
            var count = random.Next(2, 14);
            int?[] parents =
            [
                .. Enumerable.Range(0, count).Select(i => i == 0 || random.Next(5) == 0 ? (int?)null : random.Next(i)),
            ];
            var stored = Enumerable
                .Range(0, count)
                .Select(i => Stored(i, parents, Statuses[random.Next(Statuses.Length)], random))
                .ToArray();
            var writes = stored
                .Where(_ => random.Next(3) == 0)
                .Select(t => (Before: t, After: WithStatus(t, Statuses[random.Next(Statuses.Length)])))
                .ToArray();
            random.Shuffle(writes);

            var followed = Apply(
                writes.Select(w => Write(w.Before, w.After)),
                stored.Where(t => writes.All(w => w.Before.Key != t.Key))
            );

            var expected = OneByOne(stored, writes, parents);
            for (var i = 0; i < count; i++)
                Assert.Equal(expected[i], Final(followed, stored[i], writes));
            moved += followed.Followers.Length;
        }

        Assert.True(moved > 100, $"{moved}");
    }

    [Theory]
    [InlineData("cancelled", "cancelled")]
    [InlineData("failed", "cancelled")]
    [InlineData("on-hold", "on-hold")]
    public void A_circle_of_thousands_moves_with_one_of_them(string to, string expected)
    {
        var circle = Circle(3_000);

        var followed = Apply([Write(circle[0], WithStatus(circle[0], to))], circle[1..]);

        Assert.Equal(2_999, followed.Followers.Length);
        Assert.All(followed.Followers, f => Assert.Equal(expected, StatusOf(f.Utf8Json)));
    }

    [Theory]
    [InlineData("in-progress", "cancelled")]
    [InlineData("in-progress", "on-hold")]
    [InlineData("on-hold", "in-progress")]
    public void Work_grows_with_the_tasks_and_not_with_their_square(string from, string to)
    {
        foreach (var shape in new Func<int, Snapshot[]>[] { Circle, Chain, Star })
        {
            foreach (var all in new[] { false, true })
            {
                var small = Allocated(shape(400), from, to, all);
                var large = Allocated(shape(3_200), from, to, all);
                // Eight times as many tasks: the square would be sixty-four.
                Assert.True(large < small * 12, $"{shape.Method.Name} {from} {to} {all}: {small} {large}");
            }
        }
    }

    /// <summary>Counted in bytes allocated, which time and other tests do not change.</summary>
    private static long Allocated(Snapshot[] tasks, string from, string to, bool all)
    {
        Snapshot[] stored = [.. tasks.Select(t => WithStatus(t, from))];
        RestWrite[] writes = [.. (all ? stored : stored[..1]).Select(t => Write(t, WithStatus(t, to)))];
        var parts = all ? [] : stored[1..];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var followed = Apply(writes, parts);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(writes.Length, followed.Written.Length);
        return allocated;
    }

    private static Snapshot[] Circle(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Given.Task($"t{i}", "ready", PartOf((i + 1) % count)))];

    private static Snapshot[] Chain(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Given.Task($"t{i}", "ready", i == 0 ? "" : PartOf(i - 1)))];

    private static Snapshot[] Star(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Given.Task($"t{i}", "ready", i == 0 ? "" : PartOf(0)))];

    private static string PartOf(int parent) => $"'partOf':[{{'reference':'Task/t{parent}'}}]";

    private static Snapshot Stored(int i, int?[] parents, string status, Random random)
    {
        var above = Above(i, parents);
        var extension =
            status == "on-hold" && above.Length > 0 && random.Next(2) == 0
                ? $",'extension':[{{'url':'{Url}held-from','valueCode':'ready'}},{{'url':'{Url}held-since','valueDateTime':'2026-11-01T00:00:00Z'}},{{'url':'{Url}held-by','valueReference':{{'reference':'Task/t{above[random.Next(above.Length)]}'}}}}]"
                : "";
        return Given.Task(
            $"t{i}",
            status,
            (parents[i] is { } parent ? PartOf(parent) : "'description':'root'") + extension
        );
    }

    private static int[] Above(int i, int?[] parents)
    {
        var above = new List<int>();
        for (var parent = parents[i]; parent is { } known; parent = parents[known])
            above.Add(known);
        return [.. above];
    }

    private static Snapshot WithStatus(Snapshot task, string status)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(task.Utf8Json.Span)!;
        json["status"] = status;
        return task with { Utf8Json = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()) };
    }

    /// <summary>Each status, and by what it is held.</summary>
    private static (string, string?)[] OneByOne(
        Snapshot[] stored,
        (Snapshot Before, Snapshot After)[] writes,
        int?[] parents
    )
    {
        // The writes alone, as they are stored without parts.
        var alone = Apply(writes.Select(w => Write(w.Before, w.After)), []);
        var now = stored.ToDictionary(
            t => t.Key.Id,
            t =>
                Array.FindIndex(writes, w => w.Before.Key == t.Key) is var at and >= 0 ? Without(stored, writes, at) : t
        );
        var order = writes
            .OrderByDescending(w => Above(int.Parse(w.Before.Key.Id[1..]), parents).Length)
            .ThenBy(w => w.Before.Key.Id, StringComparer.Ordinal);
        foreach (var (before, after) in order)
        {
            var me = int.Parse(before.Key.Id[1..]);
            var below = stored.Where(t => Above(int.Parse(t.Key.Id[1..]), parents).Contains(me)).ToArray();
            var followed = Apply([Write(before, after)], below.Select(t => now[t.Key.Id]));
            foreach (var follower in followed.Followers)
                now[follower.Key.Id] = new(follower.Key, 3, follower.Utf8Json);
        }

        Assert.Equal(writes.Length, alone.Written.Length);
        return [.. stored.Select(t => Seen(now[t.Key.Id].Utf8Json))];
    }

    /// <summary>A written task as it is before those above it move.</summary>
    private static Snapshot Without(Snapshot[] stored, (Snapshot Before, Snapshot After)[] writes, int at)
    {
        var (before, after) = writes[at];
        Assert.Contains(before, stored);
        return before with { Utf8Json = Apply([Write(before, after)], []).Written[0].Utf8 };
    }

    private static (string, string?) Final(
        WriteOutcome followed,
        Snapshot task,
        (Snapshot Before, Snapshot After)[] writes
    )
    {
        var place = Array.FindIndex(writes, w => w.Before.Key == task.Key);
        if (place >= 0)
            return Seen(followed.Written[place].Utf8);
        var follower = followed.Followers.FirstOrDefault(f => f.Key == task.Key);
        return Seen(follower?.Utf8Json ?? task.Utf8Json);
    }

    private static (string, string?) Seen(ReadOnlyMemory<byte> json)
    {
        var draft = new TaskDraft(new Snapshot(new("Task", "x"), 1, json));
        return (draft.Status, draft.HeldBy);
    }

    private static string StatusOf(ReadOnlyMemory<byte> json) => Seen(json).Item1;

    private static WriteOutcome Apply(IEnumerable<RestWrite> writes, IEnumerable<Snapshot> parts) =>
        RestWrites.Apply([.. writes], new WriteSurroundings([.. parts], []), Given.Now);

    private static RestWrite Write(Snapshot before, Snapshot after) =>
        new(
            before.Key,
            before.Version,
            ResourceDocument.Parse(before.Utf8Json).Value,
            ResourceDocument.Parse(after.Utf8Json).Value
        );
}
