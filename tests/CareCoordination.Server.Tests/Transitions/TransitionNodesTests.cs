using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>Two nodes on one database hear of the same stay at once.</summary>
public sealed class TransitionNodesTests
{
    private const int Posts = 64;

    [Fact]
    public async Task Posts_of_one_discharge_to_two_nodes_make_one_plan()
    {
        await using var nodes = await Nodes.StartAsync();
        var hospital = new Hospital();
        var message = hospital.Discharge("2026-11-20T16:10:00Z");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Posts).Select(i => nodes[i].PostAsync("$submit-transition", message))
        );

        Assert.All(answers, a => a.ShouldBe(200));
        Assert.Single(answers.Select(a => a.Body).Distinct());
        await OnePlanAsync(nodes, hospital, 11);
    }

    [Fact]
    public async Task The_events_of_a_stay_to_two_nodes_at_once_make_one_stay_and_one_plan()
    {
        await using var nodes = await Nodes.StartAsync();
        for (var round = 0; round < 8; round++)
        {
            var hospital = new Hospital();
            string[] told =
            [
                hospital.Admit("2026-11-16T09:40:00Z"),
                hospital.Transfer("2026-11-17T09:40:00Z"),
                hospital.Update("2026-11-18T09:40:00Z"),
                hospital.Discharge("2026-11-20T16:10:00Z"),
                hospital.Discharge("2026-11-20T16:20:00Z"),
            ];

            var answers = await Task.WhenAll(
                told.Concat(told)
                    .Select((m, i) => nodes[i].PostAsync(i % 3 == 0 ? "$process-message" : "$submit-transition", m))
            );

            Assert.All(answers, a => a.ShouldBe(200));
            await OnePlanAsync(nodes, hospital, 11);
        }
    }

    private static async Task OnePlanAsync(Nodes nodes, Hospital hospital, int tasks)
    {
        var patient = Assert.Single(
            (await nodes[0].GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).ShouldBe(200).Ids
        );
        var stay = Assert.Single(
            (await nodes[1].GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}"))
                .ShouldBe(200)
                .Resources
        );
        Assert.Equal("finished", stay.GetProperty("status").GetString());
        var plan = Assert.Single((await nodes[0].GetAsync($"CarePlan?subject=Patient/{patient}")).ShouldBe(200).Ids);
        Assert.Equal(
            tasks,
            (await nodes[1].GetAsync($"Task?based-on=CarePlan/{plan}&_count=100")).ShouldBe(200).Ids.Count()
        );
    }

    private sealed class Nodes(TestServer first, TestServer second) : IAsyncDisposable
    {
        public TestServer this[int i] => i % 2 == 0 ? first : second;

        public static async Task<Nodes> StartAsync()
        {
            string[] database =
            [
                "--Storage:Provider=PostgreSql",
                $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
            ];
            Assert.Equal(0, await Program.Main(["migrate", .. database]));
            return new Nodes(await TestServer.StartAsync(database), await TestServer.StartAsync(database));
        }

        public async ValueTask DisposeAsync()
        {
            await second.DisposeAsync();
            await first.DisposeAsync();
        }
    }
}
