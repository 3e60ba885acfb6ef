using System.Collections.Immutable;
using static CareCoordination.Storage.Tables.ColumnType;

namespace CareCoordination.Storage.Tables;

/// <summary>
/// The tables of the audit trail. Rows are added and, when their time is over, removed from the oldest on; nothing changes one.
/// docs/adr/0030-audit-rows-in-a-chain.md
/// </summary>
internal static class AuditTables
{
    public const int HashBytes = 32;

    /// <summary>
    /// Links of the chain: each has rows of the trail that became durable together. Sequence is the number of the last of them, and numbers
    /// have no gap. Recorded is the time of the transaction that wrote them and never goes back along the numbers. Content is a line of JSON
    /// for each, and Hash is over all of these and the hash of the link before.
    /// </summary>
    public static readonly TableShape Row = new(
        "AuditRow",
        [new("Sequence", Long), new("Recorded", Long), new("Content", Bytes), new("Hash", Bytes)],
        ["Sequence"],
        []
    );

    /// <summary>The links with a row that names a resource: as what was asked for or written, as the patient concerned, or as who did it.</summary>
    public static readonly TableShape Key = new(
        "AuditKey",
        [new("Key", Long), new("Sequence", Long)],
        ["Key", "Sequence"],
        []
    );

    /// <summary>Where the trail begins since its oldest part was removed: the last link that is gone. At most one row.</summary>
    public static readonly TableShape Cut = new(
        "AuditCut",
        [new("Id", Short), new("Sequence", Long), new("Recorded", Long), new("Hash", Bytes)],
        ["Id"],
        []
    );

    public static readonly ImmutableArray<TableShape> All = [Row, Key, Cut];

    public static readonly ImmutableArray<TableShape> Keys = [.. All.Select(t => t.KeyOnly())];
}
