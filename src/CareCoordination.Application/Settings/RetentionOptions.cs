namespace CareCoordination.Application.Settings;

/// <summary>
/// How long this server keeps what it remembers for itself, and how often it looks for what is over: section <c>Care:Retention</c>.
/// Resources and their versions are kept for ever.
/// </summary>
public sealed record RetentionOptions
{
    /// <summary>False: other nodes remove, or nobody.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>How long a request may be repeated with its Idempotency-Key. A change of it concerns new requests.</summary>
    public TimeSpan IdempotencyKeys { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Jobs that have ended, with what their status tells.</summary>
    public TimeSpan Jobs { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Messages that are done with, and what came in and was applied.</summary>
    public TimeSpan Messages { get; init; } = TimeSpan.FromDays(30);

    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Rows that are removed at once.</summary>
    public int Batch { get; init; } = 200;

    public static RetentionOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Care:Retention");
        var defaults = new RetentionOptions();
        var options = new RetentionOptions
        {
            IsEnabled = section.Flag("Enabled") ?? defaults.IsEnabled,
            IdempotencyKeys = TimeSpan.FromHours(
                section.Number("IdempotencyKeyHours", (int)defaults.IdempotencyKeys.TotalHours, 1, 24 * 366)
            ),
            Jobs = TimeSpan.FromDays(section.Number("JobDays", (int)defaults.Jobs.TotalDays, 1, 36_600)),
            Messages = TimeSpan.FromDays(section.Number("MessageDays", (int)defaults.Messages.TotalDays, 1, 36_600)),
            Interval = TimeSpan.FromMinutes(
                section.Number("IntervalMinutes", (int)defaults.Interval.TotalMinutes, 1, 24 * 60)
            ),
            Batch = section.Number(nameof(Batch), defaults.Batch, 1, 10_000),
        };
        section.RefuseOthers();
        return options;
    }
}
