using System.Diagnostics;

namespace CareCoordination.RepoGuards;

/// <summary>The checkout that these tests run in.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    /// <summary>Files git tracks or would add, relative to the root, with forward slashes.</summary>
    public static readonly IReadOnlyList<string> Files =
    [
        .. Git("ls-files", "--cached", "--others", "--exclude-standard").Where(f => File.Exists(Path.Combine(Root, f))),
    ];

    public static IEnumerable<string> SourceFiles =>
        Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !IsGenerated(f));

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    public static string[] ReadLines(string relativePath) => File.ReadAllLines(Path.Combine(Root, relativePath));

    private static bool IsGenerated(string file) =>
        file.Contains("/Generated/", StringComparison.Ordinal)
        || file.Contains("/Migrations/", StringComparison.Ordinal);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("CareCoordination.sln was not found above the test binaries.");
    }

    private static string[] Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
