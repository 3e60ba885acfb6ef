using CareCoordination.Hl7v2.Acknowledgements;

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

    [LoggerMessage(EventId = 5006, Level = LogLevel.Information, Message = "MLLP listens on {Address} {Security}")]
    public static partial void MllpListening(ILogger logger, string address, string security);

    [LoggerMessage(EventId = 5007, Level = LogLevel.Information, Message = "A connection of MLLP ended: {Problem}")]
    public static partial void MllpEnded(ILogger logger, string problem);

    [LoggerMessage(EventId = 5008, Level = LogLevel.Warning, Message = "A frame of MLLP was not whole: {Fault}")]
    public static partial void MllpFault(ILogger logger, string fault);

    [LoggerMessage(EventId = 5009, Level = LogLevel.Warning, Message = "A message of HL7 v2 was refused: {Faults}")]
    private static partial void Hl7Refused(ILogger logger, string faults);

    /// <summary>Codes and places of what is wrong with a message; nothing of one that was taken.</summary>
    public static void Tell(ILogger logger, Verdict verdict)
    {
        if (!verdict.IsTaken && logger.IsEnabled(LogLevel.Warning))
            Hl7Refused(logger, string.Join(", ", verdict.Faults.Select(f => $"{(int)f.Code} {f.Place}")));
    }
}
