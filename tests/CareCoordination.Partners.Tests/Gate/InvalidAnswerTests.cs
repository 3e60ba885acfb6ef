using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Partners.Tests.Gate;

/// <summary>
/// What a partner answers passes the same validation as what clients write: where it is not valid it is kept for an operator, our Task
/// stays as it is, and the referral can still be called off.
/// </summary>
public sealed class InvalidAnswerTests
{
    public static TheoryData<string, string> Answers =>
        new()
        {
            {
                "output",
                """[{"type":{"text":"x","bogus":[1,2]},"valueCode":"has  two  spaces","nonsense":{"a":null}}]"""
            },
            { "output", """[{"type":{"text":"x"},"valueDate":"2026-99-99"}]""" },
            { "note", """[{"text":12345}]""" },
            { "statusReason", """{"text":{"no":"text"}}""" },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_invalid_answer_is_kept_and_changes_nothing(string element, string json)
    {
        await using var partner = await RawPartner.StartAsync(element, json);
        await using var server = await TestServer.OnSqliteAsync(
            "--Partners:partner:Strategy=TaskPush",
            "--Deliveries:ScanSeconds=1"
        );
        var id = Given.Id("r");
        foreach (
            var resource in new[]
            {
                PartnerResources.Organization("clinic"),
                PartnerResources.Organization("helpers"),
                PartnerResources.Endpoint("partner", partner.Base),
                PartnerResources.Patient(id),
                PartnerResources.Request(id, $"Patient/{id}", "routine", ""),
            }
        )
        {
            var stored = JsonNode.Parse(resource)!;
            (await server.PutAsync($"{stored["resourceType"]}/{stored["id"]}", resource)).ShouldBe(201);
        }

        var task = (
            await server.AskAsync($"ServiceRequest/{id}/$dispatch", Ask.Reference("endpoint", "Endpoint/partner"))
        ).ShouldBe(201);

        var deliveries = server.Services.GetRequiredService<OutboxStore>();
        await Wait.UntilAsync(
            async () =>
                (
                    await deliveries.SearchInboundAsync(InboundState.Unapplied, "partner", null, 10, default)
                ).Updates.Any(),
            "the answer is kept"
        );

        Assert.Equal("requested", await server.StatusOfAsync($"Task/{task.Id}"));
        var current = (await server.GetAsync($"Task/{task.Id}")).ShouldBe(200);
        (await server.PostAsync("Task/$validate", current.Body)).ShouldBe(200);
        (await server.AskAsync($"Task/{task.Id}/$cancel", Ask.Text("reason", "Not needed"))).ShouldBe(200);
    }

    /// <summary>A FHIR server that takes Tasks and answers with a copy in which one element is what the test says.</summary>
    private sealed class RawPartner(WebApplication app) : IAsyncDisposable
    {
        public string Base => app.Urls.First();

        public static async Task<RawPartner> StartAsync(string element, string json)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.MapPost("/Task", context => AnswerAsync(context, "remote-1", element, json));
            app.MapPut("/Task/{id}", context => AnswerAsync(context, "remote-1", element, json));
            await app.StartAsync();
            return new RawPartner(app);
        }

        private static async Task AnswerAsync(HttpContext context, string id, string element, string json)
        {
            var task = (await JsonNode.ParseAsync(context.Request.Body))!;
            task["id"] = id;
            task["meta"] = JsonNode.Parse("""{"versionId":"1","lastUpdated":"2026-11-28T10:00:00Z"}""");
            task["status"] = "accepted";
            task[element] = JsonNode.Parse(json);
            context.Response.StatusCode = 201;
            context.Response.ContentType = "application/fhir+json";
            context.Response.Headers.Location = $"/Task/{id}/_history/1";
            context.Response.Headers.ETag = "W/\"1\"";
            await context.Response.WriteAsync(task.ToJsonString());
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
