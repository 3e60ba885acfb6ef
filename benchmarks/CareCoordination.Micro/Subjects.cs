using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CareCoordination.SampleData;

namespace CareCoordination.Micro;

/// <summary>What is measured: resources of our own generator, or Synthea's where the shared material is at hand.</summary>
internal static class Subjects
{
    private const int AboutBytes = 800;

    /// <summary>The JSON of an Observation of about 0.8 kB, compact.</summary>
    public static byte[] Observation() => FromSynthea() ?? Generated("Observation");

    public static byte[] Generated(string type) =>
        new SamplePopulation(new SampleOptions(Patients: 20, Seed: 1))
            .Patients()
            .SelectMany(record => record)
            .Where(resource => (string?)resource["resourceType"] == type)
            .Select(resource => Encoding.UTF8.GetBytes(resource.ToJsonString()))
            .MinBy(json => Math.Abs(json.Length - AboutBytes))!;

    private static byte[]? FromSynthea()
    {
        if (FindSynthea() is not { } folder)
            return null;
        var file = Directory
            .GetFiles(folder, "*.json.gz")
            .Order(StringComparer.Ordinal)
            .First(f => !Path.GetFileName(f).StartsWith("0-", StringComparison.Ordinal));
        using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var bundle = JsonDocument.Parse(stream);
        return bundle
            .RootElement.GetProperty("entry")
            .EnumerateArray()
            .Select(entry => entry.GetProperty("resource"))
            .Where(resource =>
                resource.GetProperty("resourceType").ValueEquals("Observation")
                && !resource.GetRawText().Contains('?', StringComparison.Ordinal)
            )
            .Select(resource => Relative(JsonSerializer.SerializeToUtf8Bytes(resource)))
            .MinBy(json => Math.Abs(json.Length - AboutBytes));
    }

    /// <summary>As it is once the transaction it came in is resolved.</summary>
    private static byte[] Relative(byte[] json) =>
        Encoding.UTF8.GetBytes(
            Encoding
                .UTF8.GetString(json)
                .Replace(
                    "\"subject\":{\"reference\":\"urn:uuid:",
                    "\"subject\":{\"reference\":\"Patient/",
                    StringComparison.Ordinal
                )
                .Replace(
                    "\"encounter\":{\"reference\":\"urn:uuid:",
                    "\"encounter\":{\"reference\":\"Encounter/",
                    StringComparison.Ordinal
                )
        );

    private static string? FindSynthea()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                continue;
            var shared =
                Environment.GetEnvironmentVariable("CARE_CONFORMANCE_DIR")
                ?? Path.Combine(folder.FullName, "..", "shared");
            var synthea = Path.Combine(shared, "synthea", "blaze-2021");
            return Directory.Exists(synthea) ? synthea : null;
        }

        return null;
    }
}
