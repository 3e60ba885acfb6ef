using System.Net.Http.Headers;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>The messages of samples/hl7v2, each sent to a server of its own kind, one after the other as a hospital would.</summary>
public sealed class SampleMessageTests
{
    /// <summary>How those are answered that are not simply taken.</summary>
    private static readonly Dictionary<string, string> Otherwise = new(StringComparer.Ordinal)
    {
        ["north-bad-dates"] = "422 AE",
        ["north-bad-disposition-and-class"] = "422 AE",
        ["north-bad-event"] = "400 AR",
        ["north-bad-no-visit-no-patient"] = "422 AE",
        ["north-bad-unknown-assigner"] = "422 AE",
    };

    [Fact]
    public async Task Each_is_taken_or_refused_and_a_second_time_the_same()
    {
        await using var server = await Hl7Kit.StartAsync();
        var folder = Path.GetDirectoryName(Hl7Kit.SendersPath)!;
        var names = Directory
            .EnumerateFiles(folder, "*.hl7")
            .Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal)
            .ToList();
        foreach (var name in names.Concat(names))
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, name + ".hl7"));
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("x-application/hl7-v2+er7");
            using var response = await server.Client.PostAsync(server.Root + "/hl7v2", content);
            // UTF-16 has a zero beside each of these letters, other separators stand between them.
            var body = Encoding
                .UTF8.GetString(await response.Content.ReadAsByteArrayAsync())
                .Replace("\0", "", StringComparison.Ordinal);
            var code = body.Split('\r').LastOrDefault(l => l.StartsWith("MSA", StringComparison.Ordinal))?[4..6];

            Assert.True(
                Otherwise
                    .GetValueOrDefault(name, "200 AA")
                    .Replace("AA", name == "epic-a01-inpatient" ? "CA" : "AA", StringComparison.Ordinal)
                    == $"{(int)response.StatusCode} {code}",
                $"{name}: {(int)response.StatusCode} {body}"
            );
        }
    }
}
