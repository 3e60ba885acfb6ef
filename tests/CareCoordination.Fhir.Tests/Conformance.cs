using System.IO.Compression;

namespace CareCoordination.Fhir.Tests;

/// <summary>Other people's examples and suites: beside the repository, or where CARE_CONFORMANCE_DIR says; needed where CARE_REQUIRE_CONFORMANCE=1.</summary>
internal static class Conformance
{
    /// <summary>The files of a folder, by name; skips the test where the folder is absent.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root(), folder);
        if (!Directory.Exists(path))
            Absent($"There is no {folder}: set CARE_CONFORMANCE_DIR to the folder that holds it.");
        return [.. Directory.GetFiles(path, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    /// <summary>The path of one file; skips the test where it is absent.</summary>
    public static string Find(string file)
    {
        var path = Path.Combine(Root(), file);
        if (!File.Exists(path))
            Absent($"There is no {file}: set CARE_CONFORMANCE_DIR to the folder that holds it.");
        return path;
    }

    /// <summary>The bytes of a file, unpacked where it ends with .gz.</summary>
    public static byte[] Read(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
            return File.ReadAllBytes(path);
        using var unpacked = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Absent(string sentence)
    {
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_CONFORMANCE") == "1")
            Assert.Fail(sentence);
        Assert.Skip(sentence);
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("CARE_CONFORMANCE_DIR") is { Length: > 0 } root)
            return root;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                return Path.Combine(folder.FullName, "../shared");
        }

        return "../shared";
    }
}
