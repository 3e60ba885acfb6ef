namespace CareCoordination.Workflow.Decisions;

/// <summary>Who gives a command, when, and why.</summary>
/// <param name="Today">The day it is at <paramref name="Now"/> by the clock of the organisation.</param>
/// <param name="Reason">Null where none is given.</param>
public sealed record CommandContext(Agent By, DateTimeOffset Now, DateOnly Today, Reason? Reason = null)
{
    /// <summary>The clock of the organisation: whose days the days of other resources are.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What the next reader should know; null where nothing is said.</summary>
    public string? Note { get; init; }
}
