using System.Globalization;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Workflow.Tests.Monitoring;

/// <summary>Which values are beyond a threshold, by every comparator on either side, and in other units.</summary>
public sealed class ReadingThresholdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 15, 0, 0, TimeSpan.Zero);

    private static readonly string?[] Bounds = [null, "<", "<=", ">=", ">"];

    /// <summary>
    /// What is certain is told from points: a bound is all numbers on its side, and the threshold is certainly crossed where each of them crosses it.
    /// </summary>
    [Fact]
    public void A_reading_that_is_a_bound_is_judged_by_all_that_it_can_be()
    {
        foreach (var comparator in Bounds.OfType<string>())
        foreach (var bound in Bounds)
            for (var value = 98; value <= 102; value++)
            {
                var points = Enumerable.Range(0, 1000).Select(i => i * 0.25m).Where(p => Is(p, bound, value)).ToArray();
                var crosses = points.Count(p => Is(p, comparator, 100));
                var expected =
                    crosses == points.Length ? "urgent"
                    : crosses == 0 ? null
                    : "routine";

                Assert.Equal(
                    (comparator, bound, value, expected),
                    (comparator, bound, value, PriorityOf(comparator, bound, value))
                );
            }

        static bool Is(decimal point, string? comparator, decimal value) =>
            comparator switch
            {
                "<" => point < value,
                "<=" => point <= value,
                ">=" => point >= value,
                ">" => point > value,
                _ => point == value,
            };
    }

    /// <summary>Threshold, unit of it, reading, unit of that, and whether it is above.</summary>
    [Theory]
    [InlineData("38", "Cel", "100.4", "[degF]", true)]
    [InlineData("38", "Cel", "100.3", "[degF]", false)]
    [InlineData("100.4", "[degF]", "38", "Cel", true)]
    [InlineData("100.4", "[degF]", "37.9", "Cel", false)]
    [InlineData("311.15", "K", "38", "Cel", true)]
    [InlineData("100", "kg", "221", "[lb_av]", true)]
    [InlineData("100", "kg", "220", "[lb_av]", false)]
    [InlineData("100", "kg", "100000", "g", true)]
    [InlineData("24", "kPa", "181", "mm[Hg]", true)]
    [InlineData("24", "kPa", "179", "mm[Hg]", false)]
    [InlineData("1", "h", "60", "min", true)]
    public void A_reading_in_another_unit_is_converted(
        string threshold,
        string unit,
        string value,
        string other,
        bool isAbove
    )
    {
        var watched = new Watched(
            Watched.Target(Watched.Systolic, Watched.Threshold(Watched.Quantity(threshold, ">=", unit), "urgent")),
            Now
        );

        watched.Write(Of(value, other));

        Assert.Equal(isAbove ? ["urgent"] : [], watched.Tasks.Select(t => watched.Priority(t)));
    }

    [Theory]
    [InlineData("[ppth]")]
    [InlineData("mmol/L")]
    [InlineData("something")]
    public void A_reading_that_cannot_be_converted_is_looked_at(string unit)
    {
        var watched = new Watched(
            Watched.Target(Watched.Systolic, Watched.Threshold(Watched.Quantity("100", ">=", "mg/dL"), "stat")),
            Now
        );

        watched.Write(Of("50", unit));

        Assert.Equal(["routine"], watched.Tasks.Select(t => watched.Priority(t)));
        Assert.Contains(
            "cannot be compared",
            watched.Json(watched.Tasks.Single())["description"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0, "Cel", "[degF]", 32)]
    [InlineData(32, "[degF]", "Cel", 0)]
    [InlineData(-40, "[degF]", "Cel", -40)]
    [InlineData(0, "K", "Cel", -273.15)]
    [InlineData(37, "Cel", "[degF]", 98.6)]
    public void Temperatures_convert_as_readings(double value, string from, string to, double expected) =>
        Assert.Equal((decimal)expected, Math.Round(UnitConversion.Convert((decimal)value, from, to)!.Value, 9));

    [Fact]
    public void No_number_is_too_large_to_be_answered()
    {
        Assert.Null(UnitConversion.Convert(decimal.MaxValue, "Cel", "[degF]"));
        Assert.Null(UnitConversion.Convert(decimal.MaxValue, "kg", "ug"));
    }

    private static string? PriorityOf(string comparator, string? bound, int value)
    {
        var watched = new Watched(
            Watched.Target(Watched.Systolic, Watched.Threshold(Watched.Quantity("100", comparator), "urgent")),
            Now
        );
        watched.Write(Of(value.ToString(CultureInfo.InvariantCulture), "mm[Hg]", bound));
        return watched.Tasks.Select(t => watched.Priority(t)).SingleOrDefault();
    }

    private static Workflow.Goals.Reading Of(string value, string unit, string? bound = null)
    {
        var comparator = bound is null ? "" : $",'comparator':'{bound}'";
        return Workflow.Goals.Reading.Of(
            Given.Resource(
                "Observation",
                "o",
                $"'status':'final','code':{{'coding':[{{'system':'http://loinc.org','code':'8480-6'}}]}},'subject':{{'reference':'Patient/p'}},'effectiveDateTime':'2026-11-23','valueQuantity':{{'value':{value},'code':'{unit}'{comparator}}}"
            )
        )!;
    }
}
