using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Connectors.Tests;

/// <summary>What stands between us and a partner that is not well.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private static readonly PartnerOptions Options = Lines.Plain with
    {
        BreakerFailures = 3,
        BreakTime = TimeSpan.FromMinutes(1),
    };

    private readonly SetClock _clock = new();
    private readonly PartnerConnectors _connectors;
    private ScriptedPartner _partner = null!;
    private int _taskStatus = 500;
    private int _metadataStatus = 500;

    public PipelineTests() => _connectors = Lines.Connectors(_clock);

    public async ValueTask InitializeAsync()
    {
        _partner = await ScriptedPartner.StartAsync();
        _partner.Answer = (asked, c) =>
        {
            var status = asked.Path == "/metadata" ? _metadataStatus : _taskStatus;
            if (status == 201)
                return c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
            c.Response.StatusCode = status;
            return Task.CompletedTask;
        };
    }

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
    }

    [Fact]
    public async Task After_some_failures_in_a_row_nothing_is_sent_until_the_break_is_over()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(500, Assert.IsType<SendOutcome.TryLater>(await SendAsync()).Status);
        Assert.Equal(BreakerState.Open, Health.Breaker);
        Assert.Equal(_clock.Now + Options.BreakTime, Health.QuietUntil);
        Assert.False(Health.TakesMessages);

        _clock.Now += TimeSpan.FromSeconds(20);
        var held = Assert.IsType<SendOutcome.TryLater>(await SendAsync());

        Assert.Equal((null, TimeSpan.FromSeconds(40)), (held.Status, held.RetryAfter));
        Assert.Equal(3, _partner.Asked.Count);
    }

    [Fact]
    public async Task An_answer_between_failures_starts_the_count_anew()
    {
        await SendAsync();
        await SendAsync();
        _taskStatus = 422;
        await SendAsync();
        _taskStatus = 500;
        await SendAsync();
        await SendAsync();

        Assert.Equal((BreakerState.Closed, 2), (Health.Breaker, Health.FailuresInARow));
    }

    [Fact]
    public async Task When_the_break_is_over_a_probe_goes_first_and_no_referral()
    {
        await OpenAsync();
        _clock.Now += Options.BreakTime;
        Assert.Equal(BreakerState.HalfOpen, Health.Breaker);

        var held = Assert.IsType<SendOutcome.TryLater>(await SendAsync());

        Assert.Equal((null, Options.BreakTime), (held.Status, held.RetryAfter));
        Assert.Equal("GET /metadata", _partner.Asked[^1].ToString());
        Assert.Equal(BreakerState.Open, Health.Breaker);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_partner_that_answers_the_probe_gets_the_referral(int metadata)
    {
        await OpenAsync();
        _clock.Now += Options.BreakTime;
        (_metadataStatus, _taskStatus) = (metadata, 201);

        Assert.IsType<SendOutcome.Delivered>(await SendAsync());

        Assert.Equal(["GET /metadata", "POST /Task"], _partner.Asked.TakeLast(2).Select(a => a.ToString()));
        Assert.Equal((BreakerState.Closed, 0), (Health.Breaker, Health.FailuresInARow));
        Assert.Equal((_clock.Now, null), (Health.LastSuccessAt, Health.LastProblem));
    }

    [Fact]
    public async Task One_probe_at_a_time_asks_whether_a_partner_is_back()
    {
        await OpenAsync();
        _clock.Now += Options.BreakTime;
        var probed = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _partner.Answer = async (asked, c) =>
        {
            if (asked.Path == "/metadata")
            {
                probed.SetResult();
                await goOn.Task;
                return;
            }

            await c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
        };

        var first = SendAsync();
        await probed.Task;
        var second = Assert.IsType<SendOutcome.TryLater>(await SendAsync());
        goOn.SetResult();

        Assert.Null(second.Status);
        Assert.IsType<SendOutcome.Delivered>(await first);
    }

    [Fact]
    public async Task A_partner_that_asks_to_wait_is_left_alone_so_long()
    {
        _partner.Answer = (_, c) =>
        {
            c.Response.Headers.RetryAfter = "90";
            c.Response.StatusCode = 429;
            return Task.CompletedTask;
        };

        Assert.Equal(TimeSpan.FromSeconds(90), Assert.IsType<SendOutcome.TryLater>(await SendAsync()).RetryAfter);
        _clock.Now += TimeSpan.FromSeconds(30);
        Assert.Equal(TimeSpan.FromSeconds(60), Assert.IsType<SendOutcome.TryLater>(await SendAsync()).RetryAfter);

        Assert.Single(_partner.Asked);
        Assert.Equal((BreakerState.Closed, 0), (Health.Breaker, Health.FailuresInARow));
        _clock.Now += TimeSpan.FromSeconds(60);
        Assert.True(Health.TakesMessages);
    }

    [Fact]
    public async Task Retries_wait_as_long_as_the_partner_asks_where_that_is_short()
    {
        var asked = 0;
        _partner.Answer = (_, c) =>
        {
            if (++asked > 1)
                return c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
            c.Response.Headers.RetryAfter = "0";
            c.Response.StatusCode = 503;
            return Task.CompletedTask;
        };

        Assert.IsType<SendOutcome.Delivered>(
            await SendAsync(Options with { Retries = 1, RetryDelay = TimeSpan.FromHours(1) })
        );
    }

    [Fact]
    public async Task No_more_exchanges_run_at_a_time_than_the_options_allow()
    {
        var (running, most) = (0, 0);
        var full = new TaskCompletionSource();
        _partner.Answer = async (_, c) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            if (running == 2)
                full.TrySetResult();
            await full.Task;
            Interlocked.Decrement(ref running);
            await c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
        };

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => SendAsync(Options with { Concurrency = 2 }))
        );

        Assert.All(outcomes, o => Assert.IsType<SendOutcome.Delivered>(o));
        Assert.Equal(2, most);
    }

    [Theory]
    [InlineData(20, 16, 60)]
    [InlineData(20, 1, 60)]
    [InlineData(50, 2, 150)]
    [InlineData(200, 3, 500)]
    public async Task What_waits_for_its_turn_is_sent_however_long_it_waits_and_is_no_failure(
        int perSecond,
        int concurrency,
        int messages
    )
    {
        _taskStatus = 201;
        var options = Options with
        {
            RequestsPerSecond = perSecond,
            Concurrency = concurrency,
            TotalTimeout = TimeSpan.FromSeconds(1.5),
            AttemptTimeout = TimeSpan.FromSeconds(1.5),
        };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, messages).Select(_ => SendAsync(options)));

        Assert.All(outcomes, o => Assert.IsType<SendOutcome.Delivered>(o));
        Assert.Equal(messages, _partner.Asked.Count);
        Assert.Equal((BreakerState.Closed, 0, null), (Health.Breaker, Health.FailuresInARow, Health.LastFailureAt));
    }

    [Fact]
    public async Task Each_retry_needs_a_turn_of_its_own()
    {
        var times = new System.Collections.Concurrent.ConcurrentQueue<long>();
        _partner.Answer = (_, c) =>
        {
            times.Enqueue(TimeProvider.System.GetTimestamp());
            c.Response.Headers.RetryAfter = "0";
            c.Response.StatusCode = times.Count % 2 == 1 ? 429 : 201;
            return c.Response.StatusCode == 201
                ? c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"))
                : Task.CompletedTask;
        };
        var options = Options with
        {
            RequestsPerSecond = 10,
            Retries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            Concurrency = 1,
        };

        for (var i = 0; i < 3; i++)
            Assert.IsType<SendOutcome.Delivered>(await SendAsync(options));

        // Six requests have five waits of a tenth of a second between them; timers of this machine may be a little early.
        Assert.Equal(6, times.Count);
        Assert.True(TimeProvider.System.GetElapsedTime(times.First(), times.Last()) > TimeSpan.FromMilliseconds(350));
    }

    [Fact]
    public async Task An_exchange_ends_when_its_time_is_over_whatever_retries_are_left()
    {
        _partner.Answer = async (_, c) => await Task.Delay(Timeout.InfiniteTimeSpan, c.RequestAborted);
        var options = Options with
        {
            Retries = 10,
            BreakerFailures = 100,
            RetryDelay = TimeSpan.FromMilliseconds(10),
            AttemptTimeout = TimeSpan.FromMilliseconds(150),
            TotalTimeout = TimeSpan.FromMilliseconds(400),
        };

        var read = await _connectors.Line(_partner.Address, options).ReadAsync("Task/7", CancellationToken.None);

        var outcome = Assert.IsType<SendOutcome.TryLater>(Assert.IsType<ReadOutcome.Failed>(read).Why);

        Assert.Equal("The partner did not answer in time.", outcome.Problem);
        Assert.InRange(_partner.Asked.Count, 1, 5);
        Assert.Equal(1, Health.FailuresInARow);
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_it_waits_for_its_turn_is_no_failure_of_the_partner()
    {
        _taskStatus = 201;
        var options = Options with { RequestsPerSecond = 1, BreakerFailures = 1 };
        Assert.IsType<SendOutcome.Delivered>(await SendAsync(options));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _connectors.Line(_partner.Address, options).SendAsync(Samples.Package(), patience.Token)
        );

        Assert.Equal((BreakerState.Closed, 0), (Health.Breaker, Health.FailuresInARow));
        Assert.Single(_partner.Asked);
    }

    [Fact]
    public void A_connector_is_kept_until_address_or_options_change()
    {
        var first = _connectors.Line(_partner.Address, Options);

        Assert.Same(first, _connectors.Line(_partner.Address, Options with { }));
        var second = _connectors.Line(_partner.Address, Options with { Retries = 1 });
        Assert.NotSame(first, second);
        Assert.NotSame(second, _connectors.Line(new Uri(_partner.Address + "/other"), Options with { Retries = 1 }));
        Assert.Null(_connectors.Health("unknown"));
    }

    [Fact]
    public async Task A_connector_that_was_replaced_finishes_what_is_under_way_and_takes_nothing_new()
    {
        var arrived = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _partner.Answer = async (_, c) =>
        {
            arrived.SetResult();
            await goOn.Task;
            await c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
        };
        var former = _connectors.Line(_partner.Address, Options);
        var underWay = former.SendAsync(Samples.Package(), CancellationToken.None);
        await arrived.Task;

        _connectors.Line(_partner.Address, Options with { Retries = 1 });
        goOn.SetResult();

        Assert.IsType<SendOutcome.Delivered>(await underWay);
        var late = Assert.IsType<SendOutcome.TryLater>(
            await former.SendAsync(Samples.Package(), CancellationToken.None)
        );
        Assert.Equal(TimeSpan.Zero, late.RetryAfter);
    }

    private PartnerHealth Health => _connectors.Health("e1")!;

    private Task<SendOutcome> SendAsync(PartnerOptions? options = null) =>
        _connectors.Line(_partner.Address, options ?? Options).SendAsync(Samples.Package(), CancellationToken.None);

    private async Task OpenAsync()
    {
        for (var i = 0; i < Options.BreakerFailures; i++)
            await SendAsync();
    }
}
