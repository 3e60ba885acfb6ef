using System.Text.RegularExpressions;

namespace CareCoordination.RepoGuards;

/// <summary>
/// The care rules add to dates that come from clients, where DateTime and DateOnly throw. One file does it, checked; docs/workflow.md.
/// </summary>
public sealed partial class CheckedArithmeticTests
{
    private const string Checked = "src/CareCoordination.Workflow/Arithmetic/CheckedTime.cs";

    /// <summary>Days within one year of a calendar: 9999-12-31 is a Friday and 0001-01-01 a Monday, so that no holiday moves out.</summary>
    private const string Holidays = "src/CareCoordination.Workflow/Calendars/Holiday.cs";

    [Fact]
    public void The_care_rules_add_to_dates_in_one_place()
    {
        var found = Repository
            .SourceFiles.Where(f => f.StartsWith("src/CareCoordination.Workflow/", StringComparison.Ordinal))
            .Where(f => f is not (Checked or Holidays))
            .SelectMany(f => Additions().Matches(Repository.Read(f)).Select(m => $"{f}: {m.Value}"));

        Assert.Empty(found);
    }

    [GeneratedRegex(@"\.Add(Days|Months|Years|Hours|Minutes|Seconds|Milliseconds|Ticks)\(")]
    private static partial Regex Additions();
}
