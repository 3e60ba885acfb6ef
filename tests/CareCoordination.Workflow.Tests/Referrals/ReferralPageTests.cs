using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Tests.Lifecycles;

namespace CareCoordination.Workflow.Tests.Referrals;

public sealed class ReferralPageTests
{
    /// <summary>Run with CARE_UPDATE_DOCS=1 to print the page anew.</summary>
    [Fact]
    public void The_page_of_the_documentation_says_what_the_tables_say()
    {
        var file = Path.Combine(LifecyclePageTests.Root(), "docs", "referral-states.md");
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_DOCS") is not null)
            File.WriteAllText(file, ReferralPage.Text());

        Assert.Equal(ReferralPage.Text(), File.ReadAllText(file));
    }
}
