using System.Text;

namespace CareCoordination.Load.Measuring;

/// <summary>Under what circumstances two servers were compared.</summary>
internal sealed record ComparisonRun(
    string Before,
    string After,
    string Date,
    string Command,
    string Hardware,
    string Software,
    string DataSet,
    string Load
);

/// <summary>The turns of both servers in one scenario.</summary>
internal sealed record ComparedScenario(
    string Scenario,
    IReadOnlyList<Measurement> Before,
    IReadOnlyList<Measurement> After
)
{
    public double BeforeCpu => Median(Before, m => m.TotalCpuMsPerRequest);

    public double AfterCpu => Median(After, m => m.TotalCpuMsPerRequest);

    /// <summary>
    /// How much dearer the second is, in per cent of the first; negative where it is cheaper. The median over the turns, each compared
    /// with its neighbour in time: a machine drifts by more than a change costs.
    /// </summary>
    public double DearerPercent =>
        Median([.. Before.Zip(After, (b, a) => 100 * (a.TotalCpuMsPerRequest / b.TotalCpuMsPerRequest - 1))]);

    public static double Median(IReadOnlyList<Measurement> turns, Func<Measurement, double> figure) =>
        Median([.. turns.Select(figure)]);

    private static double Median(double[] figures)
    {
        Array.Sort(figures);
        var middle = figures.Length / 2;
        return figures.Length % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
    }

    public override string ToString() =>
        $"== {Scenario, -16} cpu/request before {BeforeCpu:0.000}, after {AfterCpu:0.000} ms ({DearerPercent:+0.0;-0.0} %)";
}

/// <summary>What a comparison leaves behind: a table to read, and every turn as JSON.</summary>
internal sealed record ComparisonReport(ComparisonRun Run, IReadOnlyList<ComparedScenario> Scenarios)
{
    /// <inheritdoc cref="ReportFiles.WriteAsync"/>
    public Task WriteAsync(string folder, string name, CancellationToken cancellationToken) =>
        ReportFiles.WriteAsync(folder, name, this, ToMarkdown(), cancellationToken);

    private string ToMarkdown()
    {
        var text = new StringBuilder();
        Line(
            $"""
            # Before and after: {Run.Date}

            | | |
            |---|---|
            | before | {Run.Before} |
            | after | {Run.After} |
            | command | `{Run.Command}` |
            | hardware | {Run.Hardware} |
            | software | {Run.Software} |
            | data set | {Run.DataSet} |
            | load | {Run.Load} |

            CPU is in milliseconds per request of server and database together; all figures are medians over the turns, "dearer" of the turns' own ratios. "Other" is the largest
            share of one core that the rest of the machine used during a turn.

            | scenario | CPU before | CPU after | dearer | p50 before | p50 after | p99 before | p99 after | other |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|
            """
        );
        foreach (var s in Scenarios)
        {
            Line(
                $"| {s.Scenario} | {s.BeforeCpu:0.000} | {s.AfterCpu:0.000} | {s.DearerPercent:+0.0;-0.0} % | {P50(s.Before):0.00} | {P50(s.After):0.00} | {P99(s.Before):0.00} | {P99(s.After):0.00} | {s.Before.Concat(s.After).Max(m => m.OtherCpuPercent):0} % |"
            );
        }

        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
        static double P50(IReadOnlyList<Measurement> turns) => ComparedScenario.Median(turns, m => m.P50Ms);
        static double P99(IReadOnlyList<Measurement> turns) => ComparedScenario.Median(turns, m => m.P99Ms);
    }
}
