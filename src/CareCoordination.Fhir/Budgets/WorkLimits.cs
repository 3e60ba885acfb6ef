namespace CareCoordination.Fhir.Budgets;

/// <summary>
/// What the expressions and patches of one request may cost together. Both come from clients, and a text of a few characters can
/// ask for work without end: each kind of work has a limit of its own.
/// </summary>
public sealed record WorkLimits
{
    public static readonly WorkLimits Default = new();

    /// <summary>For expressions of our own, which are known to be harmless.</summary>
    public static readonly WorkLimits None = new()
    {
        MaxEvaluationSteps = long.MaxValue,
        MaxEvaluationText = long.MaxValue,
        MaxPatchedBytes = long.MaxValue,
        MaxRegexTime = TimeSpan.MaxValue,
    };

    /// <summary>Items that evaluation visits, compares or produces, and values that a patch walks over.</summary>
    public long MaxEvaluationSteps { get; init; } = 3_000_000;

    /// <summary>Characters of the strings that evaluation makes.</summary>
    public long MaxEvaluationText { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes that patches copy and write, those of steps in between included.</summary>
    public long MaxPatchedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Time for making and matching regular expressions: no count of characters says how long a pattern takes.</summary>
    public TimeSpan MaxRegexTime { get; init; } = TimeSpan.FromSeconds(1);
}
