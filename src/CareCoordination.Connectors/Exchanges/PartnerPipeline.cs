using System.Threading.RateLimiting;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>
/// What stands between us and one partner, from the outside in: total timeout, rate limit, concurrency, breaker, retry, attempt
/// timeout. https://www.pollydocs.org/pipelines/
/// </summary>
internal sealed class PartnerPipeline : IDisposable
{
    private const int LongestQueue = 10_000;

    private readonly ResiliencePipeline<PartnerAnswer> _pipeline;
    private readonly ResiliencePipeline<PartnerAnswer> _probes;
    private readonly RateLimiter? _rate;
    private readonly ConcurrencyLimiter _concurrency;

    public PartnerPipeline(
        PartnerOptions options,
        Func<CancellationToken, ValueTask<PartnerAnswer>> probe,
        Action<bool> breakerMoved,
        TimeProvider time
    )
    {
        _probes = new ResiliencePipelineBuilder<PartnerAnswer> { TimeProvider = time }
            .AddTimeout(options.AttemptTimeout)
            .Build();
        Breaker = new PartnerBreaker(
            options.BreakerFailures,
            options.BreakTime,
            cancel => RunAsync(_probes, static (ask, token) => ask(token), probe, cancel),
            breakerMoved,
            time
        );
        _concurrency = new ConcurrencyLimiter(
            new ConcurrencyLimiterOptions { PermitLimit = options.Concurrency, QueueLimit = LongestQueue }
        );
        var builder = new ResiliencePipelineBuilder<PartnerAnswer> { TimeProvider = time };
        builder.AddTimeout(options.TotalTimeout);
        if (options.RequestsPerSecond > 0)
        {
            _rate = Rate(options.RequestsPerSecond);
            Add(new LimiterStrategy(_rate, "The limit of requests per second for this partner is reached."));
        }

        Add(new LimiterStrategy(_concurrency, "Too many messages to this partner are on their way."));
        Add(Breaker);
        if (options.Retries > 0)
            builder.AddRetry(Retry(options));
        builder.AddTimeout(options.AttemptTimeout);
        _pipeline = builder.Build();

        void Add(ResilienceStrategy<PartnerAnswer> strategy) => builder.AddStrategy(_ => strategy);
    }

    public PartnerBreaker Breaker { get; }

    /// <summary>Runs one exchange that carries a referral, or asks for one. Failures are answers; an exception means that the caller has given up, or a mistake of ours.</summary>
    public ValueTask<PartnerAnswer> RunAsync<TState>(
        Func<TState, CancellationToken, ValueTask<PartnerAnswer>> exchange,
        TState state,
        CancellationToken cancel
    ) => RunAsync(_pipeline, exchange, state, cancel);

    /// <summary>Runs one question of an operator, which limits and breaker do not hold back.</summary>
    public ValueTask<PartnerAnswer> ProbeAsync<TState>(
        Func<TState, CancellationToken, ValueTask<PartnerAnswer>> exchange,
        TState state,
        CancellationToken cancel
    ) => RunAsync(_probes, exchange, state, cancel);

    public void Dispose()
    {
        _rate?.Dispose();
        _concurrency.Dispose();
    }

    private static async ValueTask<PartnerAnswer> RunAsync<TState>(
        ResiliencePipeline<PartnerAnswer> pipeline,
        Func<TState, CancellationToken, ValueTask<PartnerAnswer>> exchange,
        TState state,
        CancellationToken cancel
    )
    {
        var context = ResilienceContextPool.Shared.Get(cancel);
        context.Properties.Set(PartnerBreaker.Caller, cancel);
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
            if (outcome.Exception is null)
                return outcome.Result!;
            cancel.ThrowIfCancellationRequested();
            if (NetworkProblem.Describe(outcome.Exception, cancel) is { } described)
                return described;
            outcome.ThrowIfException();
            throw outcome.Exception;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static RetryStrategyOptions<PartnerAnswer> Retry(PartnerOptions options) =>
        new()
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = attempt =>
                ValueTask.FromResult(
                    attempt.Outcome.Exception is TimeoutRejectedException
                        || (
                            attempt.Outcome.Result is { IsTransient: true } answer
                            && (answer.RetryAfter ?? TimeSpan.Zero) <= options.LongestRetryAfter
                        )
                ),
            DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result?.RetryAfter),
        };

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
