using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Billing;

public sealed class MonthLogTests
{
    private static readonly BillingRules Rules = new();

    [Theory]
    [InlineData("2026-11-30T23:50:00-05:00", "2026-12-01T00:10:00-05:00", 10, 10)]
    [InlineData("2026-11-30T23:50:00-05:00", "2026-12-01T00:00:00-05:00", 10, 0)]
    [InlineData("2026-12-01T00:00:00-05:00", "2026-12-01T00:10:00-05:00", 0, 10)]
    [InlineData("2026-12-01T04:50:00Z", "2026-12-01T05:10:00Z", 10, 10)]
    [InlineData("2026-11-30T20:00:00-05:00", "2026-11-30T20:20:00-05:00", 20, 0)]
    public void A_call_over_the_end_of_the_month_is_split_in_the_zone_that_bills(
        string start,
        string end,
        int november,
        int december
    )
    {
        var call = Work(start, end);

        Assert.Equal(november, Log(Scope(11), call).Minutes("ccm", true).Staff);
        Assert.Equal(december, Log(Scope(12), call).Minutes("ccm", true).Staff);
    }

    [Fact]
    public void A_call_over_midnight_is_of_two_days()
    {
        var parts = Log(Scope(11), Work("2026-11-10T23:50:00-05:00", "2026-11-11T00:10:00-05:00")).Parts;

        Assert.Equal([new DateOnly(2026, 11, 10), new DateOnly(2026, 11, 11)], parts.Select(p => p.Day));
        Assert.All(parts, p => Assert.Equal(TimeSpan.FromMinutes(10).Ticks, p.Span.Ticks));
    }

    /// <summary>The clocks of New York go back on 2026-11-01 at 2:00: that day has 25 hours.</summary>
    [Fact]
    public void The_hour_that_comes_twice_counts_twice() =>
        Assert.Equal(
            120,
            Log(Scope(11), Work("2026-11-01T01:00:00-04:00", "2026-11-01T02:00:00-05:00")).Minutes("ccm", true).Staff
        );

    [Theory]
    [InlineData("2026-11-23T15:19:59Z", 19)]
    [InlineData("2026-11-23T15:20:00Z", 20)]
    public void Minutes_are_never_rounded_up(string end, int minutes) =>
        Assert.Equal(minutes, Log(Scope(11), Work("2026-11-23T15:00:00Z", end)).Minutes("ccm", true).Staff);

    [Fact]
    public void Two_who_work_in_the_same_minute_count_once()
    {
        var together = new[]
        {
            Work("2026-11-23T15:00:00Z", "2026-11-23T15:20:00Z", source: "Encounter/1", by: "Practitioner/a"),
            Work("2026-11-23T15:10:00Z", "2026-11-23T15:30:00Z", source: "Encounter/1", by: "Practitioner/b"),
        };

        Assert.Equal(30, Log(Scope(11), together).Minutes("ccm", true).Staff);
        Assert.Equal(30, Log(Scope(11), Parallel, together).Minutes("ccm", true).Staff);
    }

    [Fact]
    public void Work_on_different_contacts_at_the_same_time_counts_for_each_only_where_the_rules_say_so()
    {
        var apart = new[]
        {
            Work("2026-11-23T15:00:00Z", "2026-11-23T15:20:00Z", source: "Task/1", by: "Practitioner/a"),
            Work("2026-11-23T15:10:00Z", "2026-11-23T15:30:00Z", source: "Task/2", by: "Practitioner/b"),
            // Nobody works twice at a time.
            Work("2026-11-23T15:15:00Z", "2026-11-23T15:25:00Z", source: "Task/3", by: "Practitioner/b"),
        };

        Assert.Equal(30, Log(Scope(11), apart).Minutes("ccm", true).Staff);
        Assert.Equal(40, Log(Scope(11), Parallel, apart).Minutes("ccm", true).Staff);
    }

    [Fact]
    public void The_practitioner_and_the_nurse_have_the_same_minute_each_and_all_together_once()
    {
        var minutes = Log(
                Scope(11),
                Work("2026-11-23T15:00:00Z", "2026-11-23T15:20:00Z"),
                Work("2026-11-23T15:10:00Z", "2026-11-23T15:40:00Z", role: TimeOf.Practitioner, source: "Task/2")
            )
            .Minutes("ccm", true);

        Assert.Equal(new RoleMinutes(20, 30, 40), minutes);
    }

    [Fact]
    public void A_minute_is_of_one_programme_only()
    {
        var log = Log(
            Scope(11),
            Work("2026-11-23T15:00:00Z", "2026-11-23T15:20:00Z"),
            Work("2026-11-23T15:10:00Z", "2026-11-23T15:30:00Z", program: "rpm", source: "Task/2"),
            Work("2026-11-23T15:05:00Z", "2026-11-23T15:25:00Z", source: "Task/3")
        );

        Assert.Equal(25, log.Minutes("ccm", true).Staff);
        Assert.Equal(5, log.Minutes("rpm", true).Staff);
        Assert.Equal(15, log.LeftOut("rpm")[TimeVerdict.OtherProgram]);
    }

