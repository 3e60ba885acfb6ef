using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>What clients write here of a referral, and what the partner hears of it.</summary>
public sealed class WrittenHereTests
{
    [Theory]
    [InlineData("put", PartnerKind.Community)]
    [InlineData("patch", PartnerKind.Community)]
    [InlineData("bundle", PartnerKind.Community)]
    [InlineData("put", PartnerKind.Bser)]
    public async Task A_status_that_is_written_here_is_not_pushed_as_the_partners_own(string way, PartnerKind kind)
    {
        await using var ward = await Ward.OpenAsync(kind);
        var referral = await ward.ReferAsync();
        var there = ward.Partner.Recipient.Find(referral.Id);

        await WriteAsync(ward, referral, way, "accepted");
        await Wait.AMomentAsync();

        Assert.Equal("accepted", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Single(await ward.DeliveriesAsync(referral));
        Assert.Equal(there.Version, ward.Partner.Recipient.Find(referral.Id).Version);
    }

    [Fact]
    public async Task What_is_written_beside_it_is_told_and_the_partner_goes_on_from_where_it_was()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        var task = JsonNode.Parse((await ward.Server.GetAsync(referral.Task)).Body)!;
        task["status"] = "in-progress";
        task["priority"] = "stat";

        (await ward.Server.PutAsync(referral.Task, Accepted(task, "accepted"))).ShouldBe(200);
        (await ward.Server.PutAsync(referral.Task, task.ToJsonString())).ShouldBe(200);
        await Wait.UntilAsync(
            () => Task.FromResult((string?)ward.Partner.Recipient.Find(referral.Id).Parse()["priority"] == "stat"),
            "the partner knows of the priority"
        );
        Assert.Equal("requested", (string?)ward.Partner.Recipient.Find(referral.Id).Parse()["status"]);

        ward.Partner.Recipient.Do("accept", referral.Id);
        (await ward.Server.AskAsync($"Endpoint/{Ward.Endpoint}/$poll")).ShouldBe(200);
        Assert.Equal("in-progress", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Empty(await ward.UnappliedAsync(referral));

        ward.Partner.Recipient.Do("start", referral.Id);
        ward.Partner.Recipient.Do("complete", referral.Id);
        (await ward.Server.AskAsync($"Endpoint/{Ward.Endpoint}/$poll")).ShouldBe(200);
        Assert.Equal("completed", await ward.Server.StatusOfAsync(referral.Task));
    }

    [Theory]
    [InlineData(Engine.Sqlite, PartnerKind.Community)]
    [InlineData(Engine.PostgreSql, PartnerKind.Community)]
    [InlineData(Engine.Sqlite, PartnerKind.Bser)]
    public async Task A_patient_who_is_deleted_ends_what_is_under_way_with_partners(Engine engine, PartnerKind kind)
    {
        await using var ward = await Ward.OpenAsync(engine, kind);
        var referral = await ward.ReferAsync();
        var patient = (await ward.Server.GetAsync(referral.Request)).At("subject", "reference")!;

        (await ward.Server.SendAsync(HttpMethod.Delete, patient, (string?)null)).ShouldBe(204);

        var status = kind == PartnerKind.Bser ? "in-progress" : "cancelled";
        await Wait.UntilAsync(
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == status),
            "the partner was told to stop"
        );
        Assert.Equal(status, await ward.Server.StatusOfAsync(referral.Task));
        Assert.Equal("revoked", await ward.Server.StatusOfAsync(referral.Request));
        var reason = (await ward.Server.GetAsync(referral.Task)).Json.GetProperty("statusReason");
        Assert.Equal("patient-deleted", reason.GetProperty("coding")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_patient_who_is_deleted_before_anything_left_is_heard_of_by_nobody()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.DrainAsync();
        var referral = await ward.DispatchedAsync();
        var patient = (await ward.Server.GetAsync(referral.Request)).At("subject", "reference")!;

        (await ward.Server.SendAsync(HttpMethod.Delete, patient, (string?)null)).ShouldBe(204);
        await ward.ResumeAsync();
        await Wait.AMomentAsync();

        Assert.Equal("cancelled", await ward.Server.StatusOfAsync(referral.Task));
        Assert.Empty(ward.Partner.Effects.All);
    }

    private static async Task WriteAsync(Ward ward, Referral referral, string way, string status)
    {
        var body = (await ward.Server.GetAsync(referral.Task)).Body;
        var answer = way switch
        {
            "put" => await ward.Server.PutAsync(referral.Task, Accepted(JsonNode.Parse(body)!, status)),
            "patch" => await ward.Server.SendAsync(
                HttpMethod.Patch,
                referral.Task,
                $$"""[{"op":"replace","path":"/status","value":"{{status}}"}]""",
                "Content-Type: application/json-patch+json"
            ),
            _ => await ward.Server.PostAsync(
                "",
                $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"{{{ward.Server.Base}}}/{{{referral.Task}}}","resource":{{{Accepted(JsonNode.Parse(body)!, status)}}},"request":{"method":"PUT","url":"{{{referral.Task}}}"}}]}"""
            ),
        };
        answer.ShouldBe(200);
    }

    private static string Accepted(JsonNode task, string status)
    {
        var copy = task.DeepClone();
        copy["status"] = status;
        return copy.ToJsonString();
    }
}
