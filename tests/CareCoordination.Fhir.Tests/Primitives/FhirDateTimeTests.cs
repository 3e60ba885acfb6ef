using System.Text;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Tests.Primitives;

public sealed class FhirDateTimeTests
{
    [Theory]
    [InlineData("2020", DatePrecision.Year, "2020-01-01T00:00:00.0000000", "2021-01-01T00:00:00.0000000")]
    [InlineData("2020-02", DatePrecision.Month, "2020-02-01T00:00:00.0000000", "2020-03-01T00:00:00.0000000")]
    [InlineData("2020-02-29", DatePrecision.Day, "2020-02-29T00:00:00.0000000", "2020-03-01T00:00:00.0000000")]
    [InlineData(
        "2020-02-29T12:30Z",
        DatePrecision.Minute,
        "2020-02-29T12:30:00.0000000",
        "2020-02-29T12:31:00.0000000"
    )]
    [InlineData(
        "2020-02-29T12:30:01",
        DatePrecision.Second,
        "2020-02-29T12:30:01.0000000",
        "2020-02-29T12:30:02.0000000"
    )]
    [InlineData(
        "2020-02-29T23:30:01-01:00",
        DatePrecision.Second,
        "2020-03-01T00:30:01.0000000",
        "2020-03-01T00:30:02.0000000"
    )]
    [InlineData(
        "2020-03-01T00:30:01.5+01:00",
        DatePrecision.Second,
        "2020-02-29T23:30:01.5000000",
        "2020-02-29T23:30:01.6000000"
    )]
    [InlineData(
        "2020-03-01T00:00:00.123Z",
        DatePrecision.Second,
        "2020-03-01T00:00:00.1230000",
        "2020-03-01T00:00:00.1240000"
    )]
    [InlineData(
        "2020-03-01T00:00:00.123456789Z",
        DatePrecision.Second,
        "2020-03-01T00:00:00.1234567",
        "2020-03-01T00:00:00.1234568"
    )]
    [InlineData(
        "2016-12-31T23:59:60Z",
        DatePrecision.Second,
        "2016-12-31T23:59:59.0000000",
        "2017-01-01T00:00:00.0000000"
    )]
    public void Covers_all_instants_meant(string text, DatePrecision precision, string start, string end)
    {
        Assert.True(FhirDateTime.TryParse(text, out var value));
        Assert.True(FhirDateTime.TryParse(Encoding.UTF8.GetBytes(text), out var fromUtf8));

        Assert.Equal(value, fromUtf8);
        Assert.Equal(precision, value.Precision);
        Assert.Equal((start, end), (Show(value.ToRange().Start), Show(value.ToRange().End)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("20")]
    [InlineData("2020-")]
    [InlineData("2020-13")]
    [InlineData("2021-02-29")]
    [InlineData("2020-02-29T")]
    [InlineData("2020-02-29T24:00:00Z")]
    [InlineData("2020-02-29T12:60:00Z")]
    [InlineData("2020-02-29T12:00:61Z")]
    [InlineData("2020-02-29T12:00:00.Z")]
    [InlineData("2020-02-29T12:00:00+15:00")]
    [InlineData("2020-02-29T12:00:00 01:00")]
    [InlineData("2020-02-29T12:00:00ZZ")]
    [InlineData("２０２０")]
    [InlineData("2020-02-29T12Z")]
    [InlineData("2020-02T12:00Z")]
    [InlineData("2020-02-29T12:00:00+14:01")]
    [InlineData("2020-02-29T12:00:00-1400")]
    public void Refuses_what_is_no_date(string text)
    {
        Assert.False(FhirDateTime.TryParse(Encoding.UTF8.GetBytes(text), out _));
        Assert.False(FhirDateTime.TryParse(text, out _));
    }

    public static TheoryData<string> Forms
    {
        get
        {
            string[] dates =
            [
                "1900",
                "2020-02",
                "2020-02-29",
                "2021-02-29",
                "2020-00",
                "0000",
                "2020-2-9",
                "2020-12-31",
            ];
            string[] times =
            [
                "",
                "T",
                "T12",
                "T12:30",
                "T12:30:59",
                "T23:59:60",
                "T23:59:61",
                "T24:00:00",
                "T12:30:59.",
                "T12:30:59.5",
                "T12:30:59.123456789",
                $"T12:30:59.{new string('9', 60)}",
            ];
            string[] zones = ["", "Z", "+00:00", "-14:00", "+14:00", "+14:01", "-13:59", "+1:00", "+01", "z", " 01:00"];
            return [.. dates.SelectMany(d => times.SelectMany(t => zones.Select(z => d + t + z)))];
        }
    }

    /// <summary>What is stored can be searched for and is the same moment to an expression.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void What_validation_lets_pass_is_read_by_search_and_by_expressions(string text)
    {
        var isValid = DateFormat.IsDateTime(Encoding.UTF8.GetBytes(text));
        var isRead = FhirDateTime.TryParse(text, out var read);
        var temporal = FhirPathTemporal.ParseDateTime(text);

        Assert.True(isRead || !isValid);
        if (!isRead)
            return;
        Assert.NotNull(temporal);
        Assert.Equal(
            (read.Local, read.Precision, read.Offset, read.FractionDigits),
            (temporal.Local, temporal.Precision, temporal.Offset, temporal.FractionDigits)
        );
    }

    [Theory]
    [InlineData("0001")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999")]
    [InlineData("9999-12-31T23:59:59.9999999-14:00")]
    public void Stays_within_what_a_date_can_be(string text)
    {
        Assert.True(FhirDateTime.TryParse(text, out var value));

        var range = value.ToRange();
        Assert.InRange(range.Start, DateRange.MinTicks, DateRange.MaxTicks);
        Assert.InRange(range.End, range.Start, DateRange.MaxTicks);
        Assert.InRange(value.Instant.UtcTicks, DateRange.MinTicks, DateRange.MaxTicks);
    }

    private static string Show(long ticks) => new DateTime(ticks, DateTimeKind.Unspecified).ToString("o");
}
