using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Tests.Timings;

/// <summary>Occurrences are found by their number and by time without counting those before; here all are written down.</summary>
public sealed class TimingOracleTests
{
    private const int Many = 20_000;

    /// <summary>Rules of every kind; the first occurrence is in the autumn of 2025, so that many cross both changes of clocks.</summary>
    public static TheoryData<string> Rules =>
        [
            "'period':1,'periodUnit':'h'",
            "'period':7,'periodUnit':'min','frequency':3",
            "'period':1,'periodUnit':'d'",
            "'period':1,'periodUnit':'d','frequency':3",
            "'period':2.5,'periodUnit':'d','frequency':2",
            "'period':1,'periodUnit':'wk','frequency':5",
            "'period':1,'periodUnit':'mo'",
            "'period':1,'periodUnit':'mo','frequency':7",
            "'period':1.5,'periodUnit':'mo'",
            "'period':1,'periodUnit':'a','frequency':2",
            "'period':0.5,'periodUnit':'a'",
            "'period':1,'periodUnit':'d','timeOfDay':['02:30:00','01:30:00','23:59:59']",
            "'period':3,'periodUnit':'d','timeOfDay':['01:30:00']",
            "'period':6,'periodUnit':'h','timeOfDay':['02:15:00','14:15:00']",
            "'period':1,'periodUnit':'d','dayOfWeek':['sun','mon']",
            "'period':2,'periodUnit':'d','dayOfWeek':['sun','wed']",
            "'period':1.5,'periodUnit':'d','dayOfWeek':['tue']",
            "'period':1,'periodUnit':'wk','dayOfWeek':['mon','thu','sun']",
            "'period':2,'periodUnit':'wk','dayOfWeek':['fri'],'timeOfDay':['02:30:00','02:30:00','08:00:00']",
            "'period':1,'periodUnit':'mo','dayOfWeek':['sat','mon'],'timeOfDay':['09:00:00']",
            "'period':1,'periodUnit':'h','dayOfWeek':['sun']",
            "'period':3,'periodUnit':'h','frequency':2,'dayOfWeek':['sat','sun','tue']",
            "'period':36,'periodUnit':'h','dayOfWeek':['sat']",
            "'period':1,'periodUnit':'d','frequency':2,'count':300",
        ];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_next_occurrence_is_the_first_of_all_that_comes_later(string repeat)
    {
        foreach (var zone in new[] { Given.NewYork, Hostile.Zones[4], TimeZoneInfo.Utc })
        {
            var start = zone.At(new DateTime(2025, 10, 29, 1, 30, 0));
            var view = View(repeat);
            var timing = Timing.Parse(view, zone, start)!;
            var all = All(view.Repeat, zone, start);

            Assert.Equal(all.Take(50), timing.Occurrences().Take(50));
            var random = new Random(7);
            for (var i = 0; i < 150; i++)
            {
                var number = random.Next(0, i % 2 == 0 ? 5 : all.Count + 2);
                var after = start.AddMinutes(random.Next(-1_000, 400 * 24 * 60));
                if (all.Count == Many && (number >= Many || after >= all[^1].At))
                    continue;
                if (all.Count < Many && Expected(all, number, after) is null && (repeat.Contains("count") is false))
                    Assert.True(timing.Next(number, after) is null or { At.Year: > 2119 });
                else
                    Assert.Equal(Expected(all, number, after), timing.Next(number, after));
            }

            // Each minute of the nights in which clocks change.
            foreach (
                var night in new[] { new DateTime(2025, 11, 2), new DateTime(2026, 3, 8), new DateTime(2026, 4, 5) }
            )
            {
                for (var minute = 0; minute < 240; minute += 5)
                {
                    var after = zone.At(night).AddMinutes(minute);
                    if (all.Count == Many && after >= all[^1].At)
                        continue;
                    Assert.Equal(Expected(all, 0, after), timing.Next(0, after));
                }
            }
        }
    }

    private static (int, DateTimeOffset)? Expected(
        List<(int Number, DateTimeOffset At)> all,
        int number,
        DateTimeOffset after
    )
    {
        foreach (var occurrence in all)
        {
            if (occurrence.Number > number && occurrence.At > after)
                return occurrence;
        }

        return null;
    }

    private static List<(int Number, DateTimeOffset At)> All(
        TimingRepeatView repeat,
        TimeZoneInfo zone,
        DateTimeOffset start
    )
    {
        var local = zone.LocalAt(start);
        var all = Locals(repeat, local).Where(t => t >= local).Take(Math.Min(repeat.Count ?? int.MaxValue, Many));
        return [.. all.Select((t, i) => (i + 1, zone.At(t)))];
    }

    private static IEnumerable<DateTime> Locals(TimingRepeatView repeat, DateTime start)
    {
        var days = repeat.DayOfWeek.Select(d => Enum.GetValues<DayOfWeek>().Single(w => Code(w) == d)).ToHashSet();
        var times = repeat
            .TimeOfDay.Select(t => TimeOnly.Parse(t, CultureInfo.InvariantCulture))
            .Distinct()
            .Order()
            .ToArray();
        var (value, unit, frequency) = (repeat.Period!.Value, repeat.PeriodUnit!, repeat.Frequency ?? 1);
        var isShort = unit is "h" or "min" && value < 24;
        if (times.Length > 0 && isShort)
            (value, unit) = (1, "d");
        for (var period = 0; ; period++)
        {
            var begin = Add(start, value * period, unit);
            // Something that repeats once a year is computed for longer than anything is asked here.
            if (begin.Year > 2120)
                yield break;
            if (days.Count == 0 && times.Length == 0 || isShort && times.Length == 0)
            {
                var length = Add(start, value * (period + 1), unit) - begin;
                for (var i = 0; i < frequency; i++)
                {
                    var at = begin + TimeSpan.FromTicks(length.Ticks * i / frequency);
                    if (days.Count == 0 || days.Contains(at.DayOfWeek))
                        yield return at;
                }

                continue;
            }

            for (var i = 0; i < (days.Count > 0 && unit is "wk" or "mo" or "a" ? 7 : 1); i++)
            {
                var day = begin.Date.AddDays(i);
                if (days.Count == 0 ? i > 0 : !days.Contains(day.DayOfWeek))
                    continue;
                if (times.Length == 0)
                    yield return day + begin.TimeOfDay;
                foreach (var time in times)
                    yield return day + time.ToTimeSpan();
            }
        }
    }

    private static DateTime Add(DateTime at, decimal value, string unit)
    {
        var months = unit == "a" ? value * 12 : value;
        if (unit is not ("mo" or "a"))
            return at.AddTicks((long)(value * TicksOf(unit)));
        var begin = at.AddMonths((int)months);
        return begin.AddTicks((long)((at.AddMonths((int)months + 1) - begin).Ticks * (months - (int)months)));
    }

    private static decimal TicksOf(string unit) =>
        unit switch
        {
            "wk" => 7 * TimeSpan.TicksPerDay,
            "d" => TimeSpan.TicksPerDay,
            "h" => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerMinute,
        };

    private static string Code(DayOfWeek day) => day.ToString()[..3].ToLowerInvariant();

    private static TimingView View(string repeat) =>
        ServiceRequestView
            .From(
                ResourceDocument
                    .Parse(
                        Given.Resource("ServiceRequest", "s", $"'occurrenceTiming':{{'repeat':{{{repeat}}}}}").Utf8Json
                    )
                    .Value
            )
            .OccurrenceTiming;
}
