using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Tests.Writes;

public sealed class RestWritesTests
{
    private const string PartOfParent = "'partOf':[{'reference':'Task/p'}]";

    [Fact]
    public void A_plain_hold_is_remembered_survives_a_client_that_drops_it_and_is_forgotten_afterwards()
    {
        var ready = Given.Task("t", "ready");
        var bare = Given.Task("t", "on-hold");

        var held = Stored(Follow([Write(ready, bare)]));
        var again = Stored(Follow([Write(held, bare)]));
        var resumed = Stored(Follow([Write(held, Given.Task("t", "ready", Extension("ready")))]));

        Assert.Equal("ready", HeldStatus.Of(Document(held)));
        Assert.Equal(held.Utf8Json.ToArray(), again.Utf8Json.ToArray());
        Assert.Equal(422, StatusGuard.Check(Document(held), Document(Given.Task("t", "in-progress")))!.Status);
        Assert.Null(HeldStatus.Of(Document(resumed)));
    }

    [Fact]
    public void A_client_does_not_choose_where_a_hold_resumes()
    {
        var held = Stored(Follow([Write(Given.Task("t", "ready"), Given.Task("t", "on-hold", Extension("accepted")))]));
        var later = Stored(Follow([Write(held, Given.Task("t", "on-hold", Extension("accepted")))]));

        Assert.Equal("ready", HeldStatus.Of(Document(held)));
        Assert.Equal("ready", HeldStatus.Of(Document(later)));
    }

    [Fact]
    public void Other_writes_are_stored_as_they_are()
    {
        var started = Given.Task("t", "in-progress");
        var patient = Given.Resource("Patient", "p");

        var followed = Follow([Write(Given.Task("t", "ready"), started), Write(patient, patient)]);

        Assert.Equal(started.Utf8Json.ToArray(), followed.Written[0].Utf8.ToArray());
        Assert.Empty(followed.Followers);
        Assert.Equal(["update Task/t"], Told(followed));
    }

    [Fact]
    public void A_status_that_is_created_or_stays_is_not_told()
    {
        var goal = Given.Resource("Goal", "g", "'lifecycleStatus':'active'");

        var followed = Follow([
            new RestWrite(goal.Key, 0, null, Document(goal)),
            Write(Given.Task("t", "ready"), Given.Task("t", "ready", "'priority':'urgent'")),
        ]);

        Assert.Empty(followed.RecordedActs);
    }

    [Fact]
    public void Children_follow_a_plain_write_as_they_follow_a_command()
    {
        Snapshot[] children = [Given.Task("a", "ready", PartOfParent), Given.Task("b", "completed", PartOfParent)];

        var held = Follow([Write(Given.Task("p", "in-progress"), Given.Task("p", "on-hold"))], children);
        var parent = Stored(held);
        var heldChild = After(held.Followers[0]);
        var resumed = Follow([Write(parent, Given.Task("p", "in-progress"))], [heldChild, children[1]]);
        var cancelled = Follow([Write(parent, Given.Task("p", "cancelled"))], [heldChild, children[1]]);

        Assert.Equal(("Task/a", 3), (Assert.Single(held.Followers).Key.ToString(), held.Followers[0].DecidedFrom));
        Assert.Equal(["update Task/p Task/a"], Told(held));
        Assert.Equal("ready", Status(resumed.Followers[0].Utf8Json));
        Assert.Equal("cancelled", Status(cancelled.Followers[0].Utf8Json));
        Assert.Empty(Follow([Write(Given.Task("p", "ready"), Given.Task("p", "in-progress"))], children).Followers);
    }

