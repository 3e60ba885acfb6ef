using CareCoordination.Workflow.Arithmetic;

namespace CareCoordination.Workflow.Timings;

/// <summary>An occurrence of a series: its number, from 1, and what the clock of the zone shows.</summary>
internal readonly record struct Occurrence(long Number, DateTime At);

/// <summary>
/// The periods of a Timing on the clock of a zone. A series may have begun long ago or repeat each second, so that no occurrence is
/// found by counting all before it: where periods have one length a position is computed, and otherwise periods are passed as a whole.
/// </summary>
internal abstract class Recurrence
{
    /// <summary>Days, or periods of at least a day, that are looked at from the first one on: a hundred years.</summary>
    protected const int MostSteps = 36_525;

    /// <summary>The first occurrence with a larger number and a later time (null: any); null where there is none.</summary>
    public abstract Occurrence? Next(long number, DateTime? after);
}

/// <summary>Where each period of a series begins: a length of time, or a number of months.</summary>
internal readonly record struct Periods(DateTime Start, TimeSpan? Length, decimal Months)
{
    /// <summary>The beginning of a period, from 0; null where that is no date any more.</summary>
    public DateTime? Begin(long period)
    {
        if (period == 0)
            return Start;
        if (Length is not { } length)
            return period <= int.MaxValue ? FhirDuration.PlusMonths(Start, period * Months) : null;
        var ticks = Start.Ticks + (Int128)length.Ticks * period;
        return ticks <= DateTime.MaxValue.Ticks ? new DateTime((long)ticks) : null;
    }

    /// <summary>A period that begins at or before a time, and the next one not long after it.</summary>
    public long Before(DateTime at)
    {
        if (at <= Start)
            return 0;
        if (Length is { } length)
            return (at - Start).Ticks / length.Ticks;
        var months = (at.Year - Start.Year) * 12 + at.Month - Start.Month - 1;
        return Math.Max(0, (long)(months / Months) - 1);
    }
}

/// <summary>So many occurrences in each period, evenly spread.</summary>
internal sealed class EvenRecurrence(Periods periods, int frequency) : Recurrence
{
    public override Occurrence? Next(long number, DateTime? after)
    {
        var index = number;
        if (after is { } passed)
            index = Math.Max(index, IndexFrom(passed));
        for (; At(index) is { } at; index++)
        {
            if (after is null || at > after)
                return new Occurrence(index + 1, at);
        }

        return null;
    }

    /// <summary>When the occurrence with an index is, from 0; null where that is no date any more.</summary>
    public DateTime? At(long index)
    {
        var (period, place) = Math.DivRem(index, frequency);
        if (periods.Begin(period) is not { } begin)
            return null;
        if (place == 0)
            return begin;
        return LengthFrom(period, begin) is { } length
            ? begin.Plus(TimeSpan.FromTicks((long)((Int128)length.Ticks * place / frequency)))
            : null;
    }

    /// <summary>The index of the first occurrence at a time or after it.</summary>
    public long IndexAt(DateTime time)
    {
        var index = IndexFrom(time);
        while (At(index) is { } at && at < time)
            index++;
        return index;
    }

    /// <summary>An index at or shortly before the first occurrence that is not before a time.</summary>
    private long IndexFrom(DateTime time)
    {
        var period = periods.Before(time);
        while (periods.Begin(period + 1) is { } next && next <= time)
            period++;
        if (periods.Begin(period) is not { } begin || begin >= time || LengthFrom(period, begin) is not { } length)
            return period * frequency;
        return period * frequency + (long)((Int128)(time - begin).Ticks * frequency / length.Ticks);
    }

    private TimeSpan? LengthFrom(long period, DateTime begin) =>
        periods.Length ?? (periods.Begin(period + 1) is { } end ? end - begin : null);
}

/// <summary>On days of the week and at times of the day, one or more to a period of at least a day.</summary>
/// <param name="days">Days of the week; empty: the day on which the period begins.</param>
/// <param name="times">Times of the day, in order; empty: the time at which the period begins.</param>
/// <param name="span">In how many days from the beginning of a period the days of the week are looked for.</param>
internal sealed class DayRecurrence(Periods periods, DayOfWeek[] days, TimeOnly[] times, int span) : Recurrence
{
    /// <summary>For each day of the week on which a period may begin: after how many days it has occurrences.</summary>
    private readonly int[][] _offsets =
    [
        .. Enum.GetValues<DayOfWeek>()
            .Select(first =>
                days.Length == 0
                    ? [0]
                    : Enumerable.Range(0, span).Where(i => days.Contains((DayOfWeek)(((int)first + i) % 7))).ToArray()
            ),
    ];

    public override Occurrence? Next(long number, DateTime? after)
    {
        long passed = 0;
        for (var period = 0; period < MostSteps && periods.Begin(period) is { } begin; period++)
        {
            var offsets = _offsets[(int)begin.DayOfWeek];
            long count = offsets.Length * Math.Max(1, times.Length);
            // Of the first period only what is not before its beginning counts.
            if (period > 0 && (count == 0 || passed + count <= number || IsOver(begin, offsets[^1], after)))
            {
                passed += count;
                continue;
            }

            foreach (var at in OccurrencesOf(begin, offsets))
            {
                passed++;
                if (passed > number && (after is null || at > after))
                    return new Occurrence(passed, at);
            }
        }

        return null;
    }

    private static bool IsOver(DateTime begin, int lastOffset, DateTime? after) =>
        begin.Date.Plus(TimeSpan.FromDays(lastOffset + 1)) <= after;

    private IEnumerable<DateTime> OccurrencesOf(DateTime begin, int[] offsets)
    {
        foreach (var offset in offsets)
        {
            if (begin.Date.Plus(TimeSpan.FromDays(offset)) is not { } day)
                yield break;
            if (times.Length == 0)
                yield return day + begin.TimeOfDay;
            foreach (var time in times)
            {
                if (day + time.ToTimeSpan() is var at && at >= periods.Start)
                    yield return at;
            }
        }
    }
}

/// <summary>What repeats several times a day, on some days of the week only.</summary>
internal sealed class FilteredRecurrence(EvenRecurrence even, DateTime start, DayOfWeek[] days) : Recurrence
{
    public override Occurrence? Next(long number, DateTime? after)
    {
        long passed = 0;
        var day = start.Date;
        for (var step = 0; step < MostSteps && day.Plus(TimeSpan.FromDays(1)) is { } next; step++, day = next)
        {
            if (!days.Contains(day.DayOfWeek))
                continue;
            var (first, end) = (even.IndexAt(day), even.IndexAt(next));
            var index = Math.Max(first, first + number - passed);
            if (after >= day)
                index = Math.Max(index, even.IndexAt(after.Value.Plus(TimeSpan.FromTicks(1)) ?? next));
            if (index < end)
                return even.At(index) is { } at ? new Occurrence(passed + index - first + 1, at) : null;
            passed += end - first;
        }

        return null;
    }
}
