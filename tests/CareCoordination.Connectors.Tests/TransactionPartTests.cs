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

    private const string Refusal =
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"CODE"}]}""";

    /// <summary>What a partner takes at most, how it refuses more, and how many entries it takes then: the sample has eight.</summary>
    [Theory]
    [InlineData(8, 413, "processing", "8")]
    [InlineData(7, 413, "processing", "6 2")]
    [InlineData(4, 413, "processing", "3 3 2")]
    [InlineData(3, 413, "", "3 3 2")]
    [InlineData(2, 413, "too-long", "1 2 1 2 2")]
    [InlineData(1, 413, "processing", "1 1 1 1 1 1 1 1")]
    [InlineData(4, 400, "too-long", "3 3 2")]
    [InlineData(4, 422, "too-costly", "3 3 2")]
    public async Task What_is_refused_for_its_size_is_divided_until_the_partner_takes_it(
        int takes,
        int status,
        string code,
        string sizes
    )
    {
        var taken = new List<JsonNode>();
        _partner.Answer = (asked, c) =>
        {
            if (asked.Method != "POST")
                return c.TaskAsync(200, "of-Task", 1, Copy);
            var bundle = JsonNode.Parse(asked.Body)!;
            if (Entries(bundle).Count > takes)
                return c.JsonAsync(
                    status,
                    code.Length == 0 ? "" : Refusal.Replace("CODE", code, StringComparison.Ordinal)
                );
            taken.Add(bundle);
            return c.JsonAsync(200, Stored(asked.Body));
        };

        var delivered = Assert.IsType<SendOutcome.Delivered>(await SendAsync(0));

        Assert.Equal("Task/of-Task", delivered.Reference);
        AssertWhole(taken, sizes);
        // What stands in the place of something that was refused is another request.
        var ids = _partner.Asked.Where(a => a.Method == "POST").Select(a => a.Headers["X-Request-Id"]).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    /// <summary>Parts that the settings ask for are divided further by what the partner answers.</summary>
    [Theory]
    [InlineData(6, 4, "3 3 2")]
    [InlineData(3, 2, "1 2 1 2 2")]
    [InlineData(4, 1, "1 1 1 1 1 1 1 1")]
    public async Task A_limit_that_is_set_too_high_is_corrected_by_the_answer(int most, int takes, string sizes)
    {
        var taken = new List<JsonNode>();
        _partner.Answer = (asked, c) =>
        {
            if (asked.Method != "POST")
                return c.TaskAsync(200, "of-Task", 1, Copy);
            var bundle = JsonNode.Parse(asked.Body)!;
            if (Entries(bundle).Count > takes)
                return c.JsonAsync(413, "");
            taken.Add(bundle);
            return c.JsonAsync(200, Stored(asked.Body));
        };

        Assert.IsType<SendOutcome.Delivered>(await SendAsync(most));

        AssertWhole(taken, sizes);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(6_000)]
    [InlineData(3_000)]
    [InlineData(1)]
    public async Task No_transaction_that_can_be_divided_has_more_bytes_than_the_partner_takes(int bytes)
    {
        _partner.Answer = (asked, c) =>
            asked.Method == "POST" ? c.JsonAsync(200, Stored(asked.Body)) : c.TaskAsync(200, "of-Task", 1, Copy);

        Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(Lines.Plain with { Strategy = "TransactionBundle", MaxBytes = bytes })
        );

        var sent = _partner.Asked.Where(a => a.Method == "POST").ToList();
        Assert.All(
            sent,
            a =>
                Assert.True(
                    System.Text.Encoding.UTF8.GetByteCount(a.Body) <= bytes
                        || Entries(JsonNode.Parse(a.Body)!).Count == 1
                )
        );
        AssertWhole(Sent(), null);
        Assert.Equal(
            bytes == 1 ? 8
                : bytes == 1_000_000 ? 1
                : sent.Count,
            sent.Count
        );
    }

    [Fact]
    public async Task What_is_refused_for_its_size_alone_is_for_people()
    {
        _partner.Answer = (asked, c) =>
            Entries(JsonNode.Parse(asked.Body)!).Any(entry => Url(entry) == "Condition")
                ? c.JsonAsync(413, "")
                : c.JsonAsync(200, Stored(asked.Body));

        var human = Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(0));

        Assert.Equal(413, human.Status);
        Assert.Equal(
            "The partner refuses the Condition for its size, even alone (413): ask it to take more, or leave Condition out (Types).",
            human.Problem
        );
        Assert.DoesNotContain(
            Sent().Where(bundle => Entries(bundle).Count < 8).SelectMany(Entries),
            e => Url(e) == "Task"
        );
    }

    /// <summary>Each entry once, the request before the Task and the Task last, whatever is referred to given before or with it.</summary>
    private static void AssertWhole(List<JsonNode> taken, string? sizes)
    {
        if (sizes is not null)
            Assert.Equal(sizes, string.Join(' ', taken.Select(bundle => Entries(bundle).Count)));
        var all = taken.SelectMany(Entries).ToList();
        Assert.Equal(8, all.Count);
        Assert.Equal(8, all.Select(Url).Distinct().Count());
        Assert.Equal(["ServiceRequest", "Task"], all.Select(Url).TakeLast(2));
        var focus = (string?)all[^1]!["resource"]!["focus"]!["reference"];
        Assert.Equal(
            Entries(taken[^1]).Count == 1,
            string.Equals(focus, "ServiceRequest/of-ServiceRequest", StringComparison.Ordinal)
        );
        if (taken.Count == 1)
            return;
        Assert.Equal("Patient/of-Patient", (string?)all[^1]!["resource"]!["for"]!["reference"]);
        // People come before what is about them: nothing leads back to us.
        Assert.Equal("Patient", Url(all[0]));
        Assert.DoesNotContain(
            "\"reference\":\"http://care.example.org/fhir/Patient",
            string.Concat(all.Select(entry => entry!.ToJsonString())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Halves_keep_the_order_and_the_task_last()
    {
        var members = TransactionPayload.Members(Samples.Package());
        var task = members[^1].Key;
        for (var first = 0; first < members.Length; first++)
        {
            for (var end = first + 2; end <= members.Length; end++)
            {
                var part = members[first..end];
                var (before, then) = TransactionParts.Halves(part, task);
                var isOrdered = part[^1].Key != task || part.Length <= 2;
                var both = before.AddRange(then).Select(m => m.Key.ToString());
                var whole = part.Select(m => m.Key.ToString());
                Assert.Equal(isOrdered ? whole : whole.Order(), isOrdered ? both : both.Order());
                Assert.NotEmpty(before);
                Assert.NotEmpty(then);
                if (part[^1].Key == task)
                    Assert.InRange(then.Length, 1, 2);
                else
                    Assert.InRange(then.Length - before.Length, 0, 1);
            }
        }
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
        SendAsync(Lines.Plain with { Strategy = "TransactionBundle", MaxEntries = most });

    private Task<SendOutcome> SendAsync(PartnerOptions options) =>
        _connectors.Line(_partner.Address, options).SendAsync(Samples.Package(), CancellationToken.None);

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
