using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Tests.Lifecycles;

public sealed class StatusGuardTests
{
    [Fact]
    public void Reads_the_statuses_of_a_plain_write_from_both_versions()
    {
        var failure = StatusGuard.Check(
            Parse("""{"resourceType":"CarePlan","status":"completed"}"""),
            Parse("""{"resourceType":"CarePlan","status":"active"}""")
        );

        Assert.Equal(422, failure!.Status);
        Assert.Equal("CarePlan.status", failure.Issues[0].Expression);
        Assert.Equal(
            "CarePlan.status cannot go from 'completed' to 'active'. From 'completed' it can become 'active' (by $reopen only), 'entered-in-error'.",
            failure.Issues[0].Diagnostics
        );
    }

    [Fact]
    public void Reads_the_lifecycle_status_of_a_goal()
    {
        var failure = StatusGuard.Check(
            Parse("""{"resourceType":"Goal","lifecycleStatus":"rejected"}"""),
            Parse("""{"resourceType":"Goal","lifecycleStatus":"active"}""")
        );

        Assert.Equal("Goal.lifecycleStatus", failure!.Issues[0].Expression);
    }

    [Fact]
    public void Reads_where_a_hold_began_from_the_version_before()
    {
        var held = Parse(
            $$"""{"resourceType":"Task","extension":[{"url":"{{CareExtensions.HeldFrom}}","valueCode":"ready"}],"status":"on-hold"}"""
        );

        Assert.Null(StatusGuard.Check(held, Parse("""{"resourceType":"Task","status":"ready"}""")));
        Assert.Equal(
            "Task.status cannot go from 'on-hold' to 'in-progress': the hold began in 'ready'. "
                + "From 'on-hold' it can become 'ready', 'failed', 'completed', 'cancelled', 'entered-in-error'.",
            StatusGuard.Check(held, Parse("""{"resourceType":"Task","status":"in-progress"}"""))!.Issues[0].Diagnostics
        );
    }

    [Theory]
    [InlineData("""{"resourceType":"Task"}""", """{"resourceType":"Task","status":"ready"}""")]
    [InlineData("""{"resourceType":"Patient","active":true}""", """{"resourceType":"Patient","active":false}""")]
    public void What_had_no_status_may_have_any(string before, string after) =>
        Assert.Null(StatusGuard.Check(Parse(before), Parse(after)));

    [Theory]
    [InlineData("""{"resourceType":"CareTeam"}""")]
    [InlineData("""{"resourceType":"CareTeam","status":7}""")]
    public void A_status_cannot_be_removed_to_come_back_as_another(string after) =>
        Assert.Equal(
            "CareTeam.status cannot be removed: it is 'inactive'. From 'inactive' it can become 'entered-in-error'.",
            StatusGuard
                .Check(Parse("""{"resourceType":"CareTeam","status":"inactive"}"""), Parse(after))!
                .Issues[0]
                .Diagnostics
        );

    internal static ResourceDocument Parse(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
}
