using System.Xml.Linq;

namespace CareCoordination.RepoGuards;

/// <summary>The arrows of docs/architecture.md.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> AllowedReferences = new(StringComparer.Ordinal)
    {
        ["CareCoordination.Fhir"] = [],
        ["CareCoordination.Fhir.R4"] = ["CareCoordination.Fhir"],
        ["CareCoordination.Workflow"] = ["CareCoordination.Fhir", "CareCoordination.Fhir.R4"],
        ["CareCoordination.Access"] = ["CareCoordination.Fhir", "CareCoordination.Fhir.R4"],
        ["CareCoordination.Hl7v2"] = ["CareCoordination.Fhir"],
        ["CareCoordination.Views"] = ["CareCoordination.Fhir", "CareCoordination.Fhir.R4"],
        ["CareCoordination.Storage"] = ["CareCoordination.Fhir"],
        ["CareCoordination.Connectors"] =
        [
            "CareCoordination.Fhir",
            "CareCoordination.Fhir.R4",
            "CareCoordination.Hl7v2",
            "CareCoordination.Workflow",
        ],
        ["CareCoordination.Application"] =
        [
            "CareCoordination.Access",
            "CareCoordination.Fhir",
            "CareCoordination.Fhir.R4",
            "CareCoordination.Storage",
            "CareCoordination.Views",
            "CareCoordination.Workflow",
        ],
        ["CareCoordination.Rest"] = ["CareCoordination.Application"],
        ["CareCoordination.Exchange"] =
        [
            "CareCoordination.Application",
            "CareCoordination.Connectors",
            "CareCoordination.Hl7v2",
        ],
        ["CareCoordination.Formats"] = ["CareCoordination.Fhir"],
        ["CareCoordination.ParquetFiles"] = ["CareCoordination.Views"],
        // What others build on knows nothing of the server but its operations, by their names.
        ["CareCoordination.Client"] = [],
        ["CareCoordination.Analytics"] =
        [
            "CareCoordination.Access",
            "CareCoordination.Application",
            "CareCoordination.Storage",
            "CareCoordination.Views",
        ],
        ["CareCoordination.Server"] =
        [
            "CareCoordination.Analytics",
            "CareCoordination.Exchange",
            "CareCoordination.Formats",
            "CareCoordination.ParquetFiles",
            "CareCoordination.Rest",
            "CareCoordination.Security",
            "CareCoordination.SignIn",
        ],
        // Who asks: tokens of outside issuers, and the edge of the server.
        ["CareCoordination.Security"] =
        [
            "CareCoordination.Access",
            "CareCoordination.Application",
            "CareCoordination.Rest",
        ],
        // The authorization server that comes with the program.
        ["CareCoordination.SignIn"] =
        [
            "CareCoordination.Access",
            "CareCoordination.Application",
            "CareCoordination.Rest",
            "CareCoordination.Security",
            "CareCoordination.Storage",
        ],
    };

    private static readonly string[] PureProjects =
    [
        "CareCoordination.Fhir",
        "CareCoordination.Fhir.R4",
        "CareCoordination.Workflow",
        "CareCoordination.Hl7v2",
        "CareCoordination.Access",
        "CareCoordination.Views",
    ];

    /// <summary>Frames are read from a stream, by the one class of a pure library that waits.</summary>
    private const string ReaderOfStreams = "src/CareCoordination.Hl7v2/Mllp/MllpReader.cs";

    /// <summary>What a pure library must not touch: I/O, async, clock, randomness, dependency injection.</summary>
    private static readonly string[] ImpureWords =
    [
        "using System.IO;",
        "File.",
        "HttpClient",
        "async ",
        "await ",
        "TimeProvider",
        "Guid.NewGuid",
        "Random.Shared",
        "Environment.",
        "Console.",
        "IServiceProvider",
        "Thread.",
    ];

    public static TheoryData<string> SourceProjects => [.. Projects("src/")];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_references_only_the_rooms_its_arrows_allow(string project)
    {
        var references = Load(project)
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(AllowedReferences[Path.GetFileNameWithoutExtension(project)]));
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_pure_library_has_no_package(string project)
    {
        if (PureProjects.Contains(Path.GetFileNameWithoutExtension(project)))
            Assert.Empty(Load(project).Descendants("PackageReference"));
    }

    [Fact]
    public void A_pure_library_touches_no_outside_world()
    {
        var offences =
            from project in PureProjects
            from file in Repository.SourceFiles
            where file.StartsWith($"src/{project}/", StringComparison.Ordinal) && file != ReaderOfStreams
            from line in Repository.ReadLines(file).Select((text, index) => (Text: text.Trim(), Number: index + 1))
            where !line.Text.StartsWith("//", StringComparison.Ordinal)
            from word in ImpureWords
            where line.Text.Contains(word, StringComparison.Ordinal)
            select $"{file}:{line.Number}: {word}";

        Assert.Empty(offences);
    }

    /// <summary>Use cases are asked for over HTTP, by timers, partners and imports alike.</summary>
    [Theory]
    [InlineData("CareCoordination.Application")]
    [InlineData("CareCoordination.Workflow")]
    [InlineData("CareCoordination.Storage")]
    public void What_is_below_the_edge_knows_no_http(string project) =>
        Assert.Empty(
            from file in Repository.SourceFiles
            where file.StartsWith($"src/{project}/", StringComparison.Ordinal)
            from line in Repository.ReadLines(file)
            where line.Contains("Microsoft.AspNetCore", StringComparison.Ordinal)
            select $"{file}: {line}"
        );

    /// <summary>Where the store is used: the gate, what it is put together by, and what asks for no resource.</summary>
    private static readonly string[] UsersOfTheStore =
    [
        "src/CareCoordination.Application/ApplicationServices.cs",
        "src/CareCoordination.Application/Reads/ReadGate.cs",
        "src/CareCoordination.Application/Sessions/CareSession.cs",
        "src/CareCoordination.Application/Sessions/StoreReadiness.cs",
        "src/CareCoordination.Application/Timers/TimerSweep.cs",
    ];

    [Fact]
    public void Nothing_reaches_the_store_but_through_a_session() =>
        Assert.Equal(
            UsersOfTheStore,
            Repository
                .SourceFiles.Where(f =>
                    f.StartsWith("src/", StringComparison.Ordinal)
                    && !f.StartsWith("src/CareCoordination.Storage/", StringComparison.Ordinal)
                    && Repository.Read(f).Contains("ResourceStore", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal)
        );

    /// <summary>The store is internal: another assembly that sees it would be another way round the gate.</summary>
    [Fact]
    public void The_store_is_seen_by_the_use_cases_and_tests_only() =>
        Assert.Equal(
            ["CareCoordination.Application", "CareCoordination.Storage.CrashWriter", "CareCoordination.Storage.Tests"],
            Load("src/CareCoordination.Storage/CareCoordination.Storage.csproj")
                .Descendants("InternalsVisibleTo")
                .Select(e => e.Attribute("Include")!.Value)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void No_project_is_a_drawer_for_everything()
    {
        string[] drawers = ["Common", "Shared", "Core", "Infrastructure", "Domain", "Utils", "Helpers"];

        Assert.Empty(
            Repository.Files.Where(f =>
                f.StartsWith("src/", StringComparison.Ordinal) && f.Split('/', '.').Intersect(drawers).Any()
            )
        );
    }

    [Fact]
    public void Folders_are_at_most_three_deep_under_a_project() =>
        Assert.Empty(
            Repository.Files.Where(f =>
                f.StartsWith("src/", StringComparison.Ordinal) && f.Count(c => c == '/') > 2 + 3
            )
        );

    private static IEnumerable<string> Projects(string under) =>
        Repository.Files.Where(f =>
            f.StartsWith(under, StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal)
        );

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Repository.Root, project));
}
