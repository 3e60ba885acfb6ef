namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>http://hl7.org/fhirpath/N1/#operations</summary>
public sealed class OperatorTests
{
    [Theory]
    [InlineData("title = 'After the hospital'", "true")]
    [InlineData("status = intent", "false")]
    [InlineData("title ~ 'after  the HOSPITAL'", "true")]
    [InlineData("identifier[0] = identifier.first()", "true")]
    [InlineData("identifier[0] = identifier[1]", "false")]
    [InlineData("identifier = identifier.tail() | identifier.first()", "false")]
    [InlineData("identifier ~ identifier.tail().combine(identifier.first())", "true")]
    [InlineData("period.start = @2026-03-01", "true")]
    [InlineData("period.start = @2026-03-01T10:00", "")]
    [InlineData("period.start = '2026-03-01'", "false")]
    [InlineData("title = {}", "")]
    [InlineData("title != 5", "true")]
    [InlineData("1.50 = 1.5 and 1 = 1.0", "true")]
    public void Compares_for_equality(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("period.start < period.end", "true")]
    [InlineData("@2026-03 < @2026-03-15", "")]
    [InlineData("@2026-03 < @2026-04-15", "true")]
    [InlineData("@2026-03-01T23:00-05:00 > @2026-03-02T03:00Z", "true")]
    [InlineData("@2026-03-01T10:00 > @2026-03-01T20:00Z", "")]
    [InlineData("@2026-03-01T10:00 < @2026-03-04T03:00Z", "true")]
    [InlineData("1 > 'a'", "! System.Integer and System.String have no order.")]
    [InlineData("subject > 1", "! Reference and System.Integer have no order.")]
    [InlineData("identifier.value > '1'", "! One item is expected, but there are 2.")]
    [InlineData("{} > 1", "")]
    public void Compares_for_order(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("activity[0].detail.quantity = 30 'min'", "true")]
    [InlineData("activity[0].detail.quantity = 0.5 'h'", "true")]
    [InlineData("activity[0].detail.quantity = 30 minutes", "true")]
    [InlineData("activity[0].detail.quantity > 1 'kg'", "")]
    [InlineData("activity[1].detail.dailyAmount = 1500 'm'", "true")]
    [InlineData("1 year = 12 months", "true")]
    [InlineData("1 year = 1 'a'", "")]
    [InlineData("1 year ~ 1 'a'", "true")]
    [InlineData("1 month < 31 days", "true")]
    [InlineData("98.6 '[degF]' = 37 'Cel'", "")]
    [InlineData("5.5 'mmol/L' = 0.0055 'mol/L'", "true")]
    [InlineData("120 'mm[Hg]' > 10 'kPa'", "true")]
    [InlineData("1 '{score}' = 1 '1'", "true")]
    [InlineData("70 '[lb_av]' < 32 'kg'", "true")]
    public void Converts_units(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("7 div 2", "3")]
    [InlineData("-7 div 2", "-3")]
    [InlineData("7 mod -2", "1")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("1 / 0", "")]
    [InlineData("2147483647 + 1", "")]
    [InlineData("'a' + 'b'", "'ab'")]
    [InlineData("'a' + {}", "")]
    [InlineData("'a' & {}", "'a'")]
    [InlineData("'a' - 'b'", "! '-' is not defined for these types.")]
    [InlineData("3 'g' + 500 'mg'", "3500 'mg'")]
    [InlineData("3 'g' + 1 'm'", "")]
    [InlineData("6 'km' / 2 'h'", "3 'km/h'")]
    [InlineData("-title", "! A sign stands before numbers and quantities only.")]
    public void Calculates(string expression, string expected) => Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("period.start + 30 days", "@2026-03-31T")]
    [InlineData("@2026-01-31 + 1 month", "@2026-02-28")]
    [InlineData("@2024-02-29 - 1 year", "@2023-02-28")]
    [InlineData("@2026-03-01T10:00:00Z + 90 minutes", "@2026-03-01T11:30:00Z")]
    [InlineData("@2026 + 24 months", "@2028")]
    [InlineData("@T23:30 + 1 hour", "@T00:30")]
    [InlineData("@9999-12-31 + 1 day", "")]
    [InlineData(
        "@2026-03-01 + 1 'kg'",
        "! Only durations are added to dates and times; years and months as calendar durations: 1 year, not 1 'a'."
    )]
    public void Moves_dates(string expression, string expected) => Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("true and {}", "")]
    [InlineData("{} and false", "false")]
    [InlineData("{} or true", "true")]
    [InlineData("{} implies true", "true")]
    [InlineData("false implies {}", "true")]
    [InlineData("true xor true", "false")]
    [InlineData("title and true", "true")]
    [InlineData("identifier and true", "! One item is expected, but there are 2.")]
    public void Reasons_with_three_values(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("'1' in identifier.value", "true")]
    [InlineData("identifier.value contains '3'", "false")]
    [InlineData("{} in identifier.value", "")]
    [InlineData("status | intent | 'plan' | 'x'", "active, plan, 'x'")]
    [InlineData("title is string", "true")]
    [InlineData("title is String", "false")]
    [InlineData("'a' is String", "true")]
    [InlineData("status is string", "true")]
    [InlineData("status as string", "")]
    [InlineData("activity.detail.quantity is Quantity", "true")]
    [InlineData("(5 'mg') is Quantity", "true")]
    [InlineData("contained.ofType(DomainResource).id", "g1")]
    [InlineData("contained as Goal", "CarePlan.contained[0]")]
    [InlineData("{} is string", "")]
    [InlineData("title.value", "'After the hospital'")]
    [InlineData("title.value is System.String", "true")]
    [InlineData("title.value.as(System.String)", "'After the hospital'")]
    [InlineData("title.value as String", "'After the hospital'")]
    [InlineData("title.as(System.String)", "")]
    [InlineData("title.value.length()", "18")]
    [InlineData("period.start.value is System.DateTime", "true")]
    [InlineData("identifier.value.value", "'1', '2'")]
    [InlineData("extension.value.value", "7")]
    [InlineData("status.value.exists()", "true")]
    [InlineData("status.value.value", "")]
    [InlineData("careTeam.display.value.exists()", "true")]
    public void Knows_collections_and_types(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));
}
