using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Partners.Tests.Deliveries;

/// <summary>A node that stops in the middle of a message.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task A_node_that_stops_gives_back_what_it_was_sending_and_the_repeat_has_no_second_effect()
    {
        var folder = Directory.CreateTempSubdirectory("care-restart-");
        string[] settings =
        [
            $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(folder.FullName, "test.db")}",
            // By its own address the partner would take the next node for another server.
            "--Server:BaseUrl=http://clinic.example/fhir",
            "--Deliveries:StopSeconds=0",
        ];
        await using var partner = await SimulatedPartner.StartAsync(new SimulatorOptions());
        partner.Faults.Next(Fault.LoseAnswer, method: "POST");

        string id;
        await using (var first = await TestServer.StartAsync(settings))
        {
            id = await DispatchAsync(first, partner);
            await Wait.UntilAsync(() => Task.FromResult(partner.Effects.All.Count == 1), "the partner has it");
            Assert.Equal(MessageState.Sending, (await DeliveryAsync(first, id)).State);
        }

        // Long before the lease would have ended.
        await using (var second = await TestServer.StartAsync(settings))
        {
            await Wait.UntilAsync(
                async () => (await DeliveryAsync(second, id)).State == MessageState.Delivered,
                "the next node has delivered it"
            );
            Assert.Equal(2, (await DeliveryAsync(second, id)).Attempts);
        }

        Assert.Equal(1, partner.Effects.Creations.Values.Single());
        folder.Delete(recursive: true);
    }

    private static async Task<string> DispatchAsync(TestServer server, SimulatedPartner partner)
    {
        foreach (
            var resource in (string[])
                [
                    PartnerResources.Organization("helpers"),
                    PartnerResources.Endpoint("partner", partner.Base),
                    PartnerResources.Patient("p"),
                    PartnerResources.Request("r", "Patient/p"),
                ]
        )
        {
            var json = JsonNode.Parse(resource)!;
            (await server.PutAsync($"{json["resourceType"]}/{json["id"]}", resource)).ShouldBe(201);
        }

        var task = await server.AskAsync("ServiceRequest/r/$dispatch", Ask.Reference("endpoint", "Endpoint/partner"));
        return task.ShouldBe(201).Id;
    }

    private static async Task<OutboxMessage> DeliveryAsync(TestServer server, string task)
    {
        var store = server.Services.GetRequiredService<OutboxStore>();
        return Assert.Single(
            (await store.SearchAsync(new OutboxQuery(9) { Subject = new("Task", task) }, default)).Messages
        );
    }
}
