using System.Text.RegularExpressions;

namespace CareCoordination.RepoGuards;

/// <summary>Our own rules of CONTRIBUTING.md that no analyzer knows.</summary>
public sealed partial class HouseRuleTests
{
    private static readonly string[] RootEntries =
    [
        ".ci",
        ".config",
        ".csharpierrc",
        ".csharpierignore",
        ".editorconfig",
        ".gitattributes",
        ".github",
        ".gitignore",
        "BannedSymbols.txt",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "CareCoordination.sln",
        "Directory.Build.props",
        "Directory.Packages.props",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "benchmarks",
        "deploy",
        "docs",
        "global.json",
        "openapi",
        "samples",
        "src",
        "tests",
        "tools",
    ];

    [Fact]
    public void The_root_holds_only_what_is_listed_here() =>
        Assert.Empty(Repository.Files.Select(f => f.Split('/')[0]).Distinct().Except(RootEntries));

    [Fact]
    public void Nothing_promises_work_instead_of_doing_it() =>
        Assert.Empty(
            Matches(
                Repository.SourceFiles.Where(f =>
                    !f.StartsWith("tests/CareCoordination.RepoGuards/", StringComparison.Ordinal)
                ),
                Promise()
            )
        );

    [Fact]
    public void No_log_message_destructures_an_object() =>
        Assert.Empty(
            Matches(Repository.SourceFiles.Where(f => f.StartsWith("src/", StringComparison.Ordinal)), Destructuring())
        );

    [Fact]
    public void Source_files_stay_readable_in_one_sitting() =>
        Assert.Empty(
            from file in Repository.SourceFiles
            where
                file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("tests/", StringComparison.Ordinal)
            let lines = Repository.ReadLines(file).Length
            where lines > (file.StartsWith("src/", StringComparison.Ordinal) ? 500 : 700)
            select $"{file}: {lines} lines"
        );

    [Fact]
    public void Packages_have_their_version_in_one_place() =>
        Assert.Empty(
            Matches(Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)), PinnedPackage())
        );

    [Fact]
    public void Warnings_are_suppressed_in_editorconfig_or_not_at_all() =>
        Assert.Empty(
            Matches(Repository.SourceFiles.Where(f => f.StartsWith("src/", StringComparison.Ordinal)), Pragma())
        );

    /// <summary>A comment above several rules fits one of them at best.</summary>
    [Fact]
    public void A_rule_is_switched_off_under_a_reason_of_its_own() =>
        Assert.Empty(
            Switched(Repository.ReadLines(".editorconfig"), RuleSwitch(), "#")
                .Concat(
                    from file in Repository.Files
                    where
                        file.EndsWith(".csproj", StringComparison.Ordinal)
                        || file.EndsWith(".props", StringComparison.Ordinal)
                    from line in Switched(Repository.ReadLines(file), NoWarn(), "<!--")
                    select $"{file}: {line}"
                )
        );

    [Fact]
    public void The_guard_of_reasons_knows_one_that_is_missing_or_shared()
    {
        string[] lines =
        [
            "# A reason.",
            "dotnet_diagnostic.A.severity = none",
            "dotnet_diagnostic.B.severity = none",
            "dotnet_diagnostic.C.severity = warning",
            "",
            "dotnet_diagnostic.D.severity = suggestion",
        ];

        Assert.Equal(
            ["dotnet_diagnostic.B.severity = none", "dotnet_diagnostic.D.severity = suggestion"],
            Switched(lines, RuleSwitch(), "#")
        );
        Assert.Equal(
            ["<NoWarn>$(NoWarn);NU2</NoWarn>"],
            Switched(
                ["<!-- NU1: why. -->", "<NoWarn>$(NoWarn);NU1</NoWarn>", "<NoWarn>$(NoWarn);NU2</NoWarn>"],
                NoWarn(),
                "<!--"
            )
        );
    }

    [Fact]
    public void Every_decision_record_has_its_four_parts()
    {
        string[] parts = ["## Context", "## Options", "## Decision", "## Consequences"];

        Assert.Empty(
            from file in Repository.Files
            where file.StartsWith("docs/adr/", StringComparison.Ordinal) && char.IsAsciiDigit(Path.GetFileName(file)[0])
            let text = Repository.Read(file)
            from part in parts
            where !text.Contains(part, StringComparison.Ordinal)
            select $"{file} lacks {part}"
        );
    }

    private static IEnumerable<string> Switched(string[] lines, Regex pattern, string comment) =>
        lines
            .Select((text, index) => (Text: text.Trim(), Before: index == 0 ? "" : lines[index - 1].Trim()))
            .Where(line => pattern.IsMatch(line.Text) && !IsComment(line.Before, comment))
            .Select(line => line.Text);

    private static bool IsComment(string line, string comment) =>
        line.StartsWith(comment, StringComparison.Ordinal) || line.EndsWith("-->", StringComparison.Ordinal);

    private static IEnumerable<string> Matches(IEnumerable<string> files, Regex pattern) =>
        from file in files
        from line in Repository.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\{@")]
    private static partial Regex Destructuring();

    [GeneratedRegex("<PackageReference [^>]*Version=")]
    private static partial Regex PinnedPackage();

    [GeneratedRegex(@"^dotnet_diagnostic\..*=\s*(none|silent|suggestion)")]
    private static partial Regex RuleSwitch();

    [GeneratedRegex("<NoWarn>")]
    private static partial Regex NoWarn();

    [GeneratedRegex(@"#pragma warning disable|SuppressMessage\(")]
    private static partial Regex Pragma();
}
