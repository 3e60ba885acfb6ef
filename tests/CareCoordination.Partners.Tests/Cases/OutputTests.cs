using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Partners.Tests.Simulator;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>What a partner made of a referral is fetched where the settings say so, and is ours then.</summary>
public sealed class OutputTests
{
    private const string Fetched = $"--Partners:{Ward.Endpoint}:Outputs:0=Procedure";
    private const string Partner = $"Endpoint/{Ward.Endpoint}";

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task A_report_of_a_partner_becomes_ours_and_says_where_it_is_from(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community, Fetched);
        var referral = await ward.ReferAsync();
        await CompleteAsync(ward, referral);

        var (task, report) = await ReportAsync(ward, referral);

        var there = ward.Partner.Store.All("Procedure").Single();
        var address = $"{ward.Partner.Base}/{there.Reference}";
        Assert.Equal(address, (string?)report["meta"]!["source"]);
        Assert.Equal("1", (string?)report["meta"]!["versionId"]);
        Assert.Equal("Service delivered", (string?)report["code"]!["text"]);
        Assert.Equal((string?)task["for"]!["reference"], (string?)report["subject"]!["reference"]);
        var identifier = task["output"]![0]!["valueReference"]!["identifier"]!;
        Assert.Equal(("urn:ietf:rfc:3986", address), ((string?)identifier["system"], (string?)identifier["value"]));
        // It is found by whoever reads the patient's record, and has a Provenance.
        var patient = (string)task["for"]!["reference"]!;
        Assert.Single((await ward.Server.GetAsync($"Procedure?patient={patient}")).ShouldBe(200).Ids);
        Assert.NotEmpty(
            (await ward.Server.GetAsync($"Provenance?target=Procedure/{(string?)report["id"]}")).ShouldBe(200).Ids
        );
        Assert.Empty(await ward.UnappliedAsync(referral));
    }

    [Fact]
    public async Task What_comes_again_is_not_taken_twice()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Community, Fetched);
        var referral = await ward.ReferAsync();
        await CompleteAsync(ward, referral);
        var (_, report) = await ReportAsync(ward, referral);

        for (var again = 0; again < 3; again++)
        {
            ward.Partner.Recipient.Change(referral.Id, task => task["note"] = new JsonArray(Note($"n{again}")));
            (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        }

        var task = (await ward.Server.GetAsync(referral.Task)).ShouldBe(200).Body;
        var output = Assert.Single(JsonNode.Parse(task)!["output"]!.AsArray());
        Assert.Equal($"Procedure/{(string?)report["id"]}", (string?)output!["valueReference"]!["reference"]);
        Assert.Equal(3, JsonNode.Parse(task)!["note"]!.AsArray().Count(n => ((string)n!["text"]!)[0] == 'n'));
        Assert.Single((await ward.Server.GetAsync("Procedure")).ShouldBe(200).Ids);
    }

    [Fact]
    public async Task A_partner_that_is_away_is_asked_again()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Community, Fetched);
        var referral = await ward.ReferAsync();
        ward.Partner.Recipient.Do("accept", referral.Id);
        ward.Partner.Recipient.Do("start", referral.Id);
        ward.Partner.Recipient.Do("complete", referral.Id);
        ward.Partner.Faults.Next(Fault.ServerError, times: 6, method: "GET", path: "Procedure/");
        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.Equal("completed", await ward.Server.StatusOfAsync(referral.Task));

        var (_, report) = await ReportAsync(ward, referral);

        Assert.Equal("Procedure", (string?)report["resourceType"]);
        Assert.Equal(6, ward.Partner.Faults.Happened[Fault.ServerError]);
    }

    /// <summary>Nothing is fetched that nobody asked for, nor what is about somebody else.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task What_is_not_to_be_fetched_stays_at_the_partner(bool isFetched, bool isAboutAnother)
    {
        await using var ward = await Ward.OpenAsync(
            PartnerKind.Community,
            isFetched ? Fetched : $"--Partners:{Ward.Endpoint}:Outputs:0=Observation"
        );
        var referral = await ward.ReferAsync();
        foreach (var step in (string[])["accept", "start", "complete"])
            ward.Partner.Recipient.Do(step, referral.Id);
        var there = ward.Partner.Store.All("Procedure").Single();
        if (isAboutAnother)
        {
            var other = there.Parse();
            other["subject"]!["reference"] = "Patient/somebody-else";
            ward.Partner.Store.Write(other, there.Id);
        }

        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        if (isFetched)
            await Wait.UntilAsync(
                async () =>
                    (await ward.DeliveriesAsync(referral)).Any(m =>
                        m is { Topic: "output", State: MessageState.Delivered }
                    ),
                "what was to be fetched was looked at"
            );

        var task = JsonNode.Parse((await ward.Server.GetAsync(referral.Task)).ShouldBe(200).Body)!;
        Assert.Equal("completed", (string?)task["status"]);
        Assert.Equal(
            $"{ward.Partner.Base}/{there.Reference}",
            (string?)task["output"]![0]!["valueReference"]!["reference"]
        );
        Assert.Empty((await ward.Server.GetAsync("Procedure")).ShouldBe(200).Ids);
    }

    private static async Task CompleteAsync(Ward ward, Referral referral)
    {
        foreach (var step in (string[])["accept", "start", "complete"])
            ward.Partner.Recipient.Do(step, referral.Id);
        (await ward.Server.AskAsync($"{Partner}/$poll")).ShouldBe(200);
        Assert.Equal("completed", await ward.Server.StatusOfAsync(referral.Task));
    }

    private static async Task<(JsonNode Task, JsonNode Report)> ReportAsync(Ward ward, Referral referral)
    {
        JsonNode? task = null;
        await ward.AfterAsync(
            TimeSpan.FromSeconds(30),
            async () =>
            {
                task = JsonNode.Parse((await ward.Server.GetAsync(referral.Task)).ShouldBe(200).Body)!;
                return ((string?)task["output"]![0]!["valueReference"]!["reference"])!.StartsWith(
                    "Procedure/",
                    StringComparison.Ordinal
                );
            }
        );
        var reference = (string)task!["output"]![0]!["valueReference"]!["reference"]!;
        return (task, JsonNode.Parse((await ward.Server.GetAsync(reference)).ShouldBe(200).Body)!);
    }

    private static JsonObject Note(string text) => new() { ["text"] = text };
}
