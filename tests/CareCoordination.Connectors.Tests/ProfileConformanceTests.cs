using System.Text.Json.Nodes;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Strategies.MessageBundle;
using CareCoordination.Connectors.Strategies.NotifyAndPull;
using CareCoordination.Connectors.Strategies.TaskPush;
using CareCoordination.Connectors.Strategies.TransactionBundle;
using CareCoordination.TestKit;

namespace CareCoordination.Connectors.Tests;

/// <summary>What we send carries every element that the profiles of BSeR and SDOH Clinical Care demand.</summary>
public sealed class ProfileConformanceTests
{
    private const string Bser = "ig/bser-2.0.0-ballot/StructureDefinition-";
    private const string Gravity = "ig/sdoh-clinicalcare-3.0.0/StructureDefinition-";
    private static readonly Uri Partner = new("https://partner.example.org/fhir");

    [Theory]
    [InlineData("BSeR-ReferralMessageBundle", "Bundle")]
    [InlineData("BSeR-ReferralMessageHeader", "MessageHeader")]
    [InlineData("BSeR-ReferralTask", "Task")]
    [InlineData("BSeR-ReferralServiceRequest", "ServiceRequest")]
    public void A_message_has_all_that_BSeR_demands(string profile, string type)
    {
        var bundle = JsonNode.Parse(MessagePayload.Build(Samples.Package(), Partner))!.AsObject();

        Assert.Empty(Requirements(Bser + profile).Unmet(type == "Bundle" ? bundle : Resource(bundle, type)));
    }

    [Fact]
    public void A_pushed_task_and_a_notice_have_all_that_both_guides_demand()
    {
        foreach (var profile in (string[])[Gravity + "SDOHCC-TaskForReferralManagement", Bser + "BSeR-ReferralTask"])
        {
            var requirements = Requirements(profile);

            foreach (var kind in (string[])["requested", "accepted", "cancelled"])
            {
                var package = Samples.Package("update", kind);
                Assert.Empty(requirements.Unmet(Parse(TaskPayload.Build(package, Partner))));
                Assert.Empty(requirements.Unmet(Parse(NoticePayload.Build(package, Partner))));
            }
        }
    }

    [Theory]
    [InlineData("SDOHCC-TaskForReferralManagement", "Task")]
    [InlineData("SDOHCC-ServiceRequest", "ServiceRequest")]
    public void A_transaction_has_all_that_Gravity_demands(string profile, string type)
    {
        var bundle = Parse(TransactionPayload.Create(Samples.Package(), Partner, null));

        Assert.Empty(Requirements(Gravity + profile).Unmet(Resource(bundle, type)));
    }

    /// <summary>The check itself, so that an empty list means something.</summary>
    [Fact]
    public void What_is_missing_or_otherwise_is_found()
    {
        Assert.Equal(
            [
                "Task.authoredOn",
                "Task.code",
                "Task.focus",
                "Task.for",
                "Task.intent is \"plan\"",
                "Task.owner",
                "Task.requester",
                "Task.statusReason.text",
            ],
            Requirements(Bser + "BSeR-ReferralTask")
                .Unmet(Parse("""{"resourceType":"Task","status":"requested","intent":"plan","statusReason":{}}"""u8))
                .Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "ServiceRequest.identifier:referralInitiatorServiceRequestIdentifier",
            Requirements(Bser + "BSeR-ReferralServiceRequest")
                .Unmet(Parse("""{"resourceType":"ServiceRequest","identifier":[{"value":"1"}]}"""u8))
        );
    }

    private static ProfileRequirements Requirements(string profile) => new(SharedMaterial.Require($"{profile}.json"));

    private static JsonObject Parse(ReadOnlySpan<byte> utf8) => JsonNode.Parse(utf8)!.AsObject();

    private static JsonObject Resource(JsonObject bundle, string type) =>
        bundle["entry"]!
            .AsArray()
            .Select(e => e!["resource"]!.AsObject())
            .First(r => (string?)r["resourceType"] == type);
}
