using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;

namespace CareCoordination.Application.Reads;

/// <summary>Finds the readings that a goal is judged by.</summary>
public sealed class GoalReadings(CareReads reads)
{
    /// <summary>The patient's Observations with the codes of the goal's measures; none where it has no coded measure.</summary>
    public async Task<ImmutableArray<Reading>> KnownAsync(Snapshot goal, CancellationToken cancellationToken)
    {
        var view = GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value);
        var codes = view
            .Target.SelectMany(t => t.Measure.Coding)
            .Where(c => c.Code is not null)
            .Select(c => Uri.EscapeDataString(c.System is null ? c.Code! : $"{c.System}|{c.Code}"))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (codes.Length == 0 || view.Subject.Reference is not { } patient)
            return [];
        // Some measures, as the parts of a blood pressure, are components.
        var found = await reads.SearchAsync(
            "Observation",
            $"subject={Uri.EscapeDataString(patient)}&combo-code={string.Join(',', codes)}",
            cancellationToken
        );
        return [.. found.Select(Reading.Of).OfType<Reading>()];
    }

    /// <summary>The active goals of a patient.</summary>
    public Task<ImmutableArray<Snapshot>> ActiveAsync(string patient, CancellationToken cancellationToken) =>
        reads.SearchAsync(
            "Goal",
            $"subject={Uri.EscapeDataString(patient)}&lifecycle-status=active",
            cancellationToken
        );
}
