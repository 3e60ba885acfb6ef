using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>
/// The events of stays in any order, some of them more than once, through both doors: what is there in the end is the same, and no plan
/// and no task is there twice.
/// </summary>
public abstract class PermutedStayTests(SharedServer shared) : ServerTests(shared)
{
    private const int Draws = 12;

    public sealed class OnSqlite(SqliteServer shared) : PermutedStayTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : PermutedStayTests(shared);

    public static TheoryData<string> Stories =>
        [
            "admit transfer discharge",
            "admit update discharge correct",
            "admit discharge take-back discharge-again",
            "admit discharge readmit",
            "admit discharge readmit discharge-readmit",
            "admit discharge readmit no-readmission",
            "admit transfer no-transfer discharge",
            "admit no-admission",
            "admit discharge take-back",
            "admit discharge-away discharge",
        ];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task The_order_of_the_messages_does_not_matter(string story)
    {
        var events = story.Split(' ');
        var expected = await PlayAsync(events, [.. Enumerable.Range(0, events.Length)]);
        var random = new Random(story.Length * 7919);
        for (var draw = 0; draw < Draws; draw++)
        {
            var order = Enumerable
                .Range(0, events.Length)
                .Concat(Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(events.Length)))
                .ToArray();
            random.Shuffle(order);

            var state = await PlayAsync(events, order);

            Assert.True(
                expected == state,
                $"{string.Join(' ', order.Select(i => events[i]))}\nis\n{state}\ninstead of\n{expected}"
            );
        }
    }

    private async Task<string> PlayAsync(string[] events, int[] order)
    {
        var first = new Hospital();
        var second = new Hospital(person: first.Person)
        {
            Family = first.Family,
            Start = "2026-11-23T02:00:00Z",
            End = "2026-11-25T09:00:00Z",
        };
        var messages = events.Select(e => Message(e, first, second)).ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            var answer = await Server.PostAsync(
                i % 2 == 0 ? "$submit-transition" : "$process-message",
                messages[order[i]]
            );
            Assert.True(answer.Status == 200, $"{events[order[i]]}: {answer.Body}");
        }

        return await StateAsync(first, second);
    }

    private static string Message(string what, Hospital first, Hospital second)
    {
        switch (what)
        {
            case "admit":
                return first.Admit("2026-11-16T09:40:00Z");
            case "transfer":
                first.Class = "ACUTE";
                var moved = first.Transfer("2026-11-17T09:40:00Z");
                first.Class = "IMP";
                return moved;
            case "no-transfer":
                return first.CancelTransfer("2026-11-17T10:40:00Z");
            case "no-admission":
                return first.CancelAdmit("2026-11-16T10:40:00Z");
            case "update":
                return first.Update("2026-11-18T10:40:00Z");
            case "discharge":
                return first.Discharge("2026-11-20T16:10:00Z");
            case "discharge-away":
                first.Disposition = "snf";
                var away = first.Discharge("2026-11-20T16:07:00Z");
                first.Disposition = "home";
                return away;
            case "correct":
                first.End = "2026-11-19T10:05:00Z";
                return first.Discharge("2026-11-20T17:10:00Z");
            case "take-back":
                return first.CancelDischarge("2026-11-20T18:10:00Z");
            case "discharge-again":
                first.End = "2026-11-21T10:05:00Z";
                return first.Discharge("2026-11-21T10:10:00Z");
            case "readmit":
                return second.Admit("2026-11-23T02:10:00Z");
            case "no-readmission":
                return second.CancelAdmit("2026-11-23T03:10:00Z");
            case "discharge-readmit":
                return second.Discharge("2026-11-25T09:10:00Z");
            default:
                throw new ArgumentOutOfRangeException(nameof(what));
        }
    }

    /// <summary>The stays as they are, and the care that is open: what was ended on the way is not.</summary>
    private async Task<string> StateAsync(Hospital first, Hospital second)
    {
        var lines = new List<string>();
        var patient = Assert.Single(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{first.Person}")).ShouldBe(200).Ids
        );
        foreach (var (name, hospital) in (IEnumerable<(string, Hospital)>)[("first", first), ("second", second)])
        {
            foreach (
                var stay in (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}"))
                    .ShouldBe(200)
                    .Resources
            )
                lines.Add(
                    $"{name} {stay.GetProperty("status")} {stay.GetProperty("class").GetProperty("code")} {stay.GetProperty("period").GetRawText()} {(stay.TryGetProperty("hospitalization", out var h) ? h.GetRawText() : "")}"
                );
        }

        foreach (
            var plan in (await Server.GetAsync($"CarePlan?subject=Patient/{patient}&status=active,on-hold"))
                .ShouldBe(200)
                .Resources
        )
        {
            lines.Add($"plan {plan.GetProperty("status")} {plan.GetProperty("period").GetRawText()}");
            foreach (
                var task in (
                    await Server.GetAsync($"Task?based-on=CarePlan/{plan.GetProperty("id").GetString()}&_count=100")
                )
                    .ShouldBe(200)
                    .Resources
            )
                lines.Add(
                    $"task {task.GetProperty("code").GetProperty("coding")[0].GetProperty("code")} {task.GetProperty("status")} {task.GetProperty("restriction").GetProperty("period").GetProperty("end")}"
                );
        }

        var open = (
            await Server.GetAsync($"Task?patient=Patient/{patient}&status=requested,ready,on-hold&_summary=count")
        ).ShouldBe(200);
        lines.Add($"open {open.Json.GetProperty("total").GetInt32().ToString(CultureInfo.InvariantCulture)}");
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
