using CareCoordination.Fhir.Outcomes;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>A coding of a refusal is one of the code system that it names.</summary>
public sealed class RefusalCodingTests(SqliteServer shared) : ServerTests(shared)
{
    private const string Nothing = """{"resourceType":"Parameters"}""";
    private const string Unknown =
        """{"resourceType":"Parameters","parameter":[{"name":"nothing","valueBoolean":true}]}""";
    private const string Nobody =
        """{"resourceType":"Parameters","parameter":[{"name":"practitioner","valueReference":{"reference":"Practitioner/nobody"}}]}""";

    [Theory]
    [InlineData("Task/{0}/$claim", Nothing, OperationOutcome.CodeSystem, "required")]
    [InlineData("Task/{0}/$claim", Unknown, OperationOutcome.CodeSystem, "not-supported")]
    [InlineData("Task/{0}/$reject", Nothing, OperationOutcome.DetailsSystem, "reason-required")]
    [InlineData("Task/{0}/$claim", Nobody, OperationOutcome.DetailsSystem, "reference-unresolved")]
    [InlineData("CarePlan/none/$hold", Nothing, OperationOutcome.CodeSystem, "not-found")]
    public async Task Names_the_rule_or_the_type_of_the_issue(string address, string body, string system, string code)
    {
        var patient = Given.Id("p");
        (await Server.PutAsync($"Patient/{patient}", Given.Patient(patient))).ShouldBe(201);
        var task = (await Server.PostAsync("Task", Given.Task(patient))).ShouldBe(201).Text("id");

        var answer = await Server.PostAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, address, task),
            body
        );

        var issue = answer.Json.GetProperty("issue")[0];
        var coding = issue.GetProperty("details").GetProperty("coding")[0];
        Assert.Equal(
            (system, code),
            (coding.GetProperty("system").GetString(), coding.GetProperty("code").GetString())
        );
        if (system == OperationOutcome.DetailsSystem)
            Assert.NotNull(CareRuleCode.Find(code));
        else
            Assert.Equal(code, issue.GetProperty("code").GetString());
    }
}
