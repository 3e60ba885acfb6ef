using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Published;

/// <summary>
/// What the stewards of measures have published as cases is written to the server and asked of it: the reports have each patient in the
/// populations that are published. Its denominator is the initial population, beside which exclusions are told, as the cases have it. Dates and codes are
/// those of the cases; days are days of UTC, as they are there.
/// </summary>
public sealed class PublishedMeasureTests(PublishedRecord record) : IClassFixture<PublishedRecord>
{
    /// <summary>As many of each measure have to come to what is published.</summary>
    private const int AtLeast = 10;

    private static readonly string[] Populations = ["initial-population", "denominator-exclusion", "numerator"];

    [Theory]
    [InlineData("m-19a")]
    [InlineData("m-19b")]
    [InlineData("m-19c")]
    [InlineData("m-09")]
    public async Task A_published_case_comes_to_the_published_populations(string measure)
    {
        var cases = CasesOf(measure);
        var lists = new Dictionary<int, Dictionary<string, int[]>>();
        foreach (var year in cases.Select(c => c.Year).Distinct())
            lists[year] = await ListedAsync(measure, year);
        var different = cases
            .Select(c => (Case: c, Counted: Text(lists[c.Year].GetValueOrDefault(c.Id))))
            .Where(c => c.Counted != (c.Case.Ours ?? c.Case.Result))
            .Select(c => $"{c.Case.Title}: {c.Case.Ours ?? c.Case.Result}, and {c.Counted} is counted")
            .ToList();

        Assert.True(different.Count == 0, string.Join('\n', different));
        Assert.InRange(cases.Count(c => c.Ours is null), AtLeast, cases.Length);
        // The report of one patient says of them what the list of all does.
        foreach (var published in cases.Where((_, i) => i % 8 == 2))
            Assert.Equal(published.Ours ?? published.Result, await CountedAsync(measure, published));
    }

    [Fact]
    public async Task Published_shares_of_days_covered_are_counted()
    {
        var cases = AdherenceCases.All;
        var rows = await record.Server.PostAsync(
            "$sqlquery-run",
            """
            {"resourceType":"Parameters","parameter":[{"name":"queryReference","valueReference":{"reference":"Library/m-20a-sql"}},
             {"name":"parameters","resource":{"resourceType":"Parameters","parameter":[{"name":"start","valueDate":"2022-01-01"},{"name":"end","valueDate":"2022-12-31"}]}}]}
            """
        );
        rows.ShouldBe(200);
        var shares = rows
            .Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(
                row => row.GetProperty("patient_id").GetString()!,
                row => Math.Round(row.GetProperty("value").GetDouble(), 3),
                StringComparer.Ordinal
            );
        foreach (var (published, share) in cases)
        {
            Assert.Equal((published.Title, share), (published.Title, shares[published.Id]));
            Assert.Equal(
                (published.Title, published.Result),
                (published.Title, await CountedAsync("m-20a", published))
            );
        }
    }

    /// <summary>Where this server counts otherwise, the page of the measures says so in these words.</summary>
    [Fact]
    public void What_is_decided_otherwise_is_written_down()
    {
        var page = File.ReadAllText(Path.Combine(SharedMaterial.Repository, "docs", "measures.md"));
        PublishedCase[] cases = [.. new[] { "m-19a", "m-19b", "m-19c", "m-09" }.SelectMany(CasesOf)];
        Assert.Contains($" {cases.Length} of them are", page, StringComparison.Ordinal);
        foreach (var published in cases)
        {
            Assert.Equal(published.Ours is null, published.Because is null);
            Assert.NotEqual(published.Ours, published.Result);
            if (published.Because is { } because)
                Assert.Contains(because, page, StringComparison.Ordinal);
        }
    }

    private static PublishedCase[] CasesOf(string measure) =>
        measure switch
        {
            "m-19a" => BloodPressureCases.All,
            "m-19b" => GlycemicCases.All,
            "m-19c" => DepressionCases.All,
            _ => ReferralCases.All,
        };

    /// <summary>Of each patient in how many rows of the initial population, the exclusions and the numerator the list of subjects has them.</summary>
    private async Task<Dictionary<string, int[]>> ListedAsync(string measure, int year)
    {
        var report = await record.Server.GetAsync(
            $"Measure/{measure}/$evaluate-measure?periodStart={year}-01-01&periodEnd={year}-12-31&reportType=subject-list"
        );
        report.ShouldBe(200);
        var counts = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var list in report.Json.GetProperty("contained").EnumerateArray())
        {
            var place = Array.IndexOf(Populations, list.GetProperty("id").GetString());
            if (place < 0 || !list.TryGetProperty("entry", out var entries))
                continue;
            foreach (var entry in entries.EnumerateArray())
            {
                var patient = entry.GetProperty("item").GetProperty("reference").GetString()!["Patient/".Length..];
                if (!counts.TryGetValue(patient, out var of))
                    counts[patient] = of = new int[Populations.Length];
                of[place]++;
            }
        }

        return counts;
    }

    private static string Text(int[]? counts) => string.Join('/', counts ?? new int[Populations.Length]);

    /// <summary>Initial population/exclusions/numerator of the individual report, once its denominator is the first of them.</summary>
    private async Task<string> CountedAsync(string measure, PublishedCase published)
    {
        var report = await record.Server.GetAsync(
            $"Measure/{measure}/$evaluate-measure?subject=Patient/{published.Id}&periodStart={published.Year}-01-01&periodEnd={published.Year}-12-31"
        );
        report.ShouldBe(200);
        Assert.Equal("individual", report.Json.GetProperty("type").GetString());
        var populations = report
            .Json.GetProperty("group")[0]
            .GetProperty("population")
            .EnumerateArray()
            .ToDictionary(
                p => p.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!,
                p => p.GetProperty("count").GetInt32(),
                StringComparer.Ordinal
            );
        Assert.Equal(populations["initial-population"], populations["denominator"]);
        return Text([.. Populations.Select(p => populations[p])]);
    }
}
