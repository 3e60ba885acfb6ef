namespace CareCoordination.Server.Diagnostics;

/// <summary>Every line this assembly logs. Ids and codes only: no content of resources, no query texts.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information, Message = "FHIR base: {Address}/fhir")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "{Openness}")]
    public static partial void Open(ILogger logger, string openness);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "{Openness}")]
    public static partial void OpenToEverybody(ILogger logger, string openness);

    [LoggerMessage(
        EventId = 1005,
        Level = LogLevel.Warning,
        Message = "Server:BaseUrl is not set, and others reach this server: each request's own address stands in its answers, and what partners are sent names {Address}. Set Server:BaseUrl to the address that they know."
    )]
    public static partial void NoBase(ILogger logger, Uri address);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Swagger UI: {Address}/swagger")]
    public static partial void SwaggerUi(ILogger logger, string address);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "{Notice}")]
    public static partial void DatabaseNotice(ILogger logger, string notice);
}
