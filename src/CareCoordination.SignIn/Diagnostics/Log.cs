namespace CareCoordination.SignIn.Diagnostics;

/// <summary>All that this room writes to the log: never a name, a password, a token or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The keys of a client at {Address} could not be had: {Reason}")]
    public static partial void KeysAway(ILogger logger, string address, string reason);

    [LoggerMessage(2, LogLevel.Warning, "What is at {Address} holds no key that a client may sign with (RS384, ES384)")]
    public static partial void NoKeys(ILogger logger, string address);

    [LoggerMessage(3, LogLevel.Information, "User {User} signed in")]
    public static partial void SignedIn(ILogger logger, string user);

    [LoggerMessage(4, LogLevel.Warning, "A sign-in was refused")]
    public static partial void Refused(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "The assertion of client {Client} was refused: {Reason}")]
    public static partial void AssertionRefused(ILogger logger, string client, string reason);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "The keys of Data Protection lie in the database as they are: whoever reads it can sign tokens. Set Security:Embedded:ProtectionCertificateFile."
    )]
    public static partial void KeysUnprotected(ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "Whether a token was revoked could not be found out")]
    public static partial void StateAway(ILogger logger, Exception problem);
}
