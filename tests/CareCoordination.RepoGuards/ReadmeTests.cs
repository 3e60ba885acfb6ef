using System.Text.RegularExpressions;

namespace CareCoordination.RepoGuards;

/// <summary>The README tells the truth about what can be checked without running it.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void The_two_commands_a_stranger_needs_are_in_the_readme()
    {
        var readme = Repository.Read("README.md");

        Assert.Contains("dotnet run --project src/CareCoordination.Server", readme, StringComparison.Ordinal);
        Assert.Contains("dotnet test", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Continuous_integration_calls_the_test_command_of_the_readme() =>
        Assert.Contains("dotnet test", Repository.Read(".ci/run"), StringComparison.Ordinal);

    [Fact]
    public void Every_relative_link_in_the_documentation_leads_somewhere() =>
        Assert.Empty(
            from file in Repository.Files
            where file.EndsWith(".md", StringComparison.Ordinal)
            from Match link in Link().Matches(Repository.Read(file))
            let target = link.Groups[1].Value
            where
                !target.Contains("://", StringComparison.Ordinal)
                && !target.StartsWith('#')
                && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let path = Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target.Split('#')[0])
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{file}: {target}"
        );

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
