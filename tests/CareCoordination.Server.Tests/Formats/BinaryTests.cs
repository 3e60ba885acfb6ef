using System.Net.Http.Headers;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Formats;

/// <summary>Binary content in its own media type, both ways. https://hl7.org/fhir/R4/binary.html#rest</summary>
public abstract class BinaryTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : BinaryTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : BinaryTests(shared);

    private static readonly byte[] Picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 255, 13, 10, 26];

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("image/png")]
    [InlineData("application/pdf")]
    [InlineData("text/html, image/*;q=0.9, */*;q=0.1")]
    public async Task What_is_sent_comes_back_as_it_was(string? accept)
    {
        var created = (await SendAsync(HttpMethod.Post, "Binary", Picture, "image/png")).ShouldBe(201);
        Assert.Equal("image/png", created.Text("contentType"));
        Assert.Equal(Convert.ToBase64String(Picture), created.Text("data"));

        foreach (var path in (string[])[$"Binary/{created.Id}", $"Binary/{created.Id}/_history/1"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await Server.Client.SendAsync(request);

            Assert.Equal("image/png", response.Content.Headers.ContentType?.ToString());
            Assert.Equal(Picture, await response.Content.ReadAsByteArrayAsync());
            Assert.Equal("W/\"1\"", response.Headers.ETag?.ToString());
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("sandbox; default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        }
    }

    [Theory]
    [InlineData("Accept: application/fhir+json", "")]
    [InlineData("Accept: application/json", "")]
    [InlineData("Accept: application/fhir+json, */*;q=0.1", "")]
    [InlineData("Accept: */*", "?_format=json")]
    [InlineData("Accept: */*", "?_pretty=true")]
    [InlineData("Accept: */*", "?_elements=data")]
    public async Task The_resource_is_read_by_who_asks_for_it(string accept, string query)
    {
        var id = (await SendAsync(HttpMethod.Post, "Binary", Picture, "image/png")).Id;

        var read = (await Server.GetAsync($"Binary/{id}{query}", accept)).ShouldBe(200);

        Assert.Equal("Binary", read.Text("resourceType"));
        Assert.Equal(Convert.ToBase64String(Picture), read.Text("data"));
    }

    [Fact]
    public async Task The_resource_is_read_in_xml_by_who_asks_for_it()
    {
        var id = (await SendAsync(HttpMethod.Post, "Binary", Picture, "image/png")).Id;

        Assert.Contains(
            $"<data value=\"{Convert.ToBase64String(Picture)}\" />",
            (await Server.GetAsync($"Binary/{id}", "Accept: application/fhir+xml")).ShouldBe(200).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Content_is_replaced_under_its_id_with_a_type_of_its_own()
    {
        var id = Given.Id();
        (await SendAsync(HttpMethod.Put, $"Binary/{id}", Picture, "image/png")).ShouldBe(201);

        var updated = (
            await SendAsync(
                HttpMethod.Put,
                $"Binary/{id}",
                "a,b\r\n"u8.ToArray(),
                "text/csv; charset=utf-8; header=present"
            )
        ).ShouldBe(200);

        Assert.Equal((id, "W/\"2\""), (updated.Id, updated.ETag));
        var read = await Server.GetAsync($"Binary/{id}");
        Assert.Equal(("a,b\r\n", "text/csv; charset=utf-8; header=present"), (read.Body, read.ContentType));
    }

    [Theory]
    [InlineData(
        "application/fhir+json",
        """{"resourceType":"Binary","contentType":"text/plain","data":"aGk="}""",
        "hi"
    )]
    [InlineData("application/json", """{"resourceType":"Binary","contentType":"text/plain","data":"aGk="}""", "hi")]
    [InlineData(
        "application/fhir+xml",
        "<Binary xmlns='http://hl7.org/fhir'><contentType value='text/plain'/><data value='aGk='/></Binary>",
        "hi"
    )]
    // Whatever else is said to be JSON or XML is content.
    [InlineData("application/fhir+json", """{"resourceType":"Patient"}""", """{"resourceType":"Patient"}""")]
    [InlineData("application/json", """{"a":1}""", """{"a":1}""")]
    [InlineData("application/json", "[1,", "[1,")]
    [InlineData("application/xml", "<a/>", "<a/>")]
    [InlineData("text/xml", "<a", "<a")]
    public async Task A_binary_resource_is_a_resource_and_all_else_is_content(string type, string body, string content)
    {
        var created = (await SendAsync(HttpMethod.Post, "Binary", Encoding.UTF8.GetBytes(body), type)).ShouldBe(201);

        Assert.Equal(content, (await Server.GetAsync($"Binary/{created.Id}", "Accept: */*")).Body);
    }

    [Theory]
    [InlineData("application/fhir+json", """{"resourceType":"Binary",""")]
    [InlineData("application/fhir+json", "{}")]
    [InlineData("application/fhir+xml", "<Binary xmlns='http://hl7.org/fhir'>")]
    [InlineData("application/fhir+json", """{"resourceType":"Binary","data":"no base64"}""")]
    public async Task A_resource_that_is_broken_is_not_content(string type, string body) =>
        (await SendAsync(HttpMethod.Post, "Binary", Encoding.UTF8.GetBytes(body), type)).ShouldBe(400);

    [Fact]
    public async Task The_security_context_goes_both_ways_as_a_header()
    {
        var patient = Given.Id();
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));

        var created = (
            await SendAsync(HttpMethod.Post, "Binary", Picture, "image/png", $"X-Security-Context: Patient/{patient}")
        ).ShouldBe(201);

        Assert.Equal($"Patient/{patient}", created.At("securityContext", "reference"));
        Assert.Equal(
            $"Patient/{patient}",
            (await Server.GetAsync($"Binary/{created.Id}", "Accept: */*")).Header("X-Security-Context")
        );
    }

    [Fact]
    public async Task What_cannot_be_answered_is_an_outcome()
    {
        (await Server.GetAsync("Binary/none", "Accept: image/png")).ShouldRefuse(
            404,
            "error not-found: There is no Binary/none."
        );
        var id = (await SendAsync(HttpMethod.Post, "Binary", Picture, "image/png")).Id;
        var etag = (await Server.GetAsync($"Binary/{id}")).ETag;
        Assert.Equal("", (await Server.GetAsync($"Binary/{id}", $"If-None-Match: {etag}")).ShouldBe(304).Body);
        await Server.DeleteAsync($"Binary/{id}");
        (await Server.GetAsync($"Binary/{id}", "Accept: image/png")).ShouldBe(410);
    }

    [Fact]
    public async Task Other_types_take_no_content_of_their_own() =>
        (await SendAsync(HttpMethod.Post, "Patient", Picture, "image/png")).ShouldBe(415);

    [Fact]
    public async Task Content_that_says_not_what_it_is_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "Binary")
        {
            Content = new ByteArrayContent(Picture),
        };

        using var response = await Server.Client.SendAsync(request);

        Assert.Equal(System.Net.HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, byte[] body, string type, params string[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return Server.SendAsync(method, path, content, headers);
    }
}
