using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>In a secured server a partner is whose client the token is of, and not who names its address.</summary>
public sealed class PartnerClientTests
{
    /// <summary>Both servers are one to the partner, as nodes behind one address are.</summary>
    private const string Base = "--Server:BaseUrl=https://care.example.org/fhir";

    [Fact]
    public async Task What_a_partner_says_is_taken_from_its_client_alone()
    {
        var folder = Directory.CreateTempSubdirectory("care-partner-client-").FullName;
        var database = $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(folder, "care.db")}";
        await using (var ward = await Ward.OpenAsync(PartnerKind.Bser, database, Base))
        {
            var referral = await ward.ReferAsync();
            await using var issuer = await TestIssuer.StartAsync(ward.Clock);
            await using var secured = await TestServer.StartAsync(
                [
                    database,
                    Base,
                    .. issuer.Settings("main", "Clients:partner=bridge,other,elsewhere"),
                    $"--Partners:{Ward.Endpoint}:ClientId=main:bridge",
                    "--Partners:elsewhere:ClientId=main:elsewhere",
                    $"--Connectors:AllowedHosts={new Uri(ward.Partner.Base).GetLeftPart(UriPartial.Authority)}",
                    "--Deliveries:Enabled=false",
                ],
                time: ward.Clock
            );
            var task = ward.Partner.Recipient.Do("accept", referral.Id);
            var message =
                $$$$"""{"resourceType":"Bundle","type":"message","timestamp":"2026-03-02T15:00:00Z","entry":[{"fullUrl":"urn:uuid:3f0e5f0e-0000-4000-8000-000000000001","resource":{"resourceType":"MessageHeader","id":"m1","eventCoding":{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"I13"},"source":{"endpoint":"{{{{ward.Partner.Base}}}}"}}},{"fullUrl":"{{{{ward.Partner.Base}}}}/Task/1","resource":{{{{task.Json}}}}}]}""";

            Assert.Equal(401, (await secured.PostAsync("$process-message", message)).Status);
            var other = await secured.PostAsync("$process-message", message, Shown(issuer, "other"));
            Assert.Equal(403, other.Status);
            Assert.Contains("Partners:{Endpoint id}:ClientId", other.Body, StringComparison.Ordinal);
            // A referral that is with somebody else is told like one that there is not.
            Assert.Equal(
                422,
                (await secured.PostAsync("$process-message", message, Shown(issuer, "elsewhere"))).Status
            );
            Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));

            (await secured.PostAsync("$process-message", message, Shown(issuer, "bridge"))).ShouldBe(200);
            Assert.Equal("accepted", await ward.Server.StatusOfAsync(referral.Task));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string Shown(TestIssuer issuer, string client) =>
        "Authorization: Bearer "
        + issuer.Token(c =>
        {
            c.Remove("fhirUser");
            c["client_id"] = client;
            c["sub"] = client;
            c["scope"] = "system/*.cruds";
        });
}
