using System.Text.Json;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Partners.Tests.Simulator;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>What a partner has of a referral is asked for when somebody wants to know, when the partner says so, and now and then.</summary>
public sealed class CopyReadingTests
{
    private const string Partner = $"Endpoint/{Ward.Endpoint}";
    private const string Secret = "a secret of two parties";

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task An_operator_asks_the_partner_now(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referral = await ward.ReferAsync();
        ward.Partner.Recipient.Do("accept", referral.Id);

        var first = (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.Equal("accepted", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal((1, 1, 0), (Number(first, "news"), Number(first, "seen"), Number(first, "gone")));

        var second = (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.Equal(0, Number(second, "news"));
        Assert.Equal(
            2,
            (await ward.Server.GetAsync($"AuditEvent?entity={Partner}&subtype=operation")).ShouldBe(200).Entries.Count()
        );
    }

    [Fact]
    public async Task A_poll_that_cannot_be_says_why()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.V2);
        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldRefuse(
            422,
            $"error business-rule: {Partner} keeps no copies of Tasks that could be read (strategy Hl7V2): where it has a FHIR server for that, set Partners:{Ward.Endpoint}:ReadAddress."
        );
        (await ward.Server.AskAsync("Endpoint/none/$poll")).ShouldRefuse(
            404,
            "error not-found: There is no Endpoint/none."
        );

        await using var down = await Ward.OpenAsync();
        down.Partner.Faults.IsDown = true;
        var result = (await down.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.NotEmpty(Text(result, "problem")!);
        Assert.NotEmpty(Text((await down.Server.GetAsync($"{Partner}/$health")).ShouldBe(200), "pollProblem")!);

        down.Partner.Faults.IsDown = false;
        await Wait.UntilAsync(
            async () => (await down.Server.AskAsync($"{Partner}/$poll")).Status == 200,
            "the partner may be asked again"
        );
        Assert.Null(Text((await down.Server.GetAsync($"{Partner}/$health")).ShouldBe(200), "pollProblem"));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task The_copies_of_one_request_are_read_by_their_ids(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var (referral, other) = (await ward.ReferAsync(), await ward.ReferAsync());
        ward.Partner.Recipient.Do("accept", referral.Id);
        ward.Partner.Recipient.Do("accept", other.Id);

        var copy = Assert.Single(Copies((await ward.Server.AskAsync($"{referral.Request}/$refresh")).ShouldBe(200)));

        Assert.Equal(("applied", "accepted"), (Part(copy, "result"), Part(copy, "status")));
        Assert.Equal(referral.Task, Part(copy, "task"));
        Assert.Equal("accepted", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal("requested", await ward.Server.StatusOfAsync(other.Task));
        var again = Assert.Single(Copies((await ward.Server.AskAsync($"{referral.Request}/$refresh")).ShouldBe(200)));
        Assert.Equal("known", Part(again, "result"));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task A_refresh_that_comes_again_under_its_key_asks_nobody_and_says_how_things_stand(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referral = await ward.ReferAsync();
        var refresh = $"{referral.Request}/$refresh";
        const string Empty = """{"resourceType":"Parameters"}""";
        ward.Partner.Recipient.Do("accept", referral.Id);

        var first = Assert.Single(
            Copies((await ward.Server.PostAsync(refresh, Empty, "Idempotency-Key: r1")).ShouldBe(200))
        );
        ward.Partner.Recipient.Do("start", referral.Id);
        var again = Assert.Single(
            Copies((await ward.Server.PostAsync(refresh, Empty, "Idempotency-Key: r1")).ShouldBe(200))
        );
        var next = Assert.Single(
            Copies((await ward.Server.PostAsync(refresh, Empty, "Idempotency-Key: r2")).ShouldBe(200))
        );

        Assert.Equal(("applied", "accepted"), (Part(first, "result"), Part(first, "status")));
        Assert.Equal(("known", "accepted"), (Part(again, "result"), Part(again, "status")));
        Assert.Equal(("applied", "in-progress"), (Part(next, "result"), Part(next, "status")));
        // Another request under the same key is refused, as its siblings do.
        var other = await ward.ReferAsync();
        (await ward.Server.PostAsync($"{other.Request}/$refresh", Empty, "Idempotency-Key: r1")).ShouldBe(422);
        // Who asked is on record, once for each time that it was done.
        var audited = (await ward.Server.GetAsync($"AuditEvent?entity={referral.Request}&_count=100")).ShouldBe(200);
        Assert.Equal(2, audited.Body.Split("\"refresh\"").Length - 1);
    }

    [Fact]
    public async Task A_refresh_of_what_was_deleted_or_is_in_another_version_is_refused()
    {
        await using var ward = await Ward.OpenAsync();
        var request = await ward.RequestAsync();
        (await ward.Server.AskAsync($"{request}/$refresh")).ShouldBe(200);
        (
            await ward.Server.PostAsync(
                $"{request}/$refresh",
                """{"resourceType":"Parameters"}""",
                "If-Match: W/\"99\""
            )
        ).ShouldBe(412);
        (await ward.Server.DeleteAsync(request)).ShouldBe(204);

        (await ward.Server.AskAsync($"{request}/$refresh")).ShouldRefuse(410, $"error deleted: {request} was deleted.");
    }

    [Fact]
    public async Task A_copy_that_cannot_be_read_is_said_with_the_reason()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.DrainAsync();
        var waiting = await ward.DispatchedAsync();
        var copy = Assert.Single(Copies((await ward.Server.AskAsync($"{waiting.Request}/$refresh")).ShouldBe(200)));
        Assert.Equal("unread", Part(copy, "result"));
        Assert.Contains("has none yet", Part(copy, "problem"), StringComparison.Ordinal);

        await ward.ResumeAsync();
        await ward.ArrivalAsync(waiting);
        ward.Partner.Faults.IsDown = true;
        copy = Assert.Single(Copies((await ward.Server.AskAsync($"{waiting.Request}/$refresh")).ShouldBe(200)));
        Assert.Equal("unread", Part(copy, "result"));
        Assert.NotEmpty(Part(copy, "problem"));

        Assert.Empty(Copies((await ward.Server.AskAsync($"{await ward.RequestAsync()}/$refresh")).ShouldBe(200)));
        (await ward.Server.AskAsync("ServiceRequest/none/$refresh")).ShouldRefuse(
            404,
            "error not-found: There is no ServiceRequest/none."
        );
    }

    [Theory]
    [InlineData(Engine.Sqlite, "refresh")]
    [InlineData(Engine.Sqlite, "poll")]
    [InlineData(Engine.PostgreSql, "hour")]
    public async Task A_copy_that_was_deleted_there_is_told_once(Engine engine, string way)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referral = await ward.ReferAsync();
        ward.Partner.Store.Delete(ward.Partner.Recipient.Find(referral.Id).Reference);

        for (var i = 0; i < 2; i++)
        {
            if (way == "refresh")
            {
                var copies = Copies((await ward.Server.AskAsync($"{referral.Request}/$refresh")).ShouldBe(200));
                Assert.Equal("gone", Part(Assert.Single(copies), "result"));
            }
            else if (way == "poll")
                Assert.Equal(
                    i == 0 ? 1 : 0,
                    Number((await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200), "gone")
                );
            else
                ward.NextPoll();
            await Wait.UntilAsync(
                async () => (await ward.WorkAsync(referral, "copy-gone")).Count == 1,
                "somebody is told"
            );
        }

        Assert.Equal(["copy-gone"], await ward.AllWorkAsync(referral));
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
    }

    [Fact]
    public async Task A_server_that_answers_404_to_everything_has_deleted_nothing()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        // The search of the poll passes: only the copy, and the search for it, meet the fault.
        ward.Partner.Faults.Next(Fault.NotFound, times: 2, method: "GET");

        var copy = Assert.Single(Copies((await ward.Server.AskAsync($"{referral.Request}/$refresh")).ShouldBe(200)));

        Assert.Equal("unread", Part(copy, "result"));
        Assert.Empty(await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task A_change_that_no_poll_brings_is_found_by_reading_open_copies_now_and_then()
    {
        // What the query of the poll finds is somebody else's.
        await using var ward = await Ward.OpenAsync(
            PartnerKind.Community,
            $"--Partners:{Ward.Endpoint}:PollQuery=identifier=urn:none%7C1"
        );
        var referral = await ward.ReferAsync();

        ward.Partner.Recipient.Do("accept", referral.Id);
        ward.NextPoll();

        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Task) == "accepted",
            "the copy was read by its id"
        );
    }

    /// <summary>A node that is restarted every hour would read the first ones again and again, and never the others.</summary>
    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Whose_turn_it_is_to_be_read_is_kept_with_the_partner_and_not_by_the_node(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(
            engine,
            PartnerKind.Community,
            $"--Partners:{Ward.Endpoint}:PollQuery=identifier=urn:none%7C1"
        );
        Referral[] referrals = [await ward.ReferAsync(), await ward.ReferAsync()];
        foreach (var referral in referrals)
            ward.Partner.Recipient.Do("accept", referral.Id);
        var tasks = referrals.Select(r => r.Task).Order(StringComparer.Ordinal).ToList();
        // What another node has left behind: it had read the first.
        var first = tasks[0]["Task/".Length..];
        var left = new WriteSet
        {
            Outbox = [new ChangePartnerStatus(Ward.Endpoint, status => status with { ReadThrough = first })],
        };
        await using (var open = ward.Server.Services.GetRequiredService<CareSessions>().Open(Caller.Timer))
            await open.Session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(left), default);

        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);

        Assert.Equal("requested", await ward.Server.StatusOfAsync(tasks[0]));
        Assert.Equal("accepted", await ward.Server.StatusOfAsync(tasks[1]));
        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.Equal("accepted", await ward.Server.StatusOfAsync(tasks[0]));
    }

