namespace CareCoordination.Fhir.Json;

/// <summary>What a document may be at most.</summary>
/// <param name="MaxDepth">Levels of nesting.</param>
/// <param name="MaxBytes">Bytes of UTF-8.</param>
public sealed record JsonLimits(int MaxDepth, int MaxBytes)
{
    public static readonly JsonLimits Default = new(MaxDepth: 128, MaxBytes: 64 * 1024 * 1024);
}
