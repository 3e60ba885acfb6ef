namespace CareCoordination.Hl7v2.Messages;

/// <summary>How large a message may be. What is larger is refused before it is taken apart.</summary>
public sealed record Hl7Limits
{
    public static Hl7Limits Default { get; } = new();

    /// <summary>Bytes of a message: an ADT message has a few thousand, one with an embedded document many more.</summary>
    public int MaxBytes { get; init; } = 4 * 1024 * 1024;

    public int MaxSegments { get; init; } = 5_000;

    /// <summary>Fields of a segment.</summary>
    public int MaxFields { get; init; } = 1_000;

    /// <summary>Repetitions of a field.</summary>
    public int MaxRepetitions { get; init; } = 1_000;

    /// <summary>Components of a repetition, the sub-components of all of them counted too.</summary>
    public int MaxComponents { get; init; } = 1_000;
}
