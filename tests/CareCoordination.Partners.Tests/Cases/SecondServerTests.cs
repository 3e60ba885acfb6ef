using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>A second server of this project is a partner without any change: referred to, polled, and heard.</summary>
public sealed class SecondServerTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
    private TestServer _clinic = null!;
    private TestServer _helpers = null!;

    public async ValueTask InitializeAsync()
    {
        _helpers = await TestServer.OnSqliteAsync(_clock);
        _clinic = await TestServer.OnSqliteAsync(_clock);
        await PutAsync(_clinic, PartnerResources.Organization("clinic"));
        await PutAsync(_clinic, PartnerResources.Organization("helpers"));
        await PutAsync(_clinic, PartnerResources.Patient("edda"));
        await PutAsync(_clinic, PartnerResources.Request("food", "Patient/edda"));
        await PutAsync(_clinic, PartnerResources.Endpoint("helpers", _helpers.Base));
        await PutAsync(_helpers, """{"resourceType":"Practitioner","id":"anna","name":[{"family":"Berg"}]}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _clinic.DisposeAsync();
        await _helpers.DisposeAsync();
    }

    [Fact]
    public async Task A_referral_goes_there_is_worked_on_and_its_loop_closes_here()
    {
        var task = await _clinic.AskAsync(
            "ServiceRequest/food/$dispatch",
            Ask.Reference("endpoint", "Endpoint/helpers")
        );
        Assert.True(task.Status is 200 or 201, task.Body);
        await Wait.UntilAsync(async () => await CopyAsync(task.Id) is not null, "it has arrived");
        var copy = $"Task/{await CopyAsync(task.Id)}";
        Assert.Equal("requested", await _helpers.StatusOfAsync(copy));
        var focus = (await _helpers.GetAsync(copy)).At("focus", "reference")!;
        (await _helpers.GetAsync(focus)).ShouldBe(200);

        (await _helpers.AskAsync($"{copy}/$accept", Ask.Reference("practitioner", "Practitioner/anna"))).ShouldBe(200);
        await PollAsync(task.Id, "accepted");
        (await _helpers.AskAsync($"{copy}/$start", Ask.Reference("practitioner", "Practitioner/anna"))).ShouldBe(200);
        await PollAsync(task.Id, "in-progress");
        await CompleteAsync(copy);
        await PollAsync(task.Id, "completed");

        var output = (await _clinic.GetAsync($"Task/{task.Id}")).Json.GetProperty("output")[0];
        Assert.Equal(
            $"{_helpers.Base}/Procedure/meals",
            output.GetProperty("valueReference").GetProperty("reference").GetString()
        );
        (await _clinic.AskAsync("ServiceRequest/food/$close-loop")).ShouldBe(200);
        Assert.Equal("completed", await _clinic.StatusOfAsync("ServiceRequest/food"));
        Assert.Single((await _helpers.GetAsync("Task")).Ids);
    }

    [Fact]
    public async Task A_referral_is_called_off_there_too()
    {
        var task = await _clinic.AskAsync(
            "ServiceRequest/food/$dispatch",
            Ask.Reference("endpoint", "Endpoint/helpers")
        );
        await Wait.UntilAsync(async () => await CopyAsync(task.Id) is not null, "it has arrived");

        (await _clinic.AskAsync("ServiceRequest/food/$cancel", Ask.Text("reason", "Moved away"))).ShouldBe(200);

        await Wait.UntilAsync(
            async () => await _helpers.StatusOfAsync($"Task/{await CopyAsync(task.Id)}") == "cancelled",
            "it is cancelled there"
        );
        await Wait.UntilAsync(
            async () => await _clinic.StatusOfAsync("ServiceRequest/food") == "revoked",
            "the request is revoked"
        );
    }

    private async Task<string?> CopyAsync(string task) =>
        (await _helpers.GetAsync($"Task?identifier={_clinic.Base}/Task|{task}")).Ids.SingleOrDefault();

    private async Task CompleteAsync(string copy)
    {
        await PutAsync(
            _helpers,
            """{"resourceType":"Procedure","id":"meals","status":"completed","code":{"text":"Meals delivered"},"subject":{"display":"The patient"}}"""
        );
        var done = JsonNode.Parse((await _helpers.GetAsync(copy)).Body)!;
        done["status"] = "completed";
        done["output"] = new JsonArray(
            new JsonObject
            {
                ["type"] = new JsonObject { ["text"] = "Meals" },
                ["valueReference"] = new JsonObject { ["reference"] = "Procedure/meals" },
            }
        );
        (await _helpers.PutAsync(copy, done.ToJsonString())).ShouldBe(200);
    }

    /// <summary>An hour later the clinic asks what has changed.</summary>
    private async Task PollAsync(string task, string status)
    {
        _clock.Advance(TimeSpan.FromMinutes(61));
        await Wait.UntilAsync(
            async () => await _clinic.StatusOfAsync($"Task/{task}") == status,
            $"it is {status} here"
        );
    }

    private static async Task PutAsync(TestServer server, string resource)
    {
        var json = JsonNode.Parse(resource)!;
        var answer = await server.PutAsync($"{json["resourceType"]}/{json["id"]}", resource);
        Assert.True(answer.Status is 200 or 201, answer.Body);
    }
}
