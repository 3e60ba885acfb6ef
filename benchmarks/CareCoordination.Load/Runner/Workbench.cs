using System.Runtime.InteropServices;

namespace CareCoordination.Load.Runner;

/// <summary>What every run needs to know of this machine and of the sources.</summary>
internal static class Workbench
{
    /// <summary>The folder of the sources, above the current one.</summary>
    public static string FindRoot()
    {
        for (
            var folder = new DirectoryInfo(Directory.GetCurrentDirectory());
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException(
            "Run this inside the repository: it publishes the server and writes benchmarks/results."
        );
    }

    /// <summary>The server's program: published, or in the folder that <c>--server</c> names.</summary>
    public static async Task<string> ServerProgramAsync(Arguments arguments, string root, string folder)
    {
        var server = arguments["server", ""];
        if (server.Length == 0)
            await PublishAsync(root, server = Path.Combine(folder, "server"));
        return Path.Combine(server, "CareCoordination.Server");
    }

    public static async Task<string> DescribeCommitAsync(string root)
    {
        var commit = await Shell.RunAsync("git", ["-C", root, "rev-parse", "--short=12", "HEAD"]);
        var changes = await Shell.RunAsync("git", ["-C", root, "status", "--porcelain", "--untracked-files=no"]);
        return changes.Length == 0 ? commit : $"{commit} with uncommitted changes";
    }

    public static string DescribeHardware()
    {
        var processor =
            File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[1]
                .Trim()
            ?? $"{RuntimeInformation.ProcessArchitecture}";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        return $"{processor}, {Environment.ProcessorCount} cores, {memory} GiB";
    }

    private static Task PublishAsync(string root, string output)
    {
        Console.WriteLine("Publishing the server");
        var project = Path.Combine(root, "src", "CareCoordination.Server");
        string[] options =
        [
            "-c",
            "Release",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "-o",
            output,
            "-v",
            "q",
            "-nologo",
        ];
        return Shell.RunAsync("dotnet", ["publish", project, .. options]);
    }
}
