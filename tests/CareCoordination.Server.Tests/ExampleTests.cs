using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>The official R4 examples, stored and read back.</summary>
public abstract class ExampleTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ExampleTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ExampleTests(shared);

    [Fact]
    public async Task Every_valid_example_reads_back_as_it_was_sent()
    {
        var files = Directory.GetFiles(SharedMaterial.Require("r4-examples"), "*.json");
        var refused = new List<string>();
        var different = new List<string>();
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var sent = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
            var (type, id) = (sent["resourceType"]?.GetValue<string>(), sent["id"]?.GetValue<string>());
            if (type is null || id is null)
                continue;
            var written = await Server.PutAsync(
                $"{type}/{id}",
                await File.ReadAllTextAsync(file),
                "Prefer: return=minimal"
            );
            // What is sent with operations is nothing that is stored.
            if (type == "Parameters")
            {
                written.ShouldBe(404);
                continue;
            }

            if (written.Status is not (200 or 201))
            {
                written.ShouldBe(type == "Subscription" ? 422 : 400);
                refused.Add(Path.GetFileName(file));
                continue;
            }

            var read = JsonNode
                .Parse((await Server.GetAsync($"{type}/{id}", "Accept: application/fhir+json")).ShouldBe(200).Body)!
                .AsObject();
            if (!JsonNode.DeepEquals(WithoutVersion(sent), WithoutVersion(read)))
                different.Add(Path.GetFileName(file));
        }

        Assert.Empty(different);
        Assert.Equal(ExamplesRefused.Reasons.Keys.Order(StringComparer.Ordinal), refused);
    }

    /// <summary>What the server sets itself is left out, and a meta that has nothing else.</summary>
    private static JsonObject WithoutVersion(JsonObject resource)
    {
        if (resource["meta"] is JsonObject meta)
        {
            meta.Remove("versionId");
            meta.Remove("lastUpdated");
            if (meta.Count == 0)
                resource.Remove("meta");
        }

        return resource;
    }
}
