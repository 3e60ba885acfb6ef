using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Diagnostics;

/// <summary>Every line this assembly logs. Numbers and times only: nothing of what is stored.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 6000,
        Level = LogLevel.Warning,
        Message = "The database went back: this node has stored change {Stored}, and the last one in the database is {Last}. "
            + "After a failover or a restored backup acknowledged changes may be lost"
    )]
    public static partial void DatabaseWentBack(ILogger logger, long stored, long last);

    [LoggerMessage(
        EventId = 6001,
        Level = LogLevel.Warning,
        Message = "The clock of this node is {Seconds} s ahead of the database's, whose time is used until it is set right"
    )]
    public static partial void ClockAhead(ILogger logger, double seconds);

    [LoggerMessage(
        EventId = 6002,
        Level = LogLevel.Information,
        Message = "The clock of this node is no longer ahead of the database's, and is used again"
    )]
    public static partial void ClockRight(ILogger logger);
}
