using System.Text;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#patch</summary>
public abstract class PatchTests(SharedServer shared) : ServerTests(shared)
{
    private const string Rename = """[{"op":"replace","path":"/name/0/family","value":"Okafor"}]""";

    public sealed class OnSqlite(SqliteServer shared) : PatchTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : PatchTests(shared);

    [Fact]
    public async Task A_JSON_Patch_makes_the_next_version()
    {
        var id = await CreateAsync();

        var patched = (await Server.PatchAsync($"Patient/{id}", Rename, "If-Match: W/\"1\"")).ShouldBe(200);

        Assert.Equal("W/\"2\"", patched.ETag);
        Assert.Equal($"{Server.Base}/Patient/{id}/_history/2", patched.Location);
        Assert.Equal("Okafor", Family(patched.Json));
        Assert.Equal(patched.Body, (await Server.GetAsync($"Patient/{id}")).Body);
        Assert.Equal([id], (await Server.GetAsync($"Patient?_id={id}&family=Okafor")).Ids);
    }

    [Fact]
    public async Task A_FHIRPath_Patch_makes_the_next_version()
    {
        var id = await CreateAsync();

        var patched = await Server.SendAsync(
            HttpMethod.Patch,
            $"Patient/{id}",
            Ask.Patch(Ask.Step("replace", "Patient.name[0].family", "\"valueString\":\"Okafor\""))
        );

        Assert.Equal("W/\"2\"", patched.ShouldBe(200).ETag);
        Assert.Equal("Okafor", Family(patched.Json));
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_writes_nothing()
    {
        var id = await CreateAsync();

        var same = await Server.PatchAsync(
            $"Patient/{id}",
            """[{"op":"test","path":"/name/0/family","value":"Lindqvist"},{"op":"replace","path":"/meta/versionId","value":"9"}]"""
        );

        Assert.Equal("W/\"1\"", same.ShouldBe(200).ETag);
    }

    [Theory]
    [InlineData("{}", 400, "error structure: The body is JSON, but no array; send an array of operations.")]
    [InlineData("[{", 400, "error structure: Line 1, position 3: the JSON is malformed here.")]
    [InlineData("""[{"op":"add","path":"/active"}]""", 400, "error structure: Operation 1 of the patch needs 'value'.")]
    [InlineData(
        """[{"op":"replace","path":"/name/0/family","value":"Okafor"},{"op":"test","path":"/active","value":true}]""",
        422,
        "error conflict: Operation 2 of the patch (test /active) cannot be done: the value there is another one, or there is none."
    )]
    [InlineData(
        """[{"op":"remove","path":"/telecom"}]""",
        422,
        "error processing: Operation 1 of the patch (remove /telecom) cannot be done: there is nothing there."
    )]
    [InlineData(
        """[{"op":"replace","path":"/id","value":"other"}]""",
        422,
        "error value Patient.id: A patch does not change the id of a resource."
    )]
    [InlineData(
        """[{"op":"replace","path":"/resourceType","value":"Person"}]""",
        422,
        "error value Patient.resourceType: A patch does not change the type of a resource."
    )]
    [InlineData(
        """[{"op":"add","path":"/gender","value":"x"}]""",
        422,
        "error code-invalid Patient.gender: 'x' is not a code of http://hl7.org/fhir/ValueSet/administrative-gender; use one of male, female, other, unknown."
    )]
    public async Task A_patch_that_cannot_be_done_changes_nothing_and_says_why(string patch, int status, string issue)
    {
        var id = await CreateAsync();

        var refused = await Server.PatchAsync($"Patient/{id}", patch);

        refused.ShouldRefuse(status, issue);
        Assert.Equal("W/\"1\"", (await Server.GetAsync($"Patient/{id}")).ETag);
    }

    [Fact]
    public async Task Refuses_what_is_not_there_and_what_is_stale()
    {
        var (id, gone) = (await CreateAsync(), await CreateAsync());
        await Server.PatchAsync($"Patient/{id}", Rename);
        await Server.DeleteAsync($"Patient/{gone}");

        (await Server.PatchAsync("Patient/none-there", Rename)).ShouldRefuse(
            404,
            "error not-found: There is no Patient/none-there to patch."
        );
        (await Server.PatchAsync($"Patient/{gone}", Rename)).ShouldBe(410);
        var stale = await Server.PatchAsync($"Patient/{id}", Rename, "If-Match: W/\"1\"");
        stale.ShouldRefuse(
            412,
            $"error conflict: Patient/{id} is at version 2, and If-Match asked for 1: read it again and repeat your change on that."
        );
        Assert.Equal("W/\"2\"", stale.ETag);
    }

    [Fact]
    public async Task A_conditional_patch_needs_exactly_one_match()
    {
        var identifier = Given.Id();
        var where = $"Patient?identifier=urn:test|{identifier}";

        (await Server.PatchAsync(where, Rename)).ShouldRefuse(
            404,
            "error not-found: The criteria find no Patient to patch."
        );
        await Server.PostAsync("Patient", Given.PatientWith(identifier));
        Assert.Equal("Okafor", Family((await Server.PatchAsync(where, Rename)).ShouldBe(200).Json));
        await Server.PostAsync("Patient", Given.PatientWith(identifier));
        (await Server.PatchAsync(where, Rename)).ShouldRefuse(
            412,
            "error multiple-matches: The criteria of the conditional patch find more than one resource; make them more exact. Nothing was changed."
        );
        (await Server.PatchAsync("Patient", Rename)).ShouldBe(412);
    }

    [Fact]
    public async Task Patches_at_the_same_time_are_all_done()
    {
        var id = await CreateAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 5)
                .Select(i =>
                    Server.PatchAsync(
                        $"Patient/{id}",
                        $$$"""[{"op":"add","path":"/name/-","value":{"text":"name {{{i}}}"}}]"""
                    )
                )
        );

