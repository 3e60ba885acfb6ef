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

    public static TheoryData<IssueCode> Codes => [.. Enum.GetValues<IssueCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Repeats_the_code_in_the_code_system_of_FHIR_where_no_rule_speaks(IssueCode code)
    {
        var issue = Issue.Error(code, "No.") with { RepeatsCode = true };
        var name = OperationOutcome.Code(code);

        Assert.Equal(
            $$$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"{{{name}}}","details":{"coding":[{"system":"http://hl7.org/fhir/issue-type","code":"{{{name}}}"}]},"diagnostics":"No."}]}""",
            Encoding.UTF8.GetString(OperationOutcome.ToUtf8Json([issue]))
        );
    }

    [Fact]
    public void A_rule_is_told_before_the_code()
    {
        var issue = Issue.Error(IssueCode.BusinessRule, "No.") with { Details = "duplicate", RepeatsCode = true };

        Assert.Contains(
            """[{"system":"https://carecoordination.example/fhir/CodeSystem/care-rule","code":"duplicate"}]""",
            Encoding.UTF8.GetString(OperationOutcome.ToUtf8Json([issue])),
            StringComparison.Ordinal
        );
    }
}
