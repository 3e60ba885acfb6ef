using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Application.Settings;

/// <summary>When an organisation works: <c>TimeZone</c>, <c>WorkDays</c> and <c>Holidays</c> of a section.</summary>
internal static class CalendarSettings
{
    private const string UnitedStates = "UnitedStates";
    private const string None = "None";

    private static readonly string[] Nths = ["first", "second", "third", "fourth", "last"];
    private const int LastOfMonth = 4;

    /// <param name="common">What is not said stays as it is there.</param>
    public static BusinessCalendar Read(OptionsSection section, BusinessCalendar common) =>
        new(
            Zone(section, "TimeZone") ?? common.Zone,
            Weekend(section, "WorkDays") ?? common.Weekend,
            Holidays(section, "Holidays") ?? common.Holidays
        );

    private static TimeZoneInfo? Zone(OptionsSection section, string key) =>
        section.Text(key) is not { } zone ? null
        : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found
        : throw section.Problem(key, zone, "it must be the name of a time zone, such as America/New_York.");

    private static ImmutableArray<DayOfWeek>? Weekend(OptionsSection section, string key)
    {
        var names = section.List(key);
        if (names.Length == 0)
            return null;
        var working = names.Select(name =>
            DayNamed(name) ?? throw section.Problem(key, name, "it must be days of the week, such as Monday, Tuesday.")
        );
        return [.. Enum.GetValues<DayOfWeek>().Except(working)];
    }

    private static ImmutableArray<Holiday>? Holidays(OptionsSection section, string key)
    {
        var texts = section.List(key);
        return texts.Length == 0 ? null
            : texts is [None] ? []
            : [.. texts.SelectMany(text => HolidaysOf(text) ?? throw Wrong(text))];

        ConfigurationProblem Wrong(string text) =>
            section.Problem(
                key,
                text,
                $"a holiday is {UnitedStates} for the federal ones, a date such as 2026-11-27, a day of every year such as 12-24, a weekday such as 'fourth Friday of November', or {None} alone."
            );
    }

    private static IEnumerable<Holiday>? HolidaysOf(string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (text == UnitedStates)
            return UnitedStatesHolidays.Federal;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var date))
            return [new Holiday(text, new HolidayRule.Once(date))];
        // In a leap year, so that the last of February can be one.
        if (DateOnly.TryParseExact($"2024-{text}", "yyyy-MM-dd", culture, DateTimeStyles.None, out var yearly))
            return [new Holiday(text, new HolidayRule.Fixed(yearly.Month, yearly.Day))];
        if (text.ToLowerInvariant().Split(' ') is not [var which, var weekday, "of" or "in", var monthName])
            return null;
        var nth = Array.IndexOf(Nths, which);
        var month = Array.FindIndex(
            culture.DateTimeFormat.MonthNames,
            m => m.Length > 0 && m.Equals(monthName, StringComparison.OrdinalIgnoreCase)
        );
        return month < 0 || nth < 0 || DayNamed(weekday) is not { } day
            ? null
            : [new Holiday(text, new HolidayRule.Weekday(month + 1, day, nth == LastOfMonth ? -1 : nth + 1))];
    }

    private static DayOfWeek? DayNamed(string name) =>
        Enum.GetValues<DayOfWeek>()
            .Where(d => d.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(d => (DayOfWeek?)d)
            .FirstOrDefault();
}
