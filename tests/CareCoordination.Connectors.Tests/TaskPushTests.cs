using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Connectors.Partners;
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
    public async Task A_conflict_without_a_task_of_ours_is_a_collision()
    {
        _partner.Answer = (asked, c) => asked.Method == "POST" ? Bare(c, 409) : c.JsonAsync(200, Bundle());

        var collided = Assert.IsType<SendOutcome.Collided>(await SendAsync(Samples.Package()));

        Assert.Equal(409, collided.Status);
    }

    [Fact]
    public async Task A_failed_condition_without_a_task_of_ours_is_a_collision_with_the_partners_reason()
    {
        _partner.Answer = (asked, c) => asked.Method == "POST" ? c.JsonAsync(412, Outcome) : c.JsonAsync(200, Bundle());

        var collided = Assert.IsType<SendOutcome.Collided>(await SendAsync(Samples.Package()));

        Assert.Equal((412, Outcome), (collided.Status, Text(collided.Answer)));
    }

    [Fact]
    public async Task Of_two_copies_the_one_that_somebody_works_on_counts()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? Bare(c, 412)
                : c.JsonAsync(200, Bundle(Samples.Copy("7", 1, "requested"), Samples.Copy("8", 2, "accepted")));

        var changed = Assert.IsType<SendOutcome.ChangedThere>(await SendAsync(Samples.Package()));

        Assert.Equal("Task/8", changed.Current.Reference);
    }

    [Fact]
    public async Task Updates_the_partners_copy_in_the_version_that_was_seen_last()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "GET"
                ? c.TaskAsync(200, "7", 4, Samples.Copy("7", 4, "accepted"))
                : c.TaskAsync(200, "7", 5, Samples.Copy("7", 5, "cancelled"));

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
        Assert.Equal(["GET /Task/7", "PUT /Task/7"], _partner.Asked.Select(a => a.ToString()));
        var put = _partner.Asked[1];
        Assert.Equal("W/\"4\"", put.Headers.IfMatch);
        Assert.Equal("7", (string?)JsonNode.Parse(put.Body)!["id"]);
        Assert.Equal("cancelled", (string?)JsonNode.Parse(put.Body)!["status"]);
    }

    [Theory]
    [InlineData(409)]
    [InlineData(412)]
    public async Task An_update_that_meets_a_change_brings_what_is_there_now(int status)
    {
        var version = 4;
        _partner.Answer = (asked, c) =>
            asked.Method == "PUT"
                ? Bare(c, status)
                : c.TaskAsync(200, "7", version, Samples.Copy("7", version++, "accepted"));

        var changed = Assert.IsType<SendOutcome.ChangedThere>(await UpdateAsync("4"));

        Assert.Equal(("Task/7", "5"), (changed.Current.Reference, changed.Current.Version));
    }

    [Fact]
    public async Task An_update_of_a_copy_that_has_moved_on_writes_nothing()
    {
        _partner.Answer = (_, c) => c.TaskAsync(200, "7", 5, Samples.Copy("7", 5, "accepted"));

        Assert.IsType<SendOutcome.ChangedThere>(await UpdateAsync("4"));

        Assert.Equal(["GET /Task/7"], _partner.Asked.Select(a => a.ToString()));
    }

    [Fact]
    public async Task A_repeated_update_that_meets_itself_is_delivered()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "PUT" ? Bare(c, 412)
            : _partner.Asked.Count == 1 ? c.TaskAsync(200, "7", 4, Samples.Copy("7", 4, "accepted"))
            : c.TaskAsync(
                200,
                "7",
                5,
                _partner.Asked[1].Body.Replace("\"versionId\":\"4\"", "\"versionId\":\"5\"", StringComparison.Ordinal)
            );

        var delivered = Assert.IsType<SendOutcome.Delivered>(await UpdateAsync("4"));

        Assert.Equal(("Task/7", "5"), (delivered.Reference, delivered.Version));
    }

    [Theory]
    [InlineData("TaskPush")]
    [InlineData("NotifyAndPull")]
    [InlineData("TransactionBundle")]
    public async Task All_copies_that_repeats_have_left_are_told(string strategy)
    {
        var status = new Dictionary<string, string>
        {
            ["7"] = "accepted",
            ["8"] = "requested",
            ["9"] = "cancelled",
        };
        _partner.Answer = (asked, c) =>
        {
            if (asked.Path.StartsWith("/Task?", StringComparison.Ordinal))
                return c.JsonAsync(200, Bundle([.. status.Select(s => Samples.Copy(s.Key, 4, s.Value))]));
            if (asked.Method == "GET")
                return c.TaskAsync(
                    200,
                    asked.Path[^1..],
                    4,
                    Samples.Copy(asked.Path[^1..], 4, status[asked.Path[^1..]])
                );
            var task = JsonNode.Parse(asked.Body)!;
            task = task["entry"]?.AsArray()[^1]!["resource"] ?? task;
            status[(string)task["id"]!] = (string)task["status"]!;
            return c.JsonAsync(
                200,
                asked.Method == "PUT"
                    ? Samples.Copy((string)task["id"]!, 5, "cancelled")
                    : $$$"""{"resourceType":"Bundle","type":"transaction-response","entry":[{"response":{"status":"200","location":"Task/{{{task["id"]}}}/_history/5"}}]}"""
            );
        };

        var delivered = Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(
                Samples.Package("cancel", "cancelled") with
                {
                    PartnerReference = "Task/7",
                    PartnerVersion = "4",
                    WasTriedBefore = true,
                },
                Lines.Plain with
                {
                    Strategy = strategy,
                }
            )
        );

        Assert.Equal(("Task/7", "5"), (delivered.Reference, delivered.Version));
        Assert.StartsWith("The partner has 3 copies of this Task", delivered.Remark, StringComparison.Ordinal);
        Assert.All(status.Values, s => Assert.Equal("cancelled", s));
        Assert.Equal(2, _partner.Asked.Count(a => a.Method is "PUT" or "POST"));
    }

    [Fact]
    public async Task An_update_that_conflicts_although_nothing_has_changed_is_a_collision()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "PUT"
                ? c.JsonAsync(412, Outcome)
                : c.TaskAsync(200, "7", 4, Samples.Copy("7", 4, "accepted"));

        var collided = Assert.IsType<SendOutcome.Collided>(await UpdateAsync("4"));

        Assert.Equal(Outcome, Text(collided.Answer));
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

    /// <summary>Where nobody can tell whether a create had an effect, it is not sent again before it was looked for.</summary>
    [Theory]
    [InlineData(408, 1)]
    [InlineData(429, 3)]
    [InlineData(500, 1)]
    [InlineData(502, 1)]
    [InlineData(503, 1)]
    [InlineData(504, 1)]
    public async Task A_create_is_sent_again_at_once_only_where_it_had_no_effect(int status, int times)
    {
        _partner.Answer = (_, c) => Bare(c, status);

        var later = Assert.IsType<SendOutcome.TryLater>(
            await SendAsync(
                Samples.Package(),
                new PartnerOptions { Retries = 2, RetryDelay = TimeSpan.FromMilliseconds(1) }
            )
        );

        Assert.Equal(status, later.Status);
        Assert.Equal(times, _partner.Asked.Count);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task An_update_is_tried_a_few_times_and_then_later(int status)
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "GET" ? c.TaskAsync(200, "7", 4, Samples.Copy("7", 4, "accepted")) : Bare(c, status);

        var later = Assert.IsType<SendOutcome.TryLater>(
            await SendAsync(
                Samples.Package("update", "cancelled") with
                {
                    PartnerReference = "Task/7",
                    PartnerVersion = "4",
                },
                new PartnerOptions { Retries = 2, RetryDelay = TimeSpan.FromMilliseconds(1) }
            )
        );

        Assert.Equal(status, later.Status);
        Assert.Equal(3, _partner.Asked.Count(a => a.Method == "PUT"));
    }

    /// <summary>A partner that does not know If-None-Exist, and stores what it is sent although its answer is lost.</summary>
    [Theory]
    [InlineData("TaskPush", true)]
    [InlineData("TaskPush", false)]
    [InlineData("NotifyAndPull", true)]
    [InlineData("TransactionBundle", true)]
    [InlineData("TransactionBundle", false)]
    public async Task A_lost_answer_leaves_one_copy_at_a_partner_without_conditional_creates(
        string strategy,
        bool isSlow
    )
    {
        var stored = new List<string>();
        _partner.Answer = async (asked, c) =>
        {
            if (asked.Method != "POST")
            {
                await c.JsonAsync(200, Bundle([.. stored]));
                return;
            }

            stored.Add(Samples.Copy($"{stored.Count + 1}", 1, "requested"));
            if (isSlow)
                await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { });
            else
                c.Abort();
        };
        var options = new PartnerOptions
        {
            Strategy = strategy,
            Retries = 3,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            AttemptTimeout = TimeSpan.FromMilliseconds(300),
        };

        Assert.IsType<SendOutcome.TryLater>(await SendAsync(Samples.Package(), options));
        var delivered = Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(Samples.Package() with { WasTriedBefore = true }, options)
        );

        Assert.Single(stored);
        Assert.Equal(("Task/1", "1"), (delivered.Reference, delivered.Version));
    }

    [Fact]
    public async Task A_repeat_is_sent_where_nothing_of_the_first_is_there()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"))
                : c.JsonAsync(
                    200,
                    Bundle(Samples.Copy("5", 1, "requested").Replace("\"t1\"", "\"other\"", StringComparison.Ordinal))
                );

        Assert.IsType<SendOutcome.Delivered>(await SendAsync(Samples.Package() with { WasTriedBefore = true }));

        Assert.Equal(["GET", "POST"], _partner.Asked.Select(a => a.Method));
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(429, 1)]
    [InlineData(403, 2)]
    [InlineData(404, 2)]
    public async Task A_repeat_is_not_sent_before_it_was_looked_for_unless_looking_is_not_allowed(int status, int asked)
    {
        _partner.Answer = (a, c) =>
            a.Method == "POST" ? c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested")) : Bare(c, status);

        await SendAsync(Samples.Package() with { WasTriedBefore = true });

        Assert.Equal(asked, _partner.Asked.Count);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    public async Task What_was_accepted_and_is_not_there_is_not_delivered(int status)
    {
        _partner.Answer = (asked, c) => asked.Method == "POST" ? Bare(c, status) : c.JsonAsync(200, Bundle());

        var later = Assert.IsType<SendOutcome.TryLater>(await SendAsync(Samples.Package()));

        Assert.StartsWith(
            $"The partner accepted the Task ({status}) and does not have it",
            later.Problem,
            StringComparison.Ordinal
        );
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
        var outcome = await SendAsync(Samples.Package(), Lines.Plain with { Strategy = "DirectLight" });

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
