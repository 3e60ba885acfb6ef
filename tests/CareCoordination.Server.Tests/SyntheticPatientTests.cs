using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>
/// Synthetic patients as Synthea makes them, posted as bundles and read back. The smallest files by default;
/// CARE_TEST_ALL_PATIENTS=1 takes all.
/// </summary>
public abstract class SyntheticPatientTests
{
    private const int FilesPerFolder = 8;

    /// <summary>Discharges of years ago begin no plans.</summary>
    private const string OfToday = "--Care:Rules:0:Transitions:LatestDays=29";

    public sealed class OnSqlite : SyntheticPatientTests
    {
        protected override Task<TestServer> StartAsync() => TestServer.OnSqliteAsync(OfToday);
    }

    public sealed class OnPostgreSql : SyntheticPatientTests
    {
        protected override Task<TestServer> StartAsync() => PostgreSqlServer.NewAsync(TimeProvider.System, OfToday);
    }

    protected abstract Task<TestServer> StartAsync();

    [Fact]
    public async Task Every_resource_reads_back_as_it_was_sent_and_the_counts_match()
    {
        var files = Files("synthea/blaze-2021").Concat(Files("synthea/smart-2019")).ToList();
        await using var server = await StartAsync();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var text = await ReadAsync(file);
            var bundle = JsonNode.Parse(text)!;
            var answer = (await server.PostAsync("", text)).ShouldBe(200);
            await CompareAsync(server, bundle["entry"]!.AsArray(), answer, counts);
        }

        foreach (var (type, count) in counts)
            Assert.Equal(
                $"{type} {count}",
                $"{type} {(await server.GetAsync($"{type}?_summary=count")).Text("total")}"
            );
    }

    private static async Task CompareAsync(
        TestServer server,
        JsonArray sent,
        Answer answer,
        SortedDictionary<string, int> counts
    )
    {
        var locations = answer.Entries.Select(e => e.GetProperty("response")).ToList();
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < sent.Count; i++)
        {
            var status = locations[i].GetProperty("status").GetString();
            Assert.True(status is "201 Created" or "200 OK", $"entry {i}: {locations[i]}");
            if (status == "201 Created")
                counts[Type(sent[i]!)] = counts.GetValueOrDefault(Type(sent[i]!)) + 1;
            addresses[sent[i]!["fullUrl"]!.GetValue<string>()] = Key(locations[i].GetProperty("location").GetString()!);
        }

        for (var i = 0; i < sent.Count; i++)
        {
            var stored = JsonNode.Parse(
                (await server.GetAsync(Key(locations[i].GetProperty("location").GetString()!))).ShouldBe(200).Body
            )!;
            Assert.True(
                JsonNode.DeepEquals(Comparable(sent[i]!["resource"]!, addresses), Comparable(stored, addresses)),
                $"entry {i}"
            );
        }
    }

    /// <summary>Without what the server sets, and with every address inside the bundle as the one it got.</summary>
    private static JsonNode Comparable(JsonNode node, Dictionary<string, string> addresses)
    {
        var copy = node.DeepClone().AsObject();
        copy.Remove("id");
        if (copy["meta"] is JsonObject meta)
        {
            meta.Remove("versionId");
            meta.Remove("lastUpdated");
            if (meta.Count == 0)
                copy.Remove("meta");
        }

        Resolve(copy, addresses);
        return copy;
    }

    private static void Resolve(JsonNode node, Dictionary<string, string> addresses)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items.OfType<JsonNode>())
                Resolve(item, addresses);
        }
        else if (node is JsonObject properties)
        {
            foreach (var (name, value) in properties.ToList())
            {
                if (value is not JsonValue leaf || !leaf.TryGetValue<string>(out var text))
                {
                    if (value is not null)
                        Resolve(value, addresses);
                }
                else if (addresses.TryGetValue(text, out var address))
                {
                    properties[name] = address;
                }
                // Which resource a condition found is not in the bundle: that it is of the right type is.
                else if (name == "reference")
                {
                    properties[name] = text.Split('/', '?')[0];
                }
            }

            if (properties["reference"] is JsonValue reference)
                properties["reference"] = reference.GetValue<string>().Split('/')[0];
        }
    }

    private static string Type(JsonNode entry) => entry["resource"]!["resourceType"]!.GetValue<string>();

    private static string Key(string location) => string.Join('/', location.Split('/')[..2]);

    private static IEnumerable<string> Files(string folder)
    {
        var files = new DirectoryInfo(SharedMaterial.Require(folder)).GetFiles("*.gz");
        var isAll = Environment.GetEnvironmentVariable("CARE_TEST_ALL_PATIENTS") == "1";
        var chosen = isAll
            ? files
            :
            [
                .. files.Where(f => f.Name.StartsWith("0-", StringComparison.Ordinal)),
                .. files
                    .Where(f => !f.Name.StartsWith("0-", StringComparison.Ordinal))
                    .OrderBy(f => f.Length)
                    .Take(FilesPerFolder),
            ];
        return chosen.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => f.FullName);
    }

    private static async Task<string> ReadAsync(string file)
    {
        await using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
