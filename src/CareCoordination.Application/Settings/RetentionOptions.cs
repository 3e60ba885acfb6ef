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

    /// <summary>Messages about stays that were refused.</summary>
    public RefusedOptions Refused { get; init; } = new();

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
            Refused = RefusedOptions.Read(section),
            Interval = TimeSpan.FromMinutes(
                section.Number("IntervalMinutes", (int)defaults.Interval.TotalMinutes, 1, 24 * 60)
            ),
            Batch = section.Number(nameof(Batch), defaults.Batch, 1, 10_000),
        };
        section.RefuseOthers();
        return options;
    }
}

/// <summary>How much is kept of messages about stays that were refused: so many of each sender, and so much of each.</summary>
public sealed record RefusedOptions
{
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Of one sender; all senders that are not known are one. Of more the oldest go. 0: nothing is kept.</summary>
    public int Most { get; init; } = 500;

    /// <summary>Of a longer message it is kept that it was refused, and not what it said.</summary>
    public int MaxBytes { get; init; } = 256 * 1024;

    internal static RefusedOptions Read(OptionsSection section)
    {
        var defaults = new RefusedOptions();
        return new RefusedOptions
        {
            Age = TimeSpan.FromDays(section.Number("RefusedDays", (int)defaults.Age.TotalDays, 1, 36_600)),
            Most = section.Number("RefusedPerSender", defaults.Most, 0, 100_000),
            MaxBytes = section.Number("RefusedBytes", defaults.MaxBytes, 0, 64 * 1024 * 1024),
        };
    }
}
