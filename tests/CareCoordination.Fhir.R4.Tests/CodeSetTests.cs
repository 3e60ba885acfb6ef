using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace CareCoordination.Fhir.R4.Tests;

public sealed class CodeSetTests
{
    [Fact]
    public void Code_sets_agree_with_the_expansions_that_HL7_publishes()
    {
        var compared = 0;
        var differing = new List<string>();
        foreach (var (url, expected) in PublishedExpansions())
        {
            if (!R4Definitions.Schema.CodeSets.TryGetValue(url, out var set))
                continue;
            compared++;
            if (!expected.SetEquals(set.Codes.Select(c => (c.System, c.Value))))
                differing.Add(url);
        }

        Assert.Empty(differing);
        Assert.Equal(220, compared);
    }

    [Fact]
    public void Finds_a_code_by_its_bytes()
    {
        var set = R4Definitions.Schema.CodeSets["http://hl7.org/fhir/ValueSet/task-status"];

        Assert.True(set.Contains("in-progress"u8));
        Assert.False(set.Contains("in progress"u8));
        Assert.False(set.Contains("pr\u00FCfung"u8));
        Assert.False(set.Contains(new byte[500]));
    }

    private static IEnumerable<(string Url, HashSet<(string, string)> Codes)> PublishedExpansions()
    {
        using var gzip = new GZipStream(
            File.OpenRead(Conformance.Definitions("hl7.fhir.r4.expansions-4.0.1.tgz")),
            CompressionMode.Decompress
        );
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !!IsValueSet(Path.GetFileName(entry.Name)))
                continue;
            using var document = JsonDocument.Parse(entry.DataStream);
            if (document.RootElement.TryGetProperty("expansion", out var expansion))
                yield return (document.RootElement.GetProperty("url").GetString()!, [.. Codes(expansion)]);
        }
    }

    // The package holds each value set twice, with and without the suffix.
    private static bool IsValueSet(string file) =>
        file.StartsWith("ValueSet-", StringComparison.Ordinal) && file.EndsWith(".json", StringComparison.Ordinal);

    private static IEnumerable<(string, string)> Codes(JsonElement parent)
    {
        if (!parent.TryGetProperty("contains", out var contains))
            yield break;
        foreach (var item in contains.EnumerateArray())
        {
            if (item.TryGetProperty("code", out var code))
                yield return (item.GetProperty("system").GetString()!, code.GetString()!);
            foreach (var child in Codes(item))
                yield return child;
        }
    }
}
