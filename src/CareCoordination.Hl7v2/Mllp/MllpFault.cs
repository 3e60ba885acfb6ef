namespace CareCoordination.Hl7v2.Mllp;

/// <summary>What can be wrong with what stands on a line.</summary>
public enum MllpFaultKind
{
    /// <summary>Bytes between frames that belong to none.</summary>
    Garbage,

    /// <summary>A frame that is longer than is taken. The rest of it is skipped.</summary>
    TooLong,

    /// <summary>A frame that another one begins in, or that the line ends in.</summary>
    Truncated,

    /// <summary>So many bytes without any frame that this is no line of MLLP: nothing that follows is read.</summary>
    NoFrames,
}

/// <summary>What stands on a line: a frame, or what is wrong.</summary>
/// <param name="Bytes">The message of a frame; of a frame that was cut off, what there is of it, so that it can be answered.</param>
/// <param name="Fault">What is wrong; null for a frame.</param>
/// <param name="Sentence">What is wrong, in words; null for a frame.</param>
public sealed record MllpItem(ReadOnlyMemory<byte> Bytes, MllpFaultKind? Fault = null, string? Sentence = null)
{
    public bool IsFrame => Fault is null;
}
