using System.Text;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>The rows of the trail are AuditEvents to whoever may read them, and to nobody who would change them.</summary>
public abstract class AuditSearchTests : IAsyncLifetime
{
    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public sealed class OnSqlite : AuditSearchTests
    {
        protected override bool IsPostgreSql => false;
    }

    public sealed class OnPostgreSql : AuditSearchTests
    {
        protected override bool IsPostgreSql => true;
    }

    protected abstract bool IsPostgreSql { get; }

    public async ValueTask InitializeAsync()
    {
        _database = await ServerDatabase.NewAsync(IsPostgreSql);
        _server = await TestServer.StartAsync([.. _database.Settings, Trail.BeforeAnswer]);
        await _server.PutAsync("Patient/a", Given.Patient("a"));
        await _server.PutAsync("Patient/b", Given.Patient("b"));
        await _server.PutAsync("Observation/x", Observation("x", "a"));
        await _server.GetAsync("Observation/x");
        await _server.GetAsync("Observation?subject=Patient/a&_elements=code");
        await _server.GetAsync("Patient/nobody");
        await _server.PutAsync("Task/t", Task("t", "a"));
        (await _server.AskAsync("Task/t/$start", Ask.Reference("practitioner", "Practitioner/p"))).ShouldBe(200);
        await _server.DeleteAsync("Observation/x");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("entity=Observation/x", "delete read update")]
    [InlineData("patient=Patient/a", "$start delete read search-type update update update")]
    [InlineData("patient=Patient/b", "update")]
    [InlineData("entity=Patient/nobody", "read")]
    [InlineData("entity=Observation/x&action=R", "read")]
    [InlineData("patient=Patient/a&action=D", "delete")]
    [InlineData("agent=Practitioner/p&subtype=operation", "$start")]
    [InlineData("outcome=4&entity=Patient/nobody", "read")]
    [InlineData("outcome=4&patient=Patient/a", "")]
    [InlineData(
        "type=http://terminology.hl7.org/CodeSystem/audit-event-type|rest&entity=Observation/x",
        "delete read update"
    )]
    [InlineData("subtype=search-type&patient=Patient/a", "search-type")]
    [InlineData("address=127.0.0.1&entity=Observation/x", "delete read update")]
    [InlineData("address=10.0.0.1&entity=Observation/x", "")]
    [InlineData("date=gt2020-01-01&entity=Observation/x", "delete read update")]
    [InlineData("date=lt2020-01-01&entity=Observation/x", "")]
    [InlineData("_lastUpdated=ge2020-01-01&entity=Observation/x", "delete read update")]
    [InlineData("date=ge2999-01-01", "")]
    [InlineData("entity=Observation/x&_sort=date", "update read delete")]
    [InlineData("entity=Observation/x,Patient/nobody&_sort=date", "update read read delete")]
    public async Task Finds_by_what_an_event_says(string query, string expected)
    {
        var found = await _server.AllAsync($"AuditEvent?{query}&_count=2");

        var codes = found.Select(CodeOf);
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            query.Contains("patient=Patient/a", StringComparison.Ordinal) ? codes.Order(StringComparer.Ordinal) : codes
        );
        Assert.Equal(found.Count, found.Select(f => f.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task An_event_tells_who_did_what_to_whose_data_and_how_it_ended()
    {
        var read = (await _server.AllAsync("AuditEvent?entity=Observation/x&action=R")).Single();
        var search = (await _server.AllAsync("AuditEvent?subtype=search-type&patient=Patient/a&_sort=date"))[0];
        var start = (await _server.AllAsync("AuditEvent?subtype=operation&entity=Task/t")).Single();

        Assert.Equal("0", read.GetProperty("outcome").GetString());
        Assert.Equal(
            ["Observation/x/_history/1", "Patient/a"],
            read.GetProperty("entity")
                .EnumerateArray()
                .Select(e => e.GetProperty("what").GetProperty("reference").GetString())
        );
        Assert.Equal(
            "127.0.0.1",
            read.GetProperty("agent")[0].GetProperty("network").GetProperty("address").GetString()
        );
        // Only the code was sent, and it was of this patient.
        Assert.Contains("\"Patient/a\"", search.GetRawText(), StringComparison.Ordinal);
        var query = search
            .GetProperty("entity")
            .EnumerateArray()
            .Select(e => e.TryGetProperty("query", out var text) ? text.GetString() : null)
            .OfType<string>()
            .Single();
        Assert.Contains(
            "subject=Patient/a",
            Encoding.UTF8.GetString(Convert.FromBase64String(query)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "Practitioner/p",
            start.GetProperty("agent")[0].GetProperty("who").GetProperty("reference").GetString()
        );
        Assert.Contains("\"Task/t/_history/2\"", start.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("\"name\":\"start\"", start.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_is_read_by_its_id_and_is_valid()
    {
        var all = await _server.AllAsync("AuditEvent");
        foreach (var found in all)
        {
            var id = found.GetProperty("id").GetString();
            Assert.Equal(found.GetRawText(), (await _server.GetAsync($"AuditEvent/{id}")).ShouldBe(200).Body);
            var outcome = (await _server.PostAsync("AuditEvent/$validate", found.GetRawText())).ShouldBe(200);
            Assert.DoesNotContain(outcome.Issues, i => i.StartsWith("error", StringComparison.Ordinal));
        }

        Assert.Equal(
            all[0].GetRawText(),
            (await _server.GetAsync($"AuditEvent/{all[0].GetProperty("id")}/_history/1")).ShouldBe(200).Body
        );
        (await _server.GetAsync($"AuditEvent/{all[0].GetProperty("id")}/_history/2")).ShouldBe(404);
        Assert.Single(
            (await _server.GetAsync($"AuditEvent/{all[0].GetProperty("id")}/_history")).ShouldBe(200).Resources
        );
        (await _server.GetAsync("AuditEvent/audit-999999")).ShouldBe(404);
    }

    [Fact]
    public async Task Nobody_writes_or_deletes_an_event()
    {
        var found = (await _server.AllAsync("AuditEvent?entity=Observation/x&action=R")).Single();
        var url = $"AuditEvent/{found.GetProperty("id")}";
        const string Refusal =
            "error not-supported: Rows of the audit trail stay as they are: nobody writes, changes or deletes them.";

        (await _server.PutAsync(url, found.GetRawText())).ShouldRefuse(405, Refusal);
        (await _server.DeleteAsync(url)).ShouldRefuse(405, Refusal);
        Assert.Equal(
            405,
            (await _server.PatchAsync(url, """[{"op":"replace","path":"/outcome","value":"8"}]""")).Status
        );
        (
            await _server.PutAsync(
                "AuditEvent/audit-777777",
                found
                    .GetRawText()
                    .Replace(found.GetProperty("id").GetString()!, "audit-777777", StringComparison.Ordinal)
            )
        ).ShouldRefuse(405, Refusal);

        Assert.Empty((await _server.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task What_others_store_comes_after_the_trail_on_pages_that_join()
    {
        var stored = (await _server.AllAsync("AuditEvent?entity=Observation/x&action=R")).Single();
        for (var i = 0; i < 3; i++)
            (await _server.PostAsync("AuditEvent", stored.GetRawText())).ShouldBe(201);

        foreach (var count in (int[])[1, 2, 3, 4, 100])
        {
            var found = await _server.AllAsync($"AuditEvent?entity=Observation/x&action=R&_count={count}");
            Assert.Equal(4, found.Count);
            Assert.StartsWith("audit-", found[0].GetProperty("id").GetString(), StringComparison.Ordinal);
            Assert.Equal(4, found.Select(f => f.GetProperty("id").GetString()).Distinct().Count());
        }

        Assert.Equal(
            4,
            (await _server.GetAsync("AuditEvent?entity=Observation/x&action=R&_total=accurate"))
                .Json.GetProperty("total")
                .GetInt32()
        );
        Assert.Equal(
            4,
            (await _server.GetAsync("AuditEvent?entity=Observation/x&action=R&_summary=count"))
                .Json.GetProperty("total")
                .GetInt32()
        );
    }

    [Theory]
    [InlineData(
        "patient.name=Anna",
        "The audit trail is searched by what its events say themselves: chains and _has cannot be answered."
    )]
    [InlineData(
        "_has:Provenance:target:recorded=2026",
        "The audit trail is searched by what its events say themselves: chains and _has cannot be answered."
    )]
    [InlineData("_sort=agent-name", "The audit trail is sorted by date or -date, or by _lastUpdated.")]
    public async Task What_the_trail_is_not_asked_is_refused(string query, string sentence) =>
        (await _server.GetAsync($"AuditEvent?{query}")).ShouldRefuse(400, $"error not-supported: {sentence}");

    [Fact]
    public async Task What_rows_refer_to_is_not_included_and_that_is_said()
    {
        var page = (await _server.GetAsync("AuditEvent?entity=Observation/x&_include=AuditEvent:patient")).ShouldBe(
            200
        );

        Assert.Equal(
            "warning incomplete: What events of the audit trail refer to is not included: ask for it by its reference.",
            Assert.Single(Answer.Outcome(page.Resources.Last()))
        );
        Assert.Equal(4, page.Resources.Count());
    }

    private static string CodeOf(JsonElement audit) =>
        audit.GetProperty("subtype").EnumerateArray().Last().GetProperty("code").GetString()!;

    private static string Observation(string id, string patient) =>
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{{patient}}}"}}""";

    private static string Task(string id, string patient) =>
        $$$"""{"resourceType":"Task","id":"{{{id}}}","status":"ready","intent":"order","for":{"reference":"Patient/{{{patient}}}"}}""";
}
