namespace CareCoordination.Fhir.R4.Tests;

/// <summary>Where other people's suites and definitions lie: beside the repository, or where CARE_CONFORMANCE_DIR says.</summary>
internal static class Conformance
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The path of a file of the definitions; skips the test where it is absent.</summary>
    public static string Definitions(string file)
    {
        var folder =
            Environment.GetEnvironmentVariable("CARE_CONFORMANCE_DIR") ?? Path.Combine(Repository, "../shared");
        var path = Path.Combine(folder, "definitions", file);
        if (!File.Exists(path))
            Assert.Skip($"There is no {file}: set CARE_CONFORMANCE_DIR to the folder that holds definitions/{file}.");
        return path;
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
