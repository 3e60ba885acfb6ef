namespace CareCoordination.Application.Settings;

/// <summary>How often this node looks at what is due without anybody asking: section <c>Care:Timers</c>.</summary>
public sealed record TimerOptions
{
    /// <summary>False: other nodes do, or nobody.</summary>
    public bool IsEnabled { get; init; } = true;

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Timers that are read at once.</summary>
    public int Batch { get; init; } = 100;

    public static TimerOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Care:Timers");
        var defaults = new TimerOptions();
        var options = new TimerOptions
        {
            IsEnabled = section.Flag("Enabled") ?? defaults.IsEnabled,
            Interval = TimeSpan.FromSeconds(
                section.Number("IntervalSeconds", (int)defaults.Interval.TotalSeconds, 1, 24 * 60 * 60)
            ),
            Batch = section.Number(nameof(Batch), defaults.Batch, 1, 10_000),
        };
        section.RefuseOthers();
        return options;
    }
}
