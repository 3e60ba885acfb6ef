using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>http://hl7.org/fhirpath/N1/#functions, chapter by chapter.</summary>
public sealed class FunctionTests
{
    [Theory]
    [InlineData("name.given.join('-')", "A-B")]
    [InlineData("name.given.join()", "AB")]
    [InlineData("name.given.skip(1).take(1).join('-')", "")]
    [InlineData("name.family.join(',')", "")]
    public void Joins_what_has_a_value(string expression, string expected)
    {
        var patient = Given.Parse(
            """{"resourceType":"Patient","name":[{"given":["A",null,"B"],"_given":[null,{"extension":[{"url":"http://x.org/masked","valueBoolean":true}]},null]}]}"""
        );
        var values = FhirPathExpression
            .Compile(expression, R4.R4Definitions.Schema, patient.Type)
            .Value.Evaluate(patient, Given.Context())
            .Value;

        Assert.Equal(expected, string.Concat(values.Select(v => v.String)));
    }

    [Theory]
    [InlineData("activity.exists(detail.status = 'completed')", "true")]
    [InlineData("activity.detail.all(status.exists())", "true")]
    [InlineData("note.empty()", "true")]
    [InlineData("note.all(false)", "true")]
    [InlineData("note.exists()", "false")]
    [InlineData("activity.select(detail.exists()).anyFalse()", "true")]
    [InlineData("activity.select(detail.exists()).allTrue()", "false")]
    [InlineData("identifier.value.subsetOf('1' | '2' | '3')", "true")]
    [InlineData("identifier.value.supersetOf('1' | '2' | '3')", "false")]
    [InlineData("activity.count()", "3")]
    [InlineData("identifier.combine(identifier).distinct().count()", "2")]
    [InlineData("identifier.combine(identifier).isDistinct()", "false")]
    [InlineData("title.not()", "false")]
    public void Existence(string expression, string expected) => Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("activity.where(detail.status = 'completed').detail.kind", "Task")]
    [InlineData("identifier.select(system & '|' & value)", "'urn:a|1', 'urn:b|2'")]
    [InlineData("identifier.select($index)", "0, 1")]
    [InlineData("1.repeat(iif($this < 5, $this + 1, {}))", "2, 3, 4, 5")]
    [InlineData("1.repeat($this + 1).count()", "! repeat() found more than 100000 items.")]
    [InlineData("activity.detail.quantity.ofType(Age)", "")]
    [InlineData("$index", "! $index has a value only inside a function that iterates.")]
    [InlineData("$total", "! $total has a value only inside aggregate().")]
    public void Filtering_and_projection(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("identifier.value[1]", "2")]
    [InlineData("identifier.value[2]", "")]
    [InlineData("identifier.value.last()", "2")]
    [InlineData("identifier.value.tail()", "2")]
    [InlineData("identifier.value.skip(1)", "2")]
    [InlineData("identifier.value.take(1)", "1")]
    [InlineData("identifier.value.take(-1)", "")]
    [InlineData("identifier.value.single()", "! single() takes one item, but there are 2.")]
    [InlineData("identifier.value.intersect('2' | '3')", "2")]
    [InlineData("identifier.value.exclude('2')", "1")]
    [InlineData("identifier.value.union('2')", "1, 2")]
    [InlineData("identifier.value.combine('2')", "1, 2, '2'")]
    public void Subsetting_and_combining(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("iif(title.exists(), 'yes', 1 / 'a')", "'yes'")]
    [InlineData("iif({}, 1)", "")]
    [InlineData("iif('x', 1, 2)", "! iif() takes a Boolean as criterion.")]
    [InlineData("'Y'.toBoolean()", "true")]
    [InlineData("'maybe'.toBoolean()", "")]
    [InlineData("'+12'.toInteger()", "12")]
    [InlineData("'12.5'.toDecimal()", "12.5")]
    [InlineData("period.end.toDate()", "@2026-03-31")]
    [InlineData("period.start.toDateTime()", "@2026-03-01T")]
    [InlineData("'10:30'.toTime()", "@T10:30")]
    [InlineData("'3 weeks'.toQuantity()", "3 weeks")]
    [InlineData("'36 \\'h\\''.toQuantity('d')", "1.5 'd'")]
    [InlineData("1.50.toString()", "'1.50'")]
    [InlineData("identifier.toString()", "! toString() takes one item, but there are 2.")]
    [InlineData("{}.convertsToInteger()", "")]
    public void Conversion(string expression, string expected) => Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("title.indexOf('the')", "6")]
    [InlineData("title.lastIndexOf('t')", "15")]
    [InlineData("title.substring(6, 3)", "'the'")]
    [InlineData("title.substring(99)", "")]
    [InlineData("title.startsWith('After') and title.endsWith('hospital') and title.contains('the')", "true")]
    [InlineData("title.upper().lower().length()", "18")]
    [InlineData("title.replace('the', 'a')", "'After a hospital'")]
    [InlineData("title.matches('^A.*l$')", "true")]
    [InlineData("title.matchesFull('After')", "false")]
    [InlineData("title.matches('(?=x)(')", "! The pattern is no regular expression.")]
    [InlineData("title.matches('(a*)*\\\\1$')", "true")]
    [InlineData("title.replaceMatches('[aeiou]', '')", "'Aftr th hsptl'")]
    [InlineData("'a,b'.split(',').join('-')", "'a-b'")]
    [InlineData("'ab'.toChars()", "'a', 'b'")]
    [InlineData("'  a '.trim()", "'a'")]
    [InlineData("'<ü>'.encode('base64').decode('base64').escape('html').unescape('html')", "'<ü>'")]
    [InlineData("identifier.upper()", "! upper() takes one item, but there are 2.")]
    [InlineData("period.upper()", "! upper() takes a String as input.")]
    public void Strings(string expression, string expected) => Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("(-2.5).abs()", "2.5")]
    [InlineData("2.1.ceiling() + 2.9.floor() + 2.9.truncate()", "7")]
    [InlineData("2.345.round(2)", "2.35")]
    [InlineData("2.round(-1)", "! round() takes a precision of 0 or more.")]
    [InlineData("2.power(10)", "1024")]
    [InlineData("2.power(31)", "")]
    [InlineData("0.ln()", "")]
    [InlineData("(-1).sqrt()", "")]
    [InlineData("'a'.abs()", "! abs() takes a number as input.")]
    public void Mathematics(string expression, string expected) => Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("period.children()", "2026-03-01, 2026-03-31T12:00:00Z")]
    [InlineData("status.children().value", "review")]
    [InlineData("activity.descendants().where($this is code and $this = 'in-progress')", "in-progress")]
    [InlineData("now()", "@2026-03-15T09:30:00.000-05:00")]
    [InlineData("today()", "@2026-03-15")]
    [InlineData("timeOfDay()", "@T09:30:00.000")]
    [InlineData("title.type()", "FHIR.string")]
    [InlineData("1.type().name", "'Integer'")]
    [InlineData("identifier.sort(-value).value", "2, 1")]
    [InlineData("(3 | 1 | 2).aggregate($this + $total, 0)", "6")]
    [InlineData("(3 | 1 | 2).min() + (3 | 1 | 2).max() + (3 | 1 | 2).sum()", "10")]
    [InlineData("(1 | 2).avg()", "1.5")]
    [InlineData("2.5.lowBoundary(2)", "2.45")]
    [InlineData("@2026-02.highBoundary()", "@2026-02-28")]
    [InlineData("@2026-03-01T10:30.precision()", "12")]
    [InlineData("1 'cm'.comparable(1 'm') and 1 'cm'.comparable(1 's').not()", "true")]
    public void Navigation_utilities_and_aggregates(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Fact]
    public void The_time_is_a_value_of_the_context()
    {
        Assert.Equal(
            "! now() needs the evaluation context to tell the time.",
            Given.Evaluate("now()", new EvaluationContext(new WorkBudget()))
        );
    }

    [Fact]
    public void Trace_hands_its_values_to_the_context_and_passes_them_on()
    {
        var seen = new List<string>();
        var context = Given.Context();
        context.Trace = (name, values) => seen.Add($"{name}: {values.Count}");

        Assert.Equal("2", Given.Evaluate("identifier.trace('all').trace('values', value).count()", context));
        Assert.Equal(["all: 2", "values: 2"], seen);
    }

    [Fact]
    public void Variables_come_from_the_context()
    {
        var context = Given.Context();
        context.Variables["limit"] = [5];

        Assert.Equal("6", Given.Evaluate("%limit + 1", context));
        Assert.Equal("! There is no variable %limt.", Given.Evaluate("%limt", context));
    }

    [Fact]
    public void An_expression_cannot_take_all_memory()
    {
        var context = Given.Context();
        context.Variables["many"] = [.. Enumerable.Range(0, 2000).Select(i => (FhirPathValue)i)];

        Assert.Equal(
            "! An expression gives more than 262144 items at once: let it give fewer.",
            Given.Evaluate("%many.select(%many).count()", context)
        );
    }
}
