using System.Collections.Immutable;

namespace CareCoordination.Workflow.Risk;

/// <summary>A row of a table of points: from this number on there are so many.</summary>
public readonly record struct PointStep(int From, int Points)
{
    /// <summary>The points of the last row that a number reaches; 0 below the first.</summary>
    /// <param name="table">In ascending order.</param>
    public static int Of(ImmutableArray<PointStep> table, int number)
    {
        var points = 0;
        foreach (var step in table)
        {
            if (number < step.From)
                break;
            points = step.Points;
        }

        return points;
    }

    /// <summary>The most points that a table gives.</summary>
    public static int MostOf(ImmutableArray<PointStep> table) => table.Max(step => step.Points);
}
