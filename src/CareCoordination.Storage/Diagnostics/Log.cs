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
}
