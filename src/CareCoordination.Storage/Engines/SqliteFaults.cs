using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace CareCoordination.Storage.Engines;

/// <summary>What SQLite's errors mean. https://sqlite.org/rescode.html</summary>
internal static class SqliteFaults
{
    /// <summary>By primary result code. What is not here is permanent.</summary>
    public static readonly ImmutableArray<FaultRule<int>> Table =
    [
        new(3, Fault.ReadOnly, "PERM: the file may not be written as it has to be"),
        new(5, Fault.Locked, "BUSY: another process holds the write lock"),
        new(6, Fault.Transient, "LOCKED: a conflict within this process"),
        new(7, Fault.Transient, "NOMEM: no memory at the moment"),
        new(8, Fault.ReadOnly, "READONLY: the file or its folder was made read only, or the file was moved away"),
        new(9, Fault.Timeout, "INTERRUPT: we ended a statement that took too long"),
        new(10, Fault.ConnectionLost, "IOERR: a read, write or fsync failed, and what a commit came to is not known"),
        new(13, Fault.DiskFull, "FULL: no space left"),
        new(14, Fault.ConnectionLost, "CANTOPEN: the file, its folder or a file beside it cannot be opened"),
        new(15, Fault.Transient, "PROTOCOL: many processes start on one file"),
    ];

    public static Fault Classify(Exception exception) =>
        exception switch
        {
            SqliteException e => Of(e.SqliteErrorCode),
            IOException or UnauthorizedAccessException or ObjectDisposedException => Fault.ConnectionLost,
            InvalidOperationException when exception.Source == "Microsoft.Data.Sqlite" => Fault.ConnectionLost,
            _ => Fault.Permanent,
        };

    public static Fault Of(int code)
    {
        // An extended code holds its primary code in the lowest byte.
        var primary = code & 0xFF;
        foreach (var rule in Table)
        {
            if (rule.Code == primary)
                return rule.Fault;
        }

        return Fault.Permanent;
    }
}
