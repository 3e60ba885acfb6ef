using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>
/// Numbers, quantities, dates and times at the ends of what their types can hold: whatever an expression does with them, it gives values
/// or a failure, and never throws.
/// </summary>
public sealed class HostileValueTests
{
    private static readonly string[] Values =
    [
        "0",
        "1",
        "(-1)",
        "2147483647",
        "(-2147483647 - 1)",
        "0.0",
        "0.0000000000000000000000000001",
        "(-0.0000000000000000000000000001)",
        "79228162514264337593543950335.0",
        "(-79228162514264337593543950335.0)",
        "7.9228162514264337593543950335",
        "1 'g'",
        "0 'kg'",
        "79228162514264337593543950335.0 'g'",
        "0.0000000000000000000000000001 'kg'",
        "1 'Yg'",
        "1 'ag'",
        "1 '10*50.g'",
        "1 '10*-50.g'",
        "1 '10*99999999999'",
        "1 'm99999999999'",
        "1 '/1000000000/1000000000/1000000000/1000000000'",
        "1 '79228162514264337593543950335.79228162514264337593543950335'",
        "1 '(((((((((('",
        "1 ''",
        "1 year",
        "2147483647 years",
        "(-2147483647) months",
        "79228162514264337593543950335.0 days",
        "79228162514264337593543950335.0 milliseconds",
        "(-79228162514264337593543950335.0) seconds",
        "0.1 hour",
        "1000000000 'a'",
        "1000000000 'd'",
        "@0001",
        "@0001-01-01",
        "@9999",
        "@9999-12",
        "@9999-12-31",
        "@0001-01-01T00:00:00.000+14:00",
        "@0001-01-01T00:00:00.000-14:00",
        "@9999-12-31T23:59:59.999+14:00",
        "@9999-12-31T23:59:59.9999999-14:00",
        "@9999-12-31T23",
        "@2000-02-29T23:59:60Z",
        "@T00:00",
        "@T23:59:59.999",
        "@T23:59:59.99999999999999999999",
        "'1e-99999999999'",
        "'99999999999999999999999999999999999999'",
        "'-'",
        "'9999-12-31'",
        "'79228162514264337593543950335 \\'g\\''",
        "''",
        "'\\u0000'",
        "true",
        "{}",
    ];

    private static readonly string[] Functions =
    [
        "abs()",
        "ceiling()",
        "floor()",
        "truncate()",
        "round()",
        "round(28)",
        "round(2147483647)",
        "exp()",
        "ln()",
        "sqrt()",
        "log(0)",
        "log(2)",
        "power(2147483647)",
        "power(-2147483647)",
        "power(0.5)",
        "power(79228162514264337593543950335.0)",
        "toInteger()",
        "toDecimal()",
        "toString()",
        "toQuantity()",
        "toQuantity('g')",
        "toQuantity('year')",
        "toDate()",
        "toDateTime()",
        "toTime()",
        "toBoolean()",
        "convertsToInteger()",
        "convertsToQuantity('g')",
        "lowBoundary()",
        "lowBoundary(0)",
        "lowBoundary(28)",
        "highBoundary()",
        "highBoundary(0)",
        "highBoundary(28)",
        "highBoundary(2147483647)",
        "lowBoundary(-2147483647)",
        "precision()",
        "sum()",
        "avg()",
        "min()",
        "not()",
        "type().name",
        "substring(2147483647)",
        "substring(-1, 2147483647)",
        "substring(0, -2147483647)",
        "skip(2147483647)",
        "take(-2147483647)",
        "indexOf('')",
        "select(-$this)",
        "first()[2147483647]",
        "comparable(1 'g')",
        "distinct()",
        "upper()",
        "encode('base64')",
        "decode('hex')",
    ];

    private static readonly string[] Operators =
    [
        "+",
        "-",
        "*",
        "/",
        "div",
        "mod",
        "=",
        "!=",
        "~",
        "!~",
        "<",
        "<=",
        ">",
        ">=",
        "&",
        "|",
        "in",
        "contains",
        "and",
    ];

    [Fact]
    public void Every_operator_answers_for_every_pair()
    {
        var unexpected = new List<string>();
        foreach (var left in Values)
        {
            foreach (var right in Values)
            {
                foreach (var symbol in Operators)
                    Answer($"{left} {symbol} {right}", unexpected);
            }
        }

        Assert.Empty(unexpected);
    }

    [Fact]
    public void Every_function_answers_for_every_value()
    {
        var unexpected = new List<string>();
        foreach (var value in Values)
        {
            foreach (var function in Functions)
                Answer($"{value}.{function}", unexpected);
        }

        Assert.Empty(unexpected);
    }

