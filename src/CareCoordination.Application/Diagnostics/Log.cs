namespace CareCoordination.Application.Diagnostics;

/// <summary>Every line this assembly logs. Ids and codes only: no content of resources, no query texts.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 2000,
        Level = LogLevel.Information,
        SkipEnabledCheck = true,
        Message = "{Interaction} {Target} {Status} {Caller}"
    )]
    public static partial void Interaction(
        ILogger logger,
        string interaction,
        string target,
        int status,
        string caller
    );

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

    [LoggerMessage(
        EventId = 2003,
        Level = LogLevel.Warning,
        Message = "The audit trail waits for the database; what is to be written is kept meanwhile"
    )]
    public static partial void AuditWaits(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 2004,
        Level = LogLevel.Error,
        Message = "Rows of the audit trail could not be written together; each is tried alone"
    )]
    public static partial void AuditBatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Critical, Message = "{Count} rows of the audit trail are lost")]
    public static partial void AuditLineLost(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 2100, Level = LogLevel.Information, Message = "Fired {Count} timers")]
    public static partial void TimersFired(ILogger logger, int count);

    [LoggerMessage(
        EventId = 2101,
        Level = LogLevel.Warning,
        Message = "The timer of {Resource} was answered with {Status}; it is tried again"
    )]
    public static partial void TimerFailed(ILogger logger, string resource, int status);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "{Worker} waits for the database")]
    public static partial void WaitsForDatabase(ILogger logger, Exception exception, string worker);

    [LoggerMessage(
        EventId = 2103,
        Level = LogLevel.Error,
        Message = "{Task}: step {Place} failed {Tries} times, and the job is given up"
    )]
    public static partial void JobFailed(ILogger logger, string task, int place, int tries);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Information, Message = "Removed the files of {Count} jobs")]
    public static partial void FilesRemoved(ILogger logger, int count);

    [LoggerMessage(
        EventId = 2105,
        Level = LogLevel.Error,
        Message = "{Task}: its files cannot be written, and the job is given up"
    )]
    public static partial void FilesFailed(ILogger logger, Exception exception, string task);

    [LoggerMessage(
        EventId = 2110,
        Level = LogLevel.Information,
        Message = "Removed {Answers} expired answers, {Jobs} ended jobs, {Messages} messages that were done with, {Inbound} that came in, {Refused} that were refused, and {Audit} rows of the audit trail"
    )]
    public static partial void Removed(
        ILogger logger,
        int answers,
        int jobs,
        int messages,
        int inbound,
        int refused,
        int audit
    );

    [LoggerMessage(
        EventId = 2111,
        Level = LogLevel.Warning,
        Message = "A refused message of {Source} is not kept: the database is not available"
    )]
    public static partial void RefusedNotKept(ILogger logger, Exception exception, string source);

    [LoggerMessage(EventId = 3000, Level = LogLevel.Error, Message = "Unexpected error {CorrelationId}")]
    public static partial void Unexpected(ILogger logger, Exception exception, string correlationId);
}
