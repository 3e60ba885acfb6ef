using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;

namespace CareCoordination.Exchange.Settings;

/// <summary>How this node brings messages to partners and asks them for news: section <c>Deliveries</c>.</summary>
public sealed record DeliveryOptions
{
    /// <summary>False: this node does not send.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>False: this node does not poll partners.</summary>
    public bool IsPolling { get; init; } = true;

    /// <summary>How often it is looked for what other nodes queued and what is due again.</summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a message is held without a sign of life, before another node may take it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long messages that are on their way may still take when the node stops.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before the second attempt; doubled for each further one.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After this a message that did not arrive is parked, and a work item asks to call the partner.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A message that a partner refuses, as it refuses others just then, is tried once more after this before people are asked.</summary>
    public TimeSpan SecondTry { get; init; } = TimeSpan.FromMinutes(30);

    public static DeliveryOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Deliveries");
        var defaults = new DeliveryOptions();
        var options = new DeliveryOptions
        {
            IsEnabled = section.Flag("Enabled") ?? defaults.IsEnabled,
            IsPolling = section.Flag("Polling") ?? defaults.IsPolling,
            ScanInterval = Seconds(section, "ScanSeconds", defaults.ScanInterval, 1, 3600),
            Lease = Seconds(section, "LeaseSeconds", defaults.Lease, 5, 3600),
            Stop = Seconds(section, "StopSeconds", defaults.Stop, 0, 600),
            FirstWait = Seconds(section, "FirstWaitSeconds", defaults.FirstWait, 1, 3600),
            LongestWait = Seconds(section, "LongestWaitSeconds", defaults.LongestWait, 1, 24 * 3600),
            SecondTry = TimeSpan.FromMinutes(
                section.Number("SecondTryMinutes", (int)defaults.SecondTry.TotalMinutes, 1, 24 * 60)
            ),
            Budget = TimeSpan.FromHours(section.Number("BudgetHours", (int)defaults.Budget.TotalHours, 1, 30 * 24)),
        };
        section.RefuseOthers();
        if (options.FirstWait > options.LongestWait)
            throw new ConfigurationProblem(
                "Deliveries:FirstWaitSeconds is longer than Deliveries:LongestWaitSeconds, which no wait exceeds."
            );
        return options;
    }

    /// <summary>How long to wait after so many attempts: doubled each time, up to a limit.</summary>
    /// <param name="jitter">From 0 to 1: spreads by up to a fifth, so that what failed together does not come back together.</param>
    /// <param name="asked">The partner's <c>Retry-After</c>: no attempt comes before it.</param>
    public TimeSpan WaitAfter(int attempts, double jitter, TimeSpan? asked)
    {
        var doubled = FirstWait * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        var wait = (doubled < LongestWait ? doubled : LongestWait) * (0.8 + 0.2 * jitter);
        return asked is { } least && least > wait ? least * (1 + 0.1 * jitter) : wait;
    }

    /// <summary>
    /// How long to wait after a collision: from a quarter of a second, doubled each time, and spread widely, so that what collided does
    /// not meet again.
    /// </summary>
    /// <param name="jitter">From 0 to 1.</param>
    public TimeSpan WaitAfterCollision(int attempts, double jitter)
    {
        var doubled = FirstCollisionWait * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        return (doubled < FirstWait ? doubled : FirstWait) * (0.5 + jitter);
    }

    private static readonly TimeSpan FirstCollisionWait = TimeSpan.FromMilliseconds(250);

    private static TimeSpan Seconds(OptionsSection section, string key, TimeSpan fallback, int min, int max) =>
        TimeSpan.FromSeconds(section.Number(key, (int)fallback.TotalSeconds, min, max));
}
