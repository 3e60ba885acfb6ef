using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Goals;

/// <summary>A code by which an Observation, or a component of one, measures a target.</summary>
public readonly record struct MeasureCode(string System, string Code);

/// <summary>
/// The readings of one measure that a goal is judged by: Observations of the patient that are final, amended or corrected, and have one
/// of the codes, or a component that has.
/// </summary>
/// <param name="Codes">Those of <c>Goal.target.measure</c>; never empty.</param>
/// <param name="Latest">How many, those that were true last first.</param>
/// <param name="First">How many, those that were true first first; 0 where they do not matter.</param>
public sealed record MeasureQuery(ImmutableArray<MeasureCode> Codes, int Latest, int First);

/// <summary>What was found.</summary>
/// <param name="Latest">As many as were asked for, or all that there are.</param>
public sealed record MeasureWindow(MeasureQuery Query, ImmutableArray<Reading> Latest, ImmutableArray<Reading> First)
{
    /// <summary>True where there is nothing older than what was found.</summary>
    public bool IsWhole => Latest.Length < Query.Latest;
}

/// <summary>What is known of the measures of a goal before the readings that are being written.</summary>
/// <param name="Windows">One for each of <see cref="Needed"/>.</param>
public sealed record KnownReadings(ImmutableArray<MeasureWindow> Windows)
{
    /// <summary>A goal of more measures is judged by people only: each costs a search with each reading.</summary>
    public const int MostMeasures = 16;

    /// <summary>Neither is a goal of more codes, each of which is looked for.</summary>
    public const int MostCodes = 64;

    /// <summary>Readings that cannot be compared, or are withdrawn by the write, take the place of others in a window.</summary>
    private const int Spare = 6;

    /// <summary>A reading, and the one before: less tells of no trend.</summary>
    private const int LeastReadings = 2;

    /// <summary>The first one may be the reading that is withdrawn.</summary>
    private const int FirstReadings = 2;

    public static readonly KnownReadings None = new([]);

    /// <summary>The days whose readings count; null: all.</summary>
    public GoalLife? Life { get; init; }

    /// <summary>
    /// What has to be read to judge a goal, however many readings there are: as many of the latest as a target requires in a row, and
    /// some to spare; of the first ones two, where a target without a comparator asks on which side the patient began. Empty where
    /// nothing can be judged.
    /// </summary>
    public static ImmutableArray<MeasureQuery> Needed(Snapshot goal, CareRules rules)
    {
        var queries = new List<MeasureQuery>();
        foreach (var target in GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value).Target)
        {
            var inARow = ReadingThreshold.MostInARow(target);
            if (!(inARow > 0 || TargetTest.CanTest(target)) || CodesOf(target.Measure) is not { IsEmpty: false } codes)
                continue;
            var required = Math.Max(inARow, TargetTest.RequiredOf(target, rules));
            var latest = Math.Max(required, LeastReadings) + Spare;
            var first = TargetTest.NeedsBaseline(target) ? FirstReadings : 0;
            var place = queries.FindIndex(q => q.Codes.SequenceEqual(codes));
            if (place < 0)
                queries.Add(new(codes, latest, first));
            else
                queries[place] = new(
                    codes,
                    Math.Max(latest, queries[place].Latest),
                    Math.Max(first, queries[place].First)
                );
        }

        return IsTooMany(queries.Select(q => q.Codes)) ? [] : [.. queries];
    }

    /// <summary>True where a goal of these measures is judged by people only, and none of its thresholds tells of anything.</summary>
    internal static bool IsTooMany(IEnumerable<CodeableConceptView> measures) =>
        IsTooMany(measures.Select(CodesOf).DistinctBy(codes => string.Join('\n', codes)));

    private static bool IsTooMany(IEnumerable<ImmutableArray<MeasureCode>> measures)
    {
        ImmutableArray<MeasureCode>[] all = [.. measures.Where(codes => !codes.IsEmpty)];
        return all.Length > MostMeasures || all.Sum(codes => codes.Length) > MostCodes;
    }

    internal static ImmutableArray<MeasureCode> CodesOf(CodeableConceptView measure)
    {
        var codes = new List<MeasureCode>();
        foreach (var coding in measure.Coding)
        {
            if (coding is { System: { } system, Code: { } code } && !codes.Contains(new(system, code)))
                codes.Add(new(system, code));
        }

        return [.. codes.OrderBy(c => c.System, StringComparer.Ordinal).ThenBy(c => c.Code, StringComparer.Ordinal)];
    }

    /// <summary>Null where the measure was not asked for.</summary>
    internal MeasureWindow? Of(CodeableConceptView measure)
    {
        var codes = CodesOf(measure);
        return Windows.FirstOrDefault(w => w.Query.Codes.SequenceEqual(codes));
    }
}
