using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Application.Settings;

/// <summary>What a request may ask for at most: section <c>Limits</c>.</summary>
public sealed record LimitsOptions
{
    /// <summary>A larger body is refused with 413 before it is read.</summary>
    public int MaxBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>All bodies that are being worked on; one that has no room is refused with 503 until there is.</summary>
    public int MaxBodiesBytes { get; init; } = 256 * 1024 * 1024;

    public int MaxJsonDepth { get; init; } = 128;

    /// <summary>A longer request line is refused with 414.</summary>
    public int MaxUrlBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// A client that takes less of its answer, or sends less of its body, in a second is hung up on: what it holds is the memory of others.
    /// </summary>
    public int MinBytesPerSecond { get; init; } = 8 * 1024;

    public int MaxBundleEntries { get; init; } = 20_000;

    /// <summary>How many entries of one batch run at the same time.</summary>
    public int BatchConcurrency { get; init; } = 16;

    /// <summary>The answers to the entries of one batch or transaction, together; an entry beyond is answered with 413.</summary>
    public int MaxAnswerBytes { get; init; } = 64 * 1024 * 1024;

    public int DefaultPageSize { get; init; } = 50;

    /// <summary>A larger <c>_count</c> is cut to this.</summary>
    public int MaxPageSize { get; init; } = 1000;

    /// <summary>What the expressions and patches of one request may cost.</summary>
    public WorkLimits Work { get; init; } = WorkLimits.Default;

    /// <summary>Rows of the search index that one resource may have; one that would have more is refused with 422.</summary>
    public int MaxIndexRows { get; init; } = IndexExtractor.DefaultMaxRows;

    /// <summary>What a search may ask for: no more than the database takes.</summary>
    public SearchLimits Search { get; init; } = new();

    public static LimitsOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Limits");
        var defaults = new LimitsOptions();
        var limits = new LimitsOptions
        {
            MaxBodyBytes = section.Number(nameof(MaxBodyBytes), defaults.MaxBodyBytes, 1024, 1024 * 1024 * 1024),
            MaxBodiesBytes = section.Number(nameof(MaxBodiesBytes), defaults.MaxBodiesBytes, 1024, int.MaxValue),
            MaxJsonDepth = section.Number(nameof(MaxJsonDepth), defaults.MaxJsonDepth, 16, 1000),
            MaxUrlBytes = section.Number(nameof(MaxUrlBytes), defaults.MaxUrlBytes, 1024, 1024 * 1024),
            MinBytesPerSecond = section.Number(nameof(MinBytesPerSecond), defaults.MinBytesPerSecond, 1, 1024 * 1024),
            MaxBundleEntries = section.Number(nameof(MaxBundleEntries), defaults.MaxBundleEntries, 1, 1_000_000),
            BatchConcurrency = section.Number(nameof(BatchConcurrency), defaults.BatchConcurrency, 1, 256),
            MaxAnswerBytes = section.Number(nameof(MaxAnswerBytes), defaults.MaxAnswerBytes, 1024, 1024 * 1024 * 1024),
            DefaultPageSize = section.Number(nameof(DefaultPageSize), defaults.DefaultPageSize, 1, 10_000),
            MaxPageSize = section.Number(nameof(MaxPageSize), defaults.MaxPageSize, 1, 10_000),
            Work = ReadWork(section),
            MaxIndexRows = section.Number(nameof(MaxIndexRows), defaults.MaxIndexRows, 1000, 1_000_000),
            Search = new()
            {
                MaxValues = section.Number("MaxSearchValues", defaults.Search.MaxValues, 10, 100_000),
                MaxConditions = section.Number("MaxSearchConditions", defaults.Search.MaxConditions, 10, 1000),
            },
        };
        section.RefuseOthers();
        if (limits.MaxBodiesBytes < limits.MaxBodyBytes)
            throw new ConfigurationProblem(
                $"Limits:MaxBodiesBytes is {limits.MaxBodiesBytes}; it must not be below Limits:MaxBodyBytes, which is {limits.MaxBodyBytes}."
            );
        if (limits.DefaultPageSize > limits.MaxPageSize)
            throw new ConfigurationProblem(
                $"Limits:DefaultPageSize is {limits.DefaultPageSize}; it must not be above Limits:MaxPageSize, which is {limits.MaxPageSize}."
            );
        return limits;
    }

    private static WorkLimits ReadWork(OptionsSection section)
    {
        var defaults = WorkLimits.Default;
        return new WorkLimits
        {
            MaxEvaluationSteps = section.Number(
                nameof(WorkLimits.MaxEvaluationSteps),
                (int)defaults.MaxEvaluationSteps,
                1000,
                int.MaxValue
            ),
            MaxEvaluationText = section.Number(
                nameof(WorkLimits.MaxEvaluationText),
                (int)defaults.MaxEvaluationText,
                1000,
                int.MaxValue
            ),
            MaxPatchedBytes = section.Number(
                nameof(WorkLimits.MaxPatchedBytes),
                (int)defaults.MaxPatchedBytes,
                1024,
                int.MaxValue
            ),
            MaxRegexTime = TimeSpan.FromMilliseconds(
                section.Number("MaxRegexMilliseconds", (int)defaults.MaxRegexTime.TotalMilliseconds, 1, 60_000)
            ),
        };
    }
}
