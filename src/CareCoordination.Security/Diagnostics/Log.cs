namespace CareCoordination.Security.Diagnostics;

/// <summary>Every line this assembly logs. Never a token, a part of one, a secret or a claim.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 7000,
        Level = LogLevel.Warning,
        Message = "The issuer {Issuer} at {Address} cannot be used: {Problem}. Until it can, its tokens are answered with 503."
    )]
    public static partial void IssuerUnreachable(ILogger logger, string issuer, Uri address, string problem);

    [LoggerMessage(EventId = 7001, Level = LogLevel.Information, Message = "The issuer {Issuer} can be used again.")]
    public static partial void IssuerReached(ILogger logger, string issuer);

    [LoggerMessage(
        EventId = 7002,
        Level = LogLevel.Warning,
        Message = "The issuer {Issuer} maps no roles: of its people patients and their families alone have one. Name them in Security:Issuers:{Issuer}:Roles or :Clients."
    )]
    public static partial void NoRoles(ILogger logger, string issuer);

    [LoggerMessage(
        EventId = 7003,
        Level = LogLevel.Warning,
        Message = "The issuer {Issuer} could not be asked about a token: {Problem}."
    )]
    public static partial void NotIntrospected(ILogger logger, string issuer, string problem);
}
