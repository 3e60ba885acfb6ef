using System.Globalization;
using System.Text;
using CareCoordination.Fhir.FhirPath;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>http://hl7.org/fhirpath/N1/#lexical-elements and #operator-precedence</summary>
public sealed class SyntaxTests
{
    [Theory]
    [InlineData("1+2*3", "1 + 2 * 3")]
    [InlineData("(1+2)*3", "(1 + 2) * 3")]
    [InlineData("1-(2-3)", "1 - (2 - 3)")]
    [InlineData("a or b and c", "a or b and c")]
    [InlineData("(a or b) and c", "(a or b) and c")]
    [InlineData("a|b is System.String", "a | b is System.String")]
    [InlineData("-a.b", "-a.b")]
    [InlineData("(-a).b", "(-a).b")]
    [InlineData("a.where( $this = 'it\\'s' )[0]", "a.where($this = 'it\\'s')[0]")]
    [InlineData("%`vs-x`&%ucum", "%`vs-x` & %ucum")]
    [InlineData("`div`.`a b`.contains", "`div`.`a b`.`contains`")]
    [InlineData("4 days + 1 'kg'", "4 days + 1 'kg'")]
    [InlineData("@2026-03-01T | @T10:30 | @2026 | {}", "@2026-03-01T | @T10:30 | @2026 | {}")]
    [InlineData("a // end\n.b /* more */", "a.b")]
    public void Prints_an_expression_in_canonical_form(string text, string canonical)
    {
        var expression = FhirPathExpression.Compile(text, R4.R4Definitions.Schema).Value;

        Assert.Equal(canonical, expression.ToString());
    }

    [Theory]
    [InlineData("", "FHIRPath, position 1: a value, a name or '(' is expected, not the end.")]
    [InlineData("1 +", "FHIRPath, position 4: a value, a name or '(' is expected, not the end.")]
    [InlineData("title.where(", "FHIRPath, position 13: a value, a name or '(' is expected, not the end.")]
    [InlineData("title)", "FHIRPath, position 6: an operator or the end is expected, not ')'.")]
    [InlineData("'open", "FHIRPath, position 1: the text that starts here is not closed with '.")]
    [InlineData("\"title\"", "FHIRPath, position 1: this character is no part of FHIRPath.")]
    [InlineData("title.\"value\"", "FHIRPath, position 7: this character is no part of FHIRPath.")]
    [InlineData("contained.nosuch", "FHIRPath, position 11: any type has no element 'nosuch'.")]
    [InlineData("contained.where(nosuch = 1)", "FHIRPath, position 17: any type has no element 'nosuch'.")]
    [InlineData("children().nosuch", "FHIRPath, position 12: any type has no element 'nosuch'.")]
    [InlineData("descendants().nosuch.exists()", "FHIRPath, position 15: any type has no element 'nosuch'.")]
    [InlineData("%resource.nosuch", "FHIRPath, position 11: any type has no element 'nosuch'.")]
    [InlineData("goal.resolve().lifecyclestatus", "FHIRPath, position 16: any type has no element 'lifecyclestatus'.")]
    [InlineData("'\\q'", "FHIRPath, position 2: the escape is none of \\' \\` \\\" \\\\ \\/ \\f \\n \\r \\t \\uXXXX.")]
    [InlineData("1 /* open", "FHIRPath, position 3: the comment that starts here is not closed with */.")]
    [InlineData("a # b", "FHIRPath, position 3: this character is no part of FHIRPath.")]
    [InlineData("@2026-13-01", "FHIRPath, position 1: this is no date, dateTime or time.")]
    [InlineData("3000000000", "FHIRPath, position 1: an Integer is at most 2147483647.")]
    [InlineData("``", "FHIRPath, position 1: a name has at least one character.")]
    [InlineData("$that", "FHIRPath, position 1: '$this', '$index' or '$total' is expected.")]
    [InlineData("title.wher(true)", "FHIRPath, position 7: there is no function wher().")]
    [InlineData("title.substring()", "FHIRPath, position 7: substring() takes 1 to 2 arguments, not 0.")]
    [InlineData("titel", "FHIRPath, position 1: CarePlan has no element 'titel'.")]
    [InlineData(
        "CarePlan.activity.detail.state",
        "FHIRPath, position 26: CarePlan.activity.detail has no element 'state'."
    )]
    [InlineData("activity.where(stat = 'x')", "FHIRPath, position 16: CarePlan.activity has no element 'stat'.")]
    [InlineData("title is Strin", "FHIRPath, position 7: there is no type 'Strin'.")]
    [InlineData("title.ofType(1)", "FHIRPath, position 14: a type name is expected.")]
    public void Says_where_and_what_is_wrong(string text, string refusal) => Assert.Equal(refusal, Given.Refusal(text));

