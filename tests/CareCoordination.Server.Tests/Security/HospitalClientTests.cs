using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Hospitals;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Security;

/// <summary>Hospitals and partners of a secured server are told by the clients of their tokens, and not by what they say of themselves.</summary>
public sealed class HospitalClientTests
{
    [Fact]
    public async Task A_hospital_sends_by_its_own_client_and_for_no_other()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var profiles = JsonNode.Parse(
            await File.ReadAllTextAsync(Hl7Kit.SendersPath, TestContext.Current.CancellationToken)
        )!;
        foreach (var profile in Profiles(profiles).Where(p => p["application"]?.GetValue<string>() == "EPICADT"))
            profile["client"] = "main:north";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, profiles.ToJsonString(), TestContext.Current.CancellationToken);
        var log = new GatheredLog();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            log.AddTo,
            [
                .. issuer.Settings("main", "Clients:hospital=north,south"),
                $"--Transitions:SendersPath={file}",
                "--Logging:LogLevel:CareCoordination.Application.Sessions.AuditTrail=Information",
            ]
        );
        File.Delete(file);

        Assert.Equal(401, (await SendAsync(server, null)).Status);
        var refused = await SendAsync(server, OfClient(issuer, "south"));
        Assert.Equal(400, refused.Status);
        Assert.Contains(
            "The client of the token may not send for this application and facility",
            refused.Body,
            StringComparison.Ordinal
        );
        Assert.Equal(["request - 401 nobody"], log.Of("AuditTrail"));

        await SendAsync(server, OfClient(issuer, "north"));
        Assert.EndsWith(
            " client main:north",
            Assert.Single(
                log.Of("AuditTrail"),
                line => line.StartsWith("$submit-transition", StringComparison.Ordinal)
            ),
            StringComparison.Ordinal
        );
    }

    private static string OfClient(TestIssuer issuer, string client) =>
        issuer.Token(c =>
        {
            c.Remove("fhirUser");
            c["client_id"] = client;
            c["sub"] = client;
            c["scope"] = "system/*.cruds";
        });

    private static IEnumerable<JsonNode> Profiles(JsonNode json) =>
        (json as JsonArray ?? json.AsObject().First(p => p.Value is JsonArray).Value!.AsArray()).Select(p => p!);

    private static Task<Answer> SendAsync(TestServer server, string? token)
    {
        var content = new ByteArrayContent(
            Encoding.UTF8.GetBytes(Hl7Kit.Discharge("H1", Given.Id("p"), Given.Id("v")))
        );
        content.Headers.ContentType = new MediaTypeHeaderValue("application/hl7-v2");
        return server.SendAsync(
            HttpMethod.Post,
            "/hl7v2",
            content,
            token is null ? [] : [$"Authorization: Bearer {token}"]
        );
    }
}
