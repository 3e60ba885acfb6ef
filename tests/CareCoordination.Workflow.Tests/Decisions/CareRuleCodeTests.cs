using System.Text.RegularExpressions;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tests.Lifecycles;

namespace CareCoordination.Workflow.Tests.Decisions;

public sealed partial class CareRuleCodeTests
{
    [Fact]
    public void Every_rule_that_refuses_is_listed_and_every_listed_rule_refuses()
    {
        var sources = Directory
            .EnumerateFiles(Path.Combine(LifecyclePageTests.Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f =>
                !f.Contains("/obj/", StringComparison.Ordinal)
                && !f.EndsWith("CareRuleCode.cs", StringComparison.Ordinal)
            )
            .Select(File.ReadAllText)
            .ToArray();
        var used = sources
            .SelectMany(s => Refusal().Matches(s))
            .Select(m => m.Groups["rule"].Value)
            .Distinct()
            .ToArray();
        var all = CareRuleCode.All.Select(c => c.Code).ToArray();

        Assert.Empty(used.Except(all));
        Assert.Empty(all.Where(c => !sources.Any(s => s.Contains($"\"{c}\"", StringComparison.Ordinal))));
        Assert.Equal(all.Order(StringComparer.Ordinal).Distinct(), all);
        var conflicts = sources.SelectMany(s => Conflict().Matches(s)).Select(m => m.Groups["rule"].Value).Distinct();
        Assert.Equal(
            conflicts.Append("unresolved-conflicts").Order(StringComparer.Ordinal),
            CareRuleCode.All.Where(c => c.Status == 409).Select(c => c.Code)
        );
    }

    /// <summary>Run with CARE_UPDATE_DOCS=1 to print the page anew.</summary>
    [Fact]
    public void The_page_of_the_documentation_lists_them()
    {
        var file = Path.Combine(LifecyclePageTests.Root(), "docs", "care-rules.md");
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_DOCS") is not null)
            File.WriteAllText(file, CareRuleCode.Page());

        Assert.Equal(CareRuleCode.Page(), File.ReadAllText(file));
    }

    [GeneratedRegex("""RuleFailure\s*\.\s*Conflict\(\s*"(?<rule>[a-z-]+)",""")]
    private static partial Regex Conflict();

    [GeneratedRegex(
        """(?:RuleFailure\s*\.\s*(?:Of|Conflict|Missing|Issue|Warning)\(\s*|Details = |Name\(\s*(?="open-))"(?<rule>[a-z-]+)\x22"""
    )]
    private static partial Regex Refusal();
}
