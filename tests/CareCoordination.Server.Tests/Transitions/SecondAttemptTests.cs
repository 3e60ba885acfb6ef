using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>The second attempt to reach a patient is asked for when the first one fails, by whichever write it fails.</summary>
public abstract class SecondAttemptTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : SecondAttemptTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : SecondAttemptTests(shared);

    private readonly Hospital _hospital = new() { Start = Given.Days(-4), End = Given.Days(0) };
    private string _patient = "";

    public static TheoryData<string> Doors =>
        ["command", "put", "patch", "batch", "transaction", "transaction with the plan", "conditional update"];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task It_follows_whichever_write_fails_the_first_one(string door)
    {
        var first = await StartedAsync();

        await FailAsync(first, door);

        var all = await ContactsAsync();
        Assert.Equal(
            ["failed", "requested"],
            all.Select(t => t.GetProperty("status").GetString()!).Order(StringComparer.Ordinal)
        );
        var second = all.Single(t => t.GetProperty("status").GetString() == "requested");
        Assert.Equal(Due(first), Due(second));
        Assert.Contains($"Task/{Id(first)}", second.GetProperty("extension").GetRawText(), StringComparison.Ordinal);
        var plan = Assert.Single((await Server.GetAsync($"CarePlan?subject={_patient}")).Resources);
        Assert.Single(
            plan.GetProperty("activity").EnumerateArray(),
            a =>
                a.TryGetProperty("reference", out var of)
                && of.GetProperty("reference").GetString() == $"Task/{Id(second)}"
        );
        if (door == "transaction with the plan")
            Assert.Equal("told otherwise", plan.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("command")]
    [InlineData("put")]
    [InlineData("patch")]
    public async Task A_first_one_that_is_taken_up_and_fails_again_and_a_second_one_ask_for_no_third(string door)
    {
        var first = await StartedAsync();
        await FailAsync(first, door);
        (await Server.AskAsync($"Task/{Id(first)}/$reopen", Ask.Text("reason", "tried too early"))).ShouldBe(200);

        await FailAsync(first, door);

        var second = Assert.Single(await ContactsAsync(), t => t.GetProperty("status").GetString() == "requested");
        await StartAsync(second);
        await FailAsync(second, door);
        Assert.Equal(["failed", "failed"], (await ContactsAsync()).Select(t => t.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("visit")]
    [InlineData("needs")]
    [InlineData("papers")]
    public async Task Other_work_that_fails_is_not_tried_again(string code)
    {
        var task = await StartedAsync(code);

        await FailAsync(task, "put");

        Assert.Single(await ContactsAsync(code));
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("cancelled")]
    public async Task What_is_done_or_called_off_is_not_tried_again(string status)
    {
        var task = await StartedAsync();

        await PutAsync(task, status);

        Assert.Equal([status], (await ContactsAsync()).Select(t => t.GetProperty("status").GetString()));
    }

    private async Task<JsonElement> StartedAsync(string code = "contact")
    {
        (await Server.PostAsync("$submit-transition", _hospital.Discharge(Given.Days(0)))).ShouldBe(200);
        _patient =
            "Patient/"
            + Assert.Single((await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{_hospital.Person}")).Ids);
        var task = Assert.Single(await ContactsAsync(code));
        await StartAsync(task);
        return task;
    }

    private async Task StartAsync(JsonElement task)
    {
        var stored = JsonNode.Parse((await Server.GetAsync($"Task/{Id(task)}")).Body)!;
        foreach (var status in (string[])["accepted", "in-progress"])
        {
            stored["status"] = status;
            (await Server.PutAsync($"Task/{Id(task)}", stored.ToJsonString())).ShouldBe(200);
        }
    }

    private async Task FailAsync(JsonElement task, string door)
    {
        var id = Id(task);
        var failed = JsonNode.Parse((await Server.GetAsync($"Task/{id}")).Body)!;
        failed["status"] = "failed";
        var body = failed.ToJsonString();
        switch (door)
        {
            case "command":
                (await Server.AskAsync($"Task/{id}/$fail", Ask.Text("reason", "nobody answers"))).ShouldBe(200);
                break;
            case "patch":
                using (
                    var patch = new StringContent(
                        """[{"op":"replace","path":"/status","value":"failed"}]""",
                        Encoding.UTF8,
                        "application/json-patch+json"
                    )
                )
                    (await Server.SendAsync(HttpMethod.Patch, $"Task/{id}", patch)).ShouldBe(200);
                break;
            case "batch":
                (await Server.PostAsync("", Given.Batch(Given.Entry("PUT", $"Task/{id}", body)))).ShouldBe(200);
                break;
            case "transaction":
                (await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", $"Task/{id}", body)))).ShouldBe(200);
                break;
            case "transaction with the plan":
                var plan = JsonNode.Parse(
                    Assert.Single((await Server.GetAsync($"CarePlan?subject={_patient}")).Resources).GetRawText()
                )!;
                plan["title"] = "told otherwise";
                (
                    await Server.PostAsync(
                        "",
                        Given.Transaction(
                            Given.Entry("PUT", $"Task/{id}", body),
                            Given.Entry("PUT", $"CarePlan/{(string)plan["id"]!}", plan.ToJsonString())
                        )
                    )
                ).ShouldBe(200);
                break;
            case "conditional update":
                (await Server.PutAsync($"Task?_id={id}", body)).ShouldBe(200);
                break;
            default:
                await PutAsync(task, "failed");
                break;
        }
    }

    private async Task PutAsync(JsonElement task, string status)
    {
        var stored = JsonNode.Parse((await Server.GetAsync($"Task/{Id(task)}")).Body)!;
        stored["status"] = status;
        stored["statusReason"] = new JsonObject { ["text"] = "nobody answers" };
        (await Server.PutAsync($"Task/{Id(task)}", stored.ToJsonString())).ShouldBe(200);
    }

    private async Task<JsonElement[]> ContactsAsync(string code = "contact") =>
        [
            .. (await Server.GetAsync($"Task?patient={_patient}&_count=100"))
                .ShouldBe(200)
                .Resources.Where(t =>
                    t.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString() == code
                ),
        ];

    private static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;

    private static string Due(JsonElement task) =>
        task.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()!;
}
