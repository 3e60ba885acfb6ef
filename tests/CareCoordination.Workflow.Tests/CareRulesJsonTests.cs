using System.Text.Json;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests;

public sealed class CareRulesJsonTests
{
    [Fact]
    public void Rules_are_read_from_json_and_keep_the_defaults_of_what_is_not_said()
    {
        var rules = JsonSerializer.Deserialize<CareRules>(
            """{"effectiveFrom":"2027-01-01","mostPatients":150,"tierPoints":{"low":2},"lateness":[{"code":"late","businessDaysAfterDue":1,"toLead":true}]}""",
            JsonSerializerOptions.Web
        )!;

        Assert.Equal(
            (new DateOnly(2027, 1, 1), 150, 300, 3),
            (rules.EffectiveFrom, rules.MostPatients, rules.MostPoints, rules.TransitionPoints)
        );
        Assert.Equal(2, rules.TierPoints["low"]);
        Assert.Equal(
            ("late", 1, true, "routine"),
            (
                rules.Lateness[0].Code,
                rules.Lateness[0].BusinessDaysAfterDue,
                rules.Lateness[0].ToLead,
                rules.Lateness[0].LeastPriority
            )
        );
    }
}
