namespace CareCoordination.Storage.Commits;

/// <summary>
/// The numbers of surrogate keys. They are taken from the database in blocks, by the transaction that first needs them: a
/// block belongs to this process once that transaction has committed.
/// </summary>
internal sealed class KeyNumbers
{
    private const int BlockSize = 1024;
    private long _next;
    private long _end;

    /// <summary>How many to ask the database for, if this many may be needed. 0: there are enough.</summary>
    public int Wanted(int needed) => _end - _next >= needed ? 0 : Math.Max(needed, BlockSize);

    public void Take(long first, int count) => (_next, _end) = (first, first + count);

    public long Next() =>
        _next < _end
            ? _next++
            : throw new InvalidOperationException("More surrogate keys were needed than the group asked for.");

    /// <summary>Forgets a block that a rolled back transaction gave back.</summary>
    public void Forget() => _next = _end = 0;
}
