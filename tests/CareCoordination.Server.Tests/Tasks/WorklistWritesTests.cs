using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>Whatever writes a task, the worklist knows it at once.</summary>
public sealed class WorklistWritesTests : IAsyncLifetime
{
    private const string Owner = "Practitioner/mine";
    private readonly string _folder = Directory.CreateTempSubdirectory("care-worklist-").FullName;
    private TestServer _server = null!;

    private string Database => $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "test.db")}";

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync([Database], _folder);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_way_in_and_out_is_seen()
    {
        var created = (await _server.PostAsync("Task", Task("ready"))).ShouldBe(201).Id;
        await ShouldListAsync(created);
        (await _server.PutAsync("Task/put", Task("ready", "put"))).ShouldBe(201);
        await ShouldListAsync(created, "put");
        (await _server.PostAsync("", Given.Transaction(Given.Entry("PUT", "Task/tx", Task("ready", "tx"))))).ShouldBe(
            200
        );
        (await _server.PostAsync("", Given.Batch(Given.Entry("PUT", "Task/batch", Task("ready", "batch"))))).ShouldBe(
            200
        );
        await ShouldListAsync(created, "put", "tx", "batch");

        (await _server.PutAsync("Task/pool", Task("requested", "pool", owner: null))).ShouldBe(201);
        (await _server.AskAsync("Task/pool/$claim", Ask.Reference("practitioner", Owner))).ShouldBe(200);
        await ShouldListAsync(created, "put", "tx", "batch", "pool");
        (await _server.AskAsync("Task/put/$reassign", Ask.Reference("owner", "Practitioner/other"))).ShouldBe(200);
        (await _server.AskAsync("Task/tx/$hold", Ask.Text("reason", "Vacation"))).ShouldBe(200);
        (await _server.PutAsync("Task/batch", Task("cancelled", "batch"))).ShouldBe(200);
        (await _server.DeleteAsync($"Task/{created}")).ShouldBe(204);
        await ShouldListAsync("pool");
        (await _server.AskAsync("Task/tx/$resume")).ShouldBe(200);
        await ShouldListAsync("pool", "tx");

        var file = Path.Combine(_folder, "tasks.ndjson");
        await File.WriteAllTextAsync(file, Task("ready", "imported") + "\n");
        string[] import =
        [
            "import",
            file,
            "--journal",
            Path.Combine(_folder, "journal"),
            "--report",
            Path.Combine(_folder, "rejected"),
            Database,
        ];
        Assert.Equal(0, await Program.Main(import));
        await ShouldListAsync("pool", "tx", "imported");
    }

    [Fact]
    public async Task A_worklist_of_170_patients_is_one_request_of_stable_order_and_right_counts()
    {
        const int Patients = 170;
        (await _server.PutAsync("PractitionerRole/m", """{"resourceType":"PractitionerRole","id":"m"}""")).ShouldBe(
            201
        );
        var entries = new List<string>();
        for (var i = 0; i < Patients; i++)
        {
            var patient = string.Create(CultureInfo.InvariantCulture, $"Patient/p{i:000}");
            var due = string.Create(CultureInfo.InvariantCulture, $"20{10 + (i % 2) * 80}-01-01");
            var of = $$"""{"reference":"{{patient}}"}""";
            const string Manager = """{"reference":"PractitionerRole/m"}""";
            entries.Add(
                Given.Entry(
                    "POST",
                    "EpisodeOfCare",
                    $$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{{of}},"careManager":{{Manager}}}"""
                )
            );
            entries.Add(
                Given.Entry(
                    "POST",
                    "Task",
                    $$$"""{"resourceType":"Task","status":"ready","intent":"order","for":{{{of}}},"owner":{{{Manager}}},"restriction":{"period":{"end":"{{{due}}}"} } }"""
                )
            );
        }

        (await _server.PostAsync("", Given.Transaction([.. entries]))).ShouldBe(200);

        var first = (await _server.GetAsync("Task/$worklist?owner=PractitionerRole/m&count=200")).ShouldBe(200);
        var again = (await _server.GetAsync("Task/$worklist?owner=PractitionerRole/m&count=200")).ShouldBe(200);
        var load = (await _server.GetAsync("PractitionerRole/m/$caseload")).ShouldBe(200);

        Assert.Equal("170", first.Text("total"));
        Assert.Null(first.Link("next"));
        Assert.Equal(first.Ids, again.Ids);
        Assert.Equal(Patients, first.Ids.Distinct().Count());
        var dues = first.Resources.Select(r =>
            r.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()
        );
        Assert.Equal([.. Enumerable.Repeat("2010-01-01", 85), .. Enumerable.Repeat("2090-01-01", 85)], dues);
        foreach (
            var expected in (string[])
                [
                    "\"patients\",\"valueInteger\":170",
                    "\"overdue\",\"valueInteger\":85",
                    "\"capacityPatients\",\"valueInteger\":0",
                    "\"state\",\"valueCode\":\"at-cap\"",
                ]
        )
            Assert.Contains(expected, load.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "status=completed",
        "A worklist holds tasks that are draft, requested, received, accepted, ready, in-progress, on-hold; ask GET [base]/Task?status= for others."
    )]
    [InlineData("priority=soon", "A priority is one of routine, urgent, asap, stat.")]
    [InlineData("patient=Group/1", "'patient' is a patient of this server, such as Patient/1.")]
    public async Task What_a_worklist_cannot_hold_is_refused(string query, string sentence)
    {
        var answer = await _server.GetAsync($"Task/$worklist?{query}");

        answer.ShouldRefuse(400, $"error value Parameters.parameter: {sentence}");
    }

    private async Task ShouldListAsync(params string[] expected)
    {
        var list = (await _server.GetAsync($"Task/$worklist?owner={Owner}")).ShouldBe(200);
        Assert.Equal(expected.Order(StringComparer.Ordinal), list.Ids.Order(StringComparer.Ordinal));
    }

    private static string Task(string status, string? id = null, string? owner = Owner) =>
        $$"""{"resourceType":"Task"{{(id is null ? "" : $",\"id\":\"{id}\"")}},"status":"{{status}}","intent":"order"{{(owner is null ? "" : $",\"owner\":{{\"reference\":\"{owner}\"}}")}}}""";
}
