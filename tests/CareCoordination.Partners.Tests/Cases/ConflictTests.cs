using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>Words that come late, twice, or cannot be so: F16.</summary>
public sealed class ConflictTests
{
    [Fact]
    public async Task F16_An_older_word_that_comes_after_a_newer_one_is_passed_over()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        ward.Partner.Recipient.Do("accept", referral.Id);
        await ward.AnswerAsync(referral, "start", "in-progress");
        var version = (await ward.Server.GetAsync(referral.Task)).At("meta", "versionId");

        ward.Partner.Faults.Next(Fault.OldVersion, method: "GET");
        ward.NextPoll();
        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Faults.Happened.ContainsKey(Fault.OldVersion)),
            "the old version was shown"
        );
        await Wait.AMomentAsync();

        Assert.Equal("in-progress", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal(version, (await ward.Server.GetAsync(referral.Task)).At("meta", "versionId"));
    }

    [Fact]
    public async Task F16_A_step_that_cannot_be_is_kept_for_somebody_to_look_at()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");
        await ward.AnswerAsync(referral, "complete", "completed");

        ward.Partner.Recipient.Do("start", referral.Id);
        ward.NextPoll();
        await Wait.UntilAsync(async () => (await ward.UnappliedAsync(referral)).Count == 1, "it is kept");

        Assert.Equal("completed", await ward.Server.StatusOfAsync(referral.Task));
    }

    [Fact]
    public async Task F16_A_status_that_no_profile_knows_is_kept_and_a_business_status_that_none_knows_is_taken()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();

        ward.Partner.Recipient.Change(referral.Id, task => task["status"] = "received");
        ward.NextPoll();
        await Wait.UntilAsync(async () => (await ward.UnappliedAsync(referral)).Count == 1, "it is kept");
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));

        ward.Partner.Recipient.Change(
            referral.Id,
            task =>
            {
                task["status"] = "accepted";
                task["businessStatus"] = new JsonObject
                {
                    ["coding"] = new JsonArray(new JsonObject { ["system"] = "urn:theirs", ["code"] = "TRIAGE-2" }),
                };
            }
        );
        ward.NextPoll();
        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Task) == "accepted",
            "it is accepted"
        );
        Assert.True(await ward.BusinessStatusAsync(referral, "TRIAGE-2"));
    }

    [Fact]
    public async Task F16_A_change_of_ours_that_meets_a_change_of_theirs_is_merged()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        ward.Partner.Recipient.Do("accept", referral.Id);

        var task = (await ward.Server.GetAsync(referral.Task)).Body;
        var noted = JsonNode.Parse(task)!;
        noted["note"] = new JsonArray(new JsonObject { ["text"] = "Ring twice" });
        (await ward.Server.PutAsync(referral.Task, noted.ToJsonString())).ShouldBe(200);

        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Task) == "accepted",
            "their change is here"
        );
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            () =>
                Task.FromResult(
                    (string?)ward.Partner.Recipient.Find(referral.Id).Parse()["note"]?[0]?["text"] == "Ring twice"
                )
        );
        Assert.Equal("accepted", (string?)ward.Partner.Recipient.Find(referral.Id).Parse()["status"]);
    }
}