        Assert.All(answers, a => a.ShouldBe(200));
        Assert.Equal(6, (await Server.GetAsync($"Patient/{id}")).Json.GetProperty("name").GetArrayLength());
    }

    [Theory]
    [InlineData("application/xml-patch+xml")]
    [InlineData("text/plain")]
    public async Task Another_format_is_refused_with_those_that_are_taken(string contentType)
    {
        var refused = await Server.SendAsync(
            HttpMethod.Patch,
            $"Patient/{await CreateAsync()}",
            Rename,
            $"Content-Type: {contentType}"
        );

        refused.ShouldRefuse(
            415,
            "error not-supported: Send the patch as Content-Type: application/json-patch+json, or as Parameters with application/fhir+json or application/fhir+xml."
        );
        Assert.Equal(
            "application/fhir+json, application/fhir+xml, application/json-patch+json",
            refused.Header("Accept-Patch")
        );
        var options = await Server.SendAsync(HttpMethod.Options, "Patient/1", (string?)null);
        Assert.Equal(
            "application/fhir+json, application/fhir+xml, application/json-patch+json",
            options.Header("Accept-Patch")
        );
    }

    [Fact]
    public async Task A_transaction_takes_both_formats_and_resolves_their_references()
    {
        var (id, other) = (await CreateAsync(), await CreateAsync());
        const string Clinic = "urn:uuid:c0ffee00-0000-4000-8000-000000000002";

        var answer = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("PATCH", $"Patient/{id}", Ask.Binary(Rename)),
                Given.Entry(
                    "PATCH",
                    $"Patient/{other}",
                    Ask.Patch(
                        "{\"name\":\"operation\",\"part\":[{\"name\":\"type\",\"valueCode\":\"add\"},{\"name\":\"path\",\"valueString\":\"Patient\"},"
                            + "{\"name\":\"name\",\"valueString\":\"managingOrganization\"},"
                            + $"{{\"name\":\"value\",\"valueReference\":{{\"reference\":\"{Clinic}\"}}}}]}}"
                    )
                ),
                Given.Entry("POST", "Organization", """{"resourceType":"Organization","name":"Clinic"}""", Clinic),
                Given.Entry("GET", $"Patient/{id}")
            ),
            "Prefer: return=representation"
        );

        answer.ShouldBe(200);
        Assert.Equal(
            ["200 OK", "200 OK", "201 Created", "200 OK"],
            answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString())
        );
        var resources = answer.Resources.ToArray();
        Assert.Equal("Okafor", Family(resources[0]));
        Assert.Equal(
            $"Organization/{resources[2].GetProperty("id").GetString()}",
            resources[1].GetProperty("managingOrganization").GetProperty("reference").GetString()
        );
        Assert.Equal("Okafor", Family(resources[3]));
    }

    [Theory]
    [InlineData("""[{"op":"remove","path":"/telecom"}]""", "422 Unprocessable Content")]
    [InlineData("""[{"op":"remove"}]""", "400 Bad Request")]
    public async Task A_transaction_with_a_patch_that_cannot_be_done_does_nothing(string patch, string status)
    {
        var (id, created) = (await CreateAsync(), Given.Id());
        string[] entries =
        [
            Given.Entry("PUT", $"Patient/{created}", Given.Patient(created)),
            Given.Entry("PATCH", $"Patient/{id}", Ask.Binary(patch)),
        ];

        var refused = await Server.PostAsync("", Given.Transaction(entries));
        (await Server.GetAsync($"Patient/{created}")).ShouldBe(404);
        var batch = await Server.PostAsync("", Given.Batch(entries));

        Assert.Equal(status[..3], refused.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.StartsWith(
            "Bundle.entry[1]",
            refused.Json.GetProperty("issue")[0].GetProperty("expression")[0].GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["201 Created", status],
            batch.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString())
        );
    }

    [Fact]
    public async Task A_transaction_patches_only_the_version_that_it_names()
    {
        var id = await CreateAsync();
        var entry = Given.Entry("PATCH", $"Patient/{id}", Ask.Binary(Rename), more: ",\"ifMatch\":\"W/\\\"7\\\"\"");

        (await Server.PostAsync("", Given.Transaction(entry))).ShouldBe(412);
        (
            await Server.PostAsync("", Given.Transaction(Given.Entry("PATCH", "Patient/none", Ask.Binary(Rename))))
        ).ShouldBe(404);
    }

    private async Task<string> CreateAsync()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        return id;
    }

    private static string? Family(JsonElement patient) =>
        patient.GetProperty("name")[0].GetProperty("family").GetString();
}
