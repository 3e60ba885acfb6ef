using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.HospitalSimulator;
using CareCoordination.HospitalSimulator.Doors;
using CareCoordination.HospitalSimulator.Scripts;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>
/// The events of stays of one patient in any order, some more than once, each by any door: FHIR messages to both operations, documents,
/// HL7 v2 over MLLP and over HTTP, to one node or to two in turn, or all at once. What is there in the end is the same.
/// </summary>
public abstract class MixedDoorTests : IAsyncLifetime
{
    private const int Draws = 12;

    private readonly List<TestServer> _nodes = [];
    private Wards _wards = null!;

    public sealed class OnSqlite : MixedDoorTests
    {
        protected override async Task StartAsync(List<TestServer> nodes) => nodes.Add(await Hl7Kit.StartAsync());
    }

    public sealed class OnTwoNodes : MixedDoorTests
    {
        protected override async Task StartAsync(List<TestServer> nodes)
        {
            string[] settings =
            [
                "--Storage:Provider=PostgreSql",
                $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
            ];
            Assert.Equal(0, await Program.Main(["migrate", .. settings]));
            for (var i = 0; i < 2; i++)
                nodes.Add(await TestServer.StartAsync([.. settings, .. Hl7Kit.Settings]));
        }
    }

    public async ValueTask InitializeAsync()
    {
        await StartAsync(_nodes);
        _wards = new Wards(
            new SimulationOptions
            {
                Fhir = [.. _nodes.Select(n => new Uri(n.Base))],
                Mllp =
                [
                    .. _nodes.Select(n => ("127.0.0.1", n.Services.GetRequiredService<MllpListener>().EndPoint!.Port)),
                ],
                AtOnce = 8,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _wards?.Dispose();
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    protected abstract Task StartAsync(List<TestServer> nodes);

    /// <summary>Events in the order in which they happen: the number of the stay, and what happens; 2 is a later stay, 3 one under another number.</summary>
    public static TheoryData<string> Stories =>
        [
            "1-Admit 1-Transfer 1-Discharge",
            "1-Admit 1-Transfer 1-CancelTransfer 1-Discharge",
            "1-Admit 1-CancelAdmit",
            "1-Admit 1-Discharge 1-CancelDischarge",
            "1-Admit 1-Discharge 1-CancelDischarge 1-Discharge",
            "1-Admit 1-Discharge 1-Discharge",
            "1-Admit 1-Discharge 2-Admit",
            "1-Admit 1-Discharge 2-Admit 2-Discharge",
            "1-Admit 1-Discharge 2-Admit 2-CancelAdmit",
            "1-Admit 1-Discharge 3-Admit 3-Discharge 1-Merge",
            "1-Admit 3-Admit 3-Discharge 1-Discharge 1-Merge",
            "1-Admit 1-Discharge 3-Admit 2-Admit 2-Discharge 1-Merge",
        ];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Neither_order_nor_door_nor_node_matters(string story)
    {
        var random = new Random(story.Length * 7919);
        var expected = await PlayAsync(story, _ => Door.ProcessMessage, order => order, isAtOnce: false);
        for (var draw = 0; draw < Draws; draw++)
        {
            var isAtOnce = draw >= Draws - 6;
            var order = "";
            var state = await PlayAsync(
                story,
                what => Pick(random, what),
                told =>
                {
                    var all = told.Concat(
                            Enumerable.Range(0, random.Next(3)).Select(_ => told[random.Next(told.Length)])
                        )
                        .ToArray();
                    random.Shuffle(all);
                    order = string.Join(", ", all.Select(t => $"{t.Stay.Visit[^1]}-{t.What} by {t.Door}"));
                    return [.. all];
                },
                isAtOnce
            );

            Assert.True(
                expected == state,
                $"{order}{(isAtOnce ? ", at once" : "")}\nis\n{state}\ninstead of\n{expected}"
            );
        }
    }

    private static Door Pick(Random random, Happening what)
    {
        Door[] doors = [Door.ProcessMessage, Door.SubmitTransition, Door.Hl7Http, Door.Mllp];
        return what == Happening.Discharge && random.Next(4) == 0 ? Door.Document : doors[random.Next(doors.Length)];
    }

    private async Task<string> PlayAsync(
        string story,
        Func<Happening, Door> doorOf,
        Func<ImmutableArray<Told>, ImmutableArray<Told>> arrange,
        bool isAtOnce
    )
    {
        var person = Somebody();
        var other = Somebody() with { BirthDate = person.BirthDate };
        var told = arrange(Script(story, person, other, doorOf));
        if (isAtOnce)
            await Task.WhenAll(told.Select(SendAsync));
        else
            foreach (var one in told)
                await SendAsync(one);
        return await StateAsync(person);
    }

    private async Task SendAsync(Told told)
    {
        for (var tries = 0; ; tries++)
        {
            var reply = await _wards.TellAsync(told, TestContext.Current.CancellationToken);
            if (reply.IsTaken)
                return;
            Assert.True(
                reply.MayBeSentAgain && tries < 20,
                $"{told.Stay.Visit} {told.What} by {told.Door}: {reply.Sentence}"
            );
        }
    }

    private static Person Somebody()
    {
        var name = string.Concat(Guid.NewGuid().ToString("N").Select(c => (char)(c <= '9' ? c + 49 : c)));
        return new Person(
            name,
            "Marsh" + name,
            "Ada" + name,
            new DateOnly(1930, 1, 1).AddDays(Random.Shared.Next(25_000)),
            false
        );
    }

    private static ImmutableArray<Told> Script(string story, Person person, Person other, Func<Happening, Door> doorOf)
    {
        var told = ImmutableArray.CreateBuilder<Told>();
        var begins = new DateTimeOffset(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);
        var starts = new Dictionary<char, DateTimeOffset>();
        var events = story.Split(' ');
        for (var i = 0; i < events.Length; i++)
        {
            var (number, what) = (events[i][0], Enum.Parse<Happening>(events[i][2..]));
            var at = begins.AddDays(i);
            starts.TryAdd(number, at);
            var isOver = what == Happening.Discharge;
            told.Add(
                new Told(
                    $"{person.Number}{i}",
                    what,
                    doorOf(what),
                    number == '3' ? other : person,
                    new StayAt(
                        $"{person.Number}-{number}",
                        number == '3' ? "AMB" : "IMP",
                        what == Happening.Transfer ? "ICU-1" : "4W-1",
                        starts[number],
                        isOver ? at.AddMinutes(-5) : null,
                        isOver ? "home" : null
                    ),
                    at
                )
                {
                    MergedAway = what == Happening.Merge ? other : null,
                }
            );
        }

        return told.ToImmutable();
    }

    /// <summary>The stays, and the care that is open; what was ended on the way is not.</summary>
    private async Task<string> StateAsync(Person person)
    {
        var lines = new List<string>();
        var patient = Assert.Single(
            await FindAsync($"Patient?identifier={FhirText.NumberSystem}|{person.Number}"),
            p => !p.TryGetProperty("active", out var active) || active.GetBoolean()
        );
        var id = patient.GetProperty("id").GetString();
        foreach (var stay in await FindAsync($"Encounter?subject=Patient/{id}"))
        {
            var visit = stay.GetProperty("identifier")[0].GetProperty("value").GetString()!;
            var period = stay.GetProperty("period");
            lines.Add(
                $"stay {visit[^1]} {stay.GetProperty("status")} {stay.GetProperty("class").GetProperty("code")} {InstantOf(period, "start")} {InstantOf(period, "end")}"
            );
        }

        foreach (var plan in await FindAsync($"CarePlan?subject=Patient/{id}&status=active,on-hold"))
        {
            lines.Add($"plan {plan.GetProperty("status")} {plan.GetProperty("period").GetRawText()}");
            foreach (
                var task in await FindAsync($"Task?based-on=CarePlan/{plan.GetProperty("id").GetString()}&_count=100")
            )
                lines.Add(
                    $"task {task.GetProperty("code").GetProperty("coding")[0].GetProperty("code")} {task.GetProperty("status")} {task.GetProperty("restriction").GetProperty("period").GetProperty("end")}"
                );
        }

        var open = await FindAsync($"Task?patient=Patient/{id}&status=requested,ready,on-hold&_count=200");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"open {open.Count}"));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>Doors write the same instant with other offsets.</summary>
    private static string InstantOf(JsonElement period, string name) =>
        period.TryGetProperty(name, out var time)
            ? DateTimeOffset
                .Parse(time.GetString()!, CultureInfo.InvariantCulture)
                .ToUniversalTime()
                .ToString("O", CultureInfo.InvariantCulture)
            : "-";

    private async Task<List<JsonElement>> FindAsync(string query) =>
        [.. (await _nodes[0].GetAsync(query)).ShouldBe(200).Resources];
}
