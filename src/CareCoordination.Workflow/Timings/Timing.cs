using System.Globalization;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Timings;

/// <summary>
/// When something repeats. https://hl7.org/fhir/R4/datatypes.html#Timing Occurrences keep the clock of a zone: a call at nine stays at
/// nine when the clocks change. What only a person can time (<c>when</c>, <c>code</c>) is not computed.
/// </summary>
/// <remarks>
/// On days of the week, and at times of the day, something is computed for a hundred years from its first occurrence. What repeats
/// evenly has no such limit, but not more than one occurrence a second.
/// </remarks>
public sealed class Timing
{
    private static readonly long LeastSpacing = TimeSpan.TicksPerSecond;

    private readonly TimeZoneInfo _zone;
    private readonly DateTimeOffset[] _events;
    private readonly Recurrence? _recurrence;
    private readonly DateTimeOffset? _end;
    private readonly int? _count;

    private Timing(TimeZoneInfo zone, DateTimeOffset[] events, Recurrence? recurrence, DateTimeOffset? end, int? count)
    {
        _zone = zone;
        _events = events;
        _recurrence = recurrence;
        _end = end;
        _count = count;
    }

    /// <summary>
    /// The rule, anchored at <c>repeat.boundsPeriod.start</c>, at the first event, or else at <paramref name="anchor"/>; null where there
    /// is no anchor or nothing that can be computed.
    /// </summary>
    public static Timing? Parse(TimingView timing, TimeZoneInfo zone, DateTimeOffset? anchor = null)
    {
        var repeat = timing.Repeat;
        var events = timing.Event.Select(e => CareDate.Of(e)!.Value.StartIn(zone)).Order().ToArray();
        if (events.Length > 0)
            return new Timing(zone, events, null, null, null);
        if (
            (CareDate.Of(repeat.BoundsPeriod.Start)?.StartIn(zone) ?? anchor) is not { } first
            || RecurrenceOf(repeat, zone.LocalAt(first)) is not { } recurrence
        )
            return null;
        var end = CareDate.Of(repeat.BoundsPeriod.End)?.EndIn(zone);
        if (FhirDuration.Parse(repeat.BoundsDuration) is { } length)
            end = length.AddTo(first, zone)?.Plus(TimeSpan.FromSeconds(-1));
        return new Timing(zone, [], recurrence, end, repeat.CountMax ?? repeat.Count);
    }

    /// <summary>
    /// Why a Timing that says how often something repeats is not computed, as the end of a sentence; null where it is, or where only a
    /// person can time it.
    /// </summary>
    /// <param name="from">When it would begin.</param>
    public static string? FaultOf(TimingView timing, TimeZoneInfo zone, DateTimeOffset from)
    {
        var repeat = timing.Repeat;
        if (
            FhirDuration.Parse(repeat.BoundsDuration) is { } bounds
            && bounds.AddTo(CareDate.Of(repeat.BoundsPeriod.Start)?.StartIn(zone) ?? from, zone) is null
        )
            return "its boundsDuration leads out of the years 1 to 9999";
        if (timing.Event.Any() || PeriodOf(repeat) is not { } period || repeat.Period is not > 0)
            return null;
        return period.IsTooLong ? "its period is longer than ten thousand years"
            : PeriodsOf(repeat, zone.LocalAt(from)) is null
                ? "it repeats more often than once a second, or in parts of a month"
            : null;
    }

    /// <summary>
    /// The first occurrence with a larger number and a later time (null: any), in the order of their numbers. Null where the series is
    /// over.
    /// </summary>
    public (int Number, DateTimeOffset At)? Next(int number, DateTimeOffset? after = null)
    {
        if (_recurrence is null)
            return NextEvent(number, after);
        var next = _recurrence.Next(number, after is { } passed ? LastShown(passed) : null);
        // Those that the clock shows after a gap are between those that it skipped.
        if (next is { } shown && _zone.At(shown.At) <= after)
            next = _recurrence.Next(shown.Number, _zone.LocalAt(after.Value));
        if (next is not { } found || found.Number > (_count ?? int.MaxValue))
            return null;
        var at = _zone.At(found.At);
        return at > _end ? null : ((int)found.Number, at);
    }

