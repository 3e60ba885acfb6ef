using System.Text;
using CareCoordination.Application.Retention;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Partners.Tests.Simulator;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>Each kind of partner takes a referral in its own way, once, whatever happens to the line.</summary>
public sealed class PartnerKindTests : IDisposable
{
    private readonly OracleKey _oracle = new();

    public void Dispose() => _oracle.Dispose();

    [Fact]
    public async Task An_Oracle_like_EHR_gets_request_and_Task_in_a_transaction_under_a_token()
    {
        await using var ward = await _oracle.OpenAsync();

        var referral = await ward.ReferAsync();

        var request = Assert.Single(ward.Partner.Store.All("ServiceRequest"));
        var task = Assert.Single(ward.Partner.Store.All("Task")).Parse();
        Assert.Equal(request.Reference, (string?)task["focus"]!["reference"]);
        Assert.Equal(1, ward.Partner.Tokens.Issued);
        ward.Partner.Tokens.ExpireAll();
        await ward.AnswerAsync(referral, "accept", "accepted");
        Assert.Equal(2, ward.Partner.Tokens.Issued);
    }

    [Fact]
    public async Task An_Oracle_like_EHR_whose_answer_is_lost_files_nothing_twice()
    {
        await using var ward = await _oracle.OpenAsync();
        ward.Partner.Faults.Next(Fault.DropAfter, times: 2, method: "POST");

        var referral = await ward.DispatchedAsync();
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Delivered
        );

        Assert.Single(ward.Partner.Store.All("ServiceRequest"));
        Assert.Single(ward.Partner.Store.All("Task"));
        Assert.Single(ward.Partner.Store.All("Patient"));
    }

    [Fact]
    public async Task An_Epic_like_EHR_takes_no_new_Task_and_its_refusal_is_shown_to_somebody()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Epic);

        var referral = await ward.DispatchedAsync();

        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Parked,
            "it is parked"
        );
        var parked = await ward.DeliveryAsync(referral);
        Assert.Equal(405, parked.LastStatus);
        Assert.Contains(
            "does not take POST Task",
            Encoding.UTF8.GetString(parked.Outcome.Span),
            StringComparison.Ordinal
        );
        Assert.Equal(["correct-data"], await ward.AllWorkAsync(referral));
    }

    [Theory]
    [InlineData(Fault.None)]
    [InlineData(Fault.DropBefore)]
    [InlineData(Fault.DropAfter)]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.ServerError)]
    public async Task A_v2_endpoint_files_a_referral_once(Fault fault)
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.V2);
        if (fault != Fault.None)
            ward.Partner.Faults.Next(fault, times: 1, method: "MLLP");

        var referral = await ward.DispatchedAsync();
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Delivered
        );

        Assert.Single(ward.Partner.Effects.Of($"|{referral.Id}"));
        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Ask.Text("reason", "Moved away"))).ShouldBe(200);
        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "cancelled"),
            "it is called off there"
        );
    }

    [Theory]
    [InlineData(PartnerKind.V2)]
    [InlineData(PartnerKind.Bser)]
    [InlineData(PartnerKind.Community)]
    public async Task What_is_called_off_reaches_a_partner_also_when_its_messages_were_removed(PartnerKind kind)
    {
        await using var ward = await Ward.OpenAsync(
            kind,
            "--Care:Retention:Enabled=false",
            "--Care:Timers:Enabled=false"
        );
        var referral = await ward.ReferAsync();
        ward.Clock.Advance(TimeSpan.FromDays(31));
        var removed = await ward.Server.Services.GetRequiredService<RetentionSweep>().RunAsync(default);
        Assert.Equal(1, removed.Messages);
        Assert.Empty(await ward.DeliveriesAsync(referral));

        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Ask.Text("reason", "Moved away"))).ShouldBe(200);

        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}").Count == 2),
            "the partner was told"
        );
    }

    [Fact]
    public async Task A_v2_endpoint_that_rejects_a_message_lets_somebody_look_at_it()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.V2);
        ward.Partner.Faults.Next(Fault.Refuse, method: "MLLP");

        var referral = await ward.DispatchedAsync();

        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Parked,
            "it is parked"
        );
        Assert.Equal(["correct-data"], await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task A_BSeR_recipient_gets_a_whole_message_once_and_answers_by_message()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Bser);
        ward.Partner.Faults.Next(Fault.DropAfter, times: 2, method: "POST");
        var referral = await ward.DispatchedAsync();
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Delivered
        );
        Assert.Equal(["created"], ward.Partner.Effects.Of($"|{referral.Id}").Select(e => e.Kind));

        await ward.HearAsync(referral, "accept", "accepted");
        await ward.HearAsync(referral, "schedule", "in-progress");
        await ward.HearAsync(referral, "no-show", "in-progress");
        Assert.Equal(["reach-out"], await ward.AllWorkAsync(referral));
        await ward.HearAsync(referral, "schedule", "in-progress");
        await ward.HearAsync(referral, "complete", "completed");
        Assert.Equal(["close-loop", "reach-out"], await ward.AllWorkAsync(referral));
        Assert.Equal(MessageState.Acknowledged, (await ward.DeliveryAsync(referral)).State);
    }

    [Fact]
    public async Task A_message_from_somebody_else_changes_nothing()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Bser);
        var referral = await ward.ReferAsync();
        await using var stranger = await SimulatedPartner.StartAsync(new SimulatorOptions { Kind = PartnerKind.Bser });
        var task = ward.Partner.Recipient.Do("accept", referral.Id);
        var message =
            $$$$"""{"resourceType":"Bundle","type":"message","timestamp":"2026-03-02T15:00:00Z","entry":[{"fullUrl":"urn:uuid:3f0e5f0e-0000-4000-8000-000000000001","resource":{"resourceType":"MessageHeader","id":"m1","eventCoding":{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"I13"},"source":{"endpoint":"{{{{stranger.Base}}}}"}}},{"fullUrl":"{{{{stranger.Base}}}}/Task/1","resource":{{{{task.Json}}}}}]}""";

        var refused = await ward.Server.PostAsync("$process-message", message);

        Assert.Equal(403, refused.Status);
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
    }
}
