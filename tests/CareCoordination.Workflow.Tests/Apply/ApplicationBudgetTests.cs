using System.Text;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Apply;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Tests.Apply;

/// <summary>A definition comes from a client: what its expressions, its dynamic values and the plans it names may cost has a limit.</summary>
public sealed class ApplicationBudgetTests
{
    private const string D = "%resource.descendants()";

    private static readonly WorkLimits Limits = new()
    {
        MaxEvaluationSteps = 300_000,
        MaxEvaluationText = 1_000_000,
        MaxRegexTime = TimeSpan.FromMilliseconds(100),
    };

    [Theory]
    [InlineData("'a'.repeat($this & 'a').count() > 0", "characters of text (limit MaxEvaluationText)")]
    [InlineData($"{D}.where({D}.where({D}.exists()).exists()).count() > 0", "steps (limit MaxEvaluationSteps)")]
    [InlineData(
        $"{D}.take(40).aggregate($total & $total, 'ab').exists()",
        "characters of text (limit MaxEvaluationText)"
    )]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('(?=(a+)+b)a')", "ms (limit MaxRegexMilliseconds)")]
    public void Conditions_have_the_limits_of_any_expression(string condition, string limit)
    {
        var failure = Apply(Plan(Action(condition))).Failure!;

        Assert.Equal((422, IssueCode.TooCostly), (failure.Status, failure.Issues[0].Code));
        Assert.Equal("PlanDefinition.action[0].condition[0].expression", failure.Issues[0].Expression);
        Assert.Contains(limit, failure.Issues[0].Diagnostics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$this.name.select('not ' & 1)", "FHIRPath: '&' joins Strings; use toString().")]
    [InlineData("name.where(family > 1).exists()", "FHIRPath: System.String and System.Integer have no order.")]
    [InlineData("name.first().given.first().matches('(')", "FHIRPath: The pattern is no regular expression.")]
    public void An_expression_that_does_not_suit_the_subject_names_the_rule(string condition, string sentence)
    {
        var failure = Apply(Plan(Action(condition))).Failure!;

        Assert.Equal(
            (422, "expression-failed", sentence),
            (failure.Status, failure.Issues[0].Details, failure.Issues[0].Diagnostics)
        );
    }

    [Fact]
    public void All_conditions_of_a_definition_take_from_one_budget()
    {
        var condition = $"{D}.where($this = 'x').empty()";

        Assert.True(Apply(Plan(Repeat(Action(condition), 10))).IsSuccess);
        Assert.Equal(IssueCode.TooCostly, Apply(Plan(Repeat(Action(condition), 200))).Failure!.Issues[0].Code);
    }

    [Fact]
    public void Dynamic_values_cannot_grow_a_resource_without_end()
    {
        var action =
            """{"title":"a","dynamicValue":[{"path":"note.text","expression":{"language":"text/fhirpath","expression":"%resource.descendants().select('0123456789012345678901234567890123456789012345678901234567890123456789')"}}]}""";

        var failure = Apply(Plan(Repeat(action, 40))).Failure!;

        Assert.Equal((422, "dynamic-path"), (failure.Status, failure.Issues[0].Details));
        var copies =
            """{"title":"a","dynamicValue":[{"path":"input","expression":{"language":"text/fhirpath","expression":"%resource.descendants().select(%resource)"}}]}""";
        Assert.Equal(IssueCode.TooCostly, Apply(Plan(Repeat(copies, 2))).Failure!.Issues[0].Code);
    }

    [Fact]
    public void A_plan_of_a_hundred_actions_is_far_from_the_limits()
    {
        var budget = new WorkBudget();

        var applied = Apply(Plan(Repeat(Action("gender = 'female' and name.exists()"), 100)), _ => null, budget);

        Assert.Equal(101, applied.Value.Decision.Writes.Length);
        Assert.InRange(
            budget.Left(Work.Steps),
            WorkLimits.Default.MaxEvaluationSteps * 9 / 10,
            WorkLimits.Default.MaxEvaluationSteps
        );
    }

    private static Result<Applied> Apply(
        ResourceDocument plan,
        Func<string, ResourceDocument?>? resolve = null,
        WorkBudget? budget = null
    ) =>
        DefinitionApplication.Plan(
            plan,
            new ApplyRequest(
                new("Patient", "1"),
                Patient(),
                Given.Anyone,
                Given.Now,
                Given.Now,
                BusinessCalendar.UnitedStates(Given.NewYork),
                resolve ?? (_ => null),
                Given.Ids()
            )
            {
                Budget = budget ?? new WorkBudget(Limits),
            }
        );

    private static ResourceDocument Patient() =>
        Document(
            $$"""{"resourceType":"Patient","id":"1","gender":"female","name":[{{Repeat("""{"family":"F","given":["A","B"]}""", 300)}}]}"""
        );

    private static ResourceDocument Plan(string actions) =>
        Document(
            $$"""{"resourceType":"PlanDefinition","url":"http://example.org/p","status":"active","action":[{{actions}}]}"""
        );

    private static string Action(string condition) =>
        $$$"""{"title":"a","condition":[{"kind":"applicability","expression":{"language":"text/fhirpath","expression":"{{{condition}}}"}}]}""";

    private static string Repeat(string json, int count) => string.Join(',', Enumerable.Repeat(json, count));

    private static ResourceDocument Document(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
}
