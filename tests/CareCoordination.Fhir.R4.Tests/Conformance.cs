using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.R4.Tests;

/// <summary>Where other people's suites and definitions lie: beside the repository, or where CARE_CONFORMANCE_DIR says.</summary>
internal static class Conformance
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    private static string Folder =>
        Environment.GetEnvironmentVariable("CARE_CONFORMANCE_DIR") ?? Path.Combine(Repository, "../shared");

    /// <summary>The path of a file of the definitions; skips the test where it is absent.</summary>
    public static string Definitions(string file)
    {
        var path = Path.Combine(Folder, "definitions", file);
        if (!File.Exists(path))
            Absent($"There is no {file}: set CARE_CONFORMANCE_DIR to the folder that holds definitions/{file}.");
        return path;
    }

    /// <summary>The official R4 examples; skips the test where they are absent.</summary>
    public static IEnumerable<ResourceDocument> Examples()
    {
        var folder = Path.Combine(Folder, "r4-examples");
        if (!Directory.Exists(folder))
            Absent("There are no R4 examples: set CARE_CONFORMANCE_DIR to the folder that holds r4-examples.");
        return Directory
            .EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => ResourceDocument.Parse(File.ReadAllBytes(path)).Value);
    }

    private static void Absent(string sentence)
    {
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_CONFORMANCE") == "1")
            Assert.Fail(sentence);
        Assert.Skip(sentence);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run from a folder below the repository.");
    }
}