    [Fact]
    public void Every_aggregate_answers_for_every_pair()
    {
        var unexpected = new List<string>();
        foreach (var left in Values)
        {
            foreach (var right in Values)
            {
                foreach (var call in (string[])["sum()", "avg()", "min()", "max()", "sort()", "distinct().count()"])
                    Answer($"{left}.combine({right}).{call}", unexpected);
            }
        }

        Assert.Empty(unexpected);
    }

    [Theory]
    [InlineData("2147483647 + 1", "")]
    [InlineData("-2147483647 - 2", "")]
    [InlineData("-(-2147483647 - 1)", "")]
    [InlineData("(-2147483647 - 1).abs()", "")]
    [InlineData("(-2147483647 - 1) div -1", "")]
    [InlineData("(-2147483647 - 1) mod -1", "0")]
    [InlineData("79228162514264337593543950335.0 + 1", "")]
    [InlineData("79228162514264337593543950335.0 * 2", "")]
    [InlineData("79228162514264337593543950335.0 div 1", "")]
    [InlineData("1 / 0", "")]
    [InlineData("1 'g' / 0 'g'", "")]
    [InlineData("79228162514264337593543950335.0.highBoundary()", "")]
    [InlineData("@9999-12-31 + 1 year", "")]
    [InlineData("@9999-12-31 + 1 day", "")]
    [InlineData("@0001-01-01 - 1 day", "")]
    [InlineData("@9999-12-31T23:59:59.999Z + 1 millisecond", "")]
    [InlineData("@2024-02-29 + 1 year", "@2025-02-28")]
    [InlineData("@2024-01-31 + 1 month", "@2024-02-29")]
    [InlineData("@2024-01-01 + 2147483647 years", "")]
    [InlineData("@2024-01-01 + 79228162514264337593543950335.0 days", "")]
    [InlineData("@T23:00 + 2 hours", "@T01:00")]
    [InlineData("@T01:00 - 2 hours", "@T23:00")]
    [InlineData("@T01:00 + 25000000000 seconds", "@T21:26")]
    [InlineData("@T01:00 + 25000000000000 seconds", "")]
    [InlineData("@T00:00:00 - 900000000000 seconds", "@T08:00:00")]
    [InlineData("@9999.highBoundary()", "@9999-12-31")]
    [InlineData("@9999-12.highBoundary()", "@9999-12-31")]
    [InlineData("@9999-12-31T.highBoundary()", "@9999-12-31T23:59:59.999-12:00")]
    [InlineData("@0001.lowBoundary()", "@0001-01-01")]
    [InlineData("@T23.highBoundary()", "@T23:59:59.999")]
    [InlineData("@9999-12-31T23:59:59.999-14:00 = @9999-12-31T23:59:59.999-14:00", "true")]
    [InlineData("@0001-01-01T00:00:00+14:00 < @0001-01-01T00:00:00-14:00", "true")]
    [InlineData("1 '10*99999999999' = 1 '1'", "")]
    [InlineData("1 '10*60' = 1 '10*50'", "")]
    [InlineData("1 'm99999999999' = 1 '1'", "")]
    [InlineData("1 'm3' = 1000 'L'", "true")]
    [InlineData("1 = 1 '/1000000000/1000000000/1000000000/1000000000'", "")]
    [InlineData("'1e-99999999999'.toDecimal()", "")]
    [InlineData("'99999999999'.toInteger()", "")]
    [InlineData("'79228162514264337593543950336'.toDecimal()", "")]
    [InlineData("2.power(31)", "")]
    [InlineData("2.power(2147483647)", "")]
    [InlineData("1000.exp()", "")]
    [InlineData("(-1).ln()", "")]
    [InlineData("'abc'.substring(2147483647)", "")]
    [InlineData("'abc'.substring(1, 2147483647)", "'bc'")]
    [InlineData("(1 | 2 | 3).skip(2147483647)", "")]
    [InlineData("(1 | 2 | 3).take(2147483647)", "1, 2, 3")]
    [InlineData("(2147483647 | 1).sum()", "")]
    [InlineData("(1 | 'a').sort()", "! System.Integer and System.String have no order.")]
    public void What_does_not_fit_does_not_exist(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    private static void Answer(string expression, List<string> unexpected)
    {
        try
        {
            var result = FhirPathExpression
                .Compile(expression, R4.R4Definitions.Schema)
                .Then(e => e.Evaluate(Given.CarePlan, new EvaluationContext(new WorkBudget()) { Now = Given.Now }));
            if (!result.TryGet(out var values, out var failure))
            {
                if (
                    failure.Status is not (400 or 422)
                    || failure.Issues[0].Code is not (IssueCode.Processing or IssueCode.Invalid)
                )
                    unexpected.Add($"{expression}: {failure.Issues[0].Diagnostics}");
            }
            else if (values.Any(v => v.ToString().Length == 0))
            {
                unexpected.Add($"{expression}: a value without text");
            }
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            unexpected.Add($"{expression}: {e.GetType().Name}");
        }
    }
}
