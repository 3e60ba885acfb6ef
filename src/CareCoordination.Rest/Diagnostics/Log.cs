namespace CareCoordination.Rest.Diagnostics;

/// <summary>Every line this assembly logs. Ids and codes only: no content of resources, no query texts.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 3000, Level = LogLevel.Error, Message = "Unexpected error {CorrelationId}")]
    public static partial void Unexpected(ILogger logger, Exception exception, string correlationId);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Answered 503: the database cannot be used")]
    public static partial void Unavailable(ILogger logger, Exception exception);
}
