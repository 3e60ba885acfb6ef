namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts what people used before and after they were enrolled: m-23 of docs/measures.md.</summary>
internal sealed class NaiveUse(NaiveChart chart, NaiveEnrolments enrolments, NaivePeriod period)
{
    /// <summary>Days of a month, on average.</summary>
    private const double Month = 30.4375;

    public IEnumerable<NaiveMeasure> All() =>
        [
            Of("m-23a", isBefore: true, (member, from, to) => Begun(Visits(member), from, to)),
            Of("m-23b", isBefore: false, (member, from, to) => Begun(Visits(member), from, to)),
            Of("m-23c", isBefore: true, (member, from, to) => Begun(Stays(member), from, to)),
            Of("m-23d", isBefore: false, (member, from, to) => Begun(Stays(member), from, to)),
            Of("m-23e", isBefore: true, (member, from, to) => DaysOf(Stays(member), from, to)),
            Of("m-23f", isBefore: false, (member, from, to) => DaysOf(Stays(member), from, to)),
        ];

    private List<NaiveChain> Visits(string? person) => chart.ChainsOf(person, -1, "EMER");

    private List<NaiveChain> Stays(string? person) => chart.ChainsOf(person, 1, "IMP", "ACUTE");

    private static int Begun(List<NaiveChain> chains, DateOnly from, DateOnly to) =>
        chains.Count(c => c.First.Admitted >= from && c.First.Admitted <= to);

    /// <summary>Days on which somebody was in hospital: the last one of a stay is none, but for a stay of one day.</summary>
    private static int DaysOf(List<NaiveChain> chains, DateOnly from, DateOnly to)
    {
        var days = 0;
        foreach (var chain in chains)
        {
            var end = chain.Stays.Max(s => s.End);
            for (var day = from; day <= to; day = day.AddDays(1))
            {
                if (day == chain.First.Admitted || day > chain.First.Admitted && day < end)
                    days++;
            }
        }

        return days;
    }

    /// <summary>Of whoever was first enrolled in the period, and three months of whom are known.</summary>
    private NaiveMeasure Of(string id, bool isBefore, Func<string?, DateOnly, DateOnly, int> use)
    {
        var rows = new List<NaiveRow>();
        foreach (var of in enrolments.All.GroupBy(e => e.Person, StringComparer.Ordinal))
        {
            var first = NaiveEnrolments.InOrder(of).First();
            if (!period.Has(first.From))
                continue;
            var until = new[]
            {
                of.Max(e => e.To ?? DateOnly.MaxValue),
                enrolments.Known,
                first.From.AddMonths(6).AddDays(-1),
            }.Min();
            var used = isBefore
                ? use(of.Key, first.From.AddMonths(-6), first.From.AddDays(-1))
                : use(of.Key, first.From, until);
            rows.Add(
                first.Row(until < first.From.AddMonths(3).AddDays(-1), used > 0) with
                {
                    Value = used * 1000.0,
                    Weight = isBefore ? 6 : Math.Min(6, (until.DayNumber + 1 - first.From.DayNumber) / Month),
                }
            );
        }

        return new NaiveMeasure(id, rows, NaiveScore.Ratio);
    }
}
