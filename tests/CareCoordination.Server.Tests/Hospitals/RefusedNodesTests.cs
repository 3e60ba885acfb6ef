using System.Net.Http.Headers;
using System.Text;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>Operators at two nodes have a refused message taken in while the hospital sends it again to both.</summary>
public sealed class RefusedNodesTests
{
    [Fact]
    public async Task Whoever_comes_first_at_whichever_node_makes_one_stay_and_one_plan()
    {
        string[] settings =
        [
            "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
        ];
        Assert.Equal(0, await Program.Main(["migrate", .. settings]));
        await using var first = await TestServer.StartAsync([.. settings, .. Hl7Kit.Settings]);
        await using var second = await TestServer.StartAsync([.. settings, .. Hl7Kit.Settings]);
        TestServer[] nodes = [first, second];
        for (var round = 0; round < 4; round++)
        {
            var (patient, visit) = (Given.Id("p"), Given.Id("v"));
            var right = Hl7Kit.Discharge(Given.Id("c"), patient, visit);
            Assert.Equal(422, await SendAsync(first, right.Replace("|01|", "|MARS|", StringComparison.Ordinal)));
            // It is there at the other node too, and once however many refuse it.
            Assert.Equal(422, await SendAsync(second, right.Replace("|01|", "|MARS|", StringComparison.Ordinal)));
            var kept = Assert.Single(
                RefusedMessageTests.Messages((await second.GetAsync("$transition-messages")).ShouldBe(200))
            );
            var content = Convert.ToBase64String(Encoding.UTF8.GetBytes(right));

            var replaying = Task.WhenAll(
                Enumerable
                    .Range(0, 6)
                    .Select(i =>
                        nodes[i % 2]
                            .AskAsync(
                                "$replay-message",
                                Ask.Text("message", kept["id"]),
                                Ask.Value("content", "valueBase64Binary", $"\"{content}\"")
                            )
                    )
            );
            var sending = Task.WhenAll(Enumerable.Range(0, 6).Select(i => SendAsync(nodes[i % 2], right)));
            var (replays, sent) = (await replaying, await sending);

            Assert.All(replays, r => Assert.Contains(r.Status, new[] { 200, 422 }));
            Assert.Contains(replays, r => r.Status == 200);
            Assert.All(sent, status => Assert.Equal(200, status));
            var stay = Assert.Single(
                (await second.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Resources
            );
            var subject = stay.GetProperty("subject").GetProperty("reference").GetString();
            Assert.Single((await first.GetAsync($"CarePlan?patient={subject}")).Resources);
            Assert.Single(
                (await first.GetAsync($"Task?patient={subject}&code=submit-transition")).ShouldBe(200).Resources
            );
            Assert.Empty(RefusedMessageTests.Messages(await first.GetAsync("$transition-messages")));
        }
    }

    private static async Task<int> SendAsync(TestServer node, string message)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(message));
        content.Headers.ContentType = new MediaTypeHeaderValue("x-application/hl7-v2+er7");
        using var response = await node.Client.PostAsync(node.Root + "/hl7v2", content);
        return (int)response.StatusCode;
    }
}
