using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Goals;

/// <summary>A store of readings that answers what a goal asks for, and nothing more.</summary>
internal static class Readings
{
    public static KnownReadings Known(Snapshot goal, IEnumerable<Reading> stored, CareRules rules)
    {
        var patient = GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value).Subject.Reference;
        var counted = stored.Where(r => r.Patient == patient && r.Counts).ToArray();
        return new KnownReadings([
            .. KnownReadings
                .Needed(goal, rules)
                .Select(query =>
                {
                    var ordered = counted
                        .Where(r => query.Codes.Any(c => Has(r, c)))
                        .OrderBy(r => r.At)
                        .ThenBy(r => r.Reference, StringComparer.Ordinal)
                        .ToArray();
                    return new MeasureWindow(
                        query,
                        [.. ordered.Reverse().Take(query.Latest)],
                        ordered.Length > query.Latest ? [.. ordered.Take(query.First)] : []
                    );
                }),
        ]);
    }

    public static Decision? Evaluate(
        Snapshot goal,
        IReadOnlyCollection<Reading> news,
        IEnumerable<Reading> stored,
        CareRules rules
    ) =>
        GoalEvaluation.Evaluate(
            goal,
            GoalEvaluation.MeasuredBy(goal, news.ToLookup(n => n.Patient)),
            Known(goal, stored, rules),
            rules
        );

    private static bool Has(Reading reading, MeasureCode code) => reading.Codes.Any(c => c == code);
}
