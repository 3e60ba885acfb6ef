using System.Threading.RateLimiting;
using CareCoordination.Connectors.Partners;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>
/// What stands between us and one partner, from the outside in: concurrency, breaker, retry, rate limit, time limit. Waiting for one's turn
/// is not the partner's time: it belongs to no limit, and is no failure. https://www.pollydocs.org/pipelines/
/// </summary>
internal sealed class PartnerPipeline : IDisposable
{
    private const int LongestQueue = 10_000;
    private static readonly TimeSpan AfterAFullQueue = TimeSpan.FromSeconds(1);

    private static readonly ResiliencePropertyKey<bool> Repeatable = new("care.repeatable");

    private readonly ResiliencePipeline<PartnerAnswer> _pipeline;
    private readonly ResiliencePipeline<PartnerAnswer> _probes;
    private readonly PartnerOptions _options;
    private readonly TimeProvider _time;
    private readonly TokenBucketRateLimiter? _rate;

    public PartnerPipeline(
        PartnerOptions options,
        Func<CancellationToken, ValueTask<PartnerAnswer>> probe,
        Action<bool> breakerMoved,
        TimeProvider time
    )
    {
        (_options, _time) = (options, time);
        _probes = new ResiliencePipelineBuilder<PartnerAnswer> { TimeProvider = time }
            .AddTimeout(options.AttemptTimeout)
            .Build();
        Breaker = new PartnerBreaker(
            options.BreakerFailures,
            options.BreakTime,
            cancel => RunAsync(_probes, static (ask, token) => ask(token), probe, isRepeatable: true, cancel),
            breakerMoved,
            time
        );
        Concurrency = new AdaptiveConcurrency(options.Concurrency, LongestQueue, AfterAFullQueue);
        _rate = options.RequestsPerSecond > 0 ? Rate(options.RequestsPerSecond) : null;
        _pipeline = Build();
    }

    public PartnerBreaker Breaker { get; }

    /// <summary>How much runs at the same time, which follows what the partner bears.</summary>
    public AdaptiveConcurrency Concurrency { get; }

    /// <summary>Runs one exchange that carries a referral, or asks for one. Failures are answers; an exception means that the caller has given up, or a mistake of ours.</summary>
    /// <param name="isRepeatable">False: it is tried once more only where the first attempt had no effect.</param>
    public ValueTask<PartnerAnswer> RunAsync<TState>(
        Func<TState, CancellationToken, ValueTask<PartnerAnswer>> exchange,
        TState state,
        bool isRepeatable,
        CancellationToken cancel
    ) => RunAsync(_pipeline, exchange, state, isRepeatable, cancel);

    /// <summary>Runs one question of an operator, which limits and breaker do not hold back.</summary>
    public ValueTask<PartnerAnswer> ProbeAsync<TState>(
        Func<TState, CancellationToken, ValueTask<PartnerAnswer>> exchange,
        TState state,
        CancellationToken cancel
    ) => RunAsync(_probes, exchange, state, isRepeatable: true, cancel);

    public void Dispose() => _rate?.Dispose();

    private ResiliencePipeline<PartnerAnswer> Build()
    {
        var builder = new ResiliencePipelineBuilder<PartnerAnswer> { TimeProvider = _time }
            .AddStrategy(_ => Concurrency)
            .AddStrategy(_ => Breaker);
        if (_options.Retries > 0)
            builder.AddRetry(Retry());
        if (_rate is not null)
            builder.AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = PermitAsync });
        return builder
            .AddTimeout(
                new TimeoutStrategyOptions
                {
                    TimeoutGenerator = attempt =>
                        ValueTask.FromResult(ExchangeTime.Of(attempt.Context).Limit(_options.AttemptTimeout)),
                }
            )
            .Build();
    }

    /// <summary>Each attempt is a request and needs a permit. The wait for it is not counted.</summary>
    private async ValueTask<RateLimitLease> PermitAsync(RateLimiterArguments attempt)
    {
        var began = _time.GetTimestamp();
        var lease = await _rate!.AcquireAsync(1, attempt.Context.CancellationToken);
        ExchangeTime.Of(attempt.Context).Waited(_time.GetElapsedTime(began));
        return lease;
    }

    private async ValueTask<PartnerAnswer> RunAsync<TState>(
        ResiliencePipeline<PartnerAnswer> pipeline,
        Func<TState, CancellationToken, ValueTask<PartnerAnswer>> exchange,
        TState state,
        bool isRepeatable,
        CancellationToken cancel
    )
    {
        var context = ResilienceContextPool.Shared.Get(cancel);
        ExchangeTime.Begin(context, _options.TotalTimeout, _time);
        context.Properties.Set(Repeatable, isRepeatable);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(
                static async (context, work) =>
                {
                    try
                    {
                        return Outcome.FromResult(await work.exchange(work.state, context.CancellationToken));
                    }
                    catch (Exception exception)
                    {
                        return Outcome.FromException<PartnerAnswer>(exception);
                    }
                },
                context,
                (exchange, state)
            );
            return outcome.Exception is null ? outcome.Result! : Described(outcome, cancel);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static PartnerAnswer Described(Outcome<PartnerAnswer> outcome, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (outcome.Exception is RateLimiterRejectedException rejected)
            return PartnerAnswer.Unsent(
                "Too many messages to this partner wait for their turn.",
                rejected.RetryAfter ?? AfterAFullQueue
            );
        if (NetworkProblem.Describe(outcome.Exception!, cancel) is { } described)
            return described;
        outcome.ThrowIfException();
        throw outcome.Exception!;
    }

    private RetryStrategyOptions<PartnerAnswer> Retry() =>
        new()
        {
            MaxRetryAttempts = _options.Retries,
            OnRetry = attempt =>
            {
                if (attempt.Outcome.Result is { Kind: AnswerKind.Throttled })
                    Concurrency.Halve();
                return ValueTask.CompletedTask;
            },
            ShouldHandle = attempt =>
                ValueTask.FromResult(
                    IsTriedAgain(attempt.Outcome, attempt.Context.Properties.GetValue(Repeatable, true))
                        && ExchangeTime.Of(attempt.Context).Left > (attempt.Outcome.Result?.RetryAfter ?? TimeSpan.Zero)
                ),
            DelayGenerator = attempt =>
                ValueTask.FromResult<TimeSpan?>(
                    attempt.Outcome.Result?.RetryAfter
                        ?? ExchangeTime.Of(attempt.Context).Delay(_options.RetryDelay, attempt.AttemptNumber)
                ),
        };

    private bool IsTriedAgain(Outcome<PartnerAnswer> outcome, bool isRepeatable)
    {
        if (outcome.Exception is TimeoutRejectedException)
            return isRepeatable;
        return outcome.Result is { IsTransient: true } answer
            && (isRepeatable || !answer.IsUncertain)
            && (answer.RetryAfter ?? TimeSpan.Zero) <= _options.LongestRetryAfter;
    }

    private static TokenBucketRateLimiter Rate(int perSecond)
    {
        // Tokens come in small portions, so that a second's worth is not sent in its first millisecond.
        var portion = Math.Max(1, perSecond / 10);
        return new TokenBucketRateLimiter(
            new TokenBucketRateLimiterOptions
            {
                TokenLimit = portion,
                TokensPerPeriod = portion,
                ReplenishmentPeriod = TimeSpan.FromSeconds((double)portion / perSecond),
                QueueLimit = LongestQueue,
            }
        );
    }
}
