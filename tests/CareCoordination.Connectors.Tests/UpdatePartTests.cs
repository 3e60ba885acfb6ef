using System.Text.Json.Nodes;
using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Connectors.Tests;

/// <summary>Updates of a referral that are larger than the partner takes: the request goes first, and the Task by itself.</summary>
public sealed class UpdatePartTests : IAsyncLifetime
{
    private const string Both = "ServiceRequest/70 Task/7";

    private readonly PartnerConnectors _connectors = Lines.Connectors();
    private ScriptedPartner _partner = null!;

    public async ValueTask InitializeAsync() => _partner = await ScriptedPartner.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
    }

    [Theory]
    [InlineData(413, "")]
    [InlineData(413, "processing")]
    [InlineData(400, "too-long")]
    [InlineData(422, "too-costly")]
    public async Task What_is_refused_for_its_size_goes_in_two(int status, string code)
    {
        Answers(sent => sent.Count > 1 ? (status, Refusal(code)) : (200, Stored(sent)));

        var delivered = Assert.IsType<SendOutcome.Delivered>(await SendAsync(Lines.Plain));

        Assert.Equal(("Task/7", "5"), (delivered.Reference, delivered.Version));
        Assert.Equal([Both, "ServiceRequest/70", "Task/7"], Posted());
        Assert.Equal(
            ["W/\"9\" active", "W/\"4\" cancelled"],
            Bundles().Skip(1).Select(b => $"{b[0]!["request"]!["ifMatch"]} {b[0]!["resource"]!["status"]}")
        );
        // What was refused and what is sent in its place are not the same request.
        Assert.Equal(
            3,
            _partner
                .Asked.Where(a => a.Method == "POST")
                .Select(a => (string?)a.Headers["X-Request-Id"])
                .Distinct()
                .Count()
        );
    }

    [Fact]
    public async Task What_is_known_to_be_too_large_is_not_tried()
    {
        Answers(sent => (200, Stored(sent)));

        Assert.IsType<SendOutcome.Delivered>(await SendAsync(Lines.Plain with { MaxBytes = 100 }));

        Assert.Equal(["ServiceRequest/70", "Task/7"], Posted());
    }

    [Theory]
    [InlineData("ServiceRequest/70", Both, "ServiceRequest/70")]
    [InlineData("Task/7", Both, "ServiceRequest/70", "Task/7")]
    public async Task What_is_too_large_alone_is_for_people(string large, params string[] posted)
    {
        Answers(sent => sent.Count > 1 || Url(sent[0]) == large ? (413, "") : (200, Stored(sent)));

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Lines.Plain));

        Assert.StartsWith(
            $"The partner refuses the {large.Split('/')[0]} for its size",
            human.Problem,
            StringComparison.Ordinal
        );
        Assert.Equal(posted, Posted());
    }

    [Fact]
    public async Task A_request_that_was_changed_there_holds_the_task_back_until_it_is_read_anew()
    {
        Answers(sent => sent.Count > 1 ? (413, "") : (412, Refusal("conflict")));

        Assert.IsType<SendOutcome.Collided>(await SendAsync(Lines.Plain));

        Assert.Equal([Both, "ServiceRequest/70"], Posted());
    }

    [Fact]
    public async Task What_is_refused_inside_of_a_transaction_is_not_divided()
    {
        Answers(sent => (200, Stored(sent, "413")));

        Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(Lines.Plain));

        Assert.Equal([Both], Posted());
    }

    private Task<SendOutcome> SendAsync(PartnerOptions options) =>
        _connectors
            .Line(_partner.Address, options with { Strategy = "TransactionBundle" })
            .SendAsync(
                Samples.Package("cancel", "cancelled") with
                {
                    PartnerReference = "Task/7",
                    PartnerVersion = "4",
                },
                CancellationToken.None
            );

    private void Answers(Func<JsonArray, (int Status, string Body)> post) =>
        _partner.Answer = (asked, c) =>
        {
            if (asked.Method == "POST")
            {
                var (status, body) = post(JsonNode.Parse(asked.Body)!["entry"]!.AsArray());
                return c.JsonAsync(status, body);
            }

            if (asked.ToString() == "GET /ServiceRequest/70")
            {
                c.Response.Headers.ETag = "W/\"9\"";
                return c.JsonAsync(200, """{"resourceType":"ServiceRequest","id":"70","status":"draft"}""");
            }

            return c.TaskAsync(
                200,
                "7",
                4,
                """{"resourceType":"Task","id":"7","status":"accepted","intent":"order","focus":{"reference":"ServiceRequest/70"}}"""
            );
        };

    private IEnumerable<JsonArray> Bundles() =>
        _partner.Asked.Where(a => a.Method == "POST").Select(a => JsonNode.Parse(a.Body)!["entry"]!.AsArray());

    private IEnumerable<string> Posted() => Bundles().Select(bundle => string.Join(' ', bundle.Select(Url)));

    private static string Url(JsonNode? entry) => (string)entry!["request"]!["url"]!;

    private static string Refusal(string code) =>
        code.Length == 0
            ? ""
            : $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"{{code}}"}]}""";

    /// <param name="task">The status of what became of the Task.</param>
    private static string Stored(JsonArray sent, string task = "200 OK") =>
        new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction-response",
            ["entry"] = new JsonArray([
                .. sent.Select(entry =>
                {
                    var version = Url(entry) == "Task/7" ? 5 : 10;
                    return new JsonObject
                    {
                        ["response"] = new JsonObject
                        {
                            ["status"] = Url(entry) == "Task/7" ? task : "200 OK",
                            ["etag"] = $"W/\"{version}\"",
                            ["location"] = $"{Url(entry)}/_history/{version}",
                        },
                    };
                }),
            ]),
        }.ToJsonString();
}
