using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Tests.Timings;

/// <summary>Timings and durations that are valid FHIR and lead out of every range: they end, and they end with a value.</summary>
public sealed class HostileTimingTests
{
    [Fact]
    public void Every_duration_added_to_every_date_is_a_date_or_none()
    {
        foreach (var zone in Hostile.Zones)
        {
            foreach (var date in Hostile.Dates.Select(Hostile.Instant))
            {
                foreach (var unit in Hostile.Units)
                {
                    foreach (var number in Hostile.Numbers)
                    {
                        var value = Hostile.Decimal(number);
                        var sum = new FhirDuration(value, unit).AddTo(date, zone);
                        // 100,000 of anything but seconds, minutes and days is more than all years.
                        if (Math.Abs(value) > 1_000_000_000_000 || unit is "mo" or "a" && Math.Abs(value) > 120_000)
                            Assert.Null(sum);
                        if (sum is { } result && value > 0 && date.Year is > 1 and < 9999)
                            Assert.True(result >= date, $"{date} + {number} {unit} = {result}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Every_timing_ends_after_few_occurrences_or_goes_on()
    {
        var asked = 0;
        foreach (var date in (string[])[Hostile.Dates[2], "2024-02-29", "2026-11-23", "9999-12-31T23:59:59.999-14:00"])
        {
            foreach (var number in Hostile.Numbers)
            {
                foreach (var unit in Hostile.Units)
                {
                    foreach (var more in More)
                    {
                        var timing = View(
                            $"{{'repeat':{{'boundsPeriod':{{'start':'{date}'}},'period':{number},'periodUnit':'{unit}'{more}}}}}"
                        );
                        _ = Timing.FaultOf(timing, Given.NewYork, Given.Now);
                        if (Timing.Parse(timing, Given.NewYork) is not { } rule)
                            continue;
                        asked++;
                        Check(rule, 0, null);
                        Check(rule, 0, Given.Now);
                        Check(rule, int.MaxValue, Given.Now);
                        Check(rule, int.MaxValue - 1, DateTimeOffset.MaxValue);
                        Check(rule, 17, DateTimeOffset.MinValue);
                    }
                }
            }
        }

        Assert.True(asked > 1_000);
    }

    private static readonly string[] More =
    [
        "",
        ",'frequency':1",
        ",'frequency':86400",
        ",'frequency':2147483647",
        ",'dayOfWeek':['mon']",
        ",'dayOfWeek':['mon','tue'],'timeOfDay':['00:00:00','23:59:59.9999999']",
        ",'timeOfDay':['12:00:00']",
        ",'count':2147483647",
        ",'countMax':1",
        ",'boundsDuration':{'value':100000000000000000000,'code':'h'}",
        ",'boundsDuration':{'value':-1,'code':'a'}",
    ];

    private static void Check(Timing rule, int number, DateTimeOffset? after)
    {
        if (rule.Next(number, after) is not { } next)
            return;
        Assert.True(next.Number > number);
        Assert.True(after is null || next.At > after);
    }

    [Theory]
    [InlineData("'period':1,'periodUnit':'d','frequency':2147483647")]
    [InlineData("'period':0.0000001,'periodUnit':'s'")]
    [InlineData("'period':1,'periodUnit':'s','frequency':2")]
    [InlineData("'period':0.5,'periodUnit':'mo'")]
    [InlineData("'period':1e20,'periodUnit':'h'")]
    [InlineData("'period':1000000,'periodUnit':'a'")]
    public void What_repeats_too_often_or_too_seldom_is_no_rule_and_says_why(string repeat)
    {
        var timing = View($"{{'repeat':{{{repeat}}}}}");

        Assert.Null(Timing.Parse(timing, Given.NewYork, Given.Now));
        Assert.NotNull(Timing.FaultOf(timing, Given.NewYork, Given.Now));
    }

    [Theory]
    [InlineData("{'repeat':{'period':1,'periodUnit':'d'}}")]
    [InlineData("{'repeat':{'period':1,'periodUnit':'s'}}")]
    [InlineData("{'repeat':{'frequency':2147483647}}")]
    [InlineData("{'repeat':{'when':['ACM']}}")]
    [InlineData("{'code':{'text':'BID'}}")]
    [InlineData("{'event':['9999-12-31T23:59:59Z']}")]
    public void What_can_be_computed_or_only_a_person_can_time_has_no_fault(string timing) =>
        Assert.Null(Timing.FaultOf(View(timing), Given.NewYork, Given.Now));

    [Fact]
    public void Bounds_beyond_all_dates_are_a_fault_of_a_definition_and_no_end_of_a_series()
    {
        var timing = View("{'repeat':{'boundsDuration':{'value':1e20,'code':'h'},'period':1,'periodUnit':'d'}}");

        Assert.Equal(
            "its boundsDuration leads out of the years 1 to 9999",
            Timing.FaultOf(timing, Given.NewYork, Given.Now)
        );
        Assert.NotNull(Timing.Parse(timing, Given.NewYork, Given.Now)!.Next(1_000_000));
    }

    [Fact]
    public void A_series_of_each_second_goes_on_until_its_numbers_end()
    {
        Timing Seconds(string start) =>
            Timing.Parse(
                View($"{{'repeat':{{'boundsPeriod':{{'start':'{start}'}},'period':1,'periodUnit':'s'}}}}"),
                TimeZoneInfo.Utc
            )!;
        var seconds = (int)(Given.Now - DateTimeOffset.Parse("1966-11-23T15:00:00Z")).TotalSeconds;

        Assert.Equal((seconds + 2, Given.Now.AddSeconds(1)), Seconds("1966-11-23T15:00:00Z").Next(5, Given.Now));
        // The number would be no positiveInt any more.
        Assert.Null(Seconds("1926-11-23T15:00:00Z").Next(5, Given.Now));
    }

    [Theory]
    [InlineData("'period':1,'periodUnit':'h'", "1926-11-23T15:00:00Z", 876_602)]
    [InlineData("'period':1,'periodUnit':'d'", "1926-11-23T15:00:00Z", 36_527)]
    [InlineData("'period':1,'periodUnit':'d','dayOfWeek':['tue']", "1926-11-26T15:00:00Z", 5_218)]
    [InlineData("'period':1,'periodUnit':'d','dayOfWeek':['tue']", "1906-11-26T15:00:00Z", null)] // for a hundred years
    public void A_series_that_began_long_ago_goes_on(string repeat, string start, int? number)
    {
        var timing = View($"{{'repeat':{{'boundsPeriod':{{'start':'{start}'}},{repeat}}}}}");

        (int, DateTimeOffset)? expected = number is { } next
            ? (next, Given.Now.AddHours(repeat.Contains("'d'", StringComparison.Ordinal) ? 24 : 1))
            : null;
        Assert.Equal(expected, Timing.Parse(timing, TimeZoneInfo.Utc)!.Next(5, Given.Now));
    }

    private static TimingView View(string timing) =>
        ServiceRequestView
            .From(
                ResourceDocument
                    .Parse(Given.Resource("ServiceRequest", "s", $"'occurrenceTiming':{timing}").Utf8Json)
                    .Value
            )
            .OccurrenceTiming;
}
