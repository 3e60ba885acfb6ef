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

    /// <summary>The first number that nobody has, while the write lock is held.</summary>
    public long Free { get; private set; }

    /// <summary>Numbers were taken in this transaction: <see cref="Free"/> has to be stored, and they go back with a rollback.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>How many to ask the database for, if this many may be needed. 0: there are enough.</summary>
    public int Wanted(int needed) => _end - _next >= needed ? 0 : Math.Max(needed, BlockSize);

    /// <summary>Begins a transaction that was given so many numbers.</summary>
    public void Begin(long first, int count)
    {
        if (count > 0)
            (_next, _end) = (first, first + count);
        (Free, IsExtended) = (first + count, false);
    }

    /// <summary>The next number; where a decision needs more than the transaction began with, another block is taken.</summary>
    public long Next()
    {
        if (_next == _end)
            (_next, _end, Free, IsExtended) = (Free, Free + BlockSize, Free + BlockSize, true);
        return _next++;
    }

    /// <summary>Forgets a block that a rolled back transaction gave back.</summary>
    public void Forget() => _next = _end = 0;
}
