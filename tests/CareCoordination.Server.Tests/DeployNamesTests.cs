using System.Text.RegularExpressions;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Verbs;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>Whatever the files for operators, the workflows and the pages name is there: settings, variables, verbs, files.</summary>
public sealed partial class DeployNamesTests
{
    private static readonly string Root = SharedMaterial.Repository;

    /// <summary>Files that people copy settings from.</summary>
    private static readonly string[] Named =
    [
        "README.md",
        .. Under("deploy"),
        .. Under(Path.Combine(".github", "workflows")),
        .. Under(Path.Combine("docs", "operators")),
        Path.Combine("docs", "configuration.md"),
        Path.Combine("docs", "storage.md"),
        Path.Combine("docs", "import.md"),
    ];

    public static TheoryData<string> Files => [.. Named];

    [Theory, MemberData(nameof(Files))]
    public async Task Every_setting_that_is_named_is_one(string file)
    {
        List<string> unknown = [];
        foreach (var name in Settings(Read(file)).Distinct(StringComparer.Ordinal))
        {
            try
            {
                await using var app = Program.Build($"--{name}=1");
            }
            catch (ConfigurationProblem problem) when (!IsUnknown(problem))
            {
                // It is read, and wants another value.
            }
            catch (ConfigurationProblem problem)
            {
                unknown.Add(problem.Message);
            }
        }

        Assert.Empty(unknown);
    }

    [Fact]
    public void A_setting_that_there_is_not_is_found_by_the_test_above()
    {
        Assert.Equal(["Storage:Providr", "Server:BaseUrl"], Settings("a `Storage__Providr=x` and `Server:BaseUrl`"));
        foreach (var name in (string[])["Storage:Providr", "Nothing:At:All", "ConnectionStrings:Care"])
            Assert.True(IsUnknown(Assert.Throws<ConfigurationProblem>(() => Program.Build($"--{name}=1"))), name);
    }

    [Fact]
    public void Every_variable_of_the_tests_that_is_named_is_read_by_something()
    {
        var readers = string.Concat(
            new[] { "tests", "benchmarks", "src", "tools" }
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
                )
                .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
                .Where(f => Path.GetFileName(f) != "DeployNamesTests.cs")
                .Select(File.ReadAllText)
        );
        string[] files = [.. Named, "CONTRIBUTING.md", Path.Combine(".ci", "run")];
        var names = files.SelectMany(f => Variable().Matches(Read(f)).Select(m => m.Value)).Distinct().ToList();

        Assert.Contains("CARE_TEST_SQLSERVER", names);
        Assert.Empty(names.Where(name => !readers.Contains($"\"{name}\"", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_file_of_this_repository_that_is_named_is_there(string file) =>
        Assert.Empty(
            Place()
                .Matches(Read(file))
                .Select(m => m.Value.TrimEnd('.', '/'))
                .Distinct(StringComparer.Ordinal)
                .Where(place => !Path.Exists(Path.Combine(Root, place)))
        );

    [Theory]
    [InlineData("compose.postgresql.yaml")]
    [InlineData("compose.sqlserver.yaml")]
    [InlineData("Dockerfile")]
    [InlineData("carecoordination.service")]
    public void Every_verb_that_is_run_is_one(string file)
    {
        var text = Read(Path.Combine("deploy", file));

        foreach (Match command in Command().Matches(text))
            Assert.NotNull(VerbTable.Find([command.Groups["verb"].Value]));
        // The unit does not start again what ended with the exit code of a wrong setting.
        if (file.EndsWith(".service", StringComparison.Ordinal))
            Assert.Contains("RestartPreventExitStatus=2", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2.0", "- Second.\n")]
    [InlineData("1.1.0", "- First.\n")]
    [InlineData("1.3.0", "")]
    public async Task The_notes_of_a_release_are_its_part_of_the_changelog(string version, string notes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash here.");
        Assert.StartsWith("## [Unreleased]", Heading().Match(Read("CHANGELOG.md")).Value, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("care-notes-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "CHANGELOG.md"),
            "# Changelog\n\n## [Unreleased]\n\n- Later.\n\n## [1.2.0] - 2027-02-01\n\n- Second.\n\n## [1.1.0] - 2027-01-01\n\n- First.\n",
            TestContext.Current.CancellationToken
        );
        var awk = Awk().Match(Read(Path.Combine(".github", "workflows", "release.yml"))).Groups["command"].Value;

        var (code, output, error) = await ProgramRun.OfAsync(
            folder,
            "bash",
            ["-c", $"version={version}; {awk} CHANGELOG.md"]
        );

        Assert.True(code == 0, error);
        Assert.Equal(notes.Trim(), output.Trim());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_image_is_built_from_what_the_context_has()
    {
        string[] left =
        [
            .. Read(Path.Combine("deploy", "Dockerfile.dockerignore")).Split('\n').Where(l => l.Length > 0),
        ];
        string[] needed =
        [
            "src",
            "tools",
            "Directory.Build.props",
            "Directory.Packages.props",
            "BannedSymbols.txt",
            "global.json",
        ];

        Assert.Empty(needed.Intersect(left, StringComparer.Ordinal));
        foreach (
            var project in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        )
            Assert.DoesNotMatch(
                @"Include=""\.\./\.\./(samples|tests|docs|benchmarks|openapi)",
                File.ReadAllText(project)
            );
    }

    private static bool IsUnknown(ConfigurationProblem problem) =>
        problem.Message.Contains(" is no setting", StringComparison.Ordinal)
        || problem.Message.Contains(" is no option", StringComparison.Ordinal);

    /// <summary>Names as <c>Storage:Provider</c>, also where they are written for the environment.</summary>
    private static IEnumerable<string> Settings(string text) =>
        Setting()
            .Matches(text)
            .Select(m => m.Value.Replace("__", ":", StringComparison.Ordinal))
            // Shown as an example of another program's setting, or a part of a longer one.
            .Where(name => !name.StartsWith("Logging:LogLevel", StringComparison.Ordinal));

    private static string[] Under(string folder) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root, folder))
                .Select(f => Path.GetRelativePath(Root, f))
                .Order(StringComparer.Ordinal),
        ];

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    [GeneratedRegex(
        @"(?<![\w:/.])(Care|Connectors|Deliveries|Kestrel|Limits|Logging|Server|Storage|Telemetry|ConnectionStrings)((__|:)[A-Z]\w*)+(?![\w:*])",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Setting();

    [GeneratedRegex(@"\bCARE_[A-Z_]+[A-Z]\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"(?<![\w/.<])(src|deploy|docs|samples|tests|tools|openapi|benchmarks)/[\w./-]*\w",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Place();

    [GeneratedRegex(@"(command: \[""|CareCoordination\.Server"", "")(?<verb>\w+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex("^## .*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("(?<command>awk .*) CHANGELOG.md", RegexOptions.ExplicitCapture)]
    private static partial Regex Awk();
}
