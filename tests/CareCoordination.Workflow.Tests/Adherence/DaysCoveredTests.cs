using System.Globalization;
using CareCoordination.Workflow.Adherence;

namespace CareCoordination.Workflow.Tests.Adherence;

public sealed class DaysCoveredTests
{
    private const string Lisinopril = "lisinopril";
    private const string Losartan = "losartan";

    private static readonly AdherenceRules Rules = new();
    private static readonly AdherencePeriod Year = new(new(2022, 1, 1), new(2022, 12, 31));

    /// <summary>
    /// The published example of https://github.com/joelmontavon/pdc-python (README, 279f052): five patients of 2022, their days in the
    /// treatment period and the covered ones: 0.986, 0.989, 0.967, 0.740 and 0.986.
    /// </summary>
    [Theory]
    [InlineData("lisinopril", "2021-01-01 a;2022-01-01 a;2022-03-25 a;2022-07-05 a;2022-09-25 a", 365, 360)]
    [InlineData("another drug", "2022-01-01 a;2022-03-25 b;2022-07-05 b;2022-09-25 b", 365, 353)]
    [InlineData("not adherent", "2022-01-01 a;2022-03-25 a;2022-09-25 a", 365, 270)]
    [InlineData("combination", "2022-01-01 a;2022-03-25 a;2022-07-05 a;2022-09-25 a", 365, 360)]
    [InlineData("together", "2022-01-02 a;2022-03-25 a;2022-03-25 b;2022-07-05 b;2022-09-25 b", 364, 360)]
    public void A_published_example_gives_the_published_result(string patient, string fills, int days, int covered)
    {
        var adherence = DaysCovered.Of(Fills(fills, 90), Year, Rules)!.Value;

        Assert.Equal((patient, days, covered), (patient, adherence.Days, adherence.Covered));
        Assert.Equal(patient != "not adherent", adherence.Reaches(80));
    }

    [Fact]
    public void A_combination_waits_for_each_of_its_ingredients_and_another_drug_does_not_wait()
    {
        // 30 days of the single drug, 30 of the combination from day 11 on: 60 days, whichever comes first.
        foreach (var order in new[] { ("a", "a+b"), ("a+b", "a"), ("a+b", "a+c") })
            Assert.Equal(60, Covered($"2022-01-01 {order.Item1};2022-01-11 {order.Item2}"));
        Assert.Equal(40, Covered("2022-01-01 a;2022-01-11 b"));
        Assert.Equal(40, Covered("2022-01-01 a;2022-01-11 b+c"));
        // The combination waits until both are used up, five days after the first of them.
        Assert.Equal(65, Covered("2022-01-01 a;2022-01-06 b;2022-01-11 a+b"));
    }

    [Fact]
    public void A_fill_that_lasts_longer_than_the_period_counts_to_its_end()
    {
        var adherence = DaysCovered
            .Of([new(new(2022, 9, 1), 90, Lisinopril), new(new(2022, 11, 1), 365, Lisinopril)], Year, Rules)!
            .Value;

        Assert.Equal((122, 122, 1m), (adherence.Days, adherence.Covered, adherence.Share));
    }

    [Theory]
    [InlineData("2022-10-02", true)]
    [InlineData("2022-10-03", false)]
    public void The_first_fill_is_at_least_91_days_before_the_end(string first, bool counts) =>
        Assert.Equal(counts, DaysCovered.Of(Fills($"{first} a;2022-11-01 a", 30), Year, Rules) is not null);

    [Fact]
    public void Two_fills_on_one_day_are_one()
    {
        Assert.Null(DaysCovered.Of(Fills("2022-01-01 a;2022-01-01 b", 30), Year, Rules));
        Assert.Null(DaysCovered.Of(Fills("2022-01-01 a", 30), Year, Rules));
        Assert.Null(DaysCovered.Of([], Year, Rules));
        Assert.Null(DaysCovered.Of(Fills("2021-12-01 a;2022-01-05 a", 30), Year, Rules));
        Assert.NotNull(DaysCovered.Of(Fills("2022-01-01 a;2022-01-02 a", 30), Year, Rules));
    }

    [Fact]
    public void Who_is_excluded_leaves_or_dies_is_not_counted_or_until_then()
    {
        var fills = Fills("2022-01-01 a;2022-02-01 a", 90);

        Assert.Null(DaysCovered.Of(fills, Year with { Exclusions = ["hospice"] }, Rules));
        var left = DaysCovered.Of(fills, Year with { Last = new(2022, 4, 30) }, Rules)!.Value;
        Assert.Equal((120, 120), (left.Days, left.Covered));
    }

