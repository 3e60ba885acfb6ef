using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#read, #vread, #cread</summary>
public abstract class ReadTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ReadTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ReadTests(shared);

    [Fact]
    public async Task Returns_the_stored_bytes_with_version_and_time()
    {
        var id = Given.Id();
        var created = await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var read = (await Server.GetAsync($"Patient/{id}")).ShouldBe(200);

        Assert.Equal(created.Body, read.Body);
        Assert.Equal("W/\"1\"", read.ETag);
        Assert.Equal("application/fhir+json; charset=utf-8", read.ContentType);
        var lastUpdated = DateTimeOffset.Parse(read.Json.GetProperty("meta").GetProperty("lastUpdated").GetString()!);
        Assert.Equal(lastUpdated.ToUnixTimeSeconds(), read.LastModified!.Value.ToUnixTimeSeconds());
        Assert.Equal(
            $$$"""{"resourceType":"Patient","id":"{{{id}}}","meta":{"versionId":"1","lastUpdated":"{{{read.Json.GetProperty("meta").GetProperty("lastUpdated").GetString()}}}"},"name":[{"family":"Lindqvist"}]}""",
            read.Body
        );
    }

    [Fact]
    public async Task Says_not_found_for_what_never_was()
    {
        var id = Given.Id();
        (await Server.GetAsync($"Patient/{id}")).ShouldRefuse(404, $"error not-found: There is no Patient/{id}.");
    }

    [Fact]
    public async Task Says_gone_with_the_deleted_version_in_the_etag()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.DeleteAsync($"Patient/{id}");

        var read = await Server.GetAsync($"Patient/{id}");

        read.ShouldRefuse(410, $"error deleted: Patient/{id} was deleted; its versions are at Patient/{id}/_history.");
        Assert.Equal("W/\"2\"", read.ETag);
    }

    [Fact]
    public async Task Refuses_an_unknown_type() =>
        (await Server.GetAsync("Pacient/1")).ShouldRefuse(
            404,
            "error not-supported: 'Pacient' is no resource type of FHIR R4; type names are case-sensitive."
        );

    [Fact]
    public async Task Refuses_an_id_that_cannot_be_one() =>
        (await Server.GetAsync("Patient/a_b")).ShouldRefuse(
            400,
            "error value: 'a_b' is not a resource id: use 1 to 64 letters, digits, '-' or '.'."
        );

    [Fact]
    public async Task Reads_each_version_under_its_number()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Lindqvist"));
        await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"));

        var first = (await Server.GetAsync($"Patient/{id}/_history/1")).ShouldBe(200);
        var second = (await Server.GetAsync($"Patient/{id}/_history/2")).ShouldBe(200);

        Assert.Contains("Lindqvist", first.Body, StringComparison.Ordinal);
        Assert.Equal("W/\"1\"", first.ETag);
        Assert.Contains("Okafor", second.Body, StringComparison.Ordinal);
        Assert.Equal("W/\"2\"", second.ETag);
        (await Server.GetAsync($"Patient/{id}/_history/3")).ShouldRefuse(
            404,
            $"error not-found: There is no version 3 of Patient/{id}."
        );
        (await Server.GetAsync($"Patient/{id}/_history/x")).ShouldRefuse(
            404,
            $"error not-found: There is no such version of Patient/{id}: versions are numbered from 1."
        );
    }

    [Fact]
    public async Task The_version_of_a_deletion_is_gone()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.DeleteAsync($"Patient/{id}");
        (await Server.GetAsync($"Patient/{id}/_history/2")).ShouldRefuse(
            410,
            $"error deleted: Version 2 of Patient/{id} is its deletion."
        );
    }

    [Theory]
    [InlineData("If-None-Match: W/\"1\"", 304)]
    [InlineData("If-None-Match: \"1\"", 304)]
    [InlineData("If-None-Match: W/\"7\", W/\"1\"", 304)]
    [InlineData("If-None-Match: *", 304)]
    [InlineData("If-None-Match: W/\"2\"", 200)]
    [InlineData("If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", 304)]
    [InlineData("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT", 200)]
    public async Task Sends_only_what_the_client_does_not_have(string condition, int status)
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var read = await Server.GetAsync($"Patient/{id}", condition);

        read.ShouldBe(status);
        Assert.Equal("W/\"1\"", read.ETag);
        Assert.Equal(status == 304, read.Body.Length == 0);
    }

    [Fact]
    public async Task A_modification_time_from_the_server_itself_counts_as_current()
    {
        var id = Given.Id();
        var created = await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        (await Server.GetAsync($"Patient/{id}", $"If-Modified-Since: {created.Header("Last-Modified")}")).ShouldBe(304);
    }

    [Fact]
    public async Task Head_has_the_headers_and_no_body()
    {
        var id = Given.Id();
        var created = await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var head = (await Server.SendAsync(HttpMethod.Head, $"Patient/{id}", (string?)null)).ShouldBe(200);

        Assert.Equal("", head.Body);
        Assert.Equal("W/\"1\"", head.ETag);
        Assert.Equal($"{created.Body.Length}", head.Header("Content-Length"));
    }

    [Fact]
    public async Task Summaries_and_elements_are_marked_as_subsets()
    {
        var id = Given.Id();
        await Server.PutAsync(
            $"Patient/{id}",
            $$$"""{"resourceType":"Patient","id":"{{{id}}}","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"name":[{"family":"Lindqvist"}],"gender":"female","communication":[{"language":{"text":"Swedish"}}]}"""
        );

        var summary = (await Server.GetAsync($"Patient/{id}?_summary=true")).ShouldBe(200);
        var elements = (await Server.GetAsync($"Patient/{id}?_elements=gender")).ShouldBe(200);

        Assert.Equal(
            ["resourceType", "id", "meta", "name", "gender"],
            summary.Json.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal(["resourceType", "id", "meta", "gender"], elements.Json.EnumerateObject().Select(p => p.Name));
        Assert.Contains("SUBSETTED", summary.Body, StringComparison.Ordinal);
        (await Server.GetAsync($"Patient/{id}?_summary=some")).ShouldRefuse(
            400,
            "error value: _summary of a single resource is one of true, text, data and false."
        );
    }
}
