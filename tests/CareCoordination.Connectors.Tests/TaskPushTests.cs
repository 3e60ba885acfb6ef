using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Connectors.Tests;

/// <summary>POST and PUT of a Task at a partner that may answer anything.</summary>
public sealed class TaskPushTests : IAsyncLifetime
{
    private readonly PartnerConnectors _connectors = Lines.Connectors();
    private ScriptedPartner _partner = null!;

    public async ValueTask InitializeAsync() => _partner = await ScriptedPartner.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
    }

    [Fact]
    public async Task Creates_the_task_under_a_condition_that_finds_an_earlier_one()
    {
        _partner.Answer = (_, c) => c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));

        var outcome = await SendAsync(Samples.Package());

        var delivered = Assert.IsType<SendOutcome.Delivered>(outcome);
        Assert.Equal(("Task/7", "1"), (delivered.Reference, delivered.Version));
        Assert.Equal(Samples.Copy("7", 1, "requested"), Text(delivered.Task));
        var asked = Assert.Single(_partner.Asked);
        Assert.Equal("POST /Task", asked.ToString());
        Assert.Equal("identifier=http://care.example.org/fhir/Task|t1", asked.Headers["If-None-Exist"]);
        Assert.Equal("application/fhir+json", asked.Headers.ContentType);
        Assert.Equal("return=representation", asked.Headers["Prefer"]);
        Assert.Equal(Samples.Package().DeliveryId, asked.Headers["X-Request-Id"]);
    }

    [Fact]
    public async Task A_repeat_that_finds_the_same_task_is_delivered()
    {
        _partner.Answer = (_, c) => c.TaskAsync(200, "7", 1, Samples.Copy("7", 1, "requested"));

        var delivered = Assert.IsType<SendOutcome.Delivered>(await SendAsync(Samples.Package()));

        Assert.Equal(("Task/7", "1"), (delivered.Reference, delivered.Version));
    }

    [Fact]
    public async Task A_repeat_that_finds_a_task_that_has_moved_on_overwrites_nothing()
    {
        _partner.Answer = (_, c) => c.TaskAsync(200, "7", 2, Samples.Copy("7", 2, "accepted"));

        var changed = Assert.IsType<SendOutcome.ChangedThere>(await SendAsync(Samples.Package()));

        Assert.Equal(("Task/7", "2"), (changed.Current.Reference, changed.Current.Version));
        Assert.Single(_partner.Asked);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(409)]
    public async Task An_answer_that_does_not_tell_where_is_followed_by_a_search(int status)
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST" ? Bare(c, status) : c.JsonAsync(200, Bundle(Samples.Copy("7", 1, "requested")));

        var delivered = Assert.IsType<SendOutcome.Delivered>(await SendAsync(Samples.Package()));

        Assert.Equal(("Task/7", "1"), (delivered.Reference, delivered.Version));
        Assert.Equal(
            "GET /Task?identifier=http%3A%2F%2Fcare.example.org%2Ffhir%2FTask%7Ct1",
            _partner.Asked[1].ToString()
        );
    }

    [Fact]
    public async Task A_conflict_without_a_task_of_ours_is_tried_later()
    {
        _partner.Answer = (asked, c) => asked.Method == "POST" ? Bare(c, 409) : c.JsonAsync(200, Bundle());

        var later = Assert.IsType<SendOutcome.TryLater>(await SendAsync(Samples.Package()));

        Assert.Equal(409, later.Status);
    }

    [Fact]
    public async Task A_failed_condition_without_a_task_of_ours_needs_a_human()
    {
        _partner.Answer = (asked, c) => asked.Method == "POST" ? c.JsonAsync(412, Outcome) : c.JsonAsync(200, Bundle());

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Samples.Package()));

        Assert.Equal((412, Outcome), (human.Status, Text(human.Answer)));
    }

    [Fact]
    public async Task Two_tasks_with_our_identifier_need_a_human()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? Bare(c, 412)
                : c.JsonAsync(200, Bundle(Samples.Copy("7", 1, "requested"), Samples.Copy("8", 1, "requested")));

        Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Samples.Package()));
    }

    [Fact]
    public async Task Updates_the_partners_copy_in_the_version_that_was_seen_last()
    {
        _partner.Answer = (_, c) => c.TaskAsync(200, "7", 5, Samples.Copy("7", 5, "cancelled"));

        var delivered = Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(
                Samples.Package("update", "cancelled") with
                {
                    PartnerReference = $"{_partner.Address}/Task/7",
                    PartnerVersion = "4",
                }
            )
        );

        Assert.Equal(("Task/7", "5"), (delivered.Reference, delivered.Version));
        var asked = Assert.Single(_partner.Asked);
        Assert.Equal("PUT /Task/7", asked.ToString());
        Assert.Equal("W/\"4\"", asked.Headers.IfMatch);
        Assert.Equal("7", (string?)JsonNode.Parse(asked.Body)!["id"]);
    }

    [Theory]
    [InlineData(409)]
    [InlineData(412)]
    public async Task An_update_that_meets_a_change_brings_what_is_there_now(int status)
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "PUT" ? Bare(c, status) : c.TaskAsync(200, "7", 5, Samples.Copy("7", 5, "accepted"));

        var changed = Assert.IsType<SendOutcome.ChangedThere>(await UpdateAsync("4"));

        Assert.Equal(("Task/7", "5"), (changed.Current.Reference, changed.Current.Version));
    }

    [Fact]
    public async Task A_repeated_update_that_meets_itself_is_delivered()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "PUT"
                ? Bare(c, 412)
                : c.TaskAsync(
                    200,
                    "7",
                    5,
                    _partner
                        .Asked[0]
                        .Body.Replace("\"meta\":{", "\"meta\":{\"versionId\":\"5\",", StringComparison.Ordinal)
                );

        var delivered = Assert.IsType<SendOutcome.Delivered>(await UpdateAsync("4"));

        Assert.Equal(("Task/7", "5"), (delivered.Reference, delivered.Version));
    }

    [Fact]
    public async Task An_update_refused_although_nothing_has_changed_needs_a_human()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "PUT"
                ? c.JsonAsync(412, Outcome)
                : c.TaskAsync(200, "7", 4, Samples.Copy("7", 4, "accepted"));

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await UpdateAsync("4"));

        Assert.Equal(Outcome, Text(human.Answer));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(410)]
    [InlineData(422)]
    [InlineData(501)]
    [InlineData(302)]
    public async Task What_would_be_refused_again_needs_a_human_and_shows_the_partners_reason(int status)
    {
        _partner.Answer = (_, c) => c.JsonAsync(status, Outcome);

        var human = Assert.IsType<SendOutcome.NeedsHuman>(
            await SendAsync(Samples.Package(), new PartnerOptions { RetryDelay = TimeSpan.FromMilliseconds(1) })
        );

        Assert.Equal((status, Outcome), (human.Status, Text(human.Answer)));
        Assert.Single(_partner.Asked);
    }

    [Fact]
    public async Task A_reason_that_is_no_operation_outcome_is_not_kept()
    {
        _partner.Answer = (_, c) => c.JsonAsync(400, "<html>Ana O'Neill</html>");

        Assert.True(Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Samples.Package())).Answer.IsEmpty);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_may_pass_is_tried_a_few_times_and_then_later(int status)
    {
        _partner.Answer = (_, c) => Bare(c, status);

        var later = Assert.IsType<SendOutcome.TryLater>(
            await SendAsync(
                Samples.Package(),
                new PartnerOptions { Retries = 2, RetryDelay = TimeSpan.FromMilliseconds(1) }
            )
        );

        Assert.Equal(status, later.Status);
        Assert.Equal(3, _partner.Asked.Count);
    }

    [Fact]
    public async Task A_lost_answer_is_repeated_with_the_same_condition()
    {
        var first = true;
        _partner.Answer = (_, c) =>
        {
            if (!first)
                return c.TaskAsync(200, "7", 1, Samples.Copy("7", 1, "requested"));
            first = false;
            c.Abort();
            return Task.CompletedTask;
        };

        var outcome = await SendAsync(
            Samples.Package(),
            new PartnerOptions { RetryDelay = TimeSpan.FromMilliseconds(1) }
        );

        Assert.IsType<SendOutcome.Delivered>(outcome);
        Assert.Equal(2, _partner.Asked.Count);
        Assert.Equal(_partner.Asked[0].Headers["If-None-Exist"], _partner.Asked[1].Headers["If-None-Exist"]);
        Assert.Equal(_partner.Asked[0].Body, _partner.Asked[1].Body);
    }

    [Fact]
    public async Task A_long_wait_that_was_asked_for_is_left_to_the_outbox()
    {
        _partner.Answer = (_, c) =>
        {
            c.Response.Headers.RetryAfter = "120";
            return Bare(c, 503);
        };

        var later = Assert.IsType<SendOutcome.TryLater>(
            await SendAsync(Samples.Package(), new PartnerOptions { RetryDelay = TimeSpan.FromMilliseconds(1) })
        );

        Assert.Equal((503, TimeSpan.FromSeconds(120)), (later.Status, later.RetryAfter));
        Assert.Single(_partner.Asked);
    }

    [Fact]
    public async Task A_partner_that_does_not_answer_in_time_is_tried_later()
    {
        _partner.Answer = async (_, c) => await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { });

        var later = Assert.IsType<SendOutcome.TryLater>(
            await SendAsync(Samples.Package(), Lines.Plain with { AttemptTimeout = TimeSpan.FromMilliseconds(50) })
        );

        Assert.Equal((null, "The partner did not answer in time."), (later.Status, later.Problem));
    }

    [Fact]
    public async Task A_partner_that_nobody_listens_for_is_tried_later()
    {
        var address = _partner.Address;
        await _partner.DisposeAsync();

        var later = Assert.IsType<SendOutcome.TryLater>(
            await _connectors.Line(address).SendAsync(Samples.Package(), CancellationToken.None)
        );

        Assert.Equal("The partner refused the connection.", later.Problem);
        _partner = await ScriptedPartner.StartAsync();
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var giveUp = new CancellationTokenSource();
        _partner.Answer = async (_, c) =>
        {
            await giveUp.CancelAsync();
            await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { });
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _connectors.Line(_partner.Address).SendAsync(Samples.Package(), giveUp.Token)
        );

        Assert.Equal(0, _connectors.Health("e1")!.FailuresInARow);
    }

    [Fact]
    public async Task Direct_light_sends_nothing()
    {
        var outcome = await SendAsync(Samples.Package(), Lines.Plain with { Strategy = ReferralStrategy.DirectLight });

        Assert.Equal(new SendOutcome.Delivered(null, null), outcome);
        Assert.Empty(_partner.Asked);
    }

    private const string Outcome =
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"business-rule"}]}""";

    private Task<SendOutcome> SendAsync(ReferralPackage package, PartnerOptions? options = null) =>
        _connectors.Line(_partner.Address, options).SendAsync(package, CancellationToken.None);

    private Task<SendOutcome> UpdateAsync(string version) =>
        SendAsync(
            Samples.Package("update", "cancelled") with
            {
                PartnerReference = "Task/7",
                PartnerVersion = version,
            }
        );

    private static Task Bare(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static string Bundle(params string[] tasks) =>
        $$"""{"resourceType":"Bundle","type":"searchset","entry":[{{string.Join(',', tasks.Select(t => $$"""{"resource":{{t}}}"""))}}]}""";

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
