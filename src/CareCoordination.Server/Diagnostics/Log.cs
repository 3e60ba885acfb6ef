namespace CareCoordination.Server.Diagnostics;

/// <summary>Every line this assembly logs. Ids and codes only: no content of resources, no query texts.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information, Message = "FHIR base: {Address}/fhir")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(
        EventId = 1001,
        Level = LogLevel.Information,
        Message = "No security is configured: everyone on this machine may do everything, and nobody else can connect."
    )]
    public static partial void Open(ILogger logger);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Swagger UI: {Address}/swagger")]
    public static partial void SwaggerUi(ILogger logger, string address);

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

    [LoggerMessage(
        EventId = 5000,
        Level = LogLevel.Warning,
        Message = "Delivery {Delivery}: its lease was lost before it was settled"
    )]
    public static partial void LeaseLost(ILogger logger, string delivery);

    [LoggerMessage(
        EventId = 5001,
        Level = LogLevel.Warning,
        Message = "Deliveries wait: the database is not available"
    )]
    public static partial void DeliveriesWait(ILogger logger, Exception exception);

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
}
