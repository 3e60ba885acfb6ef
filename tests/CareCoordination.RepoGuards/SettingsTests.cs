using System.Text.RegularExpressions;

namespace CareCoordination.RepoGuards;

/// <summary>What the program reads can be given to it, and is written down.</summary>
public sealed partial class SettingsTests
{
    private static string[] Sections =>
        [
            .. Repository
                .SourceFiles.Where(file => file.StartsWith("src/", StringComparison.Ordinal))
                .SelectMany(file => Section().Matches(Repository.Read(file)))
                .Select(match => match.Groups["name"].Value)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void Every_section_that_is_read_may_stand_on_the_command_line()
    {
        var known = Repository.Read("src/CareCoordination.Server/Options/CommandLine.cs");

        Assert.Contains("Storage", Sections);
        Assert.Empty(Sections.Where(name => !known.Contains($"\"{name}\",", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_section_that_is_read_is_in_the_documentation()
    {
        var text = Repository.Read("docs/configuration.md");

        Assert.Empty(Sections.Where(name => !text.Contains($"`{name}:", StringComparison.Ordinal)));
    }

    [GeneratedRegex(
        """OptionsSection\(configuration, \$?"(?<name>[A-Za-z]+)[":]""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Section();
}