    private (int Number, DateTimeOffset At)? NextEvent(int number, DateTimeOffset? after)
    {
        for (var i = Math.Max(0, number); i < _events.Length; i++)
        {
            if (after is null || _events[i] > after)
                return (i + 1, TimeZoneInfo.ConvertTime(_events[i], _zone));
        }

        return null;
    }

    /// <summary>
    /// The last time on the clock whose occurrences are over at an instant. That is what the clock shows, but after the clocks were
    /// set: an occurrence that they skipped comes as long after the gap, and one that they show twice is over the second time.
    /// </summary>
    private DateTime LastShown(DateTimeOffset instant)
    {
        var local = _zone.LocalAt(instant);
        if (_zone.IsAmbiguousTime(local))
        {
            var offsets = _zone.GetAmbiguousTimeOffsets(local);
            return _zone.GetUtcOffset(instant) == offsets.Max()
                ? local
                : LastTwice(local, offsets.Max() - offsets.Min());
        }

        if (instant.Plus(TimeSpan.FromHours(-25)) is not { } dayBefore)
            return local;
        var skipped = _zone.GetUtcOffset(instant) - _zone.GetUtcOffset(dayBefore);
        return skipped > TimeSpan.Zero && local.Plus(-skipped) is { } before && _zone.IsInvalidTime(before)
            ? before
            : local;
    }

    /// <summary>The last second that clocks show twice, from one that they do.</summary>
    private DateTime LastTwice(DateTime local, TimeSpan length)
    {
        var (twice, once) = (0L, (long)length.TotalSeconds + 1);
        while (once - twice > 1)
        {
            var middle = (twice + once) / 2;
            if (local.Plus(TimeSpan.FromSeconds(middle)) is { } later && _zone.IsAmbiguousTime(later))
                twice = middle;
            else
                once = middle;
        }

        return local.Plus(TimeSpan.FromSeconds(twice)) ?? local;
    }

    private static Recurrence? RecurrenceOf(TimingRepeatView repeat, DateTime start)
    {
        if (PeriodsOf(repeat, start) is not { } periods)
            return null;
        var days = repeat.DayOfWeek.Select(Day).OfType<DayOfWeek>().Distinct().ToArray();
        var times = repeat
            .TimeOfDay.Select(t => TimeOnly.TryParse(t, CultureInfo.InvariantCulture, out var time) ? time : default)
            .Distinct()
            .Order()
            .ToArray();
        var frequency = Math.Max(1, repeat.Frequency ?? 1);
        if (days.Length == 0 && times.Length == 0)
            return new EvenRecurrence(periods, frequency);
        var isShort = periods.Length < TimeSpan.FromDays(1);
        if (isShort && times.Length == 0)
            return new FilteredRecurrence(new EvenRecurrence(periods, frequency), start, days);
        // Times of the day are those of each day, however often the day is divided.
        if (isShort)
            periods = periods with { Length = TimeSpan.FromDays(1) };
        // The days of a week are those of the week that the period begins in, which begins on the anchor's weekday.
        var isOfWeeks = repeat.PeriodUnit is "wk" or "mo" or "a" && !(periods.Length < TimeSpan.FromDays(7));
        return new DayRecurrence(periods, days, times, isOfWeeks ? 7 : 1);
    }

    /// <summary>Null where nothing repeats, or too often.</summary>
    private static Periods? PeriodsOf(TimingRepeatView repeat, DateTime start)
    {
        if (PeriodOf(repeat) is not { } period || repeat.Period is not > 0)
            return null;
        long frequency = Math.Max(1, repeat.Frequency ?? 1);
        if (period.IsTooLong)
            return null;
        if (period.Months is { } months)
            return months >= 1 && frequency <= 28 * TimeSpan.TicksPerDay / LeastSpacing
                ? new Periods(start, null, months)
                : null;
        return period.Length is { } length && length.Ticks / frequency >= LeastSpacing
            ? new Periods(start, length, 0)
            : null;
    }

    private static FhirDuration? PeriodOf(TimingRepeatView repeat) =>
        repeat is { Period: { } value, PeriodUnit: "s" or "min" or "h" or "d" or "wk" or "mo" or "a" }
            ? new FhirDuration(value, repeat.PeriodUnit)
            : null;

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
