using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>What partners see in words, and what they say in theirs.</summary>
public sealed class PartnerWordsTests
{
    [Theory]
    [InlineData(PartnerKind.Community, "SDOHCC-TaskForReferralManagement")]
    [InlineData(PartnerKind.Bser, "BSeR-ReferralTask")]
    public async Task A_partner_sees_profile_priority_and_names(PartnerKind kind, string profile)
    {
        await using var ward = await Ward.OpenAsync(kind);

        var referral = await ward.ReferAsync();

        var copy = ward.Partner.Recipient.Find(referral.Id).Parse();
        Assert.EndsWith(profile, (string)copy["meta"]!["profile"]![0]!, StringComparison.Ordinal);
        Assert.Equal("routine", (string?)copy["priority"]);
        Assert.Equal("Edda Lindqvist", (string?)copy["for"]!["display"]);
        Assert.Equal("clinic", (string?)copy["requester"]!["display"]);
        Assert.Equal("helpers", (string?)copy["owner"]!["display"]);
        Assert.Equal("Fulfill the focal request", (string?)copy["code"]!["text"]);
    }

    [Theory]
    [InlineData("Strategy=NotifyAndPull", false)]
    [InlineData("Types:0=Organization", false)]
    [InlineData("Types:0=Patient", true)]
    public async Task The_patients_name_leaves_where_the_patient_may(string setting, bool isNamed)
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Community, $"--Partners:{Ward.Endpoint}:{setting}");

        var referral = await ward.ReferAsync();

        var copy = ward.Partner.Recipient.Find(referral.Id).Parse();
        Assert.Equal(isNamed ? "Edda Lindqvist" : null, (string?)copy["for"]!["display"]);
        Assert.Equal(
            "Edda Lindqvist",
            (await ward.Server.GetAsync(referral.Task)).Json.GetProperty("for").GetProperty("display").GetString()
        );
    }

    [Fact]
    public async Task The_partners_words_of_refusal_are_in_the_status_of_the_referral()
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.Next(Fault.Refuse, method: "POST");
        var referral = await ward.DispatchedAsync();
        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Parked,
            "it is refused"
        );

        var status = (await ward.Server.GetAsync($"{referral.Request}/$status")).ShouldBe(200);

        Assert.Equal(["The partner does not take this."], Says(status, "attempt"));
        Assert.Equal(["The partner does not take this."], Says(status, "event"));

        await ward.ReplayAsync(await ward.DeliveryAsync(referral));
        await ward.ArrivalAsync(referral);
        Assert.Empty(Says((await ward.Server.GetAsync($"{referral.Request}/$status")).ShouldBe(200), "attempt"));
    }

    private static IEnumerable<string?> Says(Answer status, string name) =>
        status
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == name)
            .SelectMany(p => p.GetProperty("part").EnumerateArray())
            .Where(p => p.GetProperty("name").GetString() == "partnerSays")
            .Select(p => p.GetProperty("valueString").GetString());
}
