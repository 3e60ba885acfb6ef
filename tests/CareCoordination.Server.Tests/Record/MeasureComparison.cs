using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Compares what a server reports of measures with what was recounted: counts, scores, strata, patients and scopes.</summary>
internal sealed class MeasureComparison(TestServer server, ToldRecord record, NaiveDays days)
{
    private readonly NaiveChart _chart = new(record, days);

    public List<string> Differences { get; } = [];

    /// <summary>Of each measure and period what it came to.</summary>
    public SortedDictionary<string, string> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Which kinds of rows there were: counted, not counted and left out.</summary>
    public HashSet<(string Measure, string Kind)> Kinds { get; } = [];

    /// <summary>How many reports were compared.</summary>
    public int Reports { get; private set; }

    /// <param name="isWhole">Of all measures the lists of patients, scopes and single patients; else of a few.</param>
    public async Task RunAsync(NaivePeriod period, bool isWhole)
    {
        var strata = new NaiveStrata(_chart, period);
        var measures = new NaiveMeasures(_chart).In(period);
        Assert.Equal(48, measures.Select(m => m.Id).Distinct().Count());
        for (var i = 0; i < measures.Count; i++)
        {
            var measure = measures[i];
            Note(measure, period);
            await AllAsync(measure, period, strata);
            if (!isWhole && i % 4 != 0)
                continue;
            await ListAsync(measure, period);
            await ScopesAsync(measure, period, strata);
            await PeopleAsync(measure, period);
        }
    }

    private void Note(NaiveMeasure measure, NaivePeriod period)
    {
        Counts[$"{measure.Id}-{period.Last.Month}"] = Counted(measure.Rows);
        foreach (var row in measure.Rows)
            Kinds.Add(
                (
                    measure.Id,
                    row.IsLeftOut ? "left out"
                    : row.IsCounted ? "counted"
                    : "not counted"
                )
            );
    }

    private static string Counted(IEnumerable<NaiveRow> rows)
    {
        var all = rows.ToList();
        return $"{all.Count}/{all.Count(r => r.IsLeftOut)}/{all.Count(r => r is { IsLeftOut: false, IsCounted: true })}";
    }

    /// <summary>What rows come to: of those with a median there is no numerator.</summary>
    private static string Told(NaiveMeasure measure, IReadOnlyList<NaiveRow> rows)
    {
        var counts = Counted(rows);
        if (measure.Score == NaiveScore.Median)
            counts = counts[..(counts.LastIndexOf('/') + 1)];
        return $"{counts} {Rounded(Score(measure.Score, [.. rows.Where(r => !r.IsLeftOut)]))}";
    }

