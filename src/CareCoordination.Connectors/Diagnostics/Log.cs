using Microsoft.Extensions.Logging;

namespace CareCoordination.Connectors.Diagnostics;

/// <summary>Every line this assembly logs. Ids, codes and statuses only: nothing of what is sent or answered.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 4000, Level = LogLevel.Debug, Message = "{Partner} {Kind} {Delivery}: {Outcome} {Status}")]
    public static partial void Sent(
        ILogger logger,
        string partner,
        string kind,
        string delivery,
        string outcome,
        int? status
    );

    [LoggerMessage(
        EventId = 4001,
        Level = LogLevel.Warning,
        Message = "{Partner} is left alone for {Seconds} s after {Failures} failures in a row"
    )]
    public static partial void BreakerOpened(ILogger logger, string partner, double seconds, int failures);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "{Partner} answers again")]
    public static partial void BreakerClosed(ILogger logger, string partner);
}
