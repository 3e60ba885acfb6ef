using System.Text.Json.Nodes;
using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Strategies.TransactionBundle;

namespace CareCoordination.Connectors.Tests;

/// <summary>Referrals that are larger than the partner takes.</summary>
public sealed class TransactionPartTests : IAsyncLifetime
{
    private readonly PartnerConnectors _connectors = Lines.Connectors();
    private ScriptedPartner _partner = null!;

    public async ValueTask InitializeAsync() => _partner = await ScriptedPartner.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
    }

    /// <summary>The most entries, and how many each transaction has: the sample has eight.</summary>
    [Theory]
    [InlineData(0, "8")]
    [InlineData(8, "8")]
    [InlineData(100, "8")]
    [InlineData(7, "6 2")]
    [InlineData(4, "4 2 2")]
    [InlineData(3, "3 3 2")]
    [InlineData(2, "2 2 2 2")]
    [InlineData(1, "2 2 2 2")]
    public async Task No_transaction_has_more_entries_and_the_task_is_in_the_last(int most, string sizes)
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST" ? c.JsonAsync(200, Stored(asked.Body)) : c.TaskAsync(200, "of-Task", 1, Copy);

        var delivered = Assert.IsType<SendOutcome.Delivered>(await SendAsync(most));

        Assert.Equal("Task/of-Task", delivered.Reference);
        var sent = Sent();
        Assert.Equal(sizes, string.Join(' ', sent.Select(bundle => Entries(bundle).Count)));
        var last = Entries(sent[^1]);
        Assert.Equal(["ServiceRequest", "Task"], last.Select(Url).TakeLast(2));
        // Each once, each only where it is not there yet.
        var all = sent.SelectMany(Entries).ToList();
        Assert.Equal(8, all.Select(Url).Distinct().Count());
        Assert.All(all, entry => Assert.NotNull((string?)entry!["request"]!["ifNoneExist"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task What_was_given_before_is_referred_to_where_the_partner_keeps_it(int most)
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST" ? c.JsonAsync(200, Stored(asked.Body)) : c.TaskAsync(200, "of-Task", 1, Copy);

        await SendAsync(most);

        var task = Entries(Sent()[^1])[^1]!["resource"]!;
        Assert.Equal("Patient/of-Patient", (string?)task["for"]!["reference"]);
        Assert.Equal("PractitionerRole/of-PractitionerRole", (string?)task["requester"]!["reference"]);
        Assert.StartsWith("urn:uuid:", (string?)task["focus"]!["reference"], StringComparison.Ordinal);
        var request = Entries(Sent()[^1])[^2]!["resource"]!;
        Assert.Equal("Condition/of-Condition", (string?)request["reasonReference"]![0]!["reference"]);
        // The Practitioner goes before the role, or with it.
        var role = Sent().SelectMany(Entries).Single(e => Url(e) == "PractitionerRole")!["resource"]!;
        Assert.Matches("^(Practitioner/of-Practitioner|urn:uuid:.*)$", (string?)role["practitioner"]!["reference"]);
    }

    [Fact]
    public async Task What_the_partner_does_not_tell_the_place_of_is_referred_to_here()
    {
        _partner.Answer = (asked, c) =>
            asked.Method != "POST" ? c.TaskAsync(200, "of-Task", 1, Copy)
            : asked.Body.Contains("\"Task\"", StringComparison.Ordinal) ? c.JsonAsync(200, Stored(asked.Body))
            : c.JsonAsync(200, """{"resourceType":"Bundle","type":"transaction-response"}""");

        Assert.IsType<SendOutcome.Delivered>(await SendAsync(4));

        var task = Entries(Sent()[^1])[^1]!["resource"]!;
        Assert.Equal("http://care.example.org/fhir/Patient/p1", (string?)task["for"]!["reference"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Where_a_part_is_refused_nothing_further_is_sent(int refused)
    {
        var posts = 0;
        _partner.Answer = (asked, c) =>
            ++posts == refused
                ? c.JsonAsync(422, """{"resourceType":"OperationOutcome","issue":[]}""")
                : c.JsonAsync(200, Stored(asked.Body));

        Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(3));

        Assert.Equal(refused, posts);
        Assert.DoesNotContain(Sent().SelectMany(Entries), entry => Url(entry) == "Task");
    }

    [Fact]
    public async Task A_part_that_meets_a_conflict_is_tried_again_later()
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST"
                ? c.JsonAsync(200, Stored(asked.Body).Replace("201 Created", "409 Conflict", StringComparison.Ordinal))
                : c.JsonAsync(200, """{"resourceType":"Bundle","type":"searchset","entry":[]}""");

        Assert.IsType<SendOutcome.Collided>(await SendAsync(3));
        Assert.Single(Sent());
    }

    [Fact]
    public void Parts_keep_all_members_once_whatever_the_limit()
    {
        var members = TransactionPayload.Members(Samples.Package());
        for (var most = 0; most <= members.Length + 1; most++)
        {
            var parts = TransactionParts.Of(members, most);
            Assert.Equal(
                members.Select(m => m.Key.ToString()).Order(StringComparer.Ordinal),
                parts.SelectMany(p => p).Select(m => m.Key.ToString()).Order(StringComparer.Ordinal)
            );
            Assert.Equal("Task", parts[^1][^1].Key.Type);
            Assert.All(parts, part => Assert.True(most == 0 || part.Length <= Math.Max(2, most)));
        }
    }

    private const string Copy = """{"resourceType":"Task","id":"of-Task","status":"requested","intent":"order"}""";

    private Task<SendOutcome> SendAsync(int most) =>
        _connectors
            .Line(_partner.Address, Lines.Plain with { Strategy = "TransactionBundle", MaxEntries = most })
            .SendAsync(Samples.Package(), CancellationToken.None);

    private List<JsonNode> Sent() =>
        [.. _partner.Asked.Where(a => a.Method == "POST").Select(a => JsonNode.Parse(a.Body)!)];

    private static JsonArray Entries(JsonNode bundle) => bundle["entry"]!.AsArray();

    private static string Url(JsonNode? entry) => (string)entry!["request"]!["url"]!;

    /// <summary>Everything is stored, under an id that tells its type.</summary>
    private static string Stored(string sent) =>
        new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction-response",
            ["entry"] = new JsonArray([
                .. Entries(JsonNode.Parse(sent)!)
                    .Select(entry => new JsonObject
                    {
                        ["response"] = new JsonObject
                        {
                            ["status"] = "201 Created",
                            ["location"] = $"{Url(entry)}/of-{Url(entry)}/_history/1",
                            ["etag"] = "W/\"1\"",
                        },
                    }),
            ]),
        }.ToJsonString();
}
