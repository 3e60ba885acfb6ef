namespace CareCoordination.Storage;

/// <summary>
/// A commit needs more rows than one transaction may hold (<see cref="StorageOptions.MaxCommitRows"/>): it would keep all other
/// writers waiting. Nothing of it was stored.
/// </summary>
public sealed class CommitTooLargeException(int rows, int limit)
    : Exception(
        $"The change needs {rows} rows of the search index, and {limit} may be written at once. "
            + "Send fewer resources at once, or resources with fewer values."
    )
{
    public int Rows => rows;

    public int Limit => limit;
}
