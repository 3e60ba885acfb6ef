using System.Text.Json;
using CareCoordination.Rest.Routing;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>The OpenAPI document that is committed, and the one that is served.</summary>
public sealed class OpenApiTests(SqliteServer server) : ServerTests(server)
{
    private static readonly string Committed = Path.Combine(
        SharedMaterial.Repository,
        "openapi",
        "carecoordination.json"
    );

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        var served = (await Server.GetAsync("/swagger/v1/swagger.json")).Body + "\n";
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(Committed, served);

        Assert.True(
            served == await File.ReadAllTextAsync(Committed),
            "The API has changed: run the tests with CARE_UPDATE_SNAPSHOTS=1, look at what changes in openapi/carecoordination.json and commit it."
        );
    }

    [Fact]
    public async Task Every_interaction_is_described_for_every_care_resource()
    {
        using var document = await DocumentAsync();
        var paths = document.RootElement.GetProperty("paths");

        Assert.Empty(
            from row in Composition.Interactions.All
            from type in new[] { "CarePlan", "Task", "{type}" }
            let path = $"/fhir/{row.Template.Replace("{type}", type, StringComparison.Ordinal)}".TrimEnd('/')
            where
                !(paths.TryGetProperty(path, out var item) && item.TryGetProperty(row.Method.ToLowerInvariant(), out _))
            select $"{row.Method} {path}"
        );
    }

    [Fact]
    public async Task Every_reference_leads_to_a_component_and_every_operation_has_a_name_of_its_own()
    {
        using var document = await DocumentAsync();
        var strings = Strings(document.RootElement).ToList();
        var names = strings.Where(s => s.Name == "operationId").Select(s => s.Value).ToList();

        Assert.Empty(
            from reference in strings.Where(s => s.Name == "$ref").Select(s => s.Value).Distinct(StringComparer.Ordinal)
            let parts = reference.Split('/')
            where !document.RootElement.GetProperty(parts[1]).GetProperty(parts[2]).TryGetProperty(parts[3], out _)
            select reference
        );
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Serves_a_page_to_try_the_api()
    {
        var page = await Server.GetAsync("/swagger/index.html");

        Assert.Equal(200, page.Status);
        Assert.Contains("swagger-ui", page.Body, StringComparison.Ordinal);
    }

    private async Task<JsonDocument> DocumentAsync() =>
        JsonDocument.Parse((await Server.GetAsync("/swagger/v1/swagger.json")).Body);

    private static IEnumerable<(string Name, string Value)> Strings(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(p =>
                    p.Value.ValueKind == JsonValueKind.String ? [(p.Name, p.Value.GetString()!)] : Strings(p.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
            _ => [],
        };
}
