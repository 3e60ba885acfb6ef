using CareCoordination.Workflow.Arithmetic;

namespace CareCoordination.Workflow.Tests.Arithmetic;

public sealed class CheckedTimeTests
{
    private static readonly DateTimeOffset Last = DateTimeOffset.MaxValue;
    private static readonly DateTimeOffset First = DateTimeOffset.MinValue;

    [Fact]
    public void Adds_where_the_result_is_a_date()
    {
        Assert.Equal(Given.Now.AddHours(3), Given.Now.Plus(TimeSpan.FromHours(3)));
        Assert.Equal(Given.Now.AddDays(-40), Given.Now.PlusDays(-40));
        Assert.Equal(new DateOnly(2028, 2, 29), new DateOnly(2028, 2, 28).PlusDays(1));
        Assert.Equal(new DateTime(2026, 2, 28), new DateTime(2026, 1, 31).PlusMonths(1));
        Assert.Equal(new DateTime(2024, 2, 29), new DateTime(2028, 2, 29).PlusMonths(-48));
    }

    [Fact]
    public void Adds_up_to_the_edges_and_no_further()
    {
        Assert.Equal(Last, Last.Plus(TimeSpan.Zero));
        Assert.Null(Last.Plus(TimeSpan.FromTicks(1)));
        Assert.Equal(First, First.Plus(TimeSpan.Zero));
        Assert.Null(First.Plus(TimeSpan.FromTicks(-1)));
        Assert.Equal(Last, First.Plus(Last - First));
        Assert.Equal(DateOnly.MaxValue, DateOnly.MinValue.PlusDays(3_652_058));
        Assert.Null(DateOnly.MinValue.PlusDays(3_652_059));
        Assert.Null(DateOnly.MaxValue.PlusDays(int.MaxValue));
        Assert.Null(DateOnly.MinValue.PlusDays(int.MinValue));
        Assert.Equal(new DateTime(9999, 12, 1), new DateTime(1, 1, 1).PlusMonths(9998 * 12 + 11));
        Assert.Null(new DateTime(1, 1, 1).PlusMonths(9999 * 12));
        Assert.Null(new DateTime(1, 1, 1).PlusMonths(-1));
        Assert.Null(new DateTime(9999, 12, 31).PlusMonths(1));
        Assert.Null(new DateTime(2026, 1, 1).PlusMonths(int.MaxValue));
        Assert.Null(new DateTime(2026, 1, 1).PlusMonths(int.MinValue));
    }

    /// <summary>The clock of an offset may leave the years that a date can name while the instant does not, and the other way round.</summary>
    [Fact]
    public void A_clock_and_its_instant_both_have_to_be_dates()
    {
        var ahead = new DateTimeOffset(9999, 12, 31, 23, 0, 0, TimeSpan.FromHours(14));
        var behind = new DateTimeOffset(1, 1, 1, 1, 0, 0, TimeSpan.FromHours(-12));

        Assert.Null(ahead.Plus(TimeSpan.FromHours(2)));
        Assert.Null(behind.Plus(TimeSpan.FromHours(-2)));
    }

    [Fact]
    public void Nothing_that_is_added_to_any_date_throws()
    {
        foreach (var text in Hostile.Dates)
        {
            var at = Hostile.Instant(text);
            foreach (var days in (int[])[0, 1, -1, 3_652_058, -3_652_058, int.MaxValue, int.MinValue])
            {
                Assert.True(at.PlusDays(days) is null || at.PlusDays(days) == at.AddDays(days));
                _ = at.DateTime.PlusMonths(days);
                _ = DateOnly.FromDateTime(at.DateTime).PlusDays(days);
            }

            foreach (var length in (TimeSpan[])[TimeSpan.MinValue, TimeSpan.MaxValue, TimeSpan.FromTicks(1)])
            {
                _ = at.Plus(length);
                _ = at.DateTime.Plus(length);
            }
        }
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1", 36_000_000_000L)]
    [InlineData("0.5", 18_000_000_000L)]
    [InlineData("-1.5", -54_000_000_000L)]
    [InlineData("1e-20", 0L)]
    [InlineData("-1e-20", -1L)]
    [InlineData("100000000000000000000", null)]
    [InlineData("-79228162514264337593543950335", null)]
    [InlineData("1000000000000", null)]
    public void A_length_is_exact_or_too_long(string hours, long? ticks) =>
        Assert.Equal(ticks, CheckedTime.Length(Hostile.Decimal(hours), TimeSpan.TicksPerHour)?.Ticks);

    [Fact]
    public void Every_time_on_every_clock_is_an_instant()
    {
        foreach (var zone in Hostile.Zones)
        {
            foreach (var text in Hostile.Dates)
            {
                var local = Hostile.Parse(text).Local;
                var at = zone.At(local);
                // Where the instant is a date, the clock shows the time; but not the times that it skips.
                if (!zone.IsInvalidTime(local) && at != First && at != Last)
                    Assert.Equal(local, zone.LocalAt(at));
            }

            Assert.InRange(zone.At(DateTime.MinValue), First, First.AddHours(14));
            Assert.InRange(zone.At(DateTime.MaxValue), Last.AddHours(-14), Last);
        }
    }

    [Theory]
    [InlineData("8999-12-31T23:59:59Z", false)]
    [InlineData("9000-01-01T00:00:00Z", true)]
    [InlineData("9999-12-31T23:59:59Z", true)]
    public void A_date_far_ahead_means_never(string at, bool isNever) =>
        Assert.Equal(isNever, DateTimeOffset.Parse(at).IsNever());
}
