using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Tests.Timings;

public sealed class TimingTests
{
    [Theory]
    // At nine through the change of clocks on 8 March.
    [InlineData(
        "'frequency':1,'period':1,'periodUnit':'d'",
        "2026-03-07T09:00:00-05:00",
        "2026-03-07T09:00-05:00 2026-03-08T09:00-04:00 2026-03-09T09:00-04:00"
    )]
    [InlineData(
        "'frequency':1,'period':2,'periodUnit':'wk'",
        "2026-11-23T09:00:00-05:00",
        "2026-11-23T09:00-05:00 2026-12-07T09:00-05:00 2026-12-21T09:00-05:00"
    )]
    // The end of a month stays the end of a month.
    [InlineData(
        "'frequency':1,'period':1,'periodUnit':'mo'",
        "2026-01-31T09:00:00-05:00",
        "2026-01-31T09:00-05:00 2026-02-28T09:00-05:00 2026-03-31T09:00-04:00"
    )]
    [InlineData(
        "'frequency':2,'period':1,'periodUnit':'d'",
        "2026-11-23T08:00:00-05:00",
        "2026-11-23T08:00-05:00 2026-11-23T20:00-05:00 2026-11-24T08:00-05:00"
    )]
    [InlineData(
        "'frequency':1,'period':6,'periodUnit':'h'",
        "2026-11-23T08:00:00-05:00",
        "2026-11-23T08:00-05:00 2026-11-23T14:00-05:00 2026-11-23T20:00-05:00"
    )]
    [InlineData(
        "'period':1,'periodUnit':'wk','dayOfWeek':['mon','thu']",
        "2026-11-23T09:00:00-05:00",
        "2026-11-23T09:00-05:00 2026-11-26T09:00-05:00 2026-11-30T09:00-05:00"
    )]
    [InlineData(
        "'period':1,'periodUnit':'d','timeOfDay':['08:00:00','20:00:00']",
        "2026-11-23T09:00:00-05:00",
        "2026-11-23T20:00-05:00 2026-11-24T08:00-05:00 2026-11-24T20:00-05:00"
    )]
    [InlineData(
        "'period':1,'periodUnit':'wk','dayOfWeek':['wed'],'timeOfDay':['10:00:00']",
        "2026-11-23T09:00:00-05:00",
        "2026-11-25T10:00-05:00 2026-12-02T10:00-05:00 2026-12-09T10:00-05:00"
    )]
    public void Repeats_on_the_clock_of_the_zone(string repeat, string start, string expected)
    {
        var occurrences = Parse($"{{'repeat':{{'boundsPeriod':{{'start':'{start}'}},{repeat}}}}}")
            .Occurrences()
            .Take(3)
            .ToArray();

        Assert.Equal([1, 2, 3], occurrences.Select(o => o.Number));
        Assert.Equal(expected, string.Join(' ', occurrences.Select(o => o.At.ToString("yyyy-MM-ddTHH:mmzzz"))));
    }

    [Theory]
    [InlineData("'count':2", 2)]
    [InlineData("'count':1,'countMax':3", 3)]
    [InlineData("'boundsDuration':{'value':30,'code':'d'}", 5)] // days 0, 7, 14, 21, 28
    [InlineData("'boundsDuration':{'value':4,'unit':'weeks'}", 4)] // the end is not included
    public void Ends_with_its_count_or_bounds(string bound, int count)
    {
        var timing = Parse(
            $"{{'repeat':{{{bound},'frequency':1,'period':1,'periodUnit':'wk'}}}}",
            DateTimeOffset.Parse("2026-11-23T09:00:00-05:00")
        );

        Assert.Equal(count, timing.Occurrences().Count());
        Assert.Null(timing.Next(count));
    }

    [Fact]
    public void Ends_with_the_last_day_of_its_bounds()
    {
        var timing = Parse(
            "{'repeat':{'boundsPeriod':{'start':'2026-11-23T14:00:00Z','end':'2026-12-07'},'period':1,'periodUnit':'wk'}}"
        );

        Assert.Equal(3, timing.Occurrences().Count());
    }

    [Fact]
    public void Events_are_occurrences_in_order()
    {
        var timing = Parse("{'event':['2026-12-01T09:00:00-05:00','2026-11-24T09:00:00-05:00']}");

        Assert.Equal(
            [
                (1, DateTimeOffset.Parse("2026-11-24T09:00:00-05:00")),
                (2, DateTimeOffset.Parse("2026-12-01T09:00:00-05:00")),
            ],
            timing.Occurrences()
        );
    }

    [Theory]
    [InlineData("{'code':{'text':'BID'}}")]
    [InlineData("{'repeat':{'frequency':1}}")]
    [InlineData("{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}}")] // no anchor
    [InlineData("{'repeat':{'boundsPeriod':{'start':'2026-11-23'},'period':0,'periodUnit':'d'}}")]
    public void What_cannot_be_computed_is_no_rule(string timing) =>
        Assert.Null(Timing.Parse(View(timing), Given.NewYork));

    [Fact]
    public void A_rule_that_never_occurs_ends() =>
        Assert.Empty(
            Parse(
                    "{'repeat':{'boundsPeriod':{'start':'2026-11-23'},'period':1,'periodUnit':'d','dayOfWeek':['xxx'],'countMax':0}}"
                )
                .Occurrences()
        );

    private static Timing Parse(string timing, DateTimeOffset? anchor = null) =>
        Timing.Parse(View(timing), Given.NewYork, anchor)!;

    private static TimingView View(string timing) =>
        ServiceRequestView
            .From(
                ResourceDocument
                    .Parse(Given.Resource("ServiceRequest", "s", $"'occurrenceTiming':{timing}").Utf8Json)
                    .Value
            )
            .OccurrenceTiming;
}
