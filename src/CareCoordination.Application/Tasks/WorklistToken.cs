using System.Globalization;
using CareCoordination.Application.Interactions;
using CareCoordination.Storage;

namespace CareCoordination.Application.Tasks;

/// <summary>The place of a task in a worklist as text, for the token of the next page.</summary>
internal static class WorklistToken
{
    public static string Print(WorkPlace place) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{place.Priority}|{(place.IsOverdue ? 1 : 0)}|{place.Risk}|{place.Due.UtcTicks}|{place.Id}"
        );

    /// <summary>The token was checked before: it is one that was printed here.</summary>
    public static WorkPlace Parse(string text)
    {
        var parts = text.Split('|');
        return new WorkPlace(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            parts[1] == "1",
            int.Parse(parts[2], CultureInfo.InvariantCulture),
            new DateTimeOffset(long.Parse(parts[3], CultureInfo.InvariantCulture), TimeSpan.Zero),
            parts[4]
        );
    }
}
