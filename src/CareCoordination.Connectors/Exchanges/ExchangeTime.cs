using Polly;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>What is left of the time that one exchange may take, its retries and their delays included, its waits for a turn not.</summary>
internal sealed class ExchangeTime
{
    private static readonly ResiliencePropertyKey<ExchangeTime> Key = new("care.exchange-time");
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan _total;
    private readonly TimeProvider _time;
    private long? _began;
    private TimeSpan _waited;

    private ExchangeTime(TimeSpan total, TimeProvider time) => (_total, _time) = (total, time);

    public TimeSpan Left => _total - (_time.GetElapsedTime(_began ??= _time.GetTimestamp()) - _waited);

    /// <summary>It runs from the first question for what is left, which is when the exchange has its turn.</summary>
    public static void Begin(ResilienceContext context, TimeSpan total, TimeProvider time) =>
        context.Properties.Set(Key, new ExchangeTime(total, time));

    public static ExchangeTime Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public void Waited(TimeSpan wait)
    {
        if (_began is not null)
            _waited += wait;
    }

    /// <summary>How long an attempt may take: Polly takes zero and less for no limit.</summary>
    public TimeSpan Limit(TimeSpan attempt)
    {
        var left = Left;
        return left < Shortest ? Shortest
            : left < attempt ? left
            : attempt;
    }

    /// <summary>Doubled for each retry, with jitter, and so short that the attempt after it still has some time.</summary>
    public TimeSpan Delay(TimeSpan first, int retry)
    {
        var doubled = first * Math.Pow(2, Math.Min(retry, 20)) * (0.5 + Random.Shared.NextDouble() / 2);
        var most = Left / 2;
        return doubled < most ? doubled
            : most > TimeSpan.Zero ? most
            : TimeSpan.Zero;
    }
}
