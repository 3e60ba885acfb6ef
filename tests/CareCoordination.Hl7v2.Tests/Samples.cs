using System.Runtime.CompilerServices;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.Tests;

/// <summary>The messages of samples/hl7v2.</summary>
internal static class Samples
{
    private static readonly Lazy<SenderProfiles> Profiles = new(() =>
    {
        var read = SenderProfiles.Read(File.ReadAllBytes(Path.Combine(Folder, "senders.json")));
        Assert.True(
            read.IsSuccess,
            string.Join('\n', read.Failure?.Issues.Select(i => $"{i.Expression}: {i.Diagnostics}") ?? [])
        );
        return read.Value;
    });

    public static string Folder => Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", "samples", "hl7v2"));

    public static SenderProfiles Senders => Profiles.Value;

    public static SenderProfile Sender(string id) => Senders.All.Single(s => s.Id == id);

    public static IEnumerable<string> Names =>
        Directory
            .EnumerateFiles(Folder, "*.hl7")
            .Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".hl7"));

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
