using System.Collections.Immutable;

namespace CareCoordination.Workflow.Calendars;

/// <summary>
/// The federal holidays of the United States (5 U.S.C. 6103), the default where an organisation states none of its own. The day
/// after Thanksgiving is not one of them.
/// </summary>
public static class UnitedStatesHolidays
{
    public static readonly ImmutableArray<Holiday> Federal =
    [
        new("New Year's Day", new HolidayRule.Fixed(1, 1, ShiftFromWeekend: true)),
        new("Birthday of Martin Luther King, Jr.", new HolidayRule.Weekday(1, DayOfWeek.Monday, 3), FromYear: 1986),
        new("Washington's Birthday", new HolidayRule.Weekday(2, DayOfWeek.Monday, 3), FromYear: 1971),
        new("Memorial Day", new HolidayRule.Weekday(5, DayOfWeek.Monday, -1), FromYear: 1971),
        new("Juneteenth", new HolidayRule.Fixed(6, 19, ShiftFromWeekend: true), FromYear: 2021),
        new("Independence Day", new HolidayRule.Fixed(7, 4, ShiftFromWeekend: true)),
        new("Labor Day", new HolidayRule.Weekday(9, DayOfWeek.Monday, 1)),
        new("Columbus Day", new HolidayRule.Weekday(10, DayOfWeek.Monday, 2), FromYear: 1971),
        new("Veterans Day", new HolidayRule.Fixed(11, 11, ShiftFromWeekend: true), FromYear: 1978),
        new("Thanksgiving Day", new HolidayRule.Weekday(11, DayOfWeek.Thursday, 4), FromYear: 1942),
        new("Christmas Day", new HolidayRule.Fixed(12, 25, ShiftFromWeekend: true)),
    ];
}
