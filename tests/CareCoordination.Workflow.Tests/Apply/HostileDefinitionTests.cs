using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Workflow.Apply;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Tests.Apply;

/// <summary>Definitions that are valid FHIR and lead out of every range: applied, or refused with the rule and the place.</summary>
public sealed class HostileDefinitionTests
{
    private const string Url = "https://carecoordination.example/fhir/StructureDefinition/";

    private static readonly Validator Validator = new(R4Definitions.Schema);

    /// <summary>Every place of a definition that says a length, with N for the number and U for the unit.</summary>
    public static TheoryData<string> Lengths =>
        [
            "'action':[{'timingDuration':{'value':N,'code':'U'}}]",
            "'action':[{'timingAge':{'value':N,'code':'U'}}]",
            "'action':[{'timingRange':{'low':{'value':N,'code':'U'},'high':{'value':1,'code':'d'}}}]",
            "'action':[{'timingRange':{'low':{'value':1,'code':'d'},'high':{'value':N,'code':'U'}}}]",
            "'action':[{'timingTiming':{'repeat':{'period':N,'periodUnit':'U'}}}]",
            "'action':[{'timingTiming':{'repeat':{'period':N,'periodUnit':'U','dayOfWeek':['mon'],'timeOfDay':['08:00:00']}}}]",
            "'action':[{'timingTiming':{'repeat':{'period':1,'periodUnit':'d','boundsDuration':{'value':N,'code':'U'}}}}]",
            "'action':[{'id':'a'},{'relatedAction':[{'actionId':'a','relationship':'after','offsetDuration':{'value':N,'code':'U'}}]}]",
            "'action':[{'id':'a'},{'relatedAction':[{'actionId':'a','relationship':'before-end','offsetDuration':{'value':N,'code':'U'}}]}]",
            "'action':[{'id':'a'},{'relatedAction':[{'actionId':'a','relationship':'after-start','offsetRange':{'low':{'value':1,'code':'d'},'high':{'value':N,'code':'U'}}}]}]",
            "'goal':[{'description':{'text':'g'},'target':[{'due':{'value':N,'code':'U'}}]}],'action':[{'title':'x'}]",
            $"'extension':[{{'url':'{Url}plan-duration','valueDuration':{{'value':N,'code':'U'}}}}],'action':[{{'title':'x'}}]",
        ];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_length_is_applied_or_refused_at_its_place(string elements)
    {
        var refused = 0;
        foreach (var start in new[] { Given.Now, Hostile.Instant("0001-01-01"), Hostile.Instant("9999-12-31") })
        {
            foreach (var unit in Hostile.Units)
            {
                foreach (var number in Hostile.Numbers)
                    refused += Check(Apply(Filled(elements, number, unit), start));
            }
        }

        Assert.True(refused > 50, $"{refused}");
    }

    [Theory]
    [InlineData("'action':[{'timingDateTime':'D'}]")]
    [InlineData("'action':[{'timingPeriod':{'start':'D'}}]")]
    [InlineData("'action':[{'timingPeriod':{'end':'D'}}]")]
    [InlineData("'action':[{'timingTiming':{'event':['D']}}]")]
    [InlineData("'action':[{'timingTiming':{'repeat':{'boundsPeriod':{'start':'D'},'period':1,'periodUnit':'d'}}}]")]
    [InlineData("'action':[{'timingTiming':{'repeat':{'boundsPeriod':{'end':'D'},'period':1,'periodUnit':'d'}}}]")]
    [InlineData(
        "'action':[{'id':'a','timingDateTime':'D'},{'relatedAction':[{'actionId':'a','relationship':'after','offsetDuration':{'value':2,'code':'d'}}]}]"
    )]
    [InlineData(
        "'action':[{'id':'a','timingDateTime':'D'},{'relatedAction':[{'actionId':'a','relationship':'before','offsetDuration':{'value':2,'code':'d'}}]}]"
    )]
    public void Every_date_is_applied_or_refused_at_its_place(string elements)
    {
        foreach (var date in Hostile.Dates)
            Check(Apply(elements.Replace("D", date, StringComparison.Ordinal), Given.Now));
    }

