using System.Net.Sockets;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>Whatever is sent, the answer has the right status and says what to do, and nothing is half-written.</summary>
public sealed class BadInputTests(SqliteServer shared) : ServerTests(shared)
{
    [Theory]
    [InlineData("", "error structure: The body is empty; send a resource as JSON.")]
    [InlineData("{", "error structure: Line 1, position 2: the JSON is malformed here.")]
    [InlineData(
        "{\"resourceType\":\"Patient\",\n\"active\":tru}",
        "error structure: Line 2, position 13: the JSON is malformed here."
    )]
    [InlineData("{\"active\":true}", "error structure: The body is no resource: it has no resourceType.")]
    [InlineData(
        "{\"resourceType\":\"Pacient\"}",
        "error value Resource.resourceType: The body's resourceType is no resource type of FHIR R4."
    )]
    [InlineData("{\"resourceType\":7}", "error structure: The body is no resource: it has no resourceType.")]
    [InlineData(
        "{\"resourceType\":\"Patient\",\"active\":true,\"active\":false}",
        "error structure: Line 1, position 42: Property 'active' is given twice in one object; send it once."
    )]
    public async Task A_body_that_is_no_resource(string body, string issue) =>
        (await Server.PostAsync("Patient", body)).ShouldRefuse(400, issue);

    [Fact]
    public async Task A_body_that_is_an_array() => (await Server.PostAsync("Patient", "[]")).ShouldBe(400);

    [Fact]
    public async Task Invalid_utf8()
    {
        using var content = new ByteArrayContent([
            .. "{\"resourceType\":\"Patient\",\"id\":\""u8,
            0xC3,
            0x28,
            .. "\"}"u8,
        ]);
        (await Server.SendAsync(HttpMethod.Post, "Patient", content)).ShouldRefuse(
            400,
            "error structure: Line 1, position 33: The body is not valid UTF-8."
        );
    }

    [Fact]
    public async Task Ten_thousand_levels()
    {
        var body = "{\"resourceType\":\"Patient\",\"x\":" + new string('[', 10_000) + new string(']', 10_000) + "}";
        var answer = (await Server.PostAsync("Patient", body)).ShouldBe(400);
        Assert.Contains("nested more than 128 levels deep", Assert.Single(answer.Issues), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_element_an_invalid_code_and_a_wrong_reference_are_told_together()
    {
        var answer = (
            await Server.PostAsync(
                "CarePlan",
                """{"resourceType":"CarePlan","status":"activ","intent":"plan","subjekt":{},"subject":{"reference":"Organization/1"}}"""
            )
        ).ShouldBe(400);
        Assert.Equal(
            ["CarePlan.status", "CarePlan.subject.reference", "CarePlan.subjekt"],
            answer.Issues.Select(i => i.Split(' ')[2].TrimEnd(':')).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_body_of_a_gigabyte_is_refused_before_it_is_sent()
    {
        var answer = await RawAsync(
            "POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/fhir+json\r\nContent-Length: 1073741824\r\n\r\n{"
        );
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("The body is larger than 67108864 bytes.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_a_length_is_refused_when_it_grows_too_large()
    {
        await using var small = await TestServer.OnSqliteAsync("--Limits:MaxBodyBytes=4096");
        using var content = new StreamContent(new MemoryStream(new byte[100_000]));
        content.Headers.ContentLength = null;
        var answer = await small.SendAsync(HttpMethod.Post, "Patient", content, "Transfer-Encoding: chunked");
        answer.ShouldRefuse(
            413,
            "error too-long: The body is larger than 4096 bytes. Send less at once, or raise Limits:MaxBodyBytes."
        );
    }

    [Fact]
    public async Task An_address_of_a_megabyte()
    {
        var answer = await RawAsync(
            $"GET /fhir/Patient?name={new string('x', 1_000_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        Assert.StartsWith("HTTP/1.1 414", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_http_at_all() =>
        Assert.StartsWith("HTTP/1.1 400", await RawAsync("HELO fhir\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("text/plain", "Send the body as Content-Type: application/fhir+json or application/fhir+xml.")]
    [InlineData(
        "application/fhir+turtle",
        "Send the body as Content-Type: application/fhir+json or application/fhir+xml."
    )]
    [InlineData("application/fhir+json; charset=iso-8859-1", "Send the body in UTF-8.")]
    [InlineData("application/fhir+xml; charset=\"utf-16\"", "Send the body in UTF-8.")]
    [InlineData(
        "application/fhir+json; fhirVersion=3.0",
        "FHIR 4.0 is spoken here: send the body as R4, with fhirVersion=4.0 or none."
    )]
    [InlineData(
        "application/fhir+xml;FHIRVERSION=\"4.3\"",
        "FHIR 4.0 is spoken here: send the body as R4, with fhirVersion=4.0 or none."
    )]
    public async Task A_body_in_a_format_that_is_not_spoken(string contentType, string issue) =>
        (await Server.PostAsync("Patient", Given.Patient("x"), $"Content-Type: {contentType}")).ShouldRefuse(
            415,
            $"error not-supported: {issue}"
        );

    [Fact]
    public async Task A_compressed_body() =>
        (await Server.PostAsync("Patient", Given.Patient("x"), "Content-Encoding: gzip")).ShouldRefuse(
            415,
            "error not-supported: Send the body without a Content-Encoding."
        );

    [Theory]
    [InlineData("PUT", "/fhir/", 405)]
    [InlineData("GET", "/fhir/Patient/1/2/3/4", 404)]
    [InlineData("GET", "/fhir/Patient/$nothing", 404)]
    [InlineData("POST", "/fhir/Patient/1", 405)]
    [InlineData("PUT", "/fhir/metadata", 405)]
    [InlineData("PATCH", "/fhir/Patient/1/_history/1", 405)]
    [InlineData("TRACE", "/fhir/Patient/1", 405)]
    public async Task An_address_or_method_that_is_not_offered(string method, string path, int status)
    {
        var answer = await Server.SendAsync(new HttpMethod(method), path, (string?)null);
        answer.ShouldBe(status);
        Assert.Single(answer.Issues);
        Assert.Equal(status == 405, answer.Header("Allow") is not null);
    }

    [Fact]
    public async Task A_bundle_with_too_many_entries()
    {
        await using var small = await TestServer.OnSqliteAsync("--Limits:MaxBundleEntries=2");
        var entry = Given.Entry("GET", "metadata");
        (await small.PostAsync("", Given.Batch(entry, entry, entry))).ShouldRefuse(
            413,
            "error too-costly Bundle.entry: The Bundle has more than 2 entries: send it in parts."
        );
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        var root = new Uri(Server.Root);
        await client.ConnectAsync(root.Host, root.Port);
        var stream = client.GetStream();
        // The server may answer and close before all is sent.
        var sending = stream.WriteAsync(Encoding.ASCII.GetBytes(request)).AsTask();
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, patience.Token)) > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (text.ToString() is var answer && answer.Contains("]}", StringComparison.Ordinal))
                    break;
            }

            await sending;
        }
        catch (IOException)
        {
            // The rest was not wanted.
        }

        return text.ToString();
    }
}
