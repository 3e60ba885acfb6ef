namespace CareCoordination.Storage;

/// <summary>The database cannot be used as it is configured. The message is a sentence for the operator.</summary>
public sealed class StorageProblemException(string message, Exception? innerException = null)
    : Exception(message, innerException);