    /// <summary>
    /// As the Part C and D Star Ratings technical notes describe the adjustment (and A. Chang and C. Gillespie, A SAS Macro to Calculate the
    /// PDC Adjustment of Inpatient Stays, SAS paper 3560-2015): days of the stay are no days of the treatment, and what was at hand for
    /// them is shifted to the days after it, which shifts what follows.
    /// </summary>
    [Theory]
    [InlineData("2022-01-05", "2022-01-06", 13, 12)]
    [InlineData("2022-01-09", "2022-01-10", 13, 12)]
    [InlineData("2022-01-14", "2022-01-15", 13, 10)]
    public void Days_in_hospital_are_no_days_and_what_was_at_hand_lasts_longer(
        string first,
        string last,
        int days,
        int covered
    )
    {
        // Days 1 to 8 and 12 to 15 of fifteen are covered.
        MedicationFill[] fills = [new(new(2022, 1, 1), 8, Lisinopril), new(new(2022, 1, 12), 4, Lisinopril)];
        var period = new AdherencePeriod(new(2022, 1, 1), new(2022, 1, 15)) { Stays = [(Day(first), Day(last))] };
        var few = Rules with { LeastDays = 15 };

        var plain = DaysCovered.Of(fills, period, few)!.Value;
        Assert.Equal((15, 12), (plain.Days, plain.Covered));
        var adjusted = DaysCovered.Of(fills, period, few with { AdjustsStays = true })!.Value;
        Assert.Equal((days, covered), (adjusted.Days, adjusted.Covered));
    }

    [Theory]
    [InlineData(79, 100, false)]
    [InlineData(80, 100, true)]
    [InlineData(291, 364, false)]
    [InlineData(292, 365, true)]
    [InlineData(291, 365, false)]
    public void Eighty_percent_is_not_rounded(int covered, int days, bool reaches) =>
        Assert.Equal(reaches, new CoveredPeriod(default, default, days, covered).Reaches(80));

    [Fact]
    public void More_supply_never_covers_less_and_never_more_than_there_was()
    {
        var random = new Random(91);
        for (var round = 0; round < 400; round++)
        {
            var fills = Enumerable.Range(0, random.Next(2, 12)).Select(_ => Random(random)).ToList();
            if (DaysCovered.Of(fills, Year, Rules) is not { } before)
                continue;
            Assert.InRange(before.Covered, 1, before.Days);
            Assert.True(before.Covered <= fills.Sum(f => f.DaysSupply));
            var longer = fills.Select(f => f with { DaysSupply = f.DaysSupply + 1 });
            Assert.True(DaysCovered.Of(longer, Year, Rules)!.Value.Covered >= before.Covered);
            // The order in which fills come means nothing.
            fills.Reverse();
            Assert.Equal(before, DaysCovered.Of(fills, Year, Rules));
            // With one ingredient only, days of supply are days: all of them that fit before the end.
            var single = fills.Select(f => f with { Ingredients = [Losartan] }).OrderBy(f => f.Day).ToArray();
            Assert.Equal(Stacked(single), DaysCovered.Of(single, Year, Rules)!.Value.Covered);
        }
    }

    /// <summary>By other code: each fill begins when the one before it is over.</summary>
    private static int Stacked(MedicationFill[] fills)
    {
        var (covered, free) = (0, int.MinValue);
        foreach (var fill in fills)
        {
            var start = Math.Max(fill.Day.DayNumber, free);
            free = start + fill.DaysSupply;
            covered += Math.Max(0, Math.Min(free, Year.Last.DayNumber + 1) - start);
        }

        return covered;
    }

    private static MedicationFill Random(Random random) =>
        new(
            new DateOnly(2022, 1, 1).AddDays(random.Next(365)),
            random.Next(1, 100),
            random.Next(3) == 0 ? [Lisinopril, Losartan] : [random.Next(2) == 0 ? Lisinopril : Losartan]
        );

    private static int Covered(string fills) => DaysCovered.Of(Fills(fills, 30), Year, Rules)!.Value.Covered;

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static MedicationFill[] Fills(string fills, int days) =>
        [
            .. fills
                .Split(';')
                .Select(f => f.Split(' '))
                .Select(f => new MedicationFill(Day(f[0]), days, [.. f[1].Split('+')])),
        ];
}
