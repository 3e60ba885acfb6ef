namespace CareCoordination.Storage.Engines;

/// <summary>What an exception of a database means for what was tried. What follows from each is in <see cref="Faults"/>.</summary>
internal enum Fault
{
    /// <summary>Trying again gives the same: bad data, or a bug.</summary>
    Permanent,

    /// <summary>A conflict or an overload; the transaction was rolled back.</summary>
    Transient,

    /// <summary>Somebody else held a lock for longer than anybody waits; nothing was done.</summary>
    Locked,

    /// <summary>It took longer than it may; whether a commit has happened is not known.</summary>
    Timeout,

    /// <summary>The connection is gone. Whether a commit that was under way has happened is not known.</summary>
    ConnectionLost,

    /// <summary>The database takes no changes: a standby, or one that was made read only. Another server may be the one to write to.</summary>
    ReadOnly,

    /// <summary>No space is left.</summary>
    DiskFull,

    /// <summary>The database could not read or write its own files.</summary>
    StorageFailed,
}

/// <summary>One line of an engine's table of errors.</summary>
/// <param name="Code">What the engine calls it, or what all of a family of codes begin with.</param>
/// <param name="Reason">Why it is taken for this.</param>
internal readonly record struct FaultRule<TCode>(TCode Code, Fault Fault, string Reason);
