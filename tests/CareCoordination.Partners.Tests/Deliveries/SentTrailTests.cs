using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Deliveries;

/// <summary>What a partner has received was disclosed: the audit trail tells the patient of it, once, and of nothing that did not arrive.</summary>
public sealed class SentTrailTests
{
    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task What_a_partner_has_received_is_told(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var (request, patient) = await ward.RequestWithConsentAsync();
        await ward.DrainAsync();
        var referral = await ward.DispatchedAsync(request);
        await Wait.AMomentAsync();
        Assert.Empty(
            (await ward.Server.GetAsync($"AuditEvent?entity={referral.Task}&subtype=send")).ShouldBe(200).Entries
        );

        await ward.ResumeAsync();
        await ward.ArrivalAsync(referral);
        await Wait.UntilAsync(
            async () => (await ward.Server.GetAsync($"AuditEvent?entity={referral.Task}&subtype=send")).Entries.Any(),
            "the row is there"
        );

        var sent = Assert.Single(
            (await ward.Server.GetAsync($"AuditEvent?entity={referral.Task}&subtype=send")).ShouldBe(200).Resources
        );
        var told = sent.GetRawText();
        Assert.Contains($"\"partner {Ward.Endpoint}\"", told, StringComparison.Ordinal);
        Assert.Contains($"\"{patient}\"", told, StringComparison.Ordinal);
        Assert.Contains($"\"{referral.Request}\"", told, StringComparison.Ordinal);
        Assert.Contains(
            sent.GetProperty("id").GetString(),
            (await ward.Server.GetAsync($"{patient}/$disclosures")).ShouldBe(200).Ids
        );
    }
}