    [Theory]
    [InlineData("in-progress", "on-hold", "ready", "in-progress", "on-hold", "in-progress")]
    [InlineData("in-progress", "on-hold", "in-progress", "completed", "completed", null)]
    [InlineData("in-progress", "cancelled", "ready", "ready", "cancelled", null)]
    [InlineData("on-hold", "in-progress", "on-hold", "ready", "ready", null)]
    public void A_child_that_is_written_with_its_parent_moves_first_and_is_written_once(
        string from,
        string to,
        string childFrom,
        string childTo,
        string childEnds,
        string? heldFrom
    )
    {
        var child = Given.Task("a", childFrom, PartOfParent);

        var followed = Follow(
            [Write(Given.Task("p", from), Given.Task("p", to)), Write(child, Given.Task("a", childTo, PartOfParent))],
            [child]
        );

        Assert.Equal(childEnds, Status(followed.Written[1].Utf8));
        Assert.Equal(heldFrom, HeldStatus.Of(followed.Written[1]));
        Assert.Empty(followed.Followers);
        Assert.Equal(["update Task/p Task/a"], Told(followed));
    }

    [Fact]
    public void A_new_child_follows_the_parent_of_its_own_commit()
    {
        var child = Given.Task("new", "ready", PartOfParent);

        var followed = Follow([
            new RestWrite(child.Key, 0, null, Document(child)),
            Write(Given.Task("p", "ready"), Given.Task("p", "on-hold")),
        ]);

        Assert.Equal("on-hold", Status(followed.Written[0].Utf8));
        Assert.Equal(0, followed.RecordedActs[0].Writes.Single(w => w.Key == child.Key).DecidedFrom);
    }

    [Fact]
    public void A_child_that_leaves_its_parent_in_the_same_commit_does_not_follow()
    {
        var child = Given.Task("a", "ready", PartOfParent);

        var followed = Follow(
            [Write(Given.Task("p", "ready"), Given.Task("p", "cancelled")), Write(child, Given.Task("a", "ready"))],
            [child]
        );

        Assert.Equal("ready", Status(followed.Written[1].Utf8));
    }

    [Fact]
    public void Of_two_levels_that_move_the_lower_one_moves_first()
    {
        var middle = Given.Task("m", "ready", PartOfParent);
        var leaf = Given.Task("l", "ready", "'partOf':[{'reference':'Task/m'}]");

        var followed = Follow(
            [
                Write(Given.Task("p", "ready"), Given.Task("p", "cancelled")),
                Write(middle, Given.Task("m", "on-hold", PartOfParent)),
            ],
            [middle, leaf]
        );

        Assert.Equal("cancelled", Status(followed.Written[1].Utf8));
        Assert.Equal("cancelled", Status(Assert.Single(followed.Followers).Utf8Json));
    }

    [Fact]
    public void Tasks_that_are_part_of_each_other_are_moved_once()
    {
        var one = Given.Task("p", "ready", "'partOf':[{'reference':'Task/a'}]");
        var other = Given.Task("a", "ready", PartOfParent);

        var followed = Follow(
            [Write(one, Given.Task("p", "on-hold", "'partOf':[{'reference':'Task/a'}]"))],
            [one, other]
        );

        Assert.Equal("on-hold", Status(followed.Written[0].Utf8));
        Assert.Equal("Task/a", Assert.Single(followed.Followers).Key.ToString());
    }

    [Fact]
    public void Observations_of_one_commit_move_a_goal_once_as_if_written_in_turn()
    {
        var goal = Goal();

        var followed = Follow([Observation("o2", 6, "2026-11-20"), Observation("o1", 8, "2026-11-10")], goals: [goal]);

        var moved = JsonNode.Parse(Assert.Single(followed.Followers).Utf8Json.Span)!;
        Assert.Equal("achieved", (string?)moved["achievementStatus"]!["coding"]![0]!["code"]);
        Given.AssertJson(
            """[{"extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/decided-by","valueBoolean":true}],"reference":"Observation/o2"}]""",
            moved["outcomeReference"]
        );
        Assert.Equal(["evaluate Goal/g"], Told(followed));
    }

