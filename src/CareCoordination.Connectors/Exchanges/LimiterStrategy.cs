using System.Threading.RateLimiting;
using Polly;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>Holds calls back until a limit lets them pass; those that would have to queue behind too many are not sent.</summary>
internal sealed class LimiterStrategy(RateLimiter limiter, string problem) : ResilienceStrategy<PartnerAnswer>
{
    private static readonly TimeSpan AfterAFullQueue = TimeSpan.FromSeconds(1);

    protected override async ValueTask<Outcome<PartnerAnswer>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<PartnerAnswer>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        using var lease = await limiter.AcquireAsync(1, context.CancellationToken);
        if (lease.IsAcquired)
            return await callback(context, state);
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var asked) ? asked : AfterAFullQueue;
        return Outcome.FromResult(PartnerAnswer.Unsent(problem, wait));
    }
}
