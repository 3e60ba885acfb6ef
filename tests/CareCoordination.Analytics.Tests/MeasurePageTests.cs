using System.Text;
using CareCoordination.Analytics.Measures;

namespace CareCoordination.Analytics.Tests;

/// <summary>docs/measures.md is printed from the definitions. <c>CARE_UPDATE_SNAPSHOTS=1</c> prints it anew.</summary>
public sealed class MeasurePageTests
{
    private const string Begin = "<!-- measures -->\n";
    private const string Finish = "<!-- /measures -->";

    [Fact]
    public void The_page_shows_the_measures_as_they_are()
    {
        var page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var until = page.IndexOf(Finish, StringComparison.Ordinal);
        var printed = Print();
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(Page, page[..from] + printed + page[until..]);
        else
            Assert.Equal(printed, page[from..until]);
    }

    private static string Page
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                folder = folder.Parent!;
            return Path.Combine(folder.FullName, "docs", "measures.md");
        }
    }

    private static string Print()
    {
        var text = new StringBuilder("\n| id | measure | score | gaps |\n|---|---|---|---|\n");
        foreach (var measure in MeasureLibrary.All)
            text.Append(
                $"| [{measure.Id}](#{measure.Id}) | {measure.Title} | {Score(measure)} | {(measure.HasGaps ? "yes" : "")} |\n"
            );
        foreach (var measure in MeasureLibrary.All)
            Append(text, measure);
        return text.Append('\n').ToString();
    }

    private static void Append(StringBuilder text, MeasureDefinition measure)
    {
        text.Append($"\n### {measure.Id}\n\n**{measure.Title}.** {measure.Description}\n\n| | |\n|---|---|\n");
        text.Append($"| name | `{measure.Name}`, version {measure.Version} |\n");
        text.Append(
            $"| counts | from {measure.EffectiveFrom:yyyy-MM-dd}{(measure.EffectiveTo is { } to ? $" to {to:yyyy-MM-dd}" : "")} |\n"
        );
        text.Append($"| score | {Score(measure)}; {(measure.MoreIsBetter ? "more" : "less")} is better |\n");
        if (measure.Source is { } source)
            text.Append($"| made after | {source} |\n");
        text.Append($"\n<details><summary>SQL</summary>\n\n```sql\n{measure.Sql}\n```\n\n</details>\n");
    }

    private static string Score(MeasureDefinition measure) =>
        measure.Scoring switch
        {
            MeasureScoring.Proportion => "share of rows in the numerator",
            MeasureScoring.Ratio => $"sum of values over sum of weights{Unit(measure)}",
            _ => $"median of the values{Unit(measure)}",
        };

    private static string Unit(MeasureDefinition measure) => measure.Unit is { } unit ? $", in {unit}" : "";
}
