using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Connectors.Tests;

/// <summary>Transactions, messages and notices, at a partner that answers as each test says.</summary>
public sealed class BundleStrategyTests : IAsyncLifetime
{
    private static readonly PartnerOptions Transaction = Lines.Plain with { Strategy = "TransactionBundle" };
    private static readonly PartnerOptions Message = Lines.Plain with { Strategy = "MessageBundle" };

    private readonly PartnerConnectors _connectors = Lines.Connectors();
    private ScriptedPartner _partner = null!;

    public async ValueTask InitializeAsync() => _partner = await ScriptedPartner.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
    }

    [Fact]
    public async Task A_transaction_is_posted_to_the_base_and_tells_where_the_task_is()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? c.JsonAsync(200, Response("201 Created", "Task/7/_history/1", "W/\\\"1\\\""))
                : c.TaskAsync(200, "7", 1, Samples.Copy("7", 1, "requested"));

        var delivered = Assert.IsType<SendOutcome.Delivered>(await SendAsync(Transaction, Samples.Package()));

        Assert.Equal(("Task/7", "1"), (delivered.Reference, delivered.Version));
        Assert.Equal(["POST ", "GET /Task/7"], _partner.Asked.Select(a => a.ToString()));
    }

    [Fact]
    public async Task A_repeated_transaction_finds_the_task_of_the_first()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? c.JsonAsync(200, Response("200 OK", $"{_partner.Address}/Task/7/_history/2", "W/\\\"2\\\""))
                : c.TaskAsync(200, "7", 2, Samples.Copy("7", 2, "accepted"));

        var changed = Assert.IsType<SendOutcome.ChangedThere>(await SendAsync(Transaction, Samples.Package()));

        Assert.Equal(("Task/7", "2"), (changed.Current.Reference, changed.Current.Version));
    }

    [Fact]
    public async Task An_update_puts_our_state_on_both_copies_in_one_transaction()
    {
        _partner.Answer = (asked, c) =>
            asked.ToString() switch
            {
                "GET /Task/7" => c.TaskAsync(
                    200,
                    "7",
                    4,
                    """{"resourceType":"Task","id":"7","status":"accepted","intent":"order","focus":{"reference":"ServiceRequest/70"}}"""
                ),
                "GET /ServiceRequest/70" => RequestAsync(c),
                _ => c.JsonAsync(200, Response("200 OK", "Task/7/_history/5", "W/\\\"5\\\"")),
            };

        var delivered = Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(Transaction, Known(Samples.Package("cancel", "cancelled"), "4"))
        );

        Assert.Equal(("Task/7", "5"), (delivered.Reference, delivered.Version));
        var bundle = JsonNode.Parse(_partner.Asked[^1].Body)!["entry"]!.AsArray();
        Assert.Equal(
            ["PUT ServiceRequest/70 W/\"9\" active", "PUT Task/7 W/\"4\" cancelled"],
            bundle.Select(e =>
                $"{e!["request"]!["method"]} {e["request"]!["url"]} {e["request"]!["ifMatch"]} {e["resource"]!["status"]}"
            )
        );
    }

    [Fact]
    public async Task An_update_of_a_copy_that_has_moved_on_writes_nothing()
    {
        _partner.Answer = (_, c) => c.TaskAsync(200, "7", 5, Samples.Copy("7", 5, "completed"));

        var changed = Assert.IsType<SendOutcome.ChangedThere>(
            await SendAsync(Transaction, Known(Samples.Package("cancel", "cancelled"), "4"))
        );

        Assert.Equal("5", changed.Current.Version);
        Assert.All(_partner.Asked, a => Assert.Equal("GET", a.Method));
    }

    [Fact]
    public async Task A_transaction_that_is_refused_shows_the_partners_reason()
    {
        const string outcome = """{"resourceType":"OperationOutcome","issue":[]}""";
        _partner.Answer = (_, c) => c.JsonAsync(422, outcome);

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Transaction, Samples.Package()));

        Assert.Equal(outcome, Encoding.UTF8.GetString(human.Answer.Span));
    }

    /// <summary>A partner that answers 200 and refuses one entry: it works transactions entry by entry.</summary>
    [Theory]
    [InlineData("Task", "403 Forbidden", "human")]
    [InlineData("Task", "422", "human")]
    [InlineData("ServiceRequest", "403", "human")]
    [InlineData("Patient", "400 Bad Request", "human")]
    [InlineData("Patient", "412 Precondition Failed", "collided")]
    [InlineData("Coverage", "405", "human")]
    [InlineData("Condition", "500 Internal Server Error", "later")]
    [InlineData("Organization", "503", "later")]
    [InlineData("Practitioner", "409 Conflict", "collided")]
    [InlineData("Task", "429", "later")]
    public async Task An_entry_that_is_refused_inside_a_transaction_is_not_delivered(
        string type,
        string status,
        string outcomeIs
    )
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST" ? c.JsonAsync(200, Worked(asked.Body, type, status)) : c.JsonAsync(200, Found());

        var outcome = await SendAsync(Transaction, Samples.Package());

        var number = int.Parse(status[..3], System.Globalization.CultureInfo.InvariantCulture);
        if (outcomeIs == "later")
        {
            Assert.Equal(number, Assert.IsType<SendOutcome.TryLater>(outcome).Status);
            return;
        }

        if (outcomeIs == "collided")
        {
            Assert.Equal(number, Assert.IsType<SendOutcome.Collided>(outcome).Status);
            return;
        }

        var human = Assert.IsType<SendOutcome.NeedsHuman>(outcome);
        Assert.Equal(number, human.Status);
        Assert.Contains($"the {type}", human.Problem, StringComparison.Ordinal);
        Assert.Contains("not here", Encoding.UTF8.GetString(human.Answer.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_refusal_that_stands_most_in_the_way_is_told()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? c.JsonAsync(200, Worked(asked.Body, "Task", "500", ("Patient", "403"), ("Coverage", "412")))
                : c.JsonAsync(200, Found());

        Assert.Equal(
            403,
            Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Transaction, Samples.Package())).Status
        );
    }

    [Theory]
    [InlineData("focus", true)]
    [InlineData("for", true)]
    [InlineData("basedOn", false)]
    public async Task A_task_that_refers_to_entries_of_a_Bundle_is_not_delivered(string element, bool isShown)
    {
        const string Nowhere = """{"reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"}""";
        var task =
            $$"""{"resourceType":"Task","id":"7","status":"requested","intent":"order","{{element}}":{{(element == "basedOn" ? $"[{Nowhere}]" : Nowhere)}}}""";
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? c.JsonAsync(
                    200,
                    $$"""{"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":"201","location":"Task/7/_history/1"}{{(isShown ? $",\"resource\":{task}" : "")}}}]}"""
                )
                : c.TaskAsync(200, "7", 1, task);

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Transaction, Samples.Package()));

        Assert.Contains("urn:uuid", human.Problem, StringComparison.Ordinal);
        Assert.Contains("Task/7", human.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7")]
    [InlineData("urn:oid:1.2.3")]
    [InlineData("ServiceRequest/70")]
    [InlineData("")]
    public async Task What_is_no_location_of_a_task_is_not_taken_for_one(string location)
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? c.JsonAsync(200, Response("201 Created", location, "W/\\\"1\\\""))
                : c.JsonAsync(200, Found());

        var later = Assert.IsType<SendOutcome.TryLater>(await SendAsync(Transaction, Samples.Package()));

        Assert.Contains("does not have it", later.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServiceRequest", "403", false)]
    [InlineData("Task", "403", false)]
    [InlineData("ServiceRequest", "409", true)]
    public async Task An_entry_that_is_refused_inside_an_update_is_not_delivered(
        string type,
        string status,
        bool passes
    )
    {
        _partner.Answer = (asked, c) =>
            asked.ToString() switch
            {
                "GET /Task/7" => c.TaskAsync(
                    200,
                    "7",
                    4,
                    """{"resourceType":"Task","id":"7","status":"accepted","intent":"order","focus":{"reference":"ServiceRequest/70"}}"""
                ),
                "GET /ServiceRequest/70" => RequestAsync(c),
                _ => c.JsonAsync(200, Worked(asked.Body, type, status)),
            };

        var outcome = await SendAsync(Transaction, Known(Samples.Package("cancel", "cancelled"), "4"));

        Assert.IsType(passes ? typeof(SendOutcome.Collided) : typeof(SendOutcome.NeedsHuman), outcome);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task A_message_that_is_taken_without_a_word_is_delivered(int status)
    {
        _partner.Answer = (_, c) =>
        {
            c.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        Assert.Equal(new SendOutcome.Delivered(null, null), await SendAsync(Message, Samples.Package()));
        Assert.Equal("POST /$process-message", Assert.Single(_partner.Asked).ToString());
    }

    [Fact]
    public async Task The_answer_to_a_message_may_bring_the_recipients_task()
    {
        _partner.Answer = (_, c) => c.JsonAsync(200, Answer("ok", Samples.Copy("7", 1, "received")));

        var delivered = Assert.IsType<SendOutcome.Delivered>(await SendAsync(Message, Samples.Package()));

        Assert.Equal(("Task/7", "1"), (delivered.Reference, delivered.Version));
        Assert.Equal(Samples.Copy("7", 1, "received"), Encoding.UTF8.GetString(delivered.Task.Span));
    }

    [Fact]
    public async Task A_transient_error_of_a_message_is_tried_later_and_a_fatal_one_needs_a_human()
    {
        const string outcome = """{"resourceType":"OperationOutcome","issue":[]}""";
        _partner.Answer = (_, c) => c.JsonAsync(200, Answer("transient-error", outcome));
        Assert.IsType<SendOutcome.TryLater>(await SendAsync(Message, Samples.Package()));

        _partner.Answer = (_, c) => c.JsonAsync(200, Answer("fatal-error", outcome));
        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Message, Samples.Package()));

        Assert.Equal(outcome, Encoding.UTF8.GetString(human.Answer.Span));
    }

    [Fact]
    public async Task A_repeated_message_is_the_same_message()
    {
        _partner.Answer = (_, c) =>
        {
            c.Response.StatusCode = 204;
            return Task.CompletedTask;
        };

        await SendAsync(Message, Samples.Package());
        await SendAsync(Message, Samples.Package());

        Assert.Equal(_partner.Asked[0].Body, _partner.Asked[1].Body);
    }

    [Fact]
    public async Task A_notice_goes_as_a_task_without_the_reasons()
    {
        _partner.Answer = (_, c) => c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));

        Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(Lines.Plain with { Strategy = "NotifyAndPull" }, Samples.Package())
        );

        Assert.DoesNotContain("Food box", Assert.Single(_partner.Asked).Body, StringComparison.Ordinal);
    }

    private Task<SendOutcome> SendAsync(PartnerOptions options, ReferralPackage package) =>
        _connectors.Line(_partner.Address, options).SendAsync(package, CancellationToken.None);

    private static ReferralPackage Known(ReferralPackage package, string version) =>
        package with
        {
            PartnerReference = "Task/7",
            PartnerVersion = version,
        };

    private static Task RequestAsync(HttpContext context)
    {
        context.Response.Headers.ETag = "W/\"9\"";
        return context.JsonAsync(200, """{"resourceType":"ServiceRequest","id":"70","status":"draft"}""");
    }

    private static string Response(string status, string location, string etag) =>
        $$$"""{"resourceType":"Bundle","type":"transaction-response","entry":[{"response":{"status":"201","location":"ServiceRequest/70"}},{"response":{"status":"{{{status}}}","location":"{{{location}}}","etag":"{{{etag}}}"}}]}""";

    private static string Found() => """{"resourceType":"Bundle","type":"searchset","entry":[]}""";

    /// <summary>The answer of a server that works a transaction entry by entry.</summary>
    private static string Worked(string sent, string type, string status, params (string Type, string Status)[] more)
    {
        var refused = more.Append((Type: type, Status: status)).ToDictionary(r => r.Type, r => r.Status);
        var entries = new JsonArray();
        foreach (var entry in JsonNode.Parse(sent)!["entry"]!.AsArray())
        {
            var what = ((string)entry!["request"]!["url"]!).Split('/')[0];
            var response = new JsonObject { ["status"] = refused.GetValueOrDefault(what, "201 Created") };
            if (refused.ContainsKey(what))
                response["outcome"] = JsonNode.Parse(
                    """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden","diagnostics":"not here"}]}"""
                );
            else
                response["location"] = $"{what}/7/_history/1";
            entries.Add((JsonNode)new JsonObject { ["response"] = response });
        }

        return new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction-response",
            ["entry"] = entries,
        }.ToJsonString();
    }

    private static string Answer(string code, string resource) =>
        $$$$"""{"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"MessageHeader","id":"a","response":{"identifier":"x","code":"{{{{code}}}}"}}},{"resource":{{{{resource}}}}}]}""";
}
