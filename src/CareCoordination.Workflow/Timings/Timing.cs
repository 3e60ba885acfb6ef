using System.Globalization;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Timings;

/// <summary>
/// When something repeats. https://hl7.org/fhir/R4/datatypes.html#Timing Occurrences keep the clock of a zone: a call at nine stays at
/// nine when the clocks change. What only a person can time (<c>when</c>, <c>code</c>) is not computed.
/// </summary>
public sealed class Timing
{
    /// <summary>A rule that finds nothing in so many steps finds nothing: an empty weekday, bounds long past.</summary>
    private const int MostSteps = 20_000;

    private readonly TimeZoneInfo _zone;
    private readonly DateTime[] _events;
    private readonly DateTime _start;
    private readonly DateTimeOffset? _end;
    private readonly int? _count;
    private readonly decimal _period;
    private readonly string _unit;
    private readonly int _frequency;
    private readonly DayOfWeek[] _days;
    private readonly TimeOnly[] _times;

    private Timing(TimeZoneInfo zone, DateTime[] events, DateTime start, DateTimeOffset? end, TimingRepeatView repeat)
    {
        _zone = zone;
        _events = events;
        _start = start;
        _end = end;
        _count = repeat.CountMax ?? repeat.Count;
        _period = repeat.Period ?? 0;
        _unit = repeat.PeriodUnit ?? "";
        _frequency = Math.Max(1, repeat.Frequency ?? 1);
        _days = repeat.DayOfWeek.Select(Day).OfType<DayOfWeek>().Order().ToArray();
        _times = repeat
            .TimeOfDay.Select(t => TimeOnly.TryParse(t, CultureInfo.InvariantCulture, out var time) ? time : default)
            .Order()
            .ToArray();
    }

    /// <summary>
    /// The rule, anchored at <c>repeat.boundsPeriod.start</c>, at the first event, or else at <paramref name="anchor"/>; null where there
    /// is no anchor or nothing that can be computed.
    /// </summary>
    public static Timing? Parse(TimingView timing, TimeZoneInfo zone, DateTimeOffset? anchor = null)
    {
        var repeat = timing.Repeat;
        var events = timing.Event.Select(e => e.Instant).Order().Select(e => Local(e, zone)).ToArray();
        if (events.Length > 0)
            return new Timing(zone, events, events[0], null, default);
        if (
            (repeat.BoundsPeriod.Start?.Instant ?? anchor) is not { } first
            || repeat.Period is not > 0
            || UnitOf(repeat) is null
        )
            return null;
        var end = repeat.BoundsPeriod.End.LastInstant();
        if (FhirDuration.Parse(repeat.BoundsDuration) is { } length)
            end = length.AddTo(first, zone).AddSeconds(-1);
        return new Timing(zone, [], Local(first, zone), end, repeat);
    }

    /// <summary>Every occurrence with its number, from 1, in order.</summary>
    public IEnumerable<(int Number, DateTimeOffset At)> Occurrences()
    {
        var number = 0;
        foreach (var local in _events.Length > 0 ? _events : Repeating())
        {
            var at = Instant(local);
            if (at > _end || number == _count)
                yield break;
            yield return (++number, at);
        }
    }

    private IEnumerable<DateTime> Repeating()
    {
        for (var step = 0; step < MostSteps; step++)
        {
            if (PeriodStart(step) is not { } start)
                yield break;
            foreach (var at in InPeriod(start, step))
            {
                if (at >= _start)
                    yield return at;
            }
        }
    }

    private DateTime? PeriodStart(int step)
    {
        try
        {
            return Add(_start, _period * step);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The occurrences of one period: on its days of the week and at its times of the day, or evenly spread.</summary>
    private IEnumerable<DateTime> InPeriod(DateTime start, int step)
    {
        if (_days.Length == 0 && _times.Length == 0)
        {
            for (var i = 0; i < _frequency; i++)
                yield return i == 0 ? start : start + (Add(_start, _period * (step + 1)) - start) / _frequency * i;
            yield break;
        }

        foreach (var day in DaysFrom(start))
        {
            if (_times.Length == 0)
                yield return day + start.TimeOfDay;
            foreach (var time in _times)
                yield return day + time.ToTimeSpan();
        }
    }

    private IEnumerable<DateTime> DaysFrom(DateTime start)
    {
        if (_days.Length == 0)
        {
            yield return start.Date;
            yield break;
        }

        // The days of a week are those of the week that the period begins in, which begins on the anchor's weekday.
        var span = _unit == "d" ? 1 : 7;
        for (var i = 0; i < span; i++)
        {
            var day = start.Date.AddDays(i);
            if (_days.Contains(day.DayOfWeek))
                yield return day;
        }
    }

    private DateTime Add(DateTime local, decimal amount) => new FhirDuration(amount, _unit).AddToLocal(local);

    private DateTimeOffset Instant(DateTime local) =>
        new Calendars.BusinessCalendar(_zone, [], []).At(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));

    private static DateTime Local(DateTimeOffset instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    private static string? UnitOf(TimingRepeatView repeat) =>
        repeat.PeriodUnit is "s" or "min" or "h" or "d" or "wk" or "mo" or "a" ? repeat.PeriodUnit : null;

    private static DayOfWeek? Day(string code) =>
        code switch
        {
            "mon" => DayOfWeek.Monday,
            "tue" => DayOfWeek.Tuesday,
            "wed" => DayOfWeek.Wednesday,
            "thu" => DayOfWeek.Thursday,
            "fri" => DayOfWeek.Friday,
            "sat" => DayOfWeek.Saturday,
            "sun" => DayOfWeek.Sunday,
            _ => null,
        };
}
