using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Tasks;

public sealed class TimeLogTests
{
    [Theory]
    [InlineData("2026-11-23T15:00:00Z", "2026-11-23T15:19:00Z", 19)]
    [InlineData("2026-11-23T15:00:00Z", "2026-11-23T15:19:59Z", 19)]
    [InlineData("2026-11-23T15:00:00Z", "2026-11-23T15:20:00Z", 20)]
    [InlineData("2026-11-23T15:00:00Z", "2026-11-23T15:59:59Z", 59)]
    [InlineData("2026-11-23T15:00:00Z", "2026-11-23T16:00:00Z", 60)]
    public void Minutes_are_never_rounded_up(string start, string end, int minutes) =>
        Assert.Equal(minutes, November(Worked("a", start, end)));

    [Fact]
    public void A_call_over_the_end_of_the_month_is_split_in_the_zone_that_bills()
    {
        var call = Worked("a", "2026-11-30T23:50:00-05:00", "2026-12-01T00:10:00-05:00");

        Assert.Equal(10, TimeLog.Minutes([call], 2026, 11, Given.NewYork));
        Assert.Equal(10, TimeLog.Minutes([call], 2026, 12, Given.NewYork));
        Assert.Equal(0, TimeLog.Minutes([call], 2026, 11, TimeZoneInfo.Utc));
        Assert.Equal(20, TimeLog.Minutes([call], 2026, 12, TimeZoneInfo.Utc));
    }

    [Fact]
    public void A_minute_that_two_work_together_counts_once() =>
        Assert.Equal(
            35,
            November(
                Worked("a", "2026-11-23T15:00:00Z", "2026-11-23T15:20:00Z"),
                Worked("b", "2026-11-23T15:10:00Z", "2026-11-23T15:30:00Z"),
                Worked("b", "2026-11-23T15:12:00Z", "2026-11-23T15:15:00Z"),
                Worked("a", "2026-11-23T16:00:00Z", "2026-11-23T16:05:00Z")
            )
        );

    [Fact]
    public void Seconds_of_many_short_calls_add_up() =>
        Assert.Equal(
            1,
            November(
                Worked("a", "2026-11-23T15:00:00Z", "2026-11-23T15:00:30Z"),
                Worked("a", "2026-11-23T16:00:00Z", "2026-11-23T16:00:30Z")
            )
        );

    [Fact]
    public void Time_is_read_from_what_completion_wrote_and_not_from_what_was_entered_in_error()
    {
        var completed = FinishTask
            .Complete(
                Given.Task("t", "in-progress"),
                TaskSurroundings.None,
                new([]) { Work = new() { Minutes = 20 } },
                new("Practitioner/a"),
                Given.Now,
                Given.Ids()
            )
            .Value;
        var task = new TaskDraft(completed.After("Task/t"));

        Assert.Equal([Worked("Practitioner/a", "2026-11-23T14:40:00Z", "2026-11-23T15:00:00Z")], TimeLog.Of(task));
        task.Edit.Status = "entered-in-error";
        Assert.Empty(TimeLog.Of(task));
    }

    private static int November(params WorkedTime[] worked) => TimeLog.Minutes(worked, 2026, 11, Given.NewYork);

    private static WorkedTime Worked(string who, string start, string end) =>
        new(who, DateTimeOffset.Parse(start), DateTimeOffset.Parse(end));
}
