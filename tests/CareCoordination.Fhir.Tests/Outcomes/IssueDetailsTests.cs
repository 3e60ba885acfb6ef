using System.Text;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Tests.Outcomes;

public sealed class IssueDetailsTests
{
    [Fact]
    public void Writes_the_rule_that_speaks_as_a_coding_of_details()
    {
        var issue = Issue.Error(IssueCode.BusinessRule, "No.", "Task.status") with { Details = "illegal-transition" };

        Assert.Equal(
            """
            {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"business-rule","details":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-rule","code":"illegal-transition"}]},"diagnostics":"No.","expression":["Task.status"]}]}
            """,
            Encoding.UTF8.GetString(OperationOutcome.ToUtf8Json([issue]))
        );
    }
}
