using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Tests.Budgets;

/// <summary>An expression of a few characters can ask for work without end. Each kind of work has a limit.</summary>
public sealed class ExpressionBudgetTests
{
    private const string D = "%resource.descendants()";

    public static TheoryData<string> TooManySteps =>
        [
            $"{D}.where({D}.where({D}.exists()).exists()).count() > 0",
            $"name.where({D}.where({D}.where($this = 'zz').exists()).exists())",
            $"{D}.all({D}.exists({D}.count() = 0).not())",
            $"{D}.select({D}).select({D}).count()",
            $"{D}.aggregate($total | {D}.select($this.toString()), {{}}).count()",
            $"{D}.sort({D}.count(), {D}.last().toString())",
            $"{D}.select({D}.intersect({D}).count()).sum()",
            $"{D}.select({D} ~ {D}).allTrue()",
            $"{D}.select({D} = {D}).allTrue()",
            $"{D}.select({D}.distinct().count()).count()",
            $"{D}.select({D}.isDistinct()).count()",
            $"{D}.select($this in {D}).select({D} contains $this).count()",
            $"{D}.select({D}.subsetOf({D})).count()",
            $"{D}.select({D}[$index]).count()",
            $"{D}.select(%context.children().descendants().children()).count() + {D}.select({D}.ofType(HumanName)).count()",
            $"{D}.trace('x', {D}).select(iif({D}.empty(), {D}, {D}.first())).count()",
            $"{D}.select({D}.select($this is string or $this as Period is Period)).count()",
            $"{D}.repeat(%resource.descendants().select($this.toString() & $index.toString())).count()",
            $"{D}.select({D}.ofType(date).min() | {D}.ofType(date).max()).count()",
            Large.Nest("(1 | 2 | 3)", ".select($this.combine($this)).take(200000)", 40),
            Large.Nest("1", ".select(1 | $this).repeat(iif($this < 90000, $this + 1, {}))", 20),
            $"{D}.select({D}.select(toQuantity('mg')).count()).count()",
            $"{D}.select({D}.select(hasValue() and convertsToDate() and convertsToTime() and convertsToQuantity())).count()",
            $"{D}.select({D}.extension('urn:x') | {D}.where(hasExtension('urn:y'))).count()",
            $"{D}.select({D}.resolve()).count()",
            $"{D}.select({D}.ofType(date).select(lowBoundary()).count()).sum()",
        ];

    public static TheoryData<string> TooMuchText =>
        [
            "'a'.repeat($this & 'a').count() > 0",
            "'a'.repeat($this + 'a').count() > 0",
            $"{D}.take(60).aggregate($total & $total, 'ab')",
            $"{D}.take(60).aggregate($total + $total, 'ab')",
            Large.Nest("'aaaaaaaaaa'", ".replace('a', 'aaaaaaaaaa')", 12),
            Large.Nest("'aaaaaaaaaa'", ".replace('', 'aaaaaaaaaa')", 12),
            Large.Nest("'aaaaaaaaaa'", ".replaceMatches('a', '$0$0$0$0$0$0$0$0')", 12),
            Large.Nest("'aaaaaaaaaa'", ".replaceMatches('a', '$_$_')", 12),
            Large.Nest("'aaaaaaaaaa'", ".replaceMatches('(?<x>a)', '${x}${x}${x}${x}')", 20),
            Large.Nest("'aaaaaaaaaa'", ".encode('hex')", 60),
            Large.Nest("'aaaaaaaaaa'", ".encode('base64').encode('base64')", 60),
            $"{D}.select('0123456789').join('0123456789').toChars().select({D}.select('0123456789').join('')).join('')",
            $"{D}.select({D}.select(toString().upper()).join('-').lower()).join('-').trim()",
            $"{D}.select({D}.select('0123456789').join('x').split('x')).count()",
            $"{D}.select({D}.select('0123456789').join('x').substring(1)).count()",
            $"{D}.take(60).aggregate($total * $total, 1 'kg').count()",
            $"{D}.take(60).aggregate($total / (1 'm' / $total), 1 'kg').count()",
        ];

    public static TheoryData<string> TooSlowPatterns =>
        [
            $"{D}.select($this.toString().matches('(?=(a+)+b)c') | 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('(?=(a+)+b)a')).count()",
            $"{D}.select('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('^(a+)+\\\\1$' & $index.toString())).count()",
            $"{D}.select({D}.select($this.toString().matches('(?=x)[a-z]+' & $index.toString()))).count()",
            $"{D}.select({D}.select('hello'.matches('[a-z]+' & $index.toString()))).count()",
            $"'{Large.Repeat("a", 5000)}'.replaceMatches('(?=(a+)+b)a', 'b')",
            $"'{Large.Repeat("ab", 9000)}'.matches('((((a|b){{9}}){{10}}){{10}})*c')",
            $"'{Large.Repeat("a", 50000)}'.matches('(((a{{20}}){{20}}){{20}})')",
        ];

