using System.Text;
using System.Text.Json;
using CareCoordination.Connectors.Partners;
using CareCoordination.Fhir.Primitives;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Connectors.Tests;

/// <summary>A partner that is busy with something else, has too much at once, or refuses all in a row.</summary>
public sealed class CollisionTests : IAsyncLifetime
{
    private readonly SetClock _clock = new();
    private readonly PartnerConnectors _connectors;
    private ScriptedPartner _partner = null!;

    public CollisionTests() => _connectors = Lines.Connectors(_clock);

    public async ValueTask InitializeAsync() => _partner = await ScriptedPartner.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
    }

    [Theory]
    [InlineData(409, null)]
    [InlineData(412, null)]
    [InlineData(409, "conflict")]
    [InlineData(400, "conflict")]
    [InlineData(422, "lock-error")]
    [InlineData(400, "transient")]
    [InlineData(500, "conflict")]
    [InlineData(400, "processing", "HAPI-0550: could not serialize access due to concurrent update")]
    [InlineData(500, "exception", "ERROR: deadlock detected")]
    [InlineData(400, "invalid", "Transaction conflict, please try again")]
    [InlineData(409, "processing", "The operation has failed with a version constraint failure")]
    [InlineData(500, "exception", "ORA-00060: deadlock detected while waiting for resource")]
    [InlineData(503, "exception", "Lock request time out period exceeded")]
    [InlineData(400, "business-rule", "The record is locked by another user")]
    public async Task A_conflict_about_something_else_is_a_collision_in_whatever_words(
        int status,
        string? code,
        string? words = null
    )
    {
        Answer(status, code is null ? null : Outcome(code, words));

        var collided = Assert.IsType<SendOutcome.Collided>(await SendAsync());

        Assert.Equal(status, collided.Status);
        Assert.Contains("conflict", collided.Problem, StringComparison.Ordinal);
        Assert.Equal(code is null ? "" : Outcome(code, words), Encoding.UTF8.GetString(collided.Answer.Span));
    }

    /// <summary>What a partner says is read as far as a sentence goes, whatever it is made of.</summary>
    [Theory]
    [InlineData('2')]
    [InlineData(' ')]
    [InlineData('d')]
    public async Task Words_without_end_are_no_collision_and_take_no_time(char word)
    {
        Answer(422, Outcome("business-rule", new string(word, 400_000) + " deadlock"));

        Assert.IsNotType<SendOutcome.Collided>(await SendAsync());
    }

    [Theory]
    [InlineData(400, "invalid", "Task.code is missing")]
    [InlineData(422, "business-rule", "The patient's address is in conflict with the policy")]
    [InlineData(403, "forbidden", "This patient's record is locked")]
    [InlineData(412, "multiple-matches", null)]
    [InlineData(412, "processing", "Invalid match URL: multiple resources match this search")]
    [InlineData(412, "invalid", "Found 2 matches for the criteria")]
    [InlineData(409, "multiple-matches", null)]
    public async Task What_somebody_has_to_correct_is_no_collision(int status, string code, string? words)
    {
        Answer(status, Outcome(code, words));

        Assert.Equal(status, Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync()).Status);
    }

    [Fact]
    public async Task One_issue_to_correct_among_collisions_is_for_people()
    {
        Answer(
            409,
            """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"conflict"},{"severity":"error","code":"multiple-matches"}]}"""
        );

        Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync());
    }

    [Fact]
    public async Task What_is_throttled_by_its_words_waits_and_is_no_refusal()
    {
        Answer(400, Outcome("throttled", "Slow down"));

        Assert.IsType<SendOutcome.TryLater>(await SendAsync());
    }

    [Theory]
    [InlineData("transient")]
    [InlineData("timeout")]
    [InlineData("exception")]
    public async Task A_server_error_that_passes_counts_against_a_partner_that_is_not_well(string code)
    {
        Answer(503, Outcome(code, "Down for maintenance"));

        Assert.IsType<SendOutcome.TryLater>(await SendAsync());

        Assert.Equal(1, Health.FailuresInARow);
    }

    [Theory]
    [InlineData(429, null)]
    [InlineData(409, null)]
    [InlineData(400, "lock-error")]
    public async Task Concurrency_halves_down_to_one_and_grows_slowly_back(int status, string? code)
    {
        Answer(status, code is null ? null : Outcome(code, null));
        await SendAsync();
        var options = Lines.Plain;
        Assert.Equal(2, Health.Concurrency);
        await SendAsync();
        Assert.Equal(1, Health.Concurrency);
        await SendAsync();
        Assert.Equal(1, Health.Concurrency);

        Answer(201, null);
        var sent = 0;
        foreach (var (limit, least) in ((int, int)[])[(2, 4), (3, 12), (4, 24)])
        {
            for (; Health.Concurrency < limit; sent++)
                Assert.IsType<SendOutcome.Delivered>(await SendAsync());
            Assert.InRange(sent, least, least + 1);
        }

        for (var i = 0; i < 50; i++)
            await SendAsync();
        Assert.Equal(options.Concurrency, Health.Concurrency);
    }

    [Fact]
    public async Task What_fails_together_halves_once()
    {
        using var together = new SemaphoreSlim(0);
        var arrived = 0;
        _partner.Answer = async (_, c) =>
        {
            if (Interlocked.Increment(ref arrived) == 4)
                together.Release(4);
            await together.WaitAsync();
            c.Response.StatusCode = 429;
        };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SendAsync($"t{i}")));

        Assert.Equal(2, Health.Concurrency);
    }

    [Fact]
    public async Task No_more_run_at_once_than_the_partner_bears_and_all_have_their_turn()
    {
        var (running, most, first) = (0, 0, 0);
        _partner.Answer = async (asked, c) =>
        {
            if (asked.Method == "POST" && Interlocked.Increment(ref first) == 1)
            {
                c.Response.StatusCode = 429;
                return;
            }

            var now = Interlocked.Increment(ref running);
            for (var seen = most; now > seen; seen = most)
                Interlocked.CompareExchange(ref most, now, seen);
            await Task.Delay(10);
            Interlocked.Decrement(ref running);
            await c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
        };
        await SendAsync("first");
        Assert.Equal(2, Health.Concurrency);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => SendAsync($"t{i}")));

        Assert.All(outcomes, o => Assert.IsType<SendOutcome.Delivered>(o));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_turn_to_others()
    {
        using var hold = new SemaphoreSlim(0);
        _partner.Answer = async (_, c) =>
        {
            await hold.WaitAsync();
            await c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
        };
        var options = Lines.Plain with { Concurrency = 1 };
        var first = SendAsync("t1", options);
        while (_partner.Asked.Count == 0)
            await Task.Delay(5);
        using var patience = new CancellationTokenSource();
        var second = SendAsync("t2", options, patience.Token);
        var third = SendAsync("t3", options);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        hold.Release(2);

        Assert.IsType<SendOutcome.Delivered>(await first);
        Assert.IsType<SendOutcome.Delivered>(await third);
        Assert.Equal(2, _partner.Asked.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(403)]
    public async Task Refusals_of_many_different_referrals_in_a_row_may_be_the_partner_being_unwell(int status)
    {
        Answer(status, Outcome("invalid", "No"));

        Assert.False(await IsWidespreadAsync("t1"));
        Assert.False(await IsWidespreadAsync("t2"));
        Assert.False(await IsWidespreadAsync("t2"));
        Assert.True(await IsWidespreadAsync("t3"));
        Assert.True(await IsWidespreadAsync("t1"));

        Answer(201, null);
        await SendAsync("t1");
        Answer(status, Outcome("invalid", "No"));
        Assert.False(await IsWidespreadAsync("t4"));
    }

    [Fact]
    public async Task Refusals_of_one_referral_or_of_different_kinds_are_about_the_content()
    {
        foreach (var status in (int[])[400, 422, 400, 422, 400, 422])
        {
            Answer(status, Outcome("invalid", "No"));
            Assert.False(await IsWidespreadAsync($"t{status}"));
        }

        for (var i = 0; i < 5; i++)
            Assert.False(await IsWidespreadAsync("the-same"));
    }

    private Connectors.PartnerHealth Health => _connectors.Line(_partner.Address).Health;

    private async Task<bool> IsWidespreadAsync(string task) =>
        Assert.IsType<SendOutcome.NeedsHuman>(await SendAsync(task)).IsWidespread;

    private void Answer(int status, string? body) =>
        _partner.Answer = (asked, c) =>
        {
            if (asked.Method == "GET")
                return c.JsonAsync(200, """{"resourceType":"Bundle","type":"searchset","total":0}""");
            if (status == 201)
                return c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
            if (body is not null)
                return c.JsonAsync(status, body);
            c.Response.StatusCode = status;
            return Task.CompletedTask;
        };

    private Task<SendOutcome> SendAsync(
        string task = "t1",
        PartnerOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var package = Samples.Package();
        return _connectors
            .Line(_partner.Address, options)
            .SendAsync(
                package with
                {
                    Task = package.Task with { Key = new ResourceKey("Task", task) },
                },
                cancellationToken
            );
    }

    private static string Outcome(string code, string? words) =>
        words is null
            ? $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"{{code}}"}]}"""
            : $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"{{code}}","diagnostics":{{JsonSerializer.Serialize(words)}}}]}""";
}
