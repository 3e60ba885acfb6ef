namespace CareCoordination.Storage.Commits;

/// <summary>A read inside a transaction met a fault, most often of the database: the transaction cannot go on.</summary>
/// <param name="culprit">The commit whose own question it was; null where it may be anybody's.</param>
internal sealed class TransactionBrokenException(PendingCommit? culprit, Exception cause)
    : Exception("A read inside the transaction failed.", cause)
{
    public PendingCommit? Culprit => culprit;

    public Exception Cause => InnerException!;
}
