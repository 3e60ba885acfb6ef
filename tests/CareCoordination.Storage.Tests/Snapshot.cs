using CareCoordination.TestKit;

namespace CareCoordination.Storage.Tests;

/// <summary>A committed file that says what a test expects; CARE_UPDATE_SNAPSHOTS=1 writes it anew.</summary>
internal static class Snapshot
{
    public static void Matches(string relativePath, string actual)
    {
        var path = Path.Combine(SharedMaterial.Repository, relativePath);
        actual = actual.ReplaceLineEndings("\n").Trim('\uFEFF', '\n') + "\n";
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(
            File.Exists(path),
            $"{relativePath} is missing: run the tests with CARE_UPDATE_SNAPSHOTS=1 and read what they write."
        );
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
