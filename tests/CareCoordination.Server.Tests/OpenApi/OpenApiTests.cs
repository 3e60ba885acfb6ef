using System.Text.Json;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.OpenApi;

/// <summary>The OpenAPI documents that are committed, and those that are served.</summary>
public sealed class OpenApiTests(SqliteServer server) : ServerTests(server)
{
    private const string Default = "http://127.0.0.1:5080";

    [Theory]
    [InlineData("v1", "carecoordination.json")]
    [InlineData("any", "any-resource.json")]
    public async Task The_committed_document_is_the_one_that_is_served(string document, string file)
    {
        var committed = Path.Combine(SharedMaterial.Repository, "openapi", file);
        var served = (await Server.GetAsync($"/swagger/{document}/swagger.json")).ShouldBe(200).Body + "\n";
        served = served.Replace(Server.Root, Default, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(committed, served);

        Assert.True(
            served == await File.ReadAllTextAsync(committed),
            $"The API has changed: run the tests with CARE_UPDATE_SNAPSHOTS=1, look at what changes in openapi/{file} and commit it."
        );
    }

    [Fact]
    public async Task Every_interaction_is_described_for_every_care_resource_and_for_any()
    {
        var care = (await DescribedOperation.AllAsync(Server, "v1")).Select(o => o.ToString()).ToHashSet();
        var any = (await DescribedOperation.AllAsync(Server, "any")).Select(o => o.ToString()).ToHashSet();

        Assert.Empty(
            from row in Composition.Interactions.All
            // With a variable for its type its path has the shape of others, which OpenAPI cannot tell apart.
            where row.Code != "search-compartment"
            let isGeneral = row.Template.Contains("{type}", StringComparison.Ordinal)
            from type in isGeneral ? new[] { "CarePlan", "Task", "Medication", "Device", "{type}" } : ["{type}"]
            let path = $"/fhir/{row.Template.Replace("{type}", type, StringComparison.Ordinal)}".TrimEnd('/')
            let paths = isGeneral && type == "{type}" ? any : care
            where !paths.Contains($"{row.Method} {path}")
            select $"{row.Method} {path}"
        );
    }

    [Fact]
    public async Task A_search_in_a_compartment_is_described_for_each_type_that_belongs_to_one()
    {
        const string Root = "/fhir/Patient/{id}/";
        var operations = (await DescribedOperation.AllAsync(Server, "v1")).ToDictionary(o => o.ToString());
        var described = operations.Keys.Where(o => o.StartsWith($"GET {Root}", StringComparison.Ordinal)).ToList();

        foreach (var type in (string[])["CarePlan", "Task", "Observation", "EpisodeOfCare", "Consent"])
            Assert.Contains($"GET {Root}{type}", described);
        foreach (var type in (string[])["Medication", "Practitioner", "Endpoint", "{type}", "*"])
            Assert.DoesNotContain($"GET {Root}{type}", described);
        // As the search of the type, with the patient besides.
        var inCompartment = operations[$"GET {Root}Task"];
        Assert.Equal("search-compartment-Task-Patient", inCompartment.Id);
        Assert.Equal(
            operations["GET /fhir/Task"].Parameters.Select(Name),
            inCompartment.Parameters.Select(Name).Where(name => name != "id")
        );
        Assert.Equal(Bundle(operations["GET /fhir/Task"]), Bundle(inCompartment));
        Assert.DoesNotContain(
            (await DescribedOperation.AllAsync(Server, "any")).Select(o => o.Path),
            path => path.StartsWith(Root, StringComparison.Ordinal)
        );

        static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;

        static string Bundle(DescribedOperation search) =>
            search
                .Answers.Single(a => a.Status == 200)
                .Answer.GetProperty("content")
                .GetProperty("application/fhir+json")
                .GetProperty("schema")
                .GetRawText();
    }

    [Fact]
    public async Task The_address_is_the_one_by_which_the_client_came_or_the_one_that_is_set()
    {
        await using var behind = await TestServer.OnSqliteAsync("--Server:BaseUrl=https://ehr.example.org/care/fhir");

        Assert.Equal(Server.Root, await AddressAsync(Server, "v1"));
        Assert.Equal(Server.Root, await AddressAsync(Server, "any"));
        Assert.Equal("https://ehr.example.org/care", await AddressAsync(behind, "v1"));
        (await Server.GetAsync("/swagger/v2/swagger.json")).ShouldBe(404);
    }

    [Fact]
    public async Task The_document_of_the_page_has_the_same_operations_with_schemas_one_level_deep()
    {
        foreach (var document in (string[])["v1", "any"])
        {
            var whole = (await Server.GetAsync($"/swagger/{document}/swagger.json")).ShouldBe(200).Json;
            var page = (await Server.GetAsync($"/swagger/{document}/page.json")).ShouldBe(200).Json;

            Assert.Equal(Operations(whole), Operations(page));
            Assert.DoesNotContain(
                "$ref",
                page.GetProperty("components").GetProperty("schemas").GetRawText(),
                StringComparison.Ordinal
            );
            // What it leaves out of the schemas it names.
            Assert.All(
                page.GetProperty("components").GetProperty("schemas").EnumerateObject(),
                s => Assert.True(s.Value.TryGetProperty("type", out _), s.Name)
            );
        }
    }

    [Fact]
    public async Task Serves_a_page_to_try_the_api()
    {
        var page = await Server.GetAsync("/swagger/index.html");
        var settings = await Server.GetAsync("/swagger/index.js");

        Assert.Equal(200, page.Status);
        Assert.Contains("swagger-ui", page.Body, StringComparison.Ordinal);
        foreach (var setting in (string[])["\"docExpansion\":\"none\"", "\"filter\":\"\"", "\"deepLinking\":true"])
            Assert.Contains(setting, settings.Body, StringComparison.Ordinal);
    }

    private static async Task<string?> AddressAsync(TestServer server, string document) =>
        (await server.GetAsync($"/swagger/{document}/swagger.json"))
            .ShouldBe(200)
            .Json.GetProperty("servers")[0]
            .GetProperty("url")
            .GetString();

    private static List<string> Operations(JsonElement document) =>
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"{operation.Name} {path.Name} {operation.Value.GetProperty("operationId")}",
        ];
}
