namespace CareCoordination.Analytics.Diagnostics;

/// <summary>Every line this assembly logs. Counts and names of tables only: nothing of what is in them.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 8000,
        Level = LogLevel.Warning,
        Message = "The tables of outcomes cannot be used: {Sentence}"
    )]
    public static partial void TablesUnusable(ILogger logger, Exception exception, string sentence);

    [LoggerMessage(
        EventId = 8001,
        Level = LogLevel.Warning,
        Message = "The database is of another time than the tables of outcomes, which are made anew"
    )]
    public static partial void WentBack(ILogger logger);

    [LoggerMessage(
        EventId = 8002,
        Level = LogLevel.Warning,
        Message = "{Count} times a resource could not be shown in a table of outcomes as it is; table_problem counts them by table"
    )]
    public static partial void NotShown(ILogger logger, long count);
}
