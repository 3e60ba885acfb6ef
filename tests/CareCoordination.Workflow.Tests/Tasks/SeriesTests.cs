using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Tasks;

/// <summary>The next task of a series, whenever it began and whatever its Timing says.</summary>
public sealed class SeriesTests
{
    private const string Url = "https://carecoordination.example/fhir/StructureDefinition/";

    [Theory]
    [InlineData("2023-11-23T15:00:00Z", "'period':1,'periodUnit':'h'", 26_306, "2026-11-23T16:00:00Z")]
    [InlineData("2006-11-23T15:00:00Z", "'period':1,'periodUnit':'h'", 175_322, "2026-11-23T16:00:00Z")]
    [InlineData("2025-11-23T15:00:00Z", "'period':5,'periodUnit':'min'", 105_122, "2026-11-23T15:05:00Z")]
    [InlineData("1976-11-23T15:00:00Z", "'period':1,'periodUnit':'d'", 18_264, "2026-11-24T15:00:00Z")]
    [InlineData("1926-11-23T15:00:00Z", "'period':1,'periodUnit':'mo'", 1_202, "2026-12-23T15:00:00Z")]
    [InlineData(
        "1950-11-20T15:00:00Z",
        "'period':1,'periodUnit':'wk','dayOfWeek':['mon','thu']",
        7_934,
        "2026-11-26T15:00:00Z"
    )]
    public void A_series_goes_on_however_long_ago_it_began(string start, string repeat, int number, string at)
    {
        var next = Next(Task(1, $"'boundsPeriod':{{'start':'{start}'}},{repeat}"))!;

        Assert.Equal(
            (number, DateTimeOffset.Parse(at)),
            (next.Occurrence, next.RestrictionStart?.StartIn(TimeZoneInfo.Utc))
        );
    }

    [Fact]
    public void A_number_that_the_next_one_cannot_have_ends_the_series()
    {
        Assert.Null(Next(Task(int.MaxValue, "'boundsPeriod':{'start':'2026-11-01'},'period':1,'periodUnit':'h'")));
        Assert.Null(Next(Task(int.MaxValue, "'boundsPeriod':{'start':'9999-12-31'},'period':1,'periodUnit':'d'")));
    }

    [Fact]
    public void Every_timing_of_a_stored_task_gives_a_next_one_or_none()
    {
        foreach (var start in Hostile.Dates)
        {
            foreach (var number in Hostile.Numbers)
            {
                foreach (var unit in Hostile.Units)
                {
                    var next = Next(
                        Task(3, $"'boundsPeriod':{{'start':'{start}'}},'period':{number},'periodUnit':'{unit}'")
                    );
                    Assert.True(
                        next is null
                            || next.RestrictionStart?.StartIn(TimeZoneInfo.Utc) > Given.Now && next.Occurrence > 3
                    );
                }
            }
        }
    }

    [Fact]
    public void The_time_to_do_the_next_one_ends_where_dates_end()
    {
        var task = Given.Task(
            "t",
            "in-progress",
            $"'extension':[{{'url':'{Url}series','valueTiming':{{'repeat':{{'boundsPeriod':{{'start':'2026-11-20'}},'period':1,'periodUnit':'d'}}}}}},{{'url':'{Url}occurrence','valuePositiveInt':1}}],'restriction':{{'period':{{'start':'0001-01-01','end':'9999-12-31'}}}}"
        );

        var next = Next(task)!;

        Assert.Null(next.Due);
        Assert.Equal(DateTimeOffset.Parse("2026-11-24T00:00:00Z"), next.RestrictionStart?.StartIn(TimeZoneInfo.Utc));
    }

    [Fact]
    public void The_end_of_each_such_task_is_decided()
    {
        var task = Task(1, "'boundsPeriod':{'start':'2023-11-23T15:00:00Z'},'period':1,'periodUnit':'h'");

        var done = FinishTask.Complete(task, TaskSurroundings.None, new([]), Given.Anyone, Given.Now, Given.Ids());

        Assert.Equal(["Task/t", "Task/new-1"], done.Value.Writes.Select(w => w.Key.ToString()));
    }

    [Theory]
    [InlineData("0001-01-01T00:10:00Z", "20", "time-range")]
    [InlineData("0001-01-01T00:20:00Z", "20", null)]
    [InlineData("2026-11-23T15:00:00Z", "1440", null)]
    [InlineData("2026-11-23T15:00:00Z", "1440.0000001", "minutes-range")]
    [InlineData("2026-11-23T15:00:00Z", "0.0000000000000000000001", null)]
    [InlineData("9999-12-31T23:59:59Z", "1", "end-range")]
    public void Minutes_before_the_end_of_the_work_are_a_date(string end, string minutes, string? rule) =>
        Assert.Equal(
            rule,
            FinishTask
                .Complete(
                    Given.Task("t", "in-progress"),
                    TaskSurroundings.None,
                    new([])
                    {
                        Work = new() { Minutes = Hostile.Decimal(minutes), End = DateTimeOffset.Parse(end) },
                    },
                    Given.Anyone,
                    Given.Now,
                    Given.Ids()
                )
                .Rule()
        );

    [Theory]
    [InlineData(9999, 12, 0)]
    [InlineData(1, 1, 44_640)]
    public void Minutes_are_counted_in_every_month_that_there_is(int year, int month, int expected)
    {
        WorkedTime[] always = [new("Practitioner/1", DateTimeOffset.MinValue, new(2026, 1, 1, 0, 0, 0, default))];

        Assert.Equal(expected, TimeLog.Minutes(always, year, month, TimeZoneInfo.Utc));
        foreach (var zone in Hostile.Zones)
            Assert.InRange(TimeLog.Minutes(always, year, month, zone), 0, 44_640);
    }

    private static Snapshot Task(int occurrence, string repeat) =>
        Given.Task(
            "t",
            "in-progress",
            $"'extension':[{{'url':'{Url}series','valueTiming':{{'repeat':{{{repeat}}}}}}},{{'url':'{Url}occurrence','valuePositiveInt':{occurrence}}}],'owner':{{'reference':'Practitioner/1'}}"
        );

    private static TaskDraft? Next(Snapshot task) =>
        Series.Next(new TaskDraft(task), Given.Now, TimeZoneInfo.Utc, Given.Ids());
}
