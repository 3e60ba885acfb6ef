using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>What the recipient says, and what follows here: F1, F3, F4, F11, F12, F18.</summary>
public sealed class RecipientTests
{
    private const string GravityCodes =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task The_loop_closes_with_evidence_and_somebody_asks_later_whether_it_helped(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referral = await ward.ReferAsync();

        await ward.AnswerAsync(referral, "accept", "accepted");
        Assert.Equal(MessageState.Acknowledged, (await ward.DeliveryAsync(referral)).State);
        await ward.AnswerAsync(referral, "start", "in-progress");
        await ward.AnswerAsync(referral, "complete", "completed");

        var task = await ward.Server.GetAsync(referral.Task);
        var output = task
            .Json.GetProperty("output")[0]
            .GetProperty("valueReference")
            .GetProperty("reference")
            .GetString()!;
        Assert.StartsWith($"{ward.Partner.Base}/Procedure/", output, StringComparison.Ordinal);
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        Assert.Equal(["close-loop"], await ward.AllWorkAsync(referral));

        (await ward.Server.AskAsync($"{referral.Request}/$close-loop")).ShouldBe(200);
        Assert.Equal("completed", await ward.Server.StatusOfAsync(referral.Request));
        var ask = Assert.Single(await ward.WorkAsync(referral, "ask-whether-it-helped"));
        var due = ask.GetProperty("restriction").GetProperty("period").GetProperty("end").GetDateTimeOffset();
        Assert.InRange((due - ward.Clock.GetUtcNow()).TotalDays, 13, 15);
        Assert.Equal("completed", (await ward.WorkAsync(referral, "close-loop"))[0].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F1_A_decline_before_or_after_acceptance_leaves_the_request_and_asks_for_another_partner(
        bool isAccepted
    )
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        if (isAccepted)
            await ward.AnswerAsync(referral, "accept", "accepted");

        await ward.AnswerAsync(referral, "decline", "rejected", "No interpreter");

        var task = await ward.Server.GetAsync(referral.Task);
        Assert.Equal("No interpreter", task.At("statusReason", "text"));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        Assert.Equal(["reroute"], await ward.AllWorkAsync(referral));

        var next = await ward.Server.AskAsync(
            $"{referral.Request}/$redirect",
            Ask.Reference("endpoint", $"Endpoint/{Ward.Endpoint}"),
            Ask.Text("reason", "They have an interpreter")
        );
        Assert.True(next.Status is 200 or 201, next.Body);
        await ward.ArrivalAsync(new Referral(referral.Request, $"Task/{next.Id}", next.Id));
        Assert.Equal(task.At("groupIdentifier", "value"), next.At("groupIdentifier", "value"));
        Assert.Equal("rejected", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal(2, ward.Partner.Store.All("Task").Count);
    }

    [Fact]
    public async Task F3_A_cancellation_by_the_recipient_leaves_the_request_and_asks_for_another_partner()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");

        await ward.AnswerAsync(referral, "cancel", "cancelled", "The van broke down");

        Assert.Equal("The van broke down", (await ward.Server.GetAsync(referral.Task)).At("statusReason", "text"));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        Assert.Equal(["reroute"], await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task F4_A_patient_who_does_not_come_is_called_twice_then_ending_it_is_proposed()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");

        for (var missed = 1; missed <= 3; missed++)
        {
            await ward.AnswerAsync(referral, "schedule", "in-progress");
            await Wait.UntilAsync(async () => await ward.BusinessStatusAsync(referral, "5.1.1"), "it is scheduled");
            await ward.AnswerAsync(referral, "no-show", "in-progress");
            await Wait.UntilAsync(async () => await ward.BusinessStatusAsync(referral, "5.1.2"), "nobody came");
            var count = missed;
            await Wait.UntilAsync(
                async () => (await ward.AllWorkAsync(referral)).Count == count,
                "somebody has to call"
            );
        }

        Assert.Equal(["propose-to-end", "reach-out", "reach-out"], await ward.AllWorkAsync(referral));
        Assert.Equal("in-progress", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
    }

    [Theory]
    [InlineData("waitlist", "on-hold", "review-waitlist")]
    [InlineData("no-capacity", "rejected", "reroute")]
    public async Task F11_A_partner_without_a_place_is_waited_for_or_another_is_looked_for(
        string code,
        string status,
        string work
    )
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");

        ward.Partner.Recipient.Change(
            referral.Id,
            task =>
            {
                task["status"] = status;
                task["statusReason"] = new JsonObject
                {
                    ["coding"] = new JsonArray(new JsonObject { ["system"] = GravityCodes, ["code"] = code }),
                    ["text"] = "Full until May",
                };
            }
        );
        ward.NextPoll();
        await Wait.UntilAsync(async () => await ward.Server.StatusOfAsync(referral.Task) == status, $"it is {status}");

        Assert.Equal([work], await ward.AllWorkAsync(referral));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
    }

    [Fact]
    public async Task F12_A_referral_that_is_fulfilled_in_part_stays_in_progress_with_what_is_there()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");
        await ward.AnswerAsync(referral, "start", "in-progress");

        // A platform that split the work tells of one part that is done, and of one that another provider declined.
        ward.Partner.Recipient.Change(
            referral.Id,
            task =>
            {
                task["output"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = new JsonObject { ["text"] = "Meals delivered" },
                        ["valueReference"] = new JsonObject { ["reference"] = "Procedure/part" },
                    }
                );
                task["note"] = new JsonArray(new JsonObject { ["text"] = "Transport was declined" });
            }
        );
        ward.NextPoll();
        await Wait.UntilAsync(
            async () => (await ward.Server.GetAsync(referral.Task)).Json.TryGetProperty("output", out _),
            "the part is known"
        );

        var task = await ward.Server.GetAsync(referral.Task);
        Assert.Equal("in-progress", task.Status());
        Assert.Equal("Transport was declined", task.Json.GetProperty("note")[0].GetProperty("text").GetString());
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        await ward.AnswerAsync(referral, "complete", "completed");
    }

    [Fact]
    public async Task F18_A_loop_without_evidence_stays_open_until_a_report_comes_or_is_waived()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");
        await ward.AnswerAsync(referral, "complete-without-report", "completed");

        Assert.True(await ward.BusinessStatusAsync(referral, "closed-without-report"));
        Assert.Equal(["obtain-report"], await ward.AllWorkAsync(referral));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        var refused = await ward.Server.AskAsync($"{referral.Request}/$close-loop");
        Assert.Equal(422, refused.Status);

        (
            await ward.Server.AskAsync(
                $"{referral.Request}/$close-loop",
                Ask.Value("waive", "valueBoolean", "true"),
                Ask.Text("reason", "The patient told us")
            )
        ).ShouldBe(200);
        Assert.Equal("completed", await ward.Server.StatusOfAsync(referral.Request));
    }
}