    [Theory]
    [InlineData("2026-11-14T10:00:00-05:00", 0, TimeVerdict.NoConsent)]
    [InlineData("2026-11-14T23:59:00-05:00", 14, TimeVerdict.NoConsent)]
    [InlineData("2026-11-15T00:00:00-05:00", 15, null)]
    [InlineData("2026-11-20T10:00:00-05:00", 15, null)]
    public void Time_counts_from_the_day_of_the_consent(string start, int minutes, TimeVerdict? left)
    {
        var scope = Scope(11, new DayRange(new(2026, 11, 15), DateOnly.MaxValue));
        var from = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture);
        var log = Log(
            scope,
            new TimeEntry("Task/1", "Practitioner/a", TimeOf.ClinicalStaff, "ccm", from, from.AddMinutes(15))
        );

        Assert.Equal(minutes, log.Minutes("ccm", true).Staff);
        Assert.Equal(left, log.LeftOut("ccm").Keys.Cast<TimeVerdict?>().FirstOrDefault());
    }

    [Fact]
    public void Without_a_consent_on_record_the_time_counts_and_the_codes_are_kept_away() =>
        Assert.Equal(
            20,
            Log(Scope(11, null), Work("2026-11-23T15:00:00Z", "2026-11-23T15:20:00Z")).Minutes("ccm", true).Staff
        );

    [Fact]
    public void Time_outside_of_the_enrolment_and_of_other_programmes_does_not_count()
    {
        var scope = Scope(11) with
        {
            Programs = ImmutableDictionary<string, ProgramDays>.Empty.Add(
                "ccm",
                new(new(new(2026, 11, 10), new(2026, 11, 20)), DayRange.Always)
            ),
        };
        var log = Log(
            scope,
            Work("2026-11-09T15:00:00Z", "2026-11-09T15:20:00Z"),
            Work("2026-11-10T15:00:00Z", "2026-11-10T15:07:00Z"),
            Work("2026-11-20T15:00:00Z", "2026-11-20T15:04:00Z"),
            Work("2026-11-21T15:00:00Z", "2026-11-21T15:20:00Z"),
            Work("2026-11-12T15:00:00Z", "2026-11-12T15:20:00Z", program: "pcm"),
            Work("2026-11-13T15:00:00Z", "2026-11-13T15:20:00Z", program: "none")
        );

        Assert.Equal(11, log.Minutes("ccm", true).Staff);
        Assert.Equal(40, log.LeftOut("ccm")[TimeVerdict.NotEnrolled]);
        Assert.Equal(0, log.Minutes("pcm", true).Staff);
    }

    [Theory]
    [InlineData("2026-11-09", false, true)]
    [InlineData("2026-11-10", true, false)]
    [InlineData("2026-11-11", true, true)]
    [InlineData("2026-11-12", true, false)]
    [InlineData("2026-11-13", false, true)]
    public void Days_of_a_stay_are_left_out(string day, bool isInStay, bool isSameWithEndsCounted)
    {
        var scope = Scope(11) with { Stays = [new(new(2026, 11, 10), new(2026, 11, 12))] };
        var work = Work($"{day}T15:00:00Z", $"{day}T15:20:00Z");

        Assert.Equal(20, Log(scope, work).Minutes("ccm", countsStays: true).Staff);
        Assert.Equal(isInStay ? 0 : 20, Log(scope, work).Minutes("ccm", countsStays: false).Staff);
        var ends = Log(scope, Rules with { CountsEndsOfStays = true }, work).Minutes("ccm", countsStays: false).Staff;
        Assert.Equal(isSameWithEndsCounted == isInStay ? 0 : 20, ends);
    }

    [Fact]
    public void Time_on_the_day_of_a_visit_counts_where_it_is_apart_from_the_visit()
    {
        var scope = Scope(11) with
        {
            Visits =
            [
                Span("2026-11-23T15:10:00Z", "2026-11-23T15:20:00Z"),
                Span("2026-11-23T15:25:00Z", "2026-11-23T15:35:00Z"),
            ],
        };
        var log = Log(
            scope,
            Work("2026-11-23T15:00:00Z", "2026-11-23T15:30:00Z"),
            Work("2026-11-24T15:00:00Z", "2026-11-24T15:06:00Z")
        );

        Assert.Equal(15 + 6, log.Minutes("ccm", true).Staff);
        Assert.Equal(15, log.LeftOut("ccm")[TimeVerdict.WithVisit]);
        var strict = Log(
            scope,
            Rules with
            {
                CountsVisitDays = false,
            },
            Work("2026-11-23T15:00:00Z", "2026-11-23T15:30:00Z"),
            Work("2026-11-23T20:00:00Z", "2026-11-23T20:30:00Z")
        );
        Assert.Equal(0, strict.Minutes("ccm", true).Staff);
    }

    [Fact]
    public void What_is_to_come_does_not_count_yet()
    {
        var scope = Scope(11) with
        {
            Until = DateTimeOffset.Parse("2026-11-23T15:05:00Z", CultureInfo.InvariantCulture),
        };

        Assert.Equal(5, Log(scope, Work("2026-11-23T15:00:00Z", "2026-11-23T15:30:00Z")).Minutes("ccm", true).Staff);
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Asia/Kolkata")]
    [InlineData("UTC")]
    public void Months_add_up_to_what_was_worked_and_no_moment_counts_twice(string zone)
    {
        var random = new Random(zone.Length);
        for (var round = 0; round < 60; round++)
        {
            var entries = Enumerable.Range(0, random.Next(1, 40)).Select(_ => RandomEntry(random)).ToArray();
            var months = Enumerable.Range(9, 4).Select(m => Log(Scope(m, DayRange.Always, zone), entries)).ToArray();
            var worked = months.Sum(m => m.Ticks(m.Parts));
            Assert.Equal(Union(entries), worked);
            var programs = months.Sum(m => CarePrograms.All.Sum(p => m.Ticks(m.Counted(p.Code, true))));
            Assert.Equal(worked, programs);
            // The days of a month add up to the month.
            foreach (var month in months)
                Assert.Equal(
                    month.Ticks(month.Counted("ccm", true)),
                    month.Counted("ccm", true).GroupBy(p => p.Day).Sum(g => month.Ticks(g))
                );
            // The order in which entries come means nothing.
            random.Shuffle(entries);
            Assert.Equal(
                months[2].Minutes("ccm", true),
                Log(Scope(11, DayRange.Always, zone), entries).Minutes("ccm", true)
            );
        }
    }

    [Fact]
    public void One_more_entry_never_takes_minutes_from_its_own_programme_and_one_less_never_adds_any()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var entries = Enumerable.Range(0, random.Next(1, 20)).Select(_ => RandomEntry(random)).ToList();
            var more = RandomEntry(random);
            var (before, after) = (Log(Scope(11), [.. entries]), Log(Scope(11), [.. entries, more]));
            var (few, many) = (before.Minutes(more.Program, true), after.Minutes(more.Program, true));
            Assert.True(many.Staff >= few.Staff && many.Practitioner >= few.Practitioner && many.All >= few.All);
            // And twice the same is once.
            Assert.Equal(many, Log(Scope(11), [.. entries, more, more]).Minutes(more.Program, true));
        }
    }

    [Fact]
    public void A_month_of_ten_thousand_entries_is_counted_at_once()
    {
        var random = new Random(3);
        var entries = Enumerable.Range(0, 10_000).Select(_ => RandomEntry(random)).ToArray();

        Assert.True(Log(Scope(11), entries).Minutes("ccm", true).All > 0);
    }

    private static BillingRules Parallel => Rules with { CountsParallelWork = true };

    private static TimeEntry RandomEntry(Random random)
    {
        var start = DateTimeOffset
            .Parse("2026-10-20T00:00:00Z", CultureInfo.InvariantCulture)
            .AddSeconds(random.Next(45 * 86400));
        return new TimeEntry(
            $"Task/{random.Next(100)}",
            $"Practitioner/{random.Next(4)}",
            random.Next(2) == 0 ? TimeOf.ClinicalStaff : TimeOf.Practitioner,
            random.Next(3) == 0 ? "rpm" : "ccm",
            start,
            start.AddSeconds(random.Next(1, 90_000))
        );
    }

    private static long Union(IEnumerable<TimeEntry> entries)
    {
        long total = 0;
        var until = DateTimeOffset.MinValue;
        foreach (var entry in entries.OrderBy(e => e.Start))
        {
            var from = entry.Start > until ? entry.Start : until;
            if (entry.End <= from)
                continue;
            total += (entry.End - from).Ticks;
            until = entry.End;
        }

        return total;
    }

    private static MonthLog Log(MonthScope scope, params TimeEntry[] entries) => MonthLog.Of(entries, scope, Rules);

    private static MonthLog Log(MonthScope scope, BillingRules rules, params TimeEntry[] entries) =>
        MonthLog.Of(entries, scope, rules);

    private static MonthScope Scope(int month) => Scope(month, DayRange.Always);

    private static MonthScope Scope(int month, DayRange? consented, string zone = "America/New_York") =>
        new(
            new BillingMonth(new DateOnly(2026, month, 1), TimeZoneInfo.FindSystemTimeZoneById(zone)),
            ImmutableDictionary<string, ProgramDays>
                .Empty.Add("ccm", new(DayRange.Always, consented))
                .Add("rpm", new(DayRange.Always, consented))
        );

    private static TimeSpanOf Span(string start, string end) =>
        new(
            DateTimeOffset.Parse(start, CultureInfo.InvariantCulture),
            DateTimeOffset.Parse(end, CultureInfo.InvariantCulture)
        );

    private static TimeEntry Work(
        string start,
        string end,
        string program = "ccm",
        TimeOf role = TimeOf.ClinicalStaff,
        string source = "Task/1",
        string by = "Practitioner/a"
    ) => new(source, by, role, program, Span(start, end).Start, Span(start, end).End);
}
