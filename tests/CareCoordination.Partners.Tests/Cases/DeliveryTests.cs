using System.Text;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>A referral and the line to its partner: F7, F8, F9, F10, F17, and the traps 3 and 4.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task F7_A_partner_that_is_down_gets_the_referral_when_it_is_back(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        ward.Partner.Faults.IsDown = true;
        var referral = await ward.DispatchedAsync();

        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Retry,
            "an attempt failed"
        );
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
        Assert.Empty(ward.Partner.Effects.All);

        ward.Partner.Faults.IsDown = false;
        await ward.AfterAsync(TimeSpan.FromMinutes(2), () => Task.FromResult(ward.Partner.Effects.All.Count > 0));
        await ward.ArrivalAsync(referral);
        Assert.Equal(1, ward.Partner.Effects.Creations.Values.Single());
        Assert.Empty(await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task F7_Somebody_is_asked_to_call_a_partner_that_stays_down_for_a_day()
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.IsDown = true;
        var referral = await ward.DispatchedAsync();

        await ward.AfterAsync(
            TimeSpan.FromMinutes(50),
            async () => (await ward.WorkAsync(referral, "call-partner")).Count > 0
        );

        Assert.Single(await ward.WorkAsync(referral, "call-partner"));
        var delivery = await ward.DeliveryAsync(referral);
        Assert.Equal(MessageState.Parked, delivery.State);
        Assert.NotEmpty(delivery.Problem!);
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
    }

    [Fact]
    public async Task F8_Content_that_the_partner_refuses_is_parked_with_its_words_and_somebody_corrects_it()
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.Next(Fault.Refuse, method: "POST");
        var referral = await ward.DispatchedAsync();

        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Parked,
            "it is parked"
        );
        var parked = await ward.DeliveryAsync(referral);
        Assert.Equal(400, parked.LastStatus);
        Assert.Contains(
            "The partner does not take this.",
            Encoding.UTF8.GetString(parked.Outcome.Span),
            StringComparison.Ordinal
        );
        Assert.Equal(["correct-data"], await ward.AllWorkAsync(referral));
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
    }

    [Theory]
    [InlineData(Engine.Sqlite, Fault.DropAfter)]
    [InlineData(Engine.Sqlite, Fault.LoseAnswer)]
    [InlineData(Engine.PostgreSql, Fault.DropAfter)]
    public async Task F9_A_send_whose_answer_was_lost_has_one_effect(Engine engine, Fault fault)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        ward.Partner.Faults.Next(fault, times: 2, method: "POST");

        var referral = await ward.DispatchedAsync();
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Delivered
        );

        Assert.Single(ward.Partner.Store.All("Task"));
        Assert.Equal(1, ward.Partner.Effects.Creations.Values.Single());
        // The copy that is known is the one that the first attempt made.
        await ward.AnswerAsync(referral, "accept", "accepted");
    }

    [Theory]
    [InlineData(Fault.Slow)]
    [InlineData(Fault.TooManyRequests)]
    [InlineData(Fault.ServerError)]
    [InlineData(Fault.DropBefore)]
    [InlineData(Fault.WrongETag)]
    public async Task F7_A_fault_that_passes_costs_one_effect_and_no_human(Fault fault)
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.Next(fault, times: 1, method: "POST");

        var referral = await ward.DispatchedAsync();
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Delivered
        );

        Assert.Equal(1, ward.Partner.Effects.Creations.Values.Single());
        Assert.Empty(await ward.AllWorkAsync(referral));
        await ward.AnswerAsync(referral, "accept", "accepted");
        // What we tell after a wrong entity tag still arrives.
        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Ask.Text("reason", "Moved away"))).ShouldBe(200);
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "cancelled")
        );
    }

    [Fact]
    public async Task F10_A_second_open_referral_for_the_same_is_refused_unless_it_is_meant()
    {
        await using var ward = await Ward.OpenAsync();
        var first = await ward.ReferAsync();
        var patient = (await ward.Server.GetAsync(first.Request)).At("subject", "reference")!;
        var id = Given.Id("r");
        await ward.StoreAsync(PartnerResources.Request(id, patient));

        var refused = await ward.DispatchAsync($"ServiceRequest/{id}");
        Assert.Equal(409, refused.Status);
        Assert.Equal("duplicate", refused.Json.GetProperty("issue")[0].GetProperty("code").GetString());

        var meant = await ward.DispatchAsync($"ServiceRequest/{id}", Ask.Value("override", "valueBoolean", "true"));
        Assert.True(meant.Status is 200 or 201, meant.Body);
        await ward.ArrivalAsync(new Referral($"ServiceRequest/{id}", $"Task/{meant.Id}", meant.Id));
        Assert.Equal(2, ward.Partner.Store.All("Task").Count);
    }

    [Fact]
    public async Task F17_A_patient_whom_the_partner_does_not_know_yet_is_waited_for_and_not_sent_again()
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.Next(Fault.PatientPending, method: "POST");
        var referral = await ward.DispatchedAsync();
        await ward.ArrivalAsync(referral);

        ward.NextPoll();
        await Wait.UntilAsync(
            async () => await ward.BusinessStatusAsync(referral, "pending-registration"),
            "the patient is known to wait for registration"
        );
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
        ward.NextPoll();
        await ward.AnswerAsync(referral, "accept", "accepted");

        Assert.False(await ward.BusinessStatusAsync(referral, "pending-registration"));
        Assert.Equal(["created", "updated"], ward.Partner.Effects.Of($"|{referral.Id}").Select(e => e.Kind));
    }

    [Theory]
    [InlineData(PartnerKind.Community, "requested")]
    [InlineData(PartnerKind.Bser, "received")]
    public async Task Trap_3_The_same_referral_begins_as_the_partner_has_to_hear_it(PartnerKind kind, string status)
    {
        await using var ward = await Ward.OpenAsync(kind);

        var referral = await ward.ReferAsync();

        Assert.Equal(status, ward.Partner.Effects.Of($"|{referral.Id}")[0].Status);
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
    }

    [Fact]
    public async Task Trap_4_A_referral_Task_names_its_request_as_focus_and_as_what_it_is_based_on()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();

        var task = await ward.Server.GetAsync(referral.Task);
        Assert.Equal(referral.Request, task.At("focus", "reference"));
        Assert.Equal(
            [referral.Request],
            task.Json.GetProperty("basedOn").EnumerateArray().Select(r => r.GetProperty("reference").GetString())
        );
        var copy = ward.Partner.Recipient.Find(referral.Id).Parse();
        Assert.Equal($"{ward.Server.Base}/{referral.Request}", (string?)copy["focus"]!["reference"]);
        Assert.Equal($"{ward.Server.Base}/{referral.Request}", (string?)copy["basedOn"]![0]!["reference"]);
        var (read, body) = await ward.Partner.Recipient.ReadRequestAsync(referral.Id, default);
        Assert.True(read == 200, body);
    }
}
