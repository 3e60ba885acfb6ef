using System.Globalization;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Server.Tasks;

/// <summary>The place of a task in a worklist as text, for the token of the next page.</summary>
internal static class WorklistPage
{
    public static string Print(WorklistKey key) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{key.Priority}|{(key.IsOverdue ? 1 : 0)}|{key.Risk}|{key.Due?.UtcTicks ?? 0}|{key.Id}"
        );

    /// <summary>The token was checked before: it is one that was printed here.</summary>
    public static WorklistKey Parse(string text)
    {
        var parts = text.Split('|');
        var ticks = long.Parse(parts[3], CultureInfo.InvariantCulture);
        return new WorklistKey(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            parts[1] == "1",
            int.Parse(parts[2], CultureInfo.InvariantCulture),
            ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero),
            parts[4]
        );
    }
}