    private static double? Score(NaiveScore kind, List<NaiveRow> rows)
    {
        switch (kind)
        {
            case NaiveScore.Share:
                return rows.Count == 0 ? null : (double)rows.Count(r => r.IsCounted) / rows.Count;
            case NaiveScore.Ratio:
                var weight = rows.Sum(r => r.Weight ?? 0);
                return weight > 0 ? rows.Sum(r => r.Value ?? 0) / weight : null;
            default:
                var values = rows.Select(r => r.Value).OfType<double>().Order().ToList();
                return values.Count == 0 ? null : (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
        }
    }

    private static string Rounded(double? score) =>
        score is { } known ? Math.Round(known, 3).ToString("0.###", CultureInfo.InvariantCulture) : "";

    private async Task<JsonElement> AskAsync(NaiveMeasure measure, NaivePeriod period, string more)
    {
        var report = await server.GetAsync(
            $"Measure/{measure.Id}/$evaluate-measure?periodStart={period.First:yyyy-MM-dd}&periodEnd={period.Last:yyyy-MM-dd}{more}"
        );
        Assert.True(report.Status == 200, report.Body);
        Reports++;
        return report.Json;
    }

    private static string Told(NaiveMeasure measure, JsonElement group)
    {
        var counts = group
            .Items("population")
            .ToDictionary(p => p.Code("code")!, p => p.Number("count"), StringComparer.Ordinal);
        var excluded =
            counts.GetValueOrDefault("denominator-exclusion")
            ?? counts.GetValueOrDefault("measure-population-exclusion");
        var numerator = measure.Score == NaiveScore.Median ? null : counts["numerator"];
        return $"{counts["initial-population"]}/{excluded}/{numerator} {Rounded((double?)group.Number("measureScore", "value"))}";
    }

    private void Compare(NaiveMeasure measure, NaivePeriod period, string of, string recounted, string told)
    {
        if (recounted != told)
            Differences.Add($"{measure.Id} {period} {of}: {recounted} by the record, and {told} by the measure");
    }

    private async Task AllAsync(NaiveMeasure measure, NaivePeriod period, NaiveStrata strata)
    {
        var report = await AskAsync(measure, period, "");
        var group = report.Items("group").First();
        Compare(measure, period, "all", Told(measure, measure.Rows), Told(measure, group));
        foreach (var stratifier in NaiveStrata.All)
        {
            var told = group
                .Items("stratifier")
                .FirstOrDefault(s => s.Items("code").First().Text("text") == stratifier)
                .Items("stratum")
                .Select(s => $"{s.Text("value", "text")} {Told(measure, s)}");
            var recounted = measure
                .Rows.GroupBy(r => strata.Of(r, stratifier), StringComparer.Ordinal)
                .Select(of => $"{of.Key} {Told(measure, [.. of])}");
            Compare(measure, period, stratifier, Joined(recounted), Joined(told));
        }
    }

    private static string Joined(IEnumerable<string?> texts) =>
        string.Join(", ", texts.OfType<string>().Order(StringComparer.Ordinal));

    private async Task ListAsync(NaiveMeasure measure, NaivePeriod period)
    {
        var report = await AskAsync(measure, period, "&reportType=subject-list");
        var group = report.Items("group").First();
        Compare(measure, period, "list", Told(measure, measure.Rows), Told(measure, group));
        foreach (var population in group.Items("population"))
        {
            var list = population.Text("subjectResults", "reference")?[1..];
            var told = report
                .Items("contained")
                .Where(c => c.Text("id") == list)
                .SelectMany(c => c.Items("entry"))
                .Select(e => e.At("item").Key("Patient"));
            Func<NaiveRow, bool> isIn = population.Code("code") switch
            {
                "numerator" => r => r is { IsLeftOut: false, IsCounted: true },
                "denominator-exclusion" or "measure-population-exclusion" => r => r.IsLeftOut,
                _ => _ => true,
            };
            var recounted = measure
                .Rows.Where(isIn)
                .Select(r => record.PersonOf(r.Patient))
                .Distinct(StringComparer.Ordinal);
            Compare(measure, period, $"list of {population.Code("code")}", Joined(recounted), Joined(told));
        }
    }

    /// <summary>What is of one practitioner, organisation or programme, of somebody who has none, and of two at once.</summary>
    private async Task ScopesAsync(NaiveMeasure measure, NaivePeriod period, NaiveStrata strata)
    {
        var rows = measure.Rows;
        var practitioner = rows.Select(r => r.Practitioner).FirstOrDefault(p => p is not null) ?? "bob";
        var organization = rows.Select(strata.OrganizationOf).LastOrDefault(o => o is not null) ?? "south";
        var programme = rows.Select(r => r.Programme).FirstOrDefault(p => p is not null) ?? "ccm";
        await ScopeAsync($"&practitioner=Practitioner/{practitioner}", r => r.Practitioner == practitioner);
        await ScopeAsync($"&organization=Organization/{organization}", r => strata.OrganizationOf(r) == organization);
        await ScopeAsync($"&programme={Uri.EscapeDataString(programme)}", r => r.Programme == programme);
        await ScopeAsync(
            $"&practitioner={practitioner}&organization={organization}",
            r => r.Practitioner == practitioner && strata.OrganizationOf(r) == organization
        );

        async Task ScopeAsync(string more, Func<NaiveRow, bool> isIn)
        {
            var report = await AskAsync(measure, period, more);
            Compare(
                measure,
                period,
                more,
                Told(measure, [.. rows.Where(isIn)]),
                Told(measure, report.Items("group").First())
            );
        }
    }

    /// <summary>One with rows, and one without.</summary>
    private async Task PeopleAsync(NaiveMeasure measure, NaivePeriod period)
    {
        var with = measure.Rows.Select(r => record.PersonOf(r.Patient)).LastOrDefault(_chart.IsThere);
        var without = _chart.People.FirstOrDefault(p =>
            record.PersonOf(p) == p && !measure.Rows.Any(r => record.PersonOf(r.Patient) == p)
        );
        foreach (var person in new[] { with, without }.OfType<string>())
        {
            var report = await AskAsync(measure, period, $"&subject=Patient/{person}");
            Compare(
                measure,
                period,
                $"of {person}",
                Told(measure, [.. measure.Rows.Where(r => record.PersonOf(r.Patient) == person)]),
                Told(measure, report.Items("group").First())
            );
        }
    }
}
