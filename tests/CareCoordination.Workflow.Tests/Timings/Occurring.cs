using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Tests.Timings;

internal static class Occurring
{
    /// <summary>All occurrences, one after the other.</summary>
    public static IEnumerable<(int Number, DateTimeOffset At)> Occurrences(this Timing timing)
    {
        for (var next = timing.Next(0); next is { } occurrence; next = timing.Next(occurrence.Number))
            yield return occurrence;
    }
}