    [Fact]
    public void Refuses_expressions_that_would_exhaust_the_stack()
    {
        Assert.Contains(
            "nested more than 100 levels",
            Given.Refusal(new string('(', 5000) + "1" + new string(')', 5000)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "nested more than 100 levels",
            Given.Refusal(new string('-', 5000) + "1"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more than 400 calls and operators follow on each other",
            Given.Refusal("1" + string.Concat(Enumerable.Repeat(" + 1", 900))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more than 2000 parts",
            Given.Refusal(
                string.Join(" = ", Enumerable.Repeat("(1" + string.Concat(Enumerable.Repeat(" + 1", 300)) + ")", 10))
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Any_expression_prints_as_text_that_parses_to_the_same()
    {
        var random = new Random(20260301);
        for (var i = 0; i < 2000; i++)
        {
            var text = RandomExpression(random, 4);
            var printed = FhirPathExpression.Compile(text, R4.R4Definitions.Schema).Value.ToString();
            var again = FhirPathExpression.Compile(printed, R4.R4Definitions.Schema).Value.ToString();

            Assert.Equal(printed, again);
            Assert.Equal(Spaceless(text), Spaceless(printed));
        }
    }

    /// <summary>What is left of an expression without the blanks and parentheses that the printer may choose.</summary>
    private static string Spaceless(string text) => new([.. text.Where(c => c is not ' ' and not '(' and not ')')]);

    private static string RandomExpression(Random random, int depth)
    {
        string[] leaves =
        [
            "title",
            "1",
            "2.50",
            "'x y'",
            "true",
            "{}",
            "$this",
            "%resource",
            "4days",
            "@2026-03-01",
            "1'mg'",
        ];
        if (depth == 0)
            return leaves[random.Next(leaves.Length)];
        string[] operators =
        [
            "+",
            "-",
            "*",
            "/",
            "div",
            "mod",
            "&",
            "|",
            "<",
            "<=",
            ">",
            ">=",
            "=",
            "~",
            "!=",
            "!~",
            "in",
            "contains",
            "and",
            "or",
            "xor",
            "implies",
        ];
        var inner = RandomExpression(random, depth - 1);
        return random.Next(7) switch
        {
            0 => leaves[random.Next(leaves.Length)],
            1 => $"({inner}).first()",
            2 => $"({inner}).select({RandomExpression(random, depth - 1)})",
            3 => $"({inner})[{random.Next(9).ToString(CultureInfo.InvariantCulture)}]",
            4 => $"-({inner})",
            5 => $"({inner}) is FHIR.string",
            _ => $"({inner}) {operators[random.Next(operators.Length)]} ({RandomExpression(random, depth - 1)})",
        };
    }

    [Fact]
    public void Never_fails_otherwise_on_any_text()
    {
        const string Characters = "ab1.'`\"@T-:$%()[]{}|&=<>~!+*/ \\is\n";
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(30); n >= 0; n--)
                text.Append(Characters[random.Next(Characters.Length)]);

            var result = FhirPathExpression.Compile(text.ToString(), R4.R4Definitions.Schema);

            Assert.True(result.IsSuccess || result.Failure!.Status == 400);
        }
    }
}
