using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Workflow.Calendars;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Mirror;

/// <summary>
/// The days of the calendar of the server, kept as a table beside the record: <c>calendar_day</c>. A day has its first instant, whether it
/// is a business day, and how many business days there were up to it: the deadline two business days after a day is the first one whose
/// number is larger by two.
/// </summary>
internal sealed class CalendarDays
{
    private const int FirstYear = 2000;
    private const int LastYear = 2049;

    /// <summary>The first and the last day of tables of days.</summary>
    public static readonly DateOnly First = new(FirstYear, 1, 1);

    /// <inheritdoc cref="First"/>
    public static readonly DateOnly Last = new(LastYear, 12, 31);

    private readonly ImmutableArray<(DateOnly Day, DateTimeOffset Starts, bool IsBusiness)> _days;

    public CalendarDays(BusinessCalendar calendar)
    {
        Zone = calendar.Zone;
        var off = Enumerable
            .Range(FirstYear - 1, LastYear - FirstYear + 3)
            .SelectMany(_ => calendar.Holidays, (year, holiday) => holiday.In(year))
            .OfType<DateOnly>()
            .ToHashSet();
        _days =
        [
            .. Enumerable
                .Range(First.DayNumber, Last.DayNumber - First.DayNumber + 1)
                .Select(DateOnly.FromDayNumber)
                .Select(day =>
                    (
                        day,
                        calendar.StartOf(day).ToUniversalTime(),
                        !calendar.Weekend.Contains(day.DayOfWeek) && !off.Contains(day)
                    )
                ),
        ];
        Fingerprint = string.Join(
            ',',
            _days
                .Where(day => !day.IsBusiness)
                .Select(day => day.Day.DayNumber.ToString(CultureInfo.InvariantCulture))
                .Prepend(Zone.Id)
        );
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>The same where the days are the same.</summary>
    public string Fingerprint { get; }

    public void Fill(DuckDBConnection writer)
    {
        using (var command = writer.CreateCommand())
        {
            command.CommandText =
                "CREATE TABLE calendar_day (day DATE, starts TIMESTAMPTZ, is_business BOOLEAN, number INTEGER)";
            command.ExecuteNonQuery();
        }

        using var appender = writer.CreateAppender("calendar_day");
        var number = 0;
        foreach (var (day, starts, isBusiness) in _days)
        {
            number += isBusiness ? 1 : 0;
            appender
                .CreateRow()
                .AppendValue(day)
                .AppendValue(starts)
                .AppendValue(isBusiness)
                .AppendValue(number)
                .EndRow();
        }
    }
}
