namespace CareCoordination.Application.Diagnostics;

/// <summary>Every line this assembly logs. Ids and codes only: no content of resources, no query texts.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 2000,
        Level = LogLevel.Information,
        SkipEnabledCheck = true,
        Message = "{Interaction} {Target} {Status}"
    )]
    public static partial void Interaction(ILogger logger, string interaction, string target, int status);

    [LoggerMessage(
        EventId = 2001,
        Level = LogLevel.Debug,
        Message = "{Interaction} {ResourceType} lost a race, attempt {Attempt}"
    )]
    public static partial void LostRace(ILogger logger, string interaction, string? resourceType, int attempt);

    [LoggerMessage(
        EventId = 2002,
        Level = LogLevel.Warning,
        Message = "{Interaction} {ResourceType}: the database is not available"
    )]
    public static partial void StoreUnavailable(
        ILogger logger,
        Exception exception,
        string interaction,
        string? resourceType
    );

    [LoggerMessage(EventId = 2100, Level = LogLevel.Information, Message = "Rang {Count} alarms")]
    public static partial void AlarmsRung(ILogger logger, int count);

    [LoggerMessage(
        EventId = 2101,
        Level = LogLevel.Warning,
        Message = "The alarm of {Resource} was answered with {Status}; it is tried again"
    )]
    public static partial void AlarmFailed(ILogger logger, string resource, int status);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "Alarms wait for the database")]
    public static partial void AlarmsWait(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "Transfers of caseloads pause and go on later")]
    public static partial void TransferPaused(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3000, Level = LogLevel.Error, Message = "Unexpected error {CorrelationId}")]
    public static partial void Unexpected(ILogger logger, Exception exception, string correlationId);
}