    [Fact]
    public async Task A_poll_reads_a_page_of_open_copies_and_the_next_goes_on_behind_it()
    {
        await using var ward = await Ward.OpenAsync(
            PartnerKind.Community,
            $"--Partners:{Ward.Endpoint}:PollQuery=identifier=urn:none%7C1"
        );
        var tasks = new List<string>();
        for (var i = 0; i < 27; i++)
            tasks.Add((await ward.ReferAsync()).Task);
        var outbox = ward.Server.Services.GetRequiredService<OutboxStore>();
        async Task<string?> PlaceAsync() =>
            (await outbox.PartnerStatusAsync(Ward.Endpoint, TestContext.Current.CancellationToken)).ReadThrough;

        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.Equal(tasks.Order(StringComparer.Ordinal).ElementAt(24), $"Task/{await PlaceAsync()}");

        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.Null(await PlaceAsync());
    }

    [Theory]
    [InlineData("POST", "", "X-Notification-Secret: " + Secret)]
    [InlineData("POST", "", "Authorization: Bearer " + Secret)]
    [InlineData("PUT", "/Task/7", "Authorization: Bearer " + Secret)]
    public async Task A_notification_with_the_secret_brings_the_news_at_once(string method, string below, string header)
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Community, Notified);
        var referral = await ward.ReferAsync();
        ward.Partner.Recipient.Do("accept", referral.Id);

        var answer = await NotifyAsync(ward, method, below, header);

        Assert.Equal(200, answer);
        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Task) == "accepted",
            "the partner was asked"
        );
    }

    [Theory]
    [InlineData("", Notified, 401)]
    [InlineData("X-Notification-Secret: another secret of two", Notified, 401)]
    [InlineData("Authorization: Basic " + Secret, Notified, 401)]
    [InlineData("X-Notification-Secret: " + Secret, "--Partners:partner:PollMinutes=60", 404)]
    public async Task A_notification_without_the_secret_is_refused(string header, string setting, int status)
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Community, setting);
        var referral = await ward.ReferAsync();
        ward.Partner.Recipient.Do("accept", referral.Id);

        Assert.Equal(status, await NotifyAsync(ward, "POST", "", header));

        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
    }

    private const string Notified = $"--Partners:{Ward.Endpoint}:NotificationSecret={Secret}";

    private static async Task<int> NotifyAsync(Ward ward, string method, string below, string header)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            $"{ward.Server.Root}/notifications/{Ward.Endpoint}{below}"
        )
        {
            Content = new StringContent(method == "PUT" ? """{"resourceType":"Task"}""" : ""),
        };
        if (header.Split(": ", 2) is [var name, var value])
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static IReadOnlyList<JsonElement> Copies(Answer answer) =>
        answer.Json.TryGetProperty("parameter", out var parameters)
            ? [.. parameters.EnumerateArray().Where(p => p.GetProperty("name").GetString() == "copy")]
            : [];

    private static string Part(JsonElement copy, string name)
    {
        var part = copy.GetProperty("part").EnumerateArray().First(p => p.GetProperty("name").GetString() == name);
        var value = part.EnumerateObject().First(p => p.Name.StartsWith("value", StringComparison.Ordinal)).Value;
        return value.ValueKind == JsonValueKind.Object
            ? value.GetProperty("reference").GetString()!
            : value.GetString()!;
    }

    private static int Number(Answer answer, string name) =>
        Find(answer, name)!.Value.GetProperty("valueInteger").GetInt32();

    private static string? Text(Answer answer, string name) =>
        Find(answer, name)?.GetProperty("valueString").GetString();

    private static JsonElement? Find(Answer answer, string name)
    {
        foreach (var parameter in answer.Json.GetProperty("parameter").EnumerateArray())
        {
            if (parameter.GetProperty("name").GetString() == name)
                return parameter;
        }

        return null;
    }
}
