using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>Hospitals that send HL7 v2 by MLLP: what is stored is what the FHIR message would have stored, and everything is acknowledged.</summary>
public abstract class MllpTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public sealed class OnSqlite : MllpTests
    {
        protected override Task<TestServer> StartAsync(params string[] settings) => TestServer.OnSqliteAsync(settings);
    }

    public sealed class OnPostgreSql : MllpTests
    {
        protected override Task<TestServer> StartAsync(params string[] settings) =>
            PostgreSqlServer.NewAsync(TimeProvider.System, settings);
    }

    public async ValueTask InitializeAsync() =>
        _server = await StartAsync([.. Hl7Kit.Settings, "--Transitions:MaxMessageBytes=20000"]);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _server is null ? ValueTask.CompletedTask : _server.DisposeAsync();
    }

    protected abstract Task<TestServer> StartAsync(params string[] settings);

    [Fact]
    public async Task A_discharge_is_stored_starts_its_plan_and_is_acknowledged()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);

        var answer = await line.AskAsync(Hl7Kit.Discharge("C1", "7001", "V7001"));

        Assert.Equal(["MSA", "AA", "C1"], Hl7Kit.Segment(answer, "MSA"));
        Assert.Equal(["CARE", "HUB", "EPICADT", "NORTH"], Hl7Kit.Segment(answer, "MSH")[2..6]);
        Assert.Equal("ACK^A03^ACK", Hl7Kit.Segment(answer, "MSH")[8]);
        var stay = Assert.Single(await FindAsync("Encounter?identifier=http://north.example/visit|V7001"));
        Assert.Equal("finished", stay.GetProperty("status").GetString());
        var patient = stay.GetProperty("subject").GetProperty("reference").GetString();
        Assert.Single(await FindAsync($"CarePlan?patient={patient}"));
        Assert.Single(await FindAsync($"Condition?patient={patient}"));
        Assert.NotEmpty(
            await FindAsync($"Task?patient={patient}&status=requested,ready,received,accepted,in-progress,draft")
        );
    }

    [Fact]
    public async Task A_repetition_is_acknowledged_as_it_was_and_doubles_nothing()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        var discharge = Hl7Kit.Discharge("C2", "7002", "V7002");
        for (var i = 0; i < 3; i++)
            Assert.Equal(["MSA", "AA", "C2"], Hl7Kit.Segment(await line.AskAsync(discharge), "MSA"));

        var stay = Assert.Single(await FindAsync("Encounter?identifier=http://north.example/visit|V7002"));
        var patient = stay.GetProperty("subject").GetProperty("reference").GetString();
        Assert.Single(await FindAsync($"CarePlan?patient={patient}"));
    }

    [Fact]
    public async Task A_stay_is_told_event_by_event()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        (string Trigger, string At, string End, string Status)[] events =
        [
            ("A01", "20261116093500", "", "in-progress"),
            ("A02", "20261117093500", "", "in-progress"),
            ("A08", "20261118093500", "", "in-progress"),
            ("A03", "20261120100600", "20261120100500", "finished"),
            ("A13", "20261120110000", "", "in-progress"),
            ("A03", "20261121100600", "20261121100500", "finished"),
        ];
        foreach (var (trigger, at, end, status) in events)
        {
            var message = Hl7Kit.Adt(
                trigger,
                "S" + at,
                "7003",
                "V7003",
                at,
                end: end,
                disposition: end.Length > 0 ? "01" : ""
            );
            Assert.Equal(["MSA", "AA", "S" + at], Hl7Kit.Segment(await line.AskAsync(message), "MSA"));
            var stay = Assert.Single(await FindAsync("Encounter?identifier=http://north.example/visit|V7003"));
            Assert.Equal(status, stay.GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task In_enhanced_mode_both_acknowledgements_come_on_the_line()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        await line.SendAsync(Hl7Kit.Discharge("C4", "7004", "V7004", asked: "AL|AL"));

        Assert.Equal(["MSA", "CA", "C4"], Hl7Kit.Segment((await line.ReceiveAsync())!, "MSA"));
        Assert.Equal(["MSA", "AA", "C4"], Hl7Kit.Segment((await line.ReceiveAsync())!, "MSA"));
        // Nobody wants an answer to the next one: what comes is that of the one behind it.
        await line.SendAsync(Hl7Kit.Discharge("C5", "7004", "V7004", asked: "NE|NE"));
        Assert.Equal(
            ["MSA", "AA", "C6"],
            Hl7Kit.Segment(await line.AskAsync(Hl7Kit.Discharge("C6", "7004", "V7004")), "MSA")
        );
    }

    public static TheoryData<string, string, string, string> Refused =>
        new()
        {
            { "ADT^A03", "ADT^A60", "AR", "ERR||MSH^1^9^1^2|201^" },
            { "ADT^A03", "ORU^R01", "AR", "ERR||MSH^1^9^1^1|200^" },
            { "|P|2.5.1", "|T|2.5.1", "AR", "ERR||MSH^1^11^1|202^" },
            { "|2.5.1", "|3.0", "AR", "ERR||MSH^1^12^1|203^" },
            { "EPICADT", "NOBODY", "AE", "ERR||MSH^1^3^1|204^" },
            { "NMRN", "WHO", "AE", "ERR||PID^1^3^1^4|204^" },
            { "NCSN", "WHO", "AE", "ERR||PV1^1^19^1^4|204^" },
            { "PV1||I|", "PV1||Q|", "AE", "ERR||PV1^1^2^1|103^" },
            { "20261120100500", "2026112010050", "AE", "ERR||PV1^1^45^1|102^" },
            { "20261120100500", "29991120100500", "AE", "ERR||PV1^1^45^1|" },
            { "|01|", "|MARS|", "AE", "ERR||PV1^1^36^1|103^" },
            { "PID|||", "pid|||", "AE", "ERR||MSH^1|100^" },
            { "Ada", "\u00e9\u00e9", "AA", "" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_answered_with_its_place_and_nothing_of_it_is_stored(
        string what,
        string by,
        string code,
        string error
    )
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        var visit = Given.Id("v");
        var message = Hl7Kit.Discharge("R1", Given.Id("p"), visit);
        Assert.Contains(what, message, StringComparison.Ordinal);

        var answer = await line.AskAsync(message.Replace(what, by, StringComparison.Ordinal));

        Assert.Equal(code, Hl7Kit.Segment(answer, "MSA")[1]);
        Assert.Equal("R1", Hl7Kit.Segment(answer, "MSA")[2]);
        Assert.Contains(error, answer, StringComparison.Ordinal);
        Assert.Equal(
            code == "AA" ? 1 : 0,
            (await FindAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Count
        );
        // The line goes on.
        Assert.Equal(
            "AA",
            Hl7Kit.Segment(await line.AskAsync(Hl7Kit.Discharge("R2", Given.Id("p"), visit + "b")), "MSA")[1]
        );
    }

    [Fact]
    public async Task What_is_wrong_with_frames_is_answered_where_it_can_be_and_the_next_is_taken()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        var good = Hl7Kit.Discharge("F1", Given.Id("p"), Given.Id("v"));

        // Garbage is of no message; a frame that another begins in, and one that is too long, are.
        await line.SendBytesAsync("garbage\r\n");
        Assert.Equal(["MSA", "AA", "F1"], Hl7Kit.Segment(await line.AskAsync(good), "MSA"));
        await line.SendBytesAsync("\u000b" + good.Replace("|F1|", "|F2|", StringComparison.Ordinal));
        await line.SendAsync(good.Replace("|F1|", "|F3|", StringComparison.Ordinal));
        Assert.Equal(["MSA", "AE", "F2"], Hl7Kit.Segment((await line.ReceiveAsync())!, "MSA")[..3]);
        Assert.Equal("F3", Hl7Kit.Segment((await line.ReceiveAsync())!, "MSA")[2]);
        var tooLong = await line.AskAsync(
            good.Replace("|F1|", "|F4|", StringComparison.Ordinal) + "ZZZ|" + new string('x', 30_000)
        );
        Assert.Equal(["MSA", "AE", "F4"], Hl7Kit.Segment(tooLong, "MSA")[..3]);
        Assert.Contains("|104^", tooLong, StringComparison.Ordinal);
        Assert.Equal(["MSA", "AA", "F1"], Hl7Kit.Segment(await line.AskAsync(good), "MSA"));
    }

    [Fact]
    public async Task A_frame_that_the_line_ends_in_is_answered_and_not_taken()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        var visit = Given.Id("v");
        await line.SendBytesAsync("\u000b" + Hl7Kit.Discharge("T1", Given.Id("p"), visit));
        line.HalfClose();

        Assert.Equal(["MSA", "AE", "T1"], Hl7Kit.Segment((await line.ReceiveAsync())!, "MSA")[..3]);
        Assert.Null(await line.ReceiveAsync());
        Assert.Empty(await FindAsync($"Encounter?identifier=http://north.example/visit|{visit}"));
    }

    [Fact]
    public async Task What_is_no_line_of_MLLP_is_ended()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        await line.SendBytesAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n" + new string('x', 5_000));

        Assert.Null(await line.ReceiveAsync());
    }

    [Fact]
    public async Task Messages_that_are_sent_without_waiting_are_answered_in_their_order()
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        var ids = Enumerable.Range(0, 20).Select(i => $"Q{i}").ToArray();
        var person = Given.Id("p");
        await line.SendBytesAsync(
            string.Concat(ids.Select(id => $"\u000b{Hl7Kit.Discharge(id, person, "v" + person)}\u001c\r"))
        );

        foreach (var id in ids)
            Assert.Equal(["MSA", "AA", id], Hl7Kit.Segment((await line.ReceiveAsync())!, "MSA"));
        Assert.Single(await FindAsync($"Encounter?identifier=http://north.example/visit|v{person}"));
    }

    [Fact]
    public async Task Many_lines_with_the_same_discharge_make_one_stay_and_one_plan()
    {
        var person = Given.Id("p");
        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async i =>
                {
                    using var line = await Hl7Kit.ConnectAsync(_server);
                    var answer = await line.AskAsync(Hl7Kit.Discharge("M1", person, "v" + person));
                    Assert.Equal(["MSA", "AA", "M1"], Hl7Kit.Segment(answer, "MSA"));
                })
        );

        var stay = Assert.Single(await FindAsync($"Encounter?identifier=http://north.example/visit|v{person}"));
        var patient = stay.GetProperty("subject").GetProperty("reference").GetString();
        Assert.Single(await FindAsync($"CarePlan?patient={patient}"));
    }

    private async Task<IReadOnlyList<JsonElement>> FindAsync(string query) =>
        [.. (await _server.GetAsync(query)).ShouldBe(200).Resources];
}
