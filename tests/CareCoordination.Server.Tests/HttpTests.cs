using System.IO.Compression;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#general, #mime-type, #parameters</summary>
public sealed class HttpTests(SqliteServer shared) : ServerTests(shared)
{
    [Fact]
    public async Task Pretty_is_the_same_json_for_people()
    {
        var id = Given.Id();
        var stored = await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var pretty = (await Server.GetAsync($"Patient/{id}?_pretty=true")).ShouldBe(200);

        Assert.StartsWith("{\n  \"resourceType\": \"Patient\",\n", pretty.Body, StringComparison.Ordinal);
        Assert.True(System.Text.Json.JsonElement.DeepEquals(stored.Json, pretty.Json));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Compresses_only_when_asked(string encoding)
    {
        var plain = await Server.GetAsync("metadata");
        using var request = new HttpRequestMessage(HttpMethod.Get, "metadata");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);

        using var response = await Server.Client.SendAsync(request);

        Assert.Null(plain.Header("Content-Encoding"));
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        var stream = await response.Content.ReadAsStreamAsync();
        await using Stream decoded =
            encoding == "br"
                ? new BrotliStream(stream, CompressionMode.Decompress)
                : new GZipStream(stream, CompressionMode.Decompress);
        using var reader = new StreamReader(decoded, Encoding.UTF8);
        Assert.Equal(plain.Body, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Pages_of_this_machine_may_call_and_others_may_not()
    {
        var local = await Server.GetAsync("metadata", "Origin: http://localhost:3000");
        var foreign = await Server.GetAsync("metadata", "Origin: https://evil.example");
        var preflight = await Server.SendAsync(
            HttpMethod.Options,
            "Patient",
            (string?)null,
            "Origin: http://localhost:3000",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type, prefer"
        );

        Assert.Equal("http://localhost:3000", local.Header("Access-Control-Allow-Origin"));
        Assert.Contains("ETag", local.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Null(foreign.Header("Access-Control-Allow-Origin"));
        preflight.ShouldBe(204);
        Assert.Equal("POST", preflight.Header("Access-Control-Allow-Methods"));
        Assert.Equal("content-type,prefer", preflight.Header("Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:9", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example:5080", 421)]
    public async Task Answers_under_the_names_of_this_machine_only(string host, int status) =>
        (await Server.GetAsync("metadata", $"Host: {host}")).ShouldBe(status);

    [Fact]
    public async Task Options_tells_what_is_allowed()
    {
        var options = (await Server.SendAsync(HttpMethod.Options, "Patient/1", (string?)null)).ShouldBe(204);
        Assert.Equal("DELETE, GET, HEAD, PATCH, PUT", options.Header("Allow"));
    }

    [Fact]
    public async Task Is_live_and_ready()
    {
        foreach (var word in (string[])["live", "ready"])
        {
            var health = (await Server.GetAsync($"/health/{word}")).ShouldBe(200);
            Assert.Equal((word, "text/plain; charset=utf-8"), (health.Body, health.Header("Content-Type")));
            Assert.Equal("no-store", health.Header("Cache-Control"));
        }
    }

    [Fact]
    public async Task An_address_outside_of_fhir_is_not_found() =>
        Assert.Equal("", (await Server.GetAsync("/elsewhere")).ShouldBe(404).Body);
}
