using CareCoordination.Fhir.FhirPath;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>http://hl7.org/fhirpath/N1/#quantity, #math-2, #toquantityunit-string-quantity</summary>
public sealed class QuantityTests
{
    private static readonly string[] Lengths = ["km", "m", "dm", "cm", "mm", "[ft_i]", "[in_i]"];

    private static readonly string[] Durations =
    [
        "year",
        "month",
        "week",
        "day",
        "hour",
        "minute",
        "second",
        "millisecond",
    ];

    [Theory]
    [InlineData("3 'g' + 500 'mg'", "3500 'mg'")]
    [InlineData("500 'mg' + 3 'g'", "3500 'mg'")]
    [InlineData("500 'mg' - 3 'g'", "-2500 'mg'")]
    [InlineData("1 week + 3 days", "10 days")]
    [InlineData("3 days + 1 week", "10 days")]
    [InlineData("1 week - 1 day", "6 days")]
    [InlineData("2 hours + 30 minutes", "150 minutes")]
    [InlineData("1 year + 1 month", "13 months")]
    [InlineData("1 year - 1 day", "364 days")]
    [InlineData("1 day + 1 'h'", "25 'h'")]
    [InlineData("1 'mm[Hg]' + 1 'Pa'", "134.322 'Pa'")]
    [InlineData("3 'g' + 1 'm'", "")]
    [InlineData("3 'g' + 1", "")]
    [InlineData("3 '1' + 1", "4 '1'")]
    public void A_sum_has_the_finer_unit(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("@2011-01-10 + (1 week + 3 days)", "@2011-01-20")]
    [InlineData("@2011-01-10 + (3 days + 1 week)", "@2011-01-20")]
    [InlineData("@2011-01-20 - (1 week + 3 days)", "@2011-01-10")]
    [InlineData("@2011-01-10 + (1 year + 1 month)", "@2012-02-10")]
    [InlineData("@2011-01-10T00:00:00Z + (1 day + 90 minutes)", "@2011-01-11T01:30:00Z")]
    [InlineData("@2011-01-10 + 2 * 1 week", "@2011-01-24")]
    [InlineData("@2011-01-31 + 2 * 1 month", "@2011-03-31")]
    [InlineData("@2011-01-10 + (3 weeks / 3)", "@2011-01-17")]
    public void A_date_moves_by_what_a_calculation_gives(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("2 * 1 year", "2 years")]
    [InlineData("1 year * 2", "2 years")]
    [InlineData("2 * 1 year = 2 years", "true")]
    [InlineData("2 years / 2", "1 year")]
    [InlineData("2 years / 1 year", "2 '1'")]
    [InlineData("6 'kg' / 2 days", "3 'kg/d'")]
    [InlineData("6 'kg' * 2 days", "12 'kg.d'")]
    [InlineData("2 hours * 3 days", "6 'h.d'")]
    [InlineData("6 'm' / 2 'kg/s'", "3 'm/(kg/s)'")]
    [InlineData("1 year / 0", "")]
    [InlineData("1 year div 2 years", "! 'div' is not defined for these types.")]
    public void A_product_has_a_unit_that_UCUM_knows_or_the_calendar(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("1 year = 12 months", "true")]
    [InlineData("1 year = 365 days", "true")]
    [InlineData("1 month = 30 days", "true")]
    [InlineData("1 year ~ 365 days", "true")]
    [InlineData("1 week = 7 days", "true")]
    [InlineData("1 day = 24 hours", "true")]
    [InlineData("1 second = 1000 milliseconds", "true")]
    [InlineData("1 month > 29 days", "true")]
    [InlineData("1 day = 1 'd'", "true")]
    [InlineData("1 week = 7 'd'", "true")]
    [InlineData("1 month = 1 'mo'", "")]
    [InlineData("1 year > 1 'a'", "")]
    [InlineData("1 year ~ 1 'a'", "true")]
    [InlineData("(1 year).toQuantity('days')", "365 days")]
    [InlineData("(1 month).toQuantity('days')", "30 days")]
    [InlineData("(2 years).toQuantity('months')", "24 months")]
    [InlineData("(730 days).toQuantity('year')", "2 years")]
    [InlineData("(90 minutes).toQuantity('hours')", "1.5 hours")]
    [InlineData("(1 day).toQuantity('kg')", "")]
    public void A_year_has_365_days_or_12_months(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    public static TheoryData<string, string> PairsOfDurations =>
        [.. Durations.SelectMany(a => Durations.Select(b => (a, b)))];

    /// <summary>There and back, whatever the pair: what converts is equal to what it was.</summary>
    [Theory]
    [MemberData(nameof(PairsOfDurations))]
    public void Durations_convert_there_and_back(string from, string to) =>
        Assert.Equal("true", Given.Evaluate($"(36500 {from}s).toQuantity('{to}') ~ 36500 {from}s"));

    public static TheoryData<string, string> PairsOfLengths =>
        [.. Lengths.SelectMany(a => Lengths.Select(b => (a, b)))];

    [Theory]
    [MemberData(nameof(PairsOfLengths))]
    public void A_sum_is_the_same_whichever_comes_first(string a, string b)
    {
        Assert.Equal(Given.Evaluate($"3 '{a}' + 5 '{b}'"), Given.Evaluate($"5 '{b}' + 3 '{a}'"));
        Assert.Equal("true", Given.Evaluate($"(3 '{a}' + 5 '{b}') - 5 '{b}' = 3 '{a}'"));
        Assert.Equal("true", Given.Evaluate($"3 '{a}' + 5 '{b}' > 3 '{a}'"));
    }

    [Theory]
    [InlineData("'http://snomed.info/sct','code':'258684004'", "value = 5 'mg'", "")]
    [InlineData("'http://snomed.info/sct','code':'mg'", "value = 5 'mg'", "")]
    [InlineData("'http://snomed.info/sct','code':'mg'", "value > 1 'mg'", "")]
    [InlineData("'http://snomed.info/sct','code':'mg'", "value = value", "true")]
    [InlineData("'http://snomed.info/sct','code':'mg'", "value + value", "10 'mg'")]
    [InlineData("'http://snomed.info/sct','code':'mg'", "value * 2", "10 'mg'")]
    [InlineData("'http://snomed.info/sct','code':'mg'", "value * value", "")]
    [InlineData("'http://snomed.info/sct','code':'mg'", "value / (2 'kg')", "")]
    [InlineData("'http://snomed.info/sct','code':'a'", "@2020-01-01 + value", "! *")]
    [InlineData("'http://unitsofmeasure.org','code':'mg'", "value = 5 'mg'", "true")]
    [InlineData("'http://unitsofmeasure.org','code':'g'", "value = 5000 'mg'", "true")]
    public void A_unit_of_another_system_is_none_of_UCUM(string unit, string expression, string expected)
    {
        var observation = Given.Parse(
            $"{{'resourceType':'Observation','valueQuantity':{{'value':5,'system':{unit}}}}}".Replace('\'', '"')
        );
        var compiled = FhirPathExpression
            .Compile(expression, R4.R4Definitions.Schema, observation.Type)
            .Value.Evaluate(observation, Given.Context());

        var actual = compiled.TryGet(out var values, out _) ? string.Join(", ", values.Select(v => $"{v}")) : "! *";
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("@T10:00 + 1 day", "! A time of day is moved by hours, minutes, seconds or milliseconds.")]
    [InlineData("@T10:00 - 1 week", "! A time of day is moved by hours, minutes, seconds or milliseconds.")]
    [InlineData("@T10:00 + 1 month", "! A time of day is moved by hours, minutes, seconds or milliseconds.")]
    [InlineData("@T10:00 + 1 year", "! A time of day is moved by hours, minutes, seconds or milliseconds.")]
    [InlineData("@T10:00 + 1 'd'", "! A time of day is moved by hours, minutes, seconds or milliseconds.")]
    [InlineData("@T10:00 + 24 hours", "@T10:00")]
    [InlineData("@T10:00 - 11 hours", "@T23:00")]
    public void A_time_of_day_has_no_days(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("@2020-01-01T10:00:00Z + 1.5 seconds", "@2020-01-01T10:00:01.500Z")]
    [InlineData("@2020-01-01T10:00:00Z + 250 milliseconds", "@2020-01-01T10:00:00.250Z")]
    [InlineData("@2020-01-01T10:00:00.5Z + 0.25 seconds", "@2020-01-01T10:00:00.750Z")]
    [InlineData("@2020-01-01T10:00:00.5Z + 500 milliseconds", "@2020-01-01T10:00:01.0Z")]
    [InlineData("@T10:00:00 + 1.5 seconds", "@T10:00:01.500")]
    [InlineData("@T10:00:00 + 1.25 seconds > @T10:00:01", "true")]
    [InlineData("@2020-01-01T10:00Z + 90.5 seconds", "@2020-01-01T10:01Z")]
    public void Fractions_of_a_second_are_kept(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("1.2 ~ 1.23", "true")]
    [InlineData("1.20 ~ 1.23", "true")]
    [InlineData("1.50 ~ 1.46", "true")]
    [InlineData("1.00 ~ 1.4", "true")]
    [InlineData("1.0 ~ 1.6", "false")]
    [InlineData("0.0 ~ 0.4", "true")]
    [InlineData("1.200 !~ 1.26", "true")]
    [InlineData("100 ~ 100.4", "true")]
    [InlineData("1.20 'g' ~ 1230 'mg'", "true")]
    [InlineData("1.20 'g' ~ 1260 'mg'", "false")]
    public void Zeros_at_the_end_are_no_precision(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));
}
