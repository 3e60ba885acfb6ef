using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Referrals;

/// <summary>
/// Referrals and plain FHIR: a partner that has only a client works with the Task here, and what a referral rests on may go.
/// </summary>
public abstract class ReferralWriteTests(SharedServer shared) : ServerTests(shared)
{
    private ReferralWard? _ward;

    private ReferralWard Ward => _ward ??= new ReferralWard(Server);

    public sealed class OnSqlite(SqliteServer shared) : ReferralWriteTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ReferralWriteTests(shared);

    [Fact]
    public async Task A_partners_client_works_the_task_here_to_its_end()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        await Ward.MoveAsync(task, "accepted");
        await Ward.MoveAsync(task, "in-progress");
        var done = await Ward.MoveAsync(
            task,
            "completed",
            ""","output":[{"type":{"text":"Result"},"valueReference":{"reference":"Procedure/1"}}]"""
        );

        Assert.Equal("completed", done.Status());
        Assert.NotNull(done.At("executionPeriod", "end"));
        Assert.Contains(Ward.Endpoint, done.Body, StringComparison.Ordinal);
        Assert.Equal(["close-loop"], await Ward.WorkAsync());
        Assert.Single(await Server.ProvenanceOfAsync($"Task/{task.Id}", 4));
    }

    [Fact]
    public async Task An_illegal_step_of_a_partners_client_changes_nothing()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        var answer = await Server.PutAsync(
            $"Task/{task.Id}",
            $$$"""{"resourceType":"Task","id":"{{{task.Id}}}","status":"completed","intent":"order"}"""
        );

        answer.ShouldBe(422);
        Assert.Equal("requested", await Server.StatusOfAsync($"Task/{task.Id}"));
    }

    [Fact]
    public async Task A_decline_by_plain_write_asks_for_another_partner_and_the_redirect_ends_that_work()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        await Ward.MoveAsync(task, "rejected", ""","statusReason":{"text":"no staff"}""");

        Assert.Equal("active", await Server.StatusOfAsync(Ward.Request));
        Assert.Equal(["reroute"], await Ward.WorkAsync());
        var other = $"Endpoint/{Given.Id("e")}";
        await Ward.PutEndpointAsync(other);
        (await Server.AskAsync($"{Ward.Request}/$redirect", Ask.Reference("endpoint", other))).ShouldBe(201);
        Assert.Empty(await Ward.WorkAsync());
    }

    [Fact]
    public async Task F15_a_patient_who_dies_ends_the_referral()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        await Ward.PutAsync(Ward.Patient, """{"name":[{"family":"Lindqvist"}],"deceasedBoolean":true}""");

        var ended = await Server.GetAsync($"Task/{task.Id}");
        Assert.Equal(("cancelled", "The patient has died."), (ended.Status(), ended.At("statusReason", "text")));
        Assert.Equal("revoked", await Server.StatusOfAsync(Ward.Request));
        Assert.Single(await Server.ProvenanceOfAsync($"Task/{task.Id}", 2));
    }

    [Fact]
    public async Task F15_a_patient_who_leaves_the_only_programme_ends_the_referral()
    {
        await Ward.PutAllAsync();
        var (left, kept) = ($"EpisodeOfCare/{Given.Id("eoc")}", $"EpisodeOfCare/{Given.Id("eoc")}");
        await Ward.PutAsync(left, Episode("active"));
        await Ward.PutAsync(kept, Episode("active"));
        var task = await Ward.DispatchAsync();

        await Ward.PutAsync(left, Episode("finished"));
        Assert.Equal("requested", await Server.StatusOfAsync($"Task/{task.Id}"));
        await Ward.PutAsync(kept, Episode("finished"));

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{task.Id}"));
        Assert.Equal("revoked", await Server.StatusOfAsync(Ward.Request));

        string Episode(string status) =>
            $$$"""{"status":"{{{status}}}","patient":{"reference":"{{{Ward.Patient}}}"}}""";
    }

    [Fact]
    public async Task F14_a_consent_that_is_withdrawn_ends_what_rests_on_it()
    {
        var consent = $"Consent/{Given.Id("c")}";
        await Ward.PutAllAsync(more: $$$""","supportingInfo":[{"reference":"{{{consent}}}"}]""");
        await Ward.PutAsync(consent, Consent("active"));
        var task = await Ward.DispatchAsync();

        await Ward.PutAsync(consent, Consent("inactive"));

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{task.Id}"));
        Assert.Equal("revoked", await Server.StatusOfAsync(Ward.Request));

        string Consent(string status) =>
            $$$"""{"status":"{{{status}}}","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"{{{Ward.Patient}}}"},"policyRule":{"text":"x"}}""";
    }

    [Fact]
    public async Task A_request_that_ends_by_a_plain_write_calls_its_task_off()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        await Ward.PutAsync(Ward.Request, Ward.RequestJson("revoked"));

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{task.Id}"));
    }

    [Fact]
    public async Task F13_a_request_entered_in_error_takes_its_task_along()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        await Ward.PutAsync(Ward.Request, Ward.RequestJson("entered-in-error"));

        Assert.Equal("entered-in-error", await Server.StatusOfAsync($"Task/{task.Id}"));
    }

    [Fact]
    public async Task Every_change_of_a_referral_is_queued_for_its_partner_with_the_change()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        var page = await Server
            .Services.GetRequiredService<OutboxStore>()
            .SearchAsync(new OutboxQuery(10) { Subject = new("Task", task.Id) }, TestContext.Current.CancellationToken);

        var delivery = Assert.Single(page.Messages);
        Assert.Equal(
            (MessageKind.Send, Ward.Endpoint, Ward.Request),
            (delivery.Kind, $"Endpoint/{delivery.Destination}", delivery.About.ToString())
        );
    }

    [Fact]
    public async Task A_plan_that_is_revoked_calls_off_what_partners_work_on()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();
        var plan = $"CarePlan/{Given.Id("plan")}";
        await Ward.PutAsync(
            plan,
            $$$"""{"status":"active","intent":"plan","subject":{"reference":"{{{Ward.Patient}}}"},"activity":[{"reference":{"reference":"{{{Ward.Request}}}"}}]}"""
        );

        (await Server.AskAsync($"{plan}/$revoke", Ask.Text("reason", "moved"))).ShouldBe(200);

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{task.Id}"));
    }
}
