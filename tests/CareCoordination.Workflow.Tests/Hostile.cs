using System.Globalization;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Workflow.Tests;

/// <summary>Values that are valid FHIR and lead to the edges of what a date, a number or a count can say.</summary>
internal static class Hostile
{
    public static readonly string[] Dates =
    [
        "0001",
        "0001-01-01",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00-14:00",
        "0001-12-31T23:59:59Z",
        "1582-10-10",
        "1900-02-28",
        "2000-02-29",
        "2024-02-29T23:59:60Z",
        "2026-03-08T02:30:00-05:00", // skipped in New York
        "2026-11-01T01:30:00-04:00", // shown twice in New York
        "2026-11-23T15:00:00.123456789Z",
        "8999-12-31T23:59:59Z",
        "9000-01-01",
        "9999",
        "9999-12",
        "9999-12-31",
        "9999-12-31T00:00:00+14:00",
        "9999-12-31T23:59:59.999+14:00",
        "9999-12-31T23:59:59.999-14:00",
    ];

    public static readonly string[] Numbers =
    [
        "0",
        "-0.0",
        "1",
        "-1",
        "0.0000001",
        "1e-20",
        "0.5",
        "1.5",
        "12.9",
        "1000",
        "-100000",
        "100000",
        "2147483647",
        "-2147483648",
        "9223372036854775807",
        "1000000000000",
        "-1000000000001",
        "100000000000000000000",
        "79228162514264337593543950335",
        "-79228162514264337593543950335",
    ];

    public static readonly string[] Units = ["s", "min", "h", "d", "wk", "mo", "a"];

    public static readonly int[] Counts = [1, 2, 7, 1000, 36_525, 36_526, 1_900_000, int.MaxValue - 1, int.MaxValue];

    public static readonly TimeZoneInfo[] Zones =
    [
        TimeZoneInfo.Utc,
        TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati"), // fourteen hours ahead
        TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia"), // left a day out
        TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe"), // half an hour of summer
        TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns"),
        TimeZoneInfo.FindSystemTimeZoneById("Etc/GMT+12"),
    ];

    public static DateTimeOffset Instant(string date) => Parse(date).Instant;

    public static FhirDateTime Parse(string date)
    {
        Assert.True(FhirDateTime.TryParse(date, out var parsed), date);
        return parsed;
    }

    public static decimal Decimal(string number) =>
        decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
}