    private static readonly string[] Sentences =
    [
        "The expressions and patches of this request take more than 300000 steps (limit MaxEvaluationSteps): let them visit fewer elements, or send less at a time.",
        "The expressions of this request make more than 1677721 characters of text (limit MaxEvaluationText): let them make shorter strings, or fewer.",
        "The regular expressions of this request take longer than 100 ms (limit MaxRegexMilliseconds): use simpler patterns, or shorter texts.",
        "An expression gives more than 262144 items at once: let it give fewer.",
    ];

    [Theory]
    [MemberData(nameof(TooManySteps))]
    [MemberData(nameof(TooMuchText))]
    [MemberData(nameof(TooSlowPatterns))]
    public void Work_without_end_is_refused_before_it_takes_time_and_memory(string expression)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var failure = Large.Evaluate(expression, new WorkBudget(Large.Limits)).Failure;

        Assert.NotNull(failure);
        Assert.Equal((422, IssueCode.TooCostly), (failure.Status, Assert.Single(failure.Issues).Code));
        Assert.Contains(failure.Issues[0].Diagnostics, Sentences);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000_000);
    }

    [Fact]
    public void The_sentence_names_the_limit()
    {
        Assert.Equal(
            Sentences,
            new[]
            {
                $"{D}.where({D}.where({D}.exists()).exists())",
                "'a'.repeat($this & 'a')",
                $"'{Large.Repeat("a", 5000)}'.matches('(?=(a+)+b)a')",
                $"{D}.select({D}).count()",
            }.Select(e => Large.Evaluate(e, new WorkBudget(Large.Limits)).Failure?.Issues[0].Diagnostics)
        );
    }

    [Fact]
    public void A_pattern_with_many_characters_is_not_prepared_for_all_of_them()
    {
        // The linear engine of .NET takes 14 seconds and a gigabyte to prepare this one.
        var pattern = new string([.. Enumerable.Range(0, 1000).Select(i => (char)(0x100 + (i * 7)))]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var found = Large.Evaluate($"name.first().family.matches('{pattern}')", new WorkBudget());

        Assert.Equal("false", Assert.Single(found.Value).Text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("'x'.matches('{0}')", 2001, "A regular expression is at most 2000 characters long.")]
    [InlineData(
        "'x'.matches('{0}')",
        70_000,
        "FHIRPath, position 65537: an expression is at most 65536 characters long."
    )]
    public void Patterns_and_expressions_have_a_greatest_length(string expression, int length, string sentence)
    {
        var text = expression.Replace("{0}", new string('a', length), StringComparison.Ordinal);

        Assert.Equal(sentence, Large.Evaluate(text, new WorkBudget()).Failure!.Issues[0].Diagnostics);
    }

    [Fact]
    public void Types_of_a_path_are_counted_once_however_many_ways_lead_to_them()
    {
        var path = "Patient" + Large.Repeat(".extension.value", 190);

        Assert.True(FhirPathExpression.Compile(path, R4.R4Definitions.Schema, Large.Patient.Type).IsSuccess);
    }

    [Fact]
    public void Expressions_as_deep_as_they_may_be_stay_within_the_stack()
    {
        string[] chains =
        [
            Large.Nest("1", " + 1", 399),
            Large.Nest("'a'", " & 'a'", 399),
            Large.Nest("name", ".where(true)", 399),
            Large.Nest("name", ".select($this)", 399),
            Large.Nest("name", ".first()", 399),
            Large.Nest("'a'", ".replace('a', 'a')", 399),
            Large.Nest("true", " and true", 399),
            Large.Nest("(1 | 2)", "[0]", 398),
            Large.Nest("1", " | 2", 399),
            Large.Nest("name", ".aggregate($this)", 399),
            Large.Nest("name", ".sort(family)", 399),
            Large.Nest("name", ".trace('x', family)", 399),
            Large.Repeat("iif(true, ", 95) + Large.Nest("1", " + 1", 300) + Large.Repeat(", 2)", 95),
            Large.Repeat("%context.select(", 95) + Large.Nest("1", " + 1", 300) + Large.Repeat(")", 95),
            Large.Repeat("(", 95) + "1" + Large.Repeat(")", 95),
            Large.Repeat("-", 95) + "1",
        ];
        var outcomes = new List<string>();
        // Half of what a thread has that serves requests.
        var thread = new Thread(
            () =>
                outcomes.AddRange(
                    chains.Select(c => Large.Evaluate(c, new WorkBudget()).Failure?.Issues[0].Diagnostics ?? "")
                ),
            maxStackSize: 768 * 1024
        );
        thread.Start();
        thread.Join();

        Assert.Equal(Enumerable.Repeat("", chains.Length), outcomes);
    }

    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("name", ".where(true)")]
    [InlineData("name", ".first()")]
    [InlineData("(1 | 2)", "[0]")]
    [InlineData("name", " is string")]
    public void Longer_chains_are_no_expressions(string seed, string link) =>
        Assert.EndsWith(
            "more than 400 calls and operators follow on each other.",
            Large.Evaluate(Large.Nest(seed, link, 900), new WorkBudget()).Failure!.Issues[0].Diagnostics,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("%many.distinct().count()", "20000")]
    [InlineData("%many.isDistinct()", "true")]
    [InlineData("%many.subsetOf(%many)", "true")]
    [InlineData("%many.supersetOf(%many)", "true")]
    [InlineData("%many.intersect(%many).count()", "20000")]
    [InlineData("%many.exclude(%many).count()", "0")]
    [InlineData("%many.union(%many).count()", "20000")]
    [InlineData("(%many | %many).count()", "20000")]
    [InlineData("%many.combine(%many).distinct().count()", "20000")]
    [InlineData("%many.combine(%many).isDistinct()", "false")]
    [InlineData("%many = %many", "true")]
    [InlineData("%many.repeat({}).count()", "0")]
    [InlineData("%many.sort().count()", "20000")]
    public void Large_collections_take_work_that_grows_as_they_do(string expression, string expected)
    {
        foreach (var kind in Kinds())
        {
            FhirPathCollection many = [.. kind];

            var found = Large.Evaluate(expression, new WorkBudget(), ("many", many));

            Assert.Equal(
                expected,
                found.TryGet(out var values, out var failure) ? values[0].Text : failure.Issues[0].Diagnostics
            );
        }
    }

    [Fact]
    public void Elements_with_children_are_told_apart_in_work_that_grows_as_they_do()
    {
        var patient = CareCoordination.Fhir.Json.Element.Root(
            Json.Documents.Parse(Large.PatientOf(names: 20_000)),
            R4.R4Definitions.Schema
        );
        var expression = FhirPathExpression
            .Compile("name.distinct().count() | name.period.distinct().count()", R4.R4Definitions.Schema)
            .Value;

        var counts = expression.Evaluate(patient, new EvaluationContext(new WorkBudget())).Value;

        Assert.Equal(["20000", "90"], counts.Select(c => c.Text));
    }

    [Fact]
    public void All_expressions_of_a_request_take_from_one_budget()
    {
        var budget = new WorkBudget(Large.Limits);
        var outcomes = Enumerable
            .Range(0, 100)
            .Select(_ => Large.Evaluate($"{D}.where($this = 'x').count()", budget).IsSuccess)
            .ToList();

        Assert.InRange(outcomes.Count(ok => ok), 10, 99);
        Assert.Equal(outcomes.OrderDescending(), outcomes);
        Assert.Equal(0, budget.Left(Work.Steps));
    }

    [Fact]
    public void What_is_over_is_over_for_smaller_demands_too()
    {
        var budget = new WorkBudget(new WorkLimits { MaxEvaluationText = 10 });

        Assert.Equal(IssueCode.TooCostly, Large.Evaluate("'0123456789' & 'a'", budget).Failure!.Issues[0].Code);
        Assert.Equal(IssueCode.TooCostly, Large.Evaluate("'a' & 'b'", budget).Failure!.Issues[0].Code);
    }

    [Fact]
    public void Threads_that_share_a_budget_cannot_take_more_than_there_is()
    {
        var budget = new WorkBudget(new WorkLimits { MaxEvaluationText = 10_000 });
        var taken = 0;

        Parallel.For(0, 20_000, _ => Interlocked.Add(ref taken, budget.Spend(Work.Text, 1) is null ? 1 : 0));

        Assert.Equal(10_000, taken);
    }

    [Fact]
    public void A_small_expression_needs_few_steps()
    {
        var budget = new WorkBudget(new WorkLimits { MaxEvaluationSteps = 40, MaxEvaluationText = 20 });

        Assert.Equal(
            "'F0, A0'",
            Assert
                .Single(Large.Evaluate("name[0].select(family & ', ' & given.first())", new WorkBudget()).Value)
                .ToString()
        );
        Assert.Equal("true", Assert.Single(Large.Evaluate("id = 'large' and active.empty()", budget).Value).ToString());
    }

    [Fact]
    public void Work_ends_when_the_client_has_gone()
    {
        using var client = new CancellationTokenSource();
        var context = new EvaluationContext(new WorkBudget(WorkLimits.Default, client.Token))
        {
            Trace = (_, _) => client.Cancel(),
        };
        var expression = FhirPathExpression
            .Compile($"{D}.trace('x').where({D}.where({D}.exists()).exists())", R4.R4Definitions.Schema)
            .Value;

        Assert.Throws<OperationCanceledException>(() => expression.Evaluate(Large.Patient, context));
    }

    private static IEnumerable<IEnumerable<FhirPathValue>> Kinds()
    {
        var numbers = Enumerable.Range(0, 20_000).ToList();
        yield return numbers.Select(i => (FhirPathValue)i);
        yield return numbers.Select(i => (FhirPathValue)(i / 7m));
        yield return numbers.Select(i => (FhirPathValue)$"text {i}");
        yield return numbers.Select(i =>
            (FhirPathValue)
                FhirPathTemporal.ParseDateTime(
                    DateTime
                        .UnixEpoch.AddMinutes(i)
                        .ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture) + "+01:00"
                )
        );
        yield return numbers.Select(i =>
            (FhirPathValue)
                FhirPathTemporal.ParseDate(
                    DateTime
                        .UnixEpoch.AddDays(i)
                        .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
                )
        );
    }
}
