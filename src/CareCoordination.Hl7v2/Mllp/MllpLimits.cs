namespace CareCoordination.Hl7v2.Mllp;

/// <summary>What one line may cost.</summary>
public sealed record MllpLimits
{
    public static MllpLimits Default { get; } = new();

    /// <summary>Bytes of a message. No more than these are held for a line.</summary>
    public int MaxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes between frames.</summary>
    public int MaxGarbage { get; init; } = 4 * 1024;
}
