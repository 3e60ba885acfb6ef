using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Connectors.Tests;

/// <summary>Reading, polling and probing a partner.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Since = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly PartnerConnectors _connectors = Lines.Connectors();
    private ScriptedPartner _partner = null!;

    public async ValueTask InitializeAsync() => _partner = await ScriptedPartner.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
    }

    [Fact]
    public async Task Reads_the_partners_copy()
    {
        _partner.Answer = (_, c) => c.TaskAsync(200, "7", 3, Samples.Copy("7", 3, "accepted"));

        var found = Assert.IsType<ReadOutcome.Found>(await Line().ReadAsync("Task/7", CancellationToken.None));

        Assert.Equal(("Task/7", "3"), (found.Task.Reference, found.Task.Version));
        Assert.Equal("GET /Task/7", Assert.Single(_partner.Asked).ToString());
    }

    [Fact]
    public async Task A_copy_that_cannot_be_read_says_why()
    {
        var failed = Assert.IsType<ReadOutcome.Failed>(await Line().ReadAsync("Task/7", CancellationToken.None));

        Assert.Equal(404, Assert.IsType<SendOutcome.NeedsHuman>(failed.Why).Status);
    }

    [Fact]
    public async Task Polls_page_by_page_what_has_changed_since_then()
    {
        _partner.Answer = (asked, c) =>
            asked.Path.StartsWith("/Task?", StringComparison.Ordinal)
                ? c.JsonAsync(200, Page($"{_partner.Address}?_page=2", Samples.Copy("7", 3, "accepted")))
                : c.JsonAsync(200, Page(null, Samples.Copy("8", 1, "rejected")));

        var pages = await PollAsync();

        Assert.Equal(
            ["Task/7 3", "Task/8 1"],
            pages.SelectMany(p => p.Tasks).Select(t => $"{t.Reference} {t.Version}")
        );
        Assert.All(pages, p => Assert.Null(p.Problem));
        Assert.Equal(
            [
                "GET /Task?identifier=http%3A%2F%2Fcare.example.org%2Ffhir%2FTask%7C&_lastUpdated=ge2026-03-02T09%3A00%3A00.000Z&_sort=_lastUpdated&_count=100",
                "GET ?_page=2",
            ],
            _partner.Asked.Select(a => a.ToString())
        );
    }

    [Fact]
    public async Task Polls_as_the_options_say()
    {
        _partner.Answer = (_, c) => c.JsonAsync(200, Page(null));

        await PollAsync(Lines.Plain with { PollQuery = "requester=Organization/7" });

        Assert.StartsWith(
            "GET /Task?requester=Organization/7&_lastUpdated=",
            Assert.Single(_partner.Asked).ToString(),
            StringComparison.Ordinal
        );
    }

    /// <summary>A server behind a proxy names itself otherwise: its page is asked for where it is known, and nowhere else.</summary>
    [Theory]
    [InlineData("https://internal:8443/baseR4?_getpages=a1&_getpagesoffset=1", "GET ?_getpages=a1&_getpagesoffset=1")]
    [InlineData("http://10.0.0.7/fhir/Task?identifier=x&_page=2", "GET /Task?identifier=x&_page=2")]
    [InlineData("http://10.0.0.7/other/path/Task/_search?ct=7", "GET /Task/_search?ct=7")]
    [InlineData("Task?_page=2", "GET /Task?_page=2")]
    [InlineData("?_page=2", "GET /?_page=2")]
    [InlineData("https://USERINFO@evil.example.org/fhir?_page=2", "GET ?_page=2")]
    public async Task A_next_page_at_another_host_is_asked_for_at_the_known_base(string link, string asked)
    {
        _partner.Answer = (_, c) =>
            _partner.Asked.Count == 1
                ? c.JsonAsync(200, Page(link, Samples.Copy("7", 3, "accepted")))
                : c.JsonAsync(200, Page(null, Samples.Copy("8", 1, "accepted")));

        var pages = await PollAsync();

        Assert.All(pages, p => Assert.Null(p.Problem));
        Assert.Equal(["Task/7", "Task/8"], pages.SelectMany(p => p.Tasks).Select(t => t.Reference));
        Assert.Equal(asked, _partner.Asked[1].ToString());
        Assert.Equal(2, _partner.Asked.Count);
    }

    [Theory]
    [InlineData("https://evil.example.org/pages/77")]
    [InlineData("ftp://evil.example.org/fhir?_page=2")]
    [InlineData("https://evil.example.org/fhir?")]
    public async Task A_next_page_that_cannot_be_followed_is_told_of_and_the_rest_is_asked_for_by_time(string link)
    {
        _partner.Answer = (asked, c) =>
            asked.Path.Contains("ge2026-03-02T09%3A00%3A00.000Z", StringComparison.Ordinal)
                ? c.JsonAsync(200, Page(link, At("7", "2026-03-02T09:30:00Z")))
                : c.JsonAsync(200, Page(null, At("7", "2026-03-02T09:30:00Z"), At("8", "2026-03-02T09:40:00Z")));

        var pages = await PollAsync();

        Assert.All(pages, p => Assert.Null(p.Problem));
        Assert.Contains(pages.SelectMany(p => p.Tasks), t => t.Reference == "Task/8");
        Assert.Contains("ge2026-03-02T09%3A30%3A00.000Z", _partner.Asked[1].Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example.org/pages/77")]
    [InlineData(null)]
    public async Task A_full_page_that_leads_no_further_is_reported(string? link)
    {
        var page = Enumerable.Range(0, 100).Select(i => At($"n{i}", "2026-03-02T09:30:00Z")).ToArray();
        _partner.Answer = (_, c) => c.JsonAsync(200, Page(link, page));

        var pages = await PollAsync();

        var problem = Assert.IsType<SendOutcome.NeedsHuman>(pages[^1].Problem).Problem;
        Assert.StartsWith(
            "The partner's answer to a poll cannot be read to its end",
            problem,
            StringComparison.Ordinal
        );
        Assert.Equal(2, _partner.Asked.Count);
    }

    [Fact]
    public async Task A_full_page_without_a_link_is_followed_by_the_time_of_its_last_change()
    {
        static IEnumerable<string> Changes(int from, int count) =>
            Enumerable.Range(from, count).Select(i => At($"n{i}", $"2026-03-02T{10 + i / 60:00}:{i % 60:00}:00Z"));
        _partner.Answer = (asked, c) =>
        {
            var since = Uri.UnescapeDataString(asked.Path[(asked.Path.IndexOf("ge", StringComparison.Ordinal) + 2)..]);
            var from = Math.Max(0, (int)(DateTimeOffset.Parse(since[..24], null) - Since.AddHours(1)).TotalMinutes);
            return c.JsonAsync(200, Page(null, [.. Changes(from, 250 - from).Take(100)]));
        };

        var pages = await PollAsync();

        Assert.All(pages, p => Assert.Null(p.Problem));
        Assert.Equal(250, pages.SelectMany(p => p.Tasks).Select(t => t.Reference).Distinct().Count());
        Assert.Equal(3, _partner.Asked.Count);
    }

    [Fact]
    public async Task Pages_that_go_in_circles_end_with_a_report()
    {
        _partner.Answer = (_, c) => c.JsonAsync(200, Page($"{_partner.Address}?_page=2"));

        var pages = await PollAsync();

        Assert.NotNull(pages[^1].Problem);
        Assert.Equal(2, _partner.Asked.Count);
    }

    [Fact]
    public async Task Pages_that_bring_nothing_new_and_never_end_are_left()
    {
        var page = 0;
        _partner.Answer = (_, c) =>
            c.JsonAsync(200, Page($"{_partner.Address}?_page={++page}", At("7", "2026-03-02T09:30:00Z")));

        var pages = await PollAsync();

        Assert.NotNull(pages[^1].Problem);
        Assert.InRange(_partner.Asked.Count, 4, 8);
    }

    private static string At(string id, string updated) =>
        $$$"""{"resourceType":"Task","id":"{{{id}}}","meta":{"versionId":"1","lastUpdated":"{{{updated}}}"},"status":"accepted","intent":"order"}""";

    [Fact]
    public async Task A_page_that_fails_ends_the_poll_with_its_problem()
    {
        _partner.Answer = (asked, c) =>
        {
            if (asked.Path.StartsWith("/Task?", StringComparison.Ordinal))
                return c.JsonAsync(200, Page($"{_partner.Address}?_page=2", Samples.Copy("7", 3, "accepted")));
            c.Response.StatusCode = 503;
            return Task.CompletedTask;
        };

        var pages = await PollAsync();

        Assert.Equal(2, pages.Count);
        Assert.Equal(503, Assert.IsType<SendOutcome.TryLater>(pages[1].Problem).Status);
    }

    [Fact]
    public async Task Included_resources_and_outcomes_are_no_tasks_of_a_page()
    {
        _partner.Answer = (_, c) =>
            c.JsonAsync(
                200,
                """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"1"},"search":{"mode":"include"}},{"resource":{"resourceType":"OperationOutcome","issue":[]},"search":{"mode":"outcome"}},{"resource":{"resourceType":"Task","id":"7"},"search":{"mode":"match"}},{"fullUrl":"urn:x"}]}"""
            );

        Assert.Equal("Task/7", Assert.Single(Assert.Single(await PollAsync()).Tasks).Reference);
    }

    [Theory]
    [InlineData("DirectLight")]
    [InlineData("MessageBundle")]
    public async Task A_partner_that_keeps_no_tasks_is_not_asked(string strategy)
    {
        var options = Lines.Plain with { Strategy = strategy };

        Assert.Empty(await PollAsync(options));
        Assert.IsType<ReadOutcome.Absent>(await Line(options).ReadAsync("Task/7", CancellationToken.None));
        Assert.Empty(_partner.Asked);
    }

    [Fact]
    public async Task A_partner_that_takes_v2_may_be_read_by_fhir()
    {
        _partner.Answer = (_, c) => c.TaskAsync(200, "7", 3, Samples.Copy("7", 3, "accepted"));
        var connector = _connectors.For(
            new Partner(
                "e2",
                new Uri("mllp://127.0.0.1:1"),
                Lines.Plain with
                {
                    Strategy = "Hl7V2",
                    ReadAddress = _partner.Address,
                }
            )
        );

        Assert.True(connector.KeepsTasks);
        Assert.IsType<ReadOutcome.Found>(await connector.ReadAsync("Task/7", CancellationToken.None));
    }

    [Fact]
    public async Task A_probe_finds_a_partner_ready()
    {
        _partner.Answer = (_, c) => c.JsonAsync(200, Capabilities);

        var report = await Line().ProbeAsync(Samples.Package(), CancellationToken.None);

        Assert.True(report.IsReady);
        Assert.Equal(
            [
                "address Passed",
                "metadata Passed",
                "fhir-version Passed",
                "format Passed",
                "Task:create Passed",
                "Task:update Passed",
                "Task:conditional-create Passed",
                "Task:once Passed",
                "Task:read Passed",
                "Task:search-type Passed",
                "Task?identifier Passed",
                "Task?_lastUpdated Warning",
            ],
            report.Steps.Select(s => $"{s.Name} {s.Result}")
        );
        Assert.All(_partner.Asked, a => Assert.Equal("GET", a.Method));
    }

    [Fact]
    public async Task A_probe_holds_the_types_of_a_transaction_against_what_the_partner_takes()
    {
        _partner.Answer = (_, c) => c.JsonAsync(200, Capabilities);

        var report = await Line(Lines.Plain with { Strategy = "TransactionBundle" })
            .ProbeAsync(
                Samples.Package() with
                {
                    Supporting = [Samples.Of("Patient", "p1", Samples.Patient)],
                },
                CancellationToken.None
            );

        Assert.False(report.IsReady);
        Assert.Equal(
            ["transaction", "Patient:create", "ServiceRequest:create"],
            report.Steps.Where(s => s.Result == ProbeResult.Failed).Select(s => s.Name)
        );
    }

    [Theory]
    [InlineData(
        """{"resourceType":"CapabilityStatement","fhirVersion":"3.0.2","format":["xml"]}""",
        "fhir-version,format,$process-message"
    )]
    [InlineData("""{"resourceType":"Bundle"}""", "capabilities")]
    [InlineData("no json", "capabilities")]
    public async Task A_probe_says_what_a_partner_lacks(string metadata, string failed)
    {
        _partner.Answer = (_, c) => c.JsonAsync(200, metadata);

        var report = await Line(Lines.Plain with { Strategy = "MessageBundle" })
            .ProbeAsync(null, CancellationToken.None);

        Assert.Equal(
            failed,
            string.Join(',', report.Steps.Where(s => s.Result == ProbeResult.Failed).Select(s => s.Name))
        );
    }

    [Fact]
    public async Task A_probe_of_an_address_off_the_list_calls_nobody()
    {
        var report = await _connectors
            .Line(new Uri("https://evil.example.org/fhir"))
            .ProbeAsync(null, CancellationToken.None);

        Assert.False(report.IsReady);
        Assert.Equal("address", Assert.Single(report.Steps).Name);
    }

    [Fact]
    public async Task A_probe_asks_although_the_breaker_is_open()
    {
        var options = Lines.Plain with { BreakerFailures = 1 };
        _partner.Answer = (_, c) =>
        {
            c.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await Line(options).SendAsync(Samples.Package(), CancellationToken.None);

        _partner.Answer = (_, c) => c.JsonAsync(200, Capabilities);

        Assert.True((await Line(options).ProbeAsync(null, CancellationToken.None)).IsReady);
    }

    private PartnerConnector Line(PartnerOptions? options = null) => _connectors.Line(_partner.Address, options);

    private async Task<List<PollPage>> PollAsync(PartnerOptions? options = null)
    {
        var pages = new List<PollPage>();
        await foreach (var page in Line(options).PollAsync(Samples.OwnBase, Since, CancellationToken.None))
            pages.Add(page);
        return pages;
    }

    private static string Page(string? next, params string[] tasks) =>
        $$"""
            {"resourceType":"Bundle","type":"searchset",
            "link":[{"relation":"{{(next is null ? "self" : "next")}}","url":"{{next}}"}],
            "entry":[{{string.Join(',', tasks.Select(t => $"{{\"resource\":{t}}}"))}}]}
            """;

    private const string Capabilities = """
        {"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","format":["application/fhir+json"],"rest":[{"mode":"server","resource":[
        {"type":"Task","interaction":[{"code":"create"},{"code":"update"},{"code":"read"},{"code":"search-type"}],"conditionalCreate":true,"searchParam":[{"name":"identifier","type":"token"}]}]}]}
        """;
}
