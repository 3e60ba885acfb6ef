namespace CareCoordination.Exchange.Diagnostics;

/// <summary>Every line this assembly logs. Ids and codes only: no content of resources, no query texts.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 5000,
        Level = LogLevel.Warning,
        Message = "Delivery {Delivery}: its lease was lost before it was settled"
    )]
    public static partial void LeaseLost(ILogger logger, string delivery);

    [LoggerMessage(
        EventId = 5002,
        Level = LogLevel.Information,
        Message = "Partner {Partner} is back; what waits is sent"
    )]
    public static partial void PartnerBack(ILogger logger, string partner);

    [LoggerMessage(
        EventId = 5003,
        Level = LogLevel.Information,
        Message = "Partner {Partner} polled: {Taken} of {Seen} were news"
    )]
    public static partial void Polled(ILogger logger, string partner, int taken, int seen);

    [LoggerMessage(
        EventId = 5004,
        Level = LogLevel.Warning,
        Message = "Partner {Partner} could not be polled: {Problem}"
    )]
    public static partial void PollFailed(ILogger logger, string partner, string problem);

    [LoggerMessage(
        EventId = 5006,
        Level = LogLevel.Warning,
        Message = "Partner {Partner}: an output of {Task} could not be fetched and stays there: {Problem}"
    )]
    public static partial void OutputRefused(ILogger logger, string partner, string task, string problem);

    [LoggerMessage(EventId = 3000, Level = LogLevel.Error, Message = "Unexpected error {CorrelationId}")]
    public static partial void Unexpected(ILogger logger, Exception exception, string correlationId);

    [LoggerMessage(
        EventId = 5005,
        Level = LogLevel.Error,
        Message = "What follows from a delivery was refused with {Status}; the delivery is settled without it"
    )]
    public static partial void FollowingRefused(ILogger logger, int status);
}
