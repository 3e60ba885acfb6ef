using Xunit;

namespace CareCoordination.TestKit;

/// <summary>
/// Other people's examples, suites and definitions, which are not part of the repository: beside it in <c>../shared</c>, or
/// where CARE_CONFORMANCE_DIR says.
/// </summary>
public static class SharedMaterial
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>
    /// The path of a file or folder of the shared material; skips the test where it is absent, or fails it where CARE_REQUIRE_CONFORMANCE=1.
    /// </summary>
    public static string Require(string relativePath)
    {
        var root =
            Environment.GetEnvironmentVariable("CARE_CONFORMANCE_DIR") ?? Path.Combine(Repository, "..", "shared");
        var path = Path.Combine(root, relativePath);
        if (Path.Exists(path))
            return path;
        var absent = $"There is no {relativePath}: set CARE_CONFORMANCE_DIR to the folder that holds it.";
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_CONFORMANCE") == "1")
            Assert.Fail(absent);
        Assert.Skip(absent);
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
