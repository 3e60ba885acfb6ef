using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Http;

/// <summary>Whatever is asked leaves one line, refused or not, with what was meant as far as anybody knows, and nothing that was sent.</summary>
public sealed class AuditLineTests
{
    private const string Level = "--Logging:LogLevel:CareCoordination.Application.Sessions.AuditTrail=Information";
    private const string Secret = "Vandermeer";

    public static readonly TheoryData<string, string, string?, string?, string> Requests = new()
    {
        // Answered.
        { "GET", "Patient/nobody", null, null, "read Patient/nobody 404 open server" },
        { "GET", "Patient", null, null, "search-type Patient 200 open server" },
        // Refused for the address.
        { "GET", "Patent/1", null, null, "request - 404 open server" },
        { "GET", $"{Secret}/1", null, null, "request - 404 open server" },
        { "GET", "Patient/1/$nothing", null, null, "request - 404 open server" },
        { "GET", "Patient/1/2/3", null, null, "request - 404 open server" },
        { "PUT", "metadata", null, "{}", "request - 405 open server" },
        // For what a row does not take.
        { "GET", $"Patient?_format={Secret}", null, null, "search-type Patient 406 open server" },
        { "GET", "Patient/1", "Accept: image/png", null, "read Patient/1 406 open server" },
        { "GET", $"Patient?{Secret}=1&_format=json", null, null, "search-type Patient 400 open server" },
        { "GET", "Patient/1?_cascade=1", null, null, "read Patient/1 400 open server" },
        { "GET", $"Patient/{Secret}%20van", null, null, "read Patient 400 open server" },
        { "DELETE", "Patient/1", "If-None-Exist: name=x", null, "delete Patient/1 400 open server" },
        // For the body.
        {
            "POST",
            "Patient",
            null,
            $"{{\"resourceType\":\"Patient\",\"name\":\"{Secret}\"",
            "create Patient 400 open server"
        },
        {
            "POST",
            "Patient",
            null,
            $"{{\"resourceType\":\"Patient\",\"{Secret}\":1}}",
            "create Patient 400 open server"
        },
        { "POST", "Patient", "Content-Type: image/png", Secret, "create Patient 415 open server" },
        { "PUT", "Task/1", null, "{\"resourceType\":\"Task\",\"id\":\"2\"}", "update Task/1 400 open server" },
        { "PATCH", "Task/1", "Content-Type: application/json-patch+json", "{", "patch Task/1 400 open server" },
        { "POST", "Task/1/$claim", null, "[]", "$claim Task/1 400 open server" },
        { "POST", "", null, "{\"resourceType\":\"Bundle\"}", "transaction - 400 open server" },
        // For who asks, and from where.
        { "POST", "Patient", "Origin: http://evil.example", "{}", "request - 403 open server" },
        { "GET", "Patient/1", "Host: evil.example", null, "request - 421 open server" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Whatever_is_asked_leaves_one_line_without_what_was_sent(
        string method,
        string path,
        string? header,
        string? body,
        string line
    )
    {
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(TimeProvider.System, log.AddTo, Level);

        var answer = await server.SendAsync(new HttpMethod(method), path, body, header is null ? [] : [header]);

        Assert.Equal([line], log.Of("AuditTrail"));
        Assert.EndsWith($" {answer.Status} open server", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_leaves_its_line()
    {
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            log.AddTo,
            Level,
            "--Limits:MaxBodyBytes=1024"
        );

        (await server.PostAsync("Patient", Given.Patient(new string('x', 2000)))).ShouldBe(413);

        Assert.EndsWith(" 413 open server", Assert.Single(log.Of("AuditTrail")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_of_a_batch_have_their_lines_and_a_transaction_that_is_refused_has_one()
    {
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(TimeProvider.System, log.AddTo, Level);

        (await server.PostAsync("", Bundle("batch"))).ShouldBe(200);
        (await server.PostAsync("", Bundle("transaction"))).ShouldBe(404);

        Assert.Equal(
            [
                "batch - 200 open server",
                "read Patient/nobody 404 open server",
                "request - 404 open server",
                "transaction - 404 open server",
            ],
            log.Of("AuditTrail").Order(StringComparer.Ordinal)
        );
    }

    private static string Bundle(string type) =>
        $$"""
            {
              "resourceType": "Bundle",
              "type": "{{type}}",
              "entry": [
                { "request": { "method": "GET", "url": "Patient/nobody" } },
                { "request": { "method": "GET", "url": "{{Secret}}/1" } }
              ]
            }
            """;
}
