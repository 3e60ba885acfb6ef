using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Lifecycles;

public class PlainStatusWriteTests
{
    [Fact]
    public void A_plain_hold_is_remembered_survives_a_client_that_drops_it_and_is_forgotten_afterwards()
    {
        var ready = Document(Given.Task("t", "ready"));
        var bare = Document(Given.Task("t", "on-hold"));

        var held = PlainStatusWrite.Complete(ready, bare, Given.Now)!;
        var again = PlainStatusWrite.Complete(held, bare, Given.Now)!;
        var wrong = StatusGuard.Check(held, Document(Given.Task("t", "in-progress")));
        var resumed = PlainStatusWrite.Complete(
            held,
            Document(
                Given.Task("t", "ready", $"'extension':[{{'url':'{HeldStatus.ExtensionUrl}','valueCode':'ready'}}]")
            ),
            Given.Now
        )!;

        Assert.Equal("ready", HeldStatus.Of(held));
        Assert.Equal("ready", HeldStatus.Of(again));
        Assert.Equal(422, wrong!.Status);
        Assert.Null(HeldStatus.Of(resumed));
    }

    [Fact]
    public void Other_writes_are_stored_as_they_are()
    {
        Assert.Null(
            PlainStatusWrite.Complete(
                Document(Given.Task("t", "ready")),
                Document(Given.Task("t", "in-progress")),
                Given.Now
            )
        );
        Assert.Null(
            PlainStatusWrite.Complete(
                Document(Given.Resource("Patient", "p")),
                Document(Given.Resource("Patient", "p")),
                Given.Now
            )
        );
    }

    [Fact]
    public void Children_follow_a_plain_write_as_they_follow_a_command()
    {
        Snapshot[] children = [Given.Task("a", "ready"), Given.Task("b", "completed")];

        var held = PlainStatusWrite.Follow("Task/p", "in-progress", "on-hold", children, Given.Now);
        var heldChild = new Snapshot(held[0].Key, 4, held[0].Utf8Json);
        var resumed = PlainStatusWrite.Follow("Task/p", "on-hold", "in-progress", [heldChild, children[1]], Given.Now);
        var cancelled = PlainStatusWrite.Follow("Task/p", "on-hold", "cancelled", [heldChild, children[1]], Given.Now);

        Assert.Equal(("Task/a", 3), (Assert.Single(held).Key.ToString(), held[0].DecidedFrom));
        Assert.Equal("ready", Status(resumed[0].Utf8Json));
        Assert.Equal("cancelled", Status(cancelled[0].Utf8Json));
        Assert.Empty(PlainStatusWrite.Follow("Task/p", "ready", "in-progress", children, Given.Now));
    }

    /// <summary>Commands and plain writes at random, from fixed seeds: whatever happens, the rules hold.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_commands_and_writes_never_break_the_rules(int seed)
    {
        var random = new Random(seed);
        var state = new Dictionary<string, Snapshot> { ["p"] = Given.Task("p", "draft") };
        foreach (var child in (string[])["a", "b", "c"])
            state[child] = Given.Task(
                child,
                TaskLifecycle.Table.Statuses[random.Next(11)],
                "'partOf':[{'reference':'Task/p'}]"
            );
        for (var step = 0; step < 400; step++)
        {
            var id = random.Next(2) == 0 ? "p" : new[] { "a", "b", "c" }[random.Next(3)];
            var descendants = id == "p" ? state.Values.Where(s => s.Key.Id != "p").ToArray() : [];
            var writes =
                random.Next(3) == 0 ? Write(random, state[id], descendants) : Command(random, state[id], descendants);
            foreach (var write in writes.Where(w => state.ContainsKey(w.Key.Id)))
            {
                var before = state[write.Key.Id];
                Assert.Equal(before.Version, write.DecidedFrom);
                var (from, to) = (Status(before), Status(write.Utf8Json));
                var legal = from == to || TaskLifecycle.Table.Find(from, to) is not null;
                Assert.True(legal, $"seed {seed}, step {step}: {from} to {to}");
                state[write.Key.Id] = new(before.Key, before.Version + 1, write.Utf8Json);
            }

            // Children of a parent on hold are on hold or over, unless somebody wrote them after the hold began.
            if (Status(state["p"]) == "on-hold" && writes.Any(w => w.Key.Id == "p" && Status(w.Utf8Json) == "on-hold"))
                Assert.All(
                    state.Values,
                    s => Assert.True(Status(s) == "on-hold" || TaskLifecycle.Table.IsTerminal(Status(s)))
                );
            foreach (var held in state.Values.Where(s => Status(s) != "on-hold"))
                Assert.Null(HeldStatus.Of(Document(held)));
        }
    }

    private static IReadOnlyList<ResourceWrite> Write(Random random, Snapshot task, Snapshot[] descendants)
    {
        var to = TaskLifecycle.Table.Statuses[random.Next(TaskLifecycle.Table.Statuses.Length - 1)];
        var draft = new Resources.TaskDraft(task);
        draft.Edit.Status = to;
        var after = Document(new Snapshot(task.Key, task.Version, draft.ToUtf8Json()));
        if (StatusGuard.Check(Document(task), after) is not null)
            return [];
        var stored = PlainStatusWrite.Complete(Document(task), after, Given.Now) ?? after;
        return
        [
            new(task.Key, task.Version, stored.Utf8),
            .. PlainStatusWrite.Follow(task.Key.ToString(), Status(task), to, descendants, Given.Now),
        ];
    }

    private static IReadOnlyList<ResourceWrite> Command(Random random, Snapshot task, Snapshot[] children)
    {
        var (by, now, why) = (Given.Anyone, Given.Now, new Reason("why"));
        var around = new TaskSurroundings([.. children]);
        var result = random.Next(11) switch
        {
            0 => TaskSteps.Claim(task, null, by, now),
            1 => TaskSteps.Accept(task, by, now),
            2 => TaskSteps.Start(task, by, now),
            3 => TaskSteps.Stop(task, release: true, why, by, now),
            4 => HoldTask.Hold(task, children, why, by, now),
            5 => HoldTask.Resume(task, children, by, now),
            6 => TaskSteps.Reassign(task, "Practitioner/9", why, by, now),
            7 => FinishTask.Complete(task, around, new([]), by, now, TimeZoneInfo.Utc, Given.Ids()),
            8 => FinishTask.Fail(task, around, why, by, now, TimeZoneInfo.Utc, Given.Ids()),
            9 when random.Next(8) == 0 => FinishTask.Cancel(task, around, why, by, now),
            _ => TaskSteps.Reopen(task, why, by, now),
        };
        return result.IsSuccess ? result.Value.Writes : [];
    }

    private static string Status(Snapshot task) => Status(task.Utf8Json);

    private static string Status(ReadOnlyMemory<byte> json) =>
        new Resources.TaskDraft(new Snapshot(new("Task", "x"), 1, json)).Status;

    private static ResourceDocument Document(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