    [Fact]
    public void Every_start_and_birth_date_is_applied_or_refused()
    {
        foreach (var date in Hostile.Dates)
        {
            Check(Apply("'action':[{'timingDuration':{'value':2,'code':'d'}}]", Hostile.Instant(date)));
            if (date.Length <= 10)
                Check(Apply("'action':[{'timingAge':{'value':50,'code':'a'}}]", Given.Now, date));
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(36_525, true)]
    [InlineData(36_526, false)]
    [InlineData(1_900_000, false)]
    [InlineData(int.MaxValue, false)]
    public void Business_days_are_counted_for_a_hundred_years(int days, bool isApplied)
    {
        var result = Apply(
            $"'action':[{{'extension':[{{'url':'{Url}due-in-business-days','valuePositiveInt':{days}}}]}}]",
            Given.Now
        );

        Assert.Equal(isApplied, result.IsSuccess);
        if (!isApplied)
            Assert.Equal(
                (
                    422,
                    "time-range",
                    "PlanDefinition.action[0]",
                    "The extension due-in-business-days: the result is not in the years 1 to 9999; send a smaller value."
                ),
                Told(result)
            );
    }

    [Theory]
    [InlineData("'frequency':2147483647,'period':1,'periodUnit':'d'")]
    [InlineData("'period':0.0000001,'periodUnit':'s'")]
    public void What_repeats_too_often_is_refused(string repeat) =>
        Assert.Equal(
            (
                422,
                "time-range",
                "PlanDefinition.action[0]",
                "The timingTiming is not computed: it repeats more often than once a second, or in parts of a month. Change the definition."
            ),
            Told(Apply($"'action':[{{'timingTiming':{{'repeat':{{{repeat}}}}}}}]", Given.Now))
        );

    [Fact]
    public void A_chain_of_thousands_of_relations_is_timed()
    {
        var actions = new StringBuilder("{'id':'a0','timingDuration':{'value':1,'code':'h'}}");
        for (var i = 1; i < 1_900; i++)
            actions.Append(
                CultureInfo.InvariantCulture,
                $",{{'id':'a{i}','relatedAction':[{{'actionId':'a{i - 1}','relationship':'after-start','offsetDuration':{{'value':1,'code':'h'}}}}]}}"
            );

        // The last is the first to be asked, and each of them leads to the one before.
        var reversed = string.Join(
            ',',
            actions.ToString().Split(",{'id'").Reverse().Select((a, i) => a.StartsWith('{') ? a : "{'id'" + a)
        );
        var applied = Apply($"'action':[{reversed}]", Given.Now).Value;

        var last = JsonNode.Parse(applied.Decision.Writes[1].Utf8Json.Span)!;
        Assert.Equal(
            Given.Now.AddHours(1_899),
            DateTimeOffset.Parse((string)last["restriction"]!["period"]!["start"]!, CultureInfo.InvariantCulture)
        );
    }

    [Fact]
    public void A_circle_of_relations_is_refused_however_long()
    {
        var actions = Enumerable
            .Range(0, 1_000)
            .Select(i =>
                $"{{'id':'a{i}','relatedAction':[{{'actionId':'a{(i + 1) % 1_000}','relationship':'after'}}]}}"
            );

        Assert.Equal("related-action-cycle", Told(Apply($"'action':[{string.Join(',', actions)}]", Given.Now)).Rule);
    }

    [Fact]
    public void Definitions_that_name_each_other_many_times_are_refused_before_they_fill_the_memory()
    {
        // Each names the next one twice: two to the power of thirty actions, and no circle.
        ResourceDocument? Resolve(string canonical) =>
            int.TryParse(canonical, out var level)
                ? Definition(
                    $"'url':'{level}','action':[{{'definitionCanonical':'{level + 1}'}},{{'definitionCanonical':'{level + 1}'}}]"
                )
                : null;

        Assert.Equal(
            "definition-size",
            Told(Apply("'action':[{'definitionCanonical':'1'}]", Given.Now, resolve: Resolve)).Rule
        );
    }

    [Fact]
    public void A_chain_of_definitions_is_followed_for_some_levels_only()
    {
        ResourceDocument? Resolve(string canonical)
        {
            var level = int.Parse(canonical, CultureInfo.InvariantCulture);
            var action = level < 20 ? $"{{'definitionCanonical':'{level + 1}'}}" : "{'title':'end'}";
            return Definition($"'url':'{level}','action':[{action}]");
        }

        Assert.Equal(
            2,
            Apply("'action':[{'definitionCanonical':'1'}]", Given.Now, resolve: Resolve).Value.Decision.Writes.Length
        );
        Assert.Equal(
            "definition-size",
            Told(
                Apply(
                    "'action':[{'definitionCanonical':'1'}]",
                    Given.Now,
                    resolve: c =>
                        Definition(
                            $"'url':'{c}','action':[{{'definitionCanonical':'{int.Parse(c, CultureInfo.InvariantCulture) + 1}'}}]"
                        )
                )
            ).Rule
        );
    }

    [Theory]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    public void A_definition_has_so_many_actions(int count, bool isApplied) =>
        Assert.Equal(
            isApplied,
            Apply($"'action':[{string.Join(',', Enumerable.Repeat("{'title':'x'}", count))}]", Given.Now).IsSuccess
        );

    [Fact]
    public void A_path_through_more_elements_than_any_resource_has_is_refused()
    {
        var path = string.Join('.', Enumerable.Repeat("extension", 200)) + ".url";

        Assert.Equal(
            "dynamic-path",
            Told(
                Apply(
                    $"'action':[{{'title':'x','dynamicValue':[{{'path':'{path}','expression':{{'language':'text/fhirpath','expression':'1'}}}}]}}]",
                    Given.Now
                )
            ).Rule
        );
    }

    private static string Filled(string elements, string number, string unit) =>
        elements
            .Replace("'value':N", $"'value':{number}", StringComparison.Ordinal)
            .Replace("'period':N", $"'period':{number}", StringComparison.Ordinal)
            .Replace("'U'", $"'{unit}'", StringComparison.Ordinal);

    /// <summary>1 where it is refused, by its rule and at a place; 0 where it is applied, and all that is made is valid.</summary>
    private static int Check(Result<Applied> result)
    {
        if (!result.IsSuccess)
        {
            var (status, rule, at, _) = Told(result);
            Assert.Equal((422, "time-range"), (status, rule));
            Assert.NotEqual("", at);
            return 1;
        }

        foreach (var write in result.Value.Decision.Writes)
            Assert.Empty(
                Validator
                    .Validate(ResourceDocument.Parse(write.Utf8Json).Value)
                    .Where(i => i.IsError)
                    .Select(i => $"{i.Expression}: {i.Diagnostics}")
            );
        return 0;
    }

    private static (int Status, string? Rule, string? At, string? Sentence) Told(Result<Applied> result)
    {
        var issue = result.Failure!.Issues[0];
        return (result.Failure.Status, issue.Details, issue.Expression, issue.Diagnostics);
    }

    private static Result<Applied> Apply(
        string elements,
        DateTimeOffset start,
        string birthDate = "1950-05-05",
        Func<string, ResourceDocument?>? resolve = null
    ) =>
        DefinitionApplication.Plan(
            Definition("'url':'http://example.org/p'," + elements),
            new ApplyRequest(
                new("Patient", "1"),
                ResourceDocument.Parse(Given.Resource("Patient", "1", $"'birthDate':'{birthDate}'").Utf8Json).Value,
                Given.Anyone,
                Given.Now,
                start,
                BusinessCalendar.UnitedStates(Given.NewYork),
                resolve ?? (_ => null),
                Given.Ids()
            )
            {
                Budget = new WorkBudget(),
            }
        );

    private static ResourceDocument Definition(string elements) =>
        ResourceDocument.Parse(Given.Resource("PlanDefinition", "p", "'status':'active'," + elements).Utf8Json).Value;
}
