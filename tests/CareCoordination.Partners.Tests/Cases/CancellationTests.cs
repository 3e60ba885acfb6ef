using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>Calling off what is under way: F2, F13, F14, F15, F19, and the trap 13.</summary>
public sealed class CancellationTests
{
    private static readonly string Why = Ask.Text("reason", "The daughter helps");

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task F2_A_community_organisation_is_told_and_the_request_is_revoked_once_it_knows(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referral = await ward.ReferAsync();

        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);

        Assert.Equal("cancelled", await ward.Server.StatusOfAsync(referral.Task));
        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Request) == "revoked",
            "the request is revoked"
        );
        Assert.Equal(["requested", "cancelled"], ward.Partner.Effects.Of($"|{referral.Id}").Select(e => e.Status));
        Assert.Empty(await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task F2_A_BSeR_recipient_is_asked_and_the_request_is_revoked_when_it_confirms()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Bser);
        var referral = await ward.ReferAsync();

        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);
        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "in-progress"),
            "the wish to cancel is there"
        );
        Assert.Equal("in-progress", await ward.Server.StatusOfAsync(referral.Task));
        Assert.True(await ward.BusinessStatusAsync(referral, "5.2"));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));

        await ward.HearAsync(referral, "cancel", "cancelled");
        Assert.Equal("revoked", await ward.Server.StatusOfAsync(referral.Request));
    }

    [Fact]
    public async Task F2_A_BSeR_recipient_that_completes_anyway_leaves_the_decision_to_the_care_manager()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Bser);
        var referral = await ward.ReferAsync();
        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);
        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "in-progress"),
            "the wish to cancel is there"
        );

        await ward.HearAsync(referral, "complete", "completed");

        Assert.Single((await ward.Server.GetAsync(referral.Task)).Json.GetProperty("output").EnumerateArray());
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        Assert.Equal(["decide-outcome"], await ward.AllWorkAsync(referral));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Trap_13_A_cancellation_that_crosses_the_completion_keeps_the_completion(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");
        ward.Partner.Faults.Next(Fault.CompleteFirst, method: "PUT");

        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);

        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Task) == "completed",
            "the completion is known"
        );
        Assert.Equal("completed", ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status);
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        Assert.Equal(["decide-outcome"], await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task F19_An_outcome_after_the_cancellation_is_kept_and_the_status_stays()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");
        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);
        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Request) == "revoked",
            "the partner knows"
        );

        ward.Partner.Recipient.Change(
            referral.Id,
            task =>
                task["output"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = new JsonObject { ["text"] = "Report" },
                        ["valueString"] = "Two visits had happened",
                    }
                )
        );
        ward.NextPoll();
        await Wait.UntilAsync(
            async () => (await ward.Server.GetAsync(referral.Task)).Json.TryGetProperty("output", out _),
            "the outcome is here"
        );

        Assert.Equal("cancelled", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal("revoked", await ward.Server.StatusOfAsync(referral.Request));
        Assert.Equal(["read-late-outcome"], await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task F13_A_referral_of_the_wrong_patient_is_taken_back_and_the_privacy_procedure_begins()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        var task = (await ward.Server.GetAsync(referral.Task)).Body;

        (
            await ward.Server.PutAsync(
                referral.Task,
                task.Replace("\"status\":\"requested\"", "\"status\":\"entered-in-error\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);

        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "entered-in-error"),
            "the partner knows"
        );
        await Wait.UntilAsync(async () => (await ward.AllWorkAsync(referral)).Contains("privacy"), "somebody looks");
    }

    [Fact]
    public async Task F14_A_consent_that_is_withdrawn_under_way_calls_the_referral_off()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Community, NeedsConsent);
        var (request, patient) = await ward.RequestWithConsentAsync();
        var referral = await ward.DispatchedAsync(request);
        await ward.ArrivalAsync(referral);

        await ward.StoreAsync(PartnerResources.Consent(Id(patient), patient, "inactive"));

        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "cancelled"),
            "the partner was told to stop"
        );
        Assert.Equal("cancelled", await ward.Server.StatusOfAsync(referral.Task));
        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(request) == "revoked",
            "the request is revoked"
        );
    }

    [Fact]
    public async Task F15_A_patient_who_dies_ends_what_is_under_way()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        var patient = (await ward.Server.GetAsync(referral.Request)).At("subject", "reference")!;
        var alive = (await ward.Server.GetAsync(patient)).Body;

        await ward.StoreAsync(
            alive.Replace("\"gender\"", "\"deceasedBoolean\":true,\"gender\"", StringComparison.Ordinal)
        );

        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "cancelled"),
            "the partner was told to stop"
        );
        Assert.Equal("cancelled", await ward.Server.StatusOfAsync(referral.Task));
        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Request) == "revoked",
            "the request is revoked"
        );
    }

    private static string NeedsConsent => $"--Partners:{Ward.Endpoint}:NeedsConsent=true";

    private static string Id(string reference) => reference.Split('/')[1];
}
