namespace CareCoordination.Storage;

/// <summary>
/// The database cannot be used now: it is away, out of space or overloaded. Nothing was written by the commit that gets this,
/// unless the message says that this is not known. The message is fit for clients.
/// </summary>
public sealed class StoreUnavailableException(string message, TimeSpan retryAfter, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>When it may be worth to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
