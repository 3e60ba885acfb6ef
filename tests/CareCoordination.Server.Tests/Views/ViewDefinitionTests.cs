using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Views;

/// <summary>ViewDefinitions as resources: stored, read, searched and held to what they say.</summary>
public abstract class ViewDefinitionTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ViewDefinitionTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ViewDefinitionTests(shared);

    private const string Logical = "https://sql-on-fhir.org/ig/StructureDefinition/ViewDefinition";

    private readonly string _id = Given.Id();

    [Fact]
    public async Task Is_written_read_changed_and_deleted_as_any_resource()
    {
        (await Server.PutAsync($"ViewDefinition/{_id}", View())).ShouldBe(201);
        var read = (await Server.GetAsync($"ViewDefinition/{_id}")).ShouldBe(200);
        Assert.Equal("ViewDefinition", read.Text("resourceType"));

        (await Server.PutAsync($"ViewDefinition/{_id}", View(name: "other"))).ShouldBe(200);
        Assert.Equal(2, (await Server.GetAsync($"ViewDefinition/{_id}/_history")).ShouldBe(200).Entries.Count());
        (await Server.DeleteAsync($"ViewDefinition/{_id}")).ShouldBe(204);
        (await Server.GetAsync($"ViewDefinition/{_id}")).ShouldBe(410);
    }

    [Theory]
    [InlineData("url", "http://example.org/views/{0}")]
    [InlineData("name", "v_{0}")]
    [InlineData("title", "Title {0}")]
    [InlineData("version", "{0}")]
    [InlineData("identifier", "urn:test|{0}")]
    [InlineData("description", "About {0}")]
    [InlineData("publisher", "Publisher {0}")]
    public async Task Is_found_by_what_it_says(string parameter, string value)
    {
        var name = _id.Replace('-', '_');
        (
            await Server.PutAsync(
                $"ViewDefinition/{_id}",
                $$"""{"resourceType":"ViewDefinition","id":"{{_id}}","status":"active","date":"2026-11-30","url":"http://example.org/views/{{name}}","name":"v_{{name}}","title":"Title {{name}}","version":"{{name}}","identifier":[{"system":"urn:test","value":"{{name}}"}],"description":"About {{name}}","publisher":"Publisher {{name}}","resource":"Patient","select":[{"column":[{"name":"id","path":"id"}]}]}"""
            )
        ).ShouldBe(201);

        var wanted = Uri.EscapeDataString(value.Replace("{0}", name, StringComparison.Ordinal));
        Assert.Equal([_id], (await Server.GetAsync($"ViewDefinition?{parameter}={wanted}")).ShouldBe(200).Ids);
        Assert.Equal(
            [_id],
            (
                await Server.GetAsync(
                    $"ViewDefinition?{parameter}={wanted}&status=active&resource=Patient&date=2026-11-30&_id={_id}"
                )
            )
                .ShouldBe(200)
                .Ids
        );
        Assert.Empty((await Server.GetAsync($"ViewDefinition?{parameter}={wanted}&resource=Task")).ShouldBe(200).Ids);
    }

    [Theory]
    [InlineData(
        "name.famly",
        "error invalid ViewDefinition.select[0].column[0].path: FHIRPath, position 6: HumanName has no element 'famly'."
    )]
    [InlineData(
        "deceased",
        "error invalid ViewDefinition.select[0].column[0]: The column 'it' may give boolean or dateTime: choose one with ofType()."
    )]
    public async Task One_that_does_not_compile_is_refused_however_it_is_written(string path, string issue)
    {
        var view = View(path: path);

        (await Server.PutAsync($"ViewDefinition/{_id}", view)).ShouldRefuse(400, issue);
        (await Server.PostAsync("ViewDefinition", view)).ShouldRefuse(400, issue);
        Assert.Contains(issue, (await Server.PostAsync("ViewDefinition/$validate", view)).ShouldBe(200).Issues);
        Assert.Contains(
            "famly is no element",
            (await Server.PostAsync("", Given.Batch(Given.Entry("POST", "ViewDefinition", view))))
                .ShouldBe(200)
                .Body.Replace("HumanName has no element 'famly'", "famly is no element", StringComparison.Ordinal)
                .Replace("choose one with ofType()", "famly is no element", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        var refused = (
            await Server.PostAsync("", Given.Transaction(Given.Entry("POST", "ViewDefinition", view)))
        ).ShouldBe(400);
        Assert.StartsWith(
            "error invalid Bundle.entry[0].resource: ViewDefinition.select[0].column[0]",
            Assert.Single(refused.Issues),
            StringComparison.Ordinal
        );
        (await Server.GetAsync($"ViewDefinition/{_id}")).ShouldBe(404);
    }

    [Fact]
    public async Task One_that_is_patched_so_that_it_does_not_compile_is_refused()
    {
        (await Server.PutAsync($"ViewDefinition/{_id}", View())).ShouldBe(201);

        var answer = await Server.PatchAsync(
            $"ViewDefinition/{_id}",
            """[{"op":"replace","path":"/select/0/column/0/path","value":"nothing"}]"""
        );

        Assert.InRange(answer.Status, 400, 422);
        Assert.Contains("Patient has no element 'nothing'", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"resourceType":"ViewDefinition","resource":"Patient","select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.status"
    )]
    [InlineData(
        """{"resourceType":"ViewDefinition","status":"ready","resource":"Patient","select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.status"
    )]
    [InlineData(
        """{"resourceType":"ViewDefinition","status":"active","resource":"Patinet","select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.resource"
    )]
    [InlineData(
        """{"resourceType":"ViewDefinition","status":"active","resource":"Patient","select":[{"column":[{"name":"id","path":"id"}],"elsewhere":1}]}""",
        "ViewDefinition.select[0].elsewhere"
    )]
    public async Task One_that_breaks_its_definition_is_refused(string view, string location) =>
        Assert.Contains(
            (await Server.PostAsync("ViewDefinition", view)).ShouldBe(400).Issues,
            issue => issue.Contains($" {location}: ", StringComparison.Ordinal)
        );

    [Fact]
    public async Task The_form_of_version_2_0_0_is_taken_as_the_resource()
    {
        var view = View()
            .Replace("\"ViewDefinition\"", $"\"{Logical}\"", StringComparison.Ordinal)
            .Replace("\"status\"", "\"identifier\":{\"value\":\"only\"},\"status\"", StringComparison.Ordinal);

        (await Server.PutAsync($"ViewDefinition/{_id}", view)).ShouldBe(201);

        var read = (await Server.GetAsync($"ViewDefinition/{_id}")).ShouldBe(200);
        Assert.Equal("ViewDefinition", read.Text("resourceType"));
        Assert.Equal("only", read.Json.GetProperty("identifier")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Shipped_views_are_read_and_searched_and_nobody_writes_them()
    {
        var read = (await Server.GetAsync("ViewDefinition/care-plan")).ShouldBe(200);
        Assert.Equal("care_plan", read.Text("name"));
        Assert.Contains(
            "care-plan",
            (await Server.GetAsync("ViewDefinition?resource=CarePlan&_count=100")).ShouldBe(200).Ids
        );
        Assert.Equal(
            ["task"],
            (
                await Server.GetAsync(
                    $"ViewDefinition?url={Uri.EscapeDataString("https://carecoordination.example/fhir/ViewDefinition/task")}"
                )
            )
                .ShouldBe(200)
                .Ids
        );
        (await Server.PutAsync("ViewDefinition/task", View("task"))).ShouldBe(422);
    }

    private string View(string? id = null, string name = "it", string path = "id") =>
        $$"""{"resourceType":"ViewDefinition","id":"{{id ?? _id}}","status":"active","name":"{{name}}","resource":"Patient","select":[{"column":[{"name":"it","path":"{{path}}"}]}]}""";
}
