using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Reads;

/// <summary>Finds the readings that a goal is judged by.</summary>
public sealed class GoalReadings(CareReads reads)
{
    /// <summary>The latest readings of each measure of a goal, and the first where they matter: never all of them.</summary>
    public async Task<KnownReadings> KnownAsync(Snapshot goal, CareRules rules, CancellationToken cancellationToken)
    {
        if (GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value).Subject.Reference is not { } patient)
            return KnownReadings.None;
        var windows = ImmutableArray.CreateBuilder<MeasureWindow>();
        foreach (var query in KnownReadings.Needed(goal, rules))
        {
            var latest = await FindAsync(patient, query, "-date", query.Latest, cancellationToken);
            var first =
                query.First == 0 || latest.Length < query.Latest
                    ? []
                    : await FindAsync(patient, query, "date", query.First, cancellationToken);
            windows.Add(new MeasureWindow(query, latest, first));
        }

        return new KnownReadings(windows.ToImmutable());
    }

    /// <summary>The active goals of a patient.</summary>
    public Task<ImmutableArray<Snapshot>> ActiveAsync(string patient, CancellationToken cancellationToken) =>
        reads.SearchAsync(
            "Goal",
            $"subject={Uri.EscapeDataString(patient)}&lifecycle-status=active",
            cancellationToken
        );

    private async Task<ImmutableArray<Reading>> FindAsync(
        string patient,
        MeasureQuery query,
        string sort,
        int count,
        CancellationToken cancellationToken
    )
    {
        // Some measures, as the parts of a blood pressure, are components.
        var codes = query.Codes.Select(c => Uri.EscapeDataString($"{Escaped(c.System)}|{Escaped(c.Code)}"));
        var found = await reads.FirstAsync(
            "Observation",
            $"subject={Uri.EscapeDataString(patient)}&combo-code={string.Join(',', codes)}"
                + $"&status=final,amended,corrected&_sort={sort}",
            count,
            cancellationToken
        );
        return [.. found.Select(Reading.Of).OfType<Reading>()];
    }

    /// <summary>Commas and bars within a value separate nothing.</summary>
    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("$", "\\$", StringComparison.Ordinal);
}
