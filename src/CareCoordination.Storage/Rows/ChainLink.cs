using System.Collections.Immutable;

namespace CareCoordination.Storage.Rows;

/// <summary>
/// One link of the chain as it lies in its table: rows of the audit trail that became durable together, whose numbers follow each other.
/// </summary>
/// <param name="Sequence">The number of its last row.</param>
/// <param name="Recorded">In ticks of UTC.</param>
/// <param name="Content">As <see cref="AuditContent"/> has it.</param>
internal readonly record struct ChainLink(long Sequence, long Recorded, byte[] Content, byte[] Hash)
{
    /// <summary>The number of its first row.</summary>
    public long First => Sequence - AuditContent.Count(Content) + 1;

    public AuditHead Head => new(Sequence, Hash);

    /// <summary>Nobody has made one of its rows unreadable.</summary>
    public bool IsReadable => AuditContent.Split(Content).All(line => AuditContent.Read(line) is not null);

    /// <summary>Its rows, but for those that somebody has made unreadable.</summary>
    /// <param name="mayName">Rows whose bytes it does not hold for are left out.</param>
    public IEnumerable<AuditRow> Lines(Func<ReadOnlyMemory<byte>, bool>? mayName = null)
    {
        var sequence = First;
        var recorded = new DateTimeOffset(Recorded, TimeSpan.Zero);
        foreach (var bytes in AuditContent.Split(Content))
        {
            if (mayName?.Invoke(bytes) is not false && AuditContent.Read(bytes) is { } line)
                yield return new AuditRow(sequence, recorded, line);
            sequence++;
        }
    }
}
