using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>A partner that an operator has stopped, and messages that an operator sends again: F2, F7, F8, and the trap 16.</summary>
public sealed class StoppedPartnerTests
{
    private static readonly string Why = Ask.Text("reason", "The daughter helps");

    [Fact]
    public async Task F8_A_parked_referral_arrives_when_it_is_sent_again()
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.Next(Fault.Refuse, method: "POST");
        var referral = await ward.DispatchedAsync();
        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Parked,
            "it is parked"
        );

        await ward.ReplayAsync(await ward.DeliveryAsync(referral));

        await ward.ArrivalAsync(referral);
        Assert.Equal(1, ward.Partner.Effects.Creations.Values.Single());
    }

    [Fact]
    public async Task F2_A_referral_that_never_left_is_called_off_without_a_word_to_the_partner()
    {
        await using var ward = await Ward.OpenAsync();
        var request = await ward.RequestAsync();
        await ward.DrainAsync();
        var referral = await ward.DispatchedAsync(request);

        (await ward.Server.AskAsync($"{request}/$cancel", Why)).ShouldBe(200);
        await ward.ResumeAsync();

        Assert.Equal("cancelled", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal("revoked", await ward.Server.StatusOfAsync(request));
        var next = await ward.ReferAsync();
        Assert.Empty(ward.Partner.Effects.Of($"|{referral.Id}"));
        Assert.Single(ward.Partner.Effects.Of($"|{next.Id}"));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Trap_16_A_consent_that_is_withdrawn_before_the_referral_left_keeps_it_here(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community, NeedsConsent);
        var (request, patient) = await ward.RequestWithConsentAsync();
        await ward.DrainAsync();
        var referral = await ward.DispatchedAsync(request);

        await ward.StoreAsync(PartnerResources.Consent(Id(patient), patient, "inactive"));
        await ward.ResumeAsync();

        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(request) == "revoked",
            "the request is revoked"
        );
        Assert.Equal("cancelled", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Empty(ward.Partner.Effects.All);
    }

    private static string NeedsConsent => $"--Partners:{Ward.Endpoint}:NeedsConsent=true";

    private static string Id(string reference) => reference.Split('/')[1];
}