    [Fact]
    public void A_goal_that_is_written_with_its_observation_is_written_once()
    {
        var goal = Goal();

        var followed = Follow([Observation("o1", 6, "2026-11-20"), Write(goal, goal)], goals: [goal]);

        var moved = JsonNode.Parse(followed.Written[1].Utf8.Span)!;
        Assert.Equal("achieved", (string?)moved["achievementStatus"]!["coding"]![0]!["code"]);
        Assert.Empty(followed.Followers);
        Assert.Equal(["evaluate Goal/g"], Told(followed));
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
            state[child] = Given.Task(child, TaskLifecycle.Table.Statuses[random.Next(11)], PartOfParent);
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
        var after = new Snapshot(task.Key, task.Version, draft.ToUtf8Json());
        if (StatusGuard.Check(Document(task), Document(after)) is not null)
            return [];
        var followed = Follow([Write(task, after)], descendants);
        return [new(task.Key, task.Version, followed.Written[0].Utf8), .. followed.Followers];
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
            7 => FinishTask.Complete(task, around, new([]), by, now, Given.Ids()),
            8 => FinishTask.Fail(task, around, why, by, now, Given.Ids(), WorkReport.None),
            9 when random.Next(8) == 0 => FinishTask.Cancel(task, around, why, by, now),
            _ => TaskSteps.Reopen(task, why, by, now),
        };
        return result.IsSuccess ? result.Value.Writes : [];
    }

    private static WriteOutcome Follow(
        RestWrite[] writes,
        IEnumerable<Snapshot>? parts = null,
        IEnumerable<Snapshot>? goals = null
    ) =>
        RestWrites.Apply(
            [.. writes],
            new WriteSurroundings(
                [.. parts ?? []],
                [
                    .. (goals ?? []).Select(g => new MeasuredGoal(
                        g,
                        KnownReadings.None,
                        new CarePolicy(BusinessCalendar.UnitedStates(TimeZoneInfo.Utc), []),
                        CareRules.Defaults
                    )),
                ]
            ),
            Given.Now
        );

    private static RestWrite Write(Snapshot before, Snapshot after) =>
        new(before.Key, before.Version, Document(before), Document(after));

    private static RestWrite Observation(string id, int value, string day)
    {
        var observation = Given.Resource(
            "Observation",
            id,
            $"'status':'final','code':{{'coding':[{{'system':'http://loinc.org','code':'4548-4'}}]}},'subject':{{'reference':'Patient/1'}},'effectiveDateTime':'{day}','valueQuantity':{{'value':{value},'unit':'%'}}"
        );
        return new RestWrite(observation.Key, 0, null, Document(observation));
    }

    private static Snapshot Goal() =>
        Given.Resource(
            "Goal",
            "g",
            "'lifecycleStatus':'active','description':{'text':'A1c below 7'},'subject':{'reference':'Patient/1'},'target':[{'measure':{'coding':[{'system':'http://loinc.org','code':'4548-4'}]},'detailQuantity':{'value':7,'comparator':'<','unit':'%'}}]"
        );

    private static string Extension(string heldFrom) =>
        $"'extension':[{{'url':'{CareExtensions.HeldFrom}','valueCode':'{heldFrom}'}}]";

    /// <summary>The activity of each act, and what it changed.</summary>
    private static string[] Told(WriteOutcome followed) =>
        [.. followed.RecordedActs.Select(a => $"{a.Activity} {string.Join(' ', a.Writes.Select(w => w.Key))}")];

    /// <summary>The first write as the next snapshot.</summary>
    private static Snapshot Stored(WriteOutcome followed) =>
        new(new("Task", followed.Written[0].Id!), 4, followed.Written[0].Utf8);

    private static Snapshot After(ResourceWrite write) => new(write.Key, write.DecidedFrom + 1, write.Utf8Json);

    private static string Status(Snapshot task) => Status(task.Utf8Json);

    private static string Status(ReadOnlyMemory<byte> json) =>
        new Resources.TaskDraft(new Snapshot(new("Task", "x"), 1, json)).Status;

    private static ResourceDocument Document(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
