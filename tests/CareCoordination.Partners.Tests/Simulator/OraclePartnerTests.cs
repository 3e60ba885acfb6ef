using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Simulator;

/// <summary>The Oracle-like EHR: tokens, transactions, strictness.</summary>
public sealed class OraclePartnerTests
{
    private const string Request =
        """{"resourceType":"ServiceRequest","identifier":[{"system":"http://us/ServiceRequest","value":"a"}],"status":"active","intent":"order","code":{"text":"x"},"subject":{"reference":"http://us/Patient/1"}}""";

    [Fact]
    public async Task A_token_is_given_for_a_signed_assertion_once_and_ends()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await using var partner = await SimulatedPartner.StartAsync(
            new SimulatorOptions { Kind = PartnerKind.Oracle, ClientKeys = Jwks(key) }
        );
        (await partner.SendAsync("GET", "Task")).ShouldBe(401);
        var assertion = Assertion(key, $"{partner.Root}/token");

        var token = (await TokenAsync(partner, assertion)).ShouldBe(200).Text("access_token");
        (await partner.SendAsync("GET", "Task", null, $"Authorization: Bearer {token}")).ShouldBe(200);
        (await TokenAsync(partner, assertion)).ShouldBe(401);
        (await TokenAsync(partner, Assertion(key, "http://elsewhere/token"))).ShouldBe(401);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        (await TokenAsync(partner, Assertion(other, $"{partner.Root}/token"))).ShouldBe(401);

        partner.Tokens.ExpireAll();
        (await partner.SendAsync("GET", "Task", null, $"Authorization: Bearer {token}")).ShouldBe(401);
    }

    [Fact]
    public async Task A_transaction_that_comes_twice_creates_once_and_its_references_are_resolved()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await using var partner = await SimulatedPartner.StartAsync(new SimulatorOptions { Kind = PartnerKind.Oracle });
        var token = (await TokenAsync(partner, Assertion(key, $"{partner.Root}/token"))).Text("access_token");
        var task = PartnerClient
            .Task("a")
            .Replace("http://us/ServiceRequest/a", "urn:uuid:1", StringComparison.Ordinal);
        var bundle = Given.Transaction(
            Given.Entry("POST", "ServiceRequest", Request, "urn:uuid:1", IfNoneExist("ServiceRequest")),
            Given.Entry("POST", "Task", task, "urn:uuid:2", IfNoneExist("Task"))
        );

        var first = (await partner.SendAsync("POST", "", bundle, $"Authorization: Bearer {token}")).ShouldBe(200);
        var second = (await partner.SendAsync("POST", "", bundle, $"Authorization: Bearer {token}")).ShouldBe(200);

        Assert.Equal(["201 Created", "201 Created"], Statuses(first));
        Assert.Equal(["200 OK", "200 OK"], Statuses(second));
        var stored = Assert.Single(partner.Store.All("Task")).Parse();
        Assert.Equal(
            Assert.Single(partner.Store.All("ServiceRequest")).Reference,
            (string?)stored["focus"]!["reference"]
        );
    }

    [Fact]
    public async Task A_transaction_with_a_wrong_entry_changes_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await using var partner = await SimulatedPartner.StartAsync(new SimulatorOptions { Kind = PartnerKind.Oracle });
        var token = (await TokenAsync(partner, Assertion(key, $"{partner.Root}/token"))).Text("access_token");
        var bundle = Given.Transaction(
            Given.Entry("POST", "ServiceRequest", Request, "urn:uuid:1"),
            Given.Entry("POST", "Task", """{"resourceType":"Task","status":"requested"}""", "urn:uuid:2")
        );

        var refused = await partner.SendAsync("POST", "", bundle, $"Authorization: Bearer {token}");

        refused.ShouldRefuse(422, "error business-rule: Task.intent is missing.");
        Assert.Empty(partner.Store.All("ServiceRequest"));
    }

    private static string IfNoneExist(string type) => $",\"ifNoneExist\":\"identifier=http://us/{type}|a\"";

    private static IEnumerable<string?> Statuses(Answer answer) =>
        answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString());

    private static Task<Answer> TokenAsync(SimulatedPartner partner, string assertion) =>
        PartnerClient.SendToAsync(
            $"{partner.Root}/token",
            "POST",
            $"grant_type=client_credentials&scope=system%2F*.cruds&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}",
            "application/x-www-form-urlencoded"
        );

    private static string Assertion(ECDsa key, string audience)
    {
        var end = TimeProvider.System.GetUtcNow().AddMinutes(4).ToUnixTimeSeconds();
        var text =
            $"{Part("""{"alg":"ES384","typ":"JWT","kid":"k"}""")}.{Part($$"""{"iss":"us","sub":"us","aud":"{{audience}}","exp":{{end}},"jti":"{{Guid.NewGuid()}}"}""")}";
        return $"{text}.{Url(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA384))}";
    }

    private static string Jwks(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return JsonSerializer.Serialize(
            new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "EC",
                        crv = "P-384",
                        kid = "k",
                        x = Url(point.X!),
                        y = Url(point.Y!),
                    },
                },
            }
        );
    }

    private static string Part(string json) => Url(Encoding.UTF8.GetBytes(json));

    private static string Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
