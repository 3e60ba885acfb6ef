using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Caseload;

/// <summary><c>Patient/$transfer</c>: offered, accepted, and only then handed over.</summary>
public abstract class TransferTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly string Note = Ask.Text("handoffNote", "prefers mornings");

    public sealed class OnSqlite(SqliteServer shared) : TransferTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransferTests(shared);

    [Theory]
    [InlineData("accept")]
    [InlineData("complete")]
    public async Task A_patient_is_handed_over_when_the_new_manager_accepts(string command)
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var (patient, episode) = await ward.PatientAsync();
        await Server.AskAsync($"{patient}/$assign-care-manager", Ask.Reference("practitionerRole", from));
        var other = await ward.EpisodeAsync(patient, from);
        var plan = await Server.PostAsync(
            "CarePlan",
            $$$"""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"{{{patient}}}"}}"""
        );
        var working = await ward.TaskAsync(patient, "in-progress", from);
        var asPerson = await ward.TaskAsync(patient, "received", from.Replace("Role", "", StringComparison.Ordinal));
        var done = await ward.TaskAsync(patient, "completed", from);
        var nurse = await ward.TaskAsync(patient, "ready", "Practitioner/nurse");

        var offer = await Server.AskAsync($"{patient}/$transfer", Ask.Reference("to", to), Note);

        Assert.Equal(("Task", "requested"), (offer.ShouldBe(200).Text("resourceType"), offer.Status()));
        Assert.Equal((to, from), (offer.At("owner", "reference"), offer.At("requester", "reference")));
        Assert.Equal(
            (from, from, from),
            (await ward.ManagerOfAsync(episode), await ward.ManagerOfAsync(other), await ward.OwnerAsync(working))
        );

        var accepted = await Server.AskAsync($"Task/{offer.Id}/${command}", Ask.Reference("practitioner", to));

        Assert.Equal("completed", accepted.ShouldBe(200).Status());
        Assert.Equal((to, to), (await ward.ManagerOfAsync(episode), await ward.ManagerOfAsync(other)));
        Assert.Equal([$"{from} until", to], await ward.TeamAsync(episode));
        Assert.Equal(
            (to, to, from, "Practitioner/nurse"),
            (
                await ward.OwnerAsync(working),
                await ward.OwnerAsync(asPerson),
                await ward.OwnerAsync(done),
                await ward.OwnerAsync(nurse)
            )
        );
        Assert.Equal(
            ("ready", "requested"),
            (await Server.StatusOfAsync(working), await Server.StatusOfAsync(asPerson))
        );
        Assert.Contains(to, (await Server.GetAsync($"CarePlan/{plan.Id}")).Body, StringComparison.Ordinal);
        var notices = (await Server.GetAsync($"Communication?subject={patient}")).Resources.ToArray();
        Assert.Equal(
            new[] { patient, to }.Order(StringComparer.Ordinal),
            notices
                .Select(n => n.GetProperty("recipient")[0].GetProperty("reference").GetString()!)
                .Order(StringComparer.Ordinal)
        );
        Assert.Single(await Server.ProvenanceOfAsync(working, 2));
        (await Server.AskAsync($"Task/{offer.Id}/$accept")).ShouldBe(422);
    }

    [Fact]
    public async Task Is_due_in_one_business_day_and_late_to_a_lead_at_once()
    {
        var ward = await Ward.OpenAsync(Server);
        var (patient, _) = await ward.PatientAsync(await ward.ManagerAsync());
        var offer = await Server.AskAsync(
            $"{patient}/$transfer",
            Ask.Reference("to", await ward.ManagerAsync()),
            Note,
            Ask.Value("effective", "valueDate", "\"2099-11-25\"")
        );

        // The day after the Wednesday of 2099-11-25 is Thanksgiving.
        Assert.Equal("2099-11-27T23:59:59", offer.ShouldBe(200).At("restriction", "period", "end")![..19]);
        Assert.Equal("asap", offer.Text("priority"));
        var early = await Server.AskAsync($"Task/{offer.Id}/$accept");
        Assert.Equal((422, "not-effective-yet"), (early.Status, Ward.Rule(early)));
    }

    [Fact]
    public async Task What_stands_in_the_way_is_named_and_nothing_is_offered()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to, third) = (await ward.ManagerAsync(), await ward.ManagerAsync(), await ward.ManagerAsync());
        var away = await ward.ManagerAsync(role: ",'active':false");
        var (patient, episode) = await ward.PatientAsync(from);
        var (without, _) = await ward.PatientAsync();
        var offered = Ask.Reference("to", to);

        async Task<(int, string?)> RefusedAsync(string path, params string[] parameters)
        {
            var answer = await Server.AskAsync(path, parameters);
            return (answer.Status, answer.Status < 400 ? null : Ward.Rule(answer));
        }

        Assert.Equal((422, "note-required"), await RefusedAsync($"{patient}/$transfer", offered));
        Assert.Equal((422, "not-manager"), await RefusedAsync($"{without}/$transfer", offered, Note));
        Assert.Equal(
            (422, "not-manager"),
            await RefusedAsync($"{patient}/$transfer", offered, Note, Ask.Reference("from", third))
        );
        Assert.Equal(
            (422, "same-manager"),
            await RefusedAsync($"{patient}/$transfer", Ask.Reference("to", from), Note)
        );
        Assert.Equal((422, "away"), await RefusedAsync($"{patient}/$transfer", Ask.Reference("to", away), Note));
        var nobody = await Server.PostAsync(
            $"{patient}/$transfer",
            Ask.Parameters(Ask.Reference("to", "PractitionerRole/none"), Note)
        );
        Assert.Equal((422, "reference-unresolved"), (nobody.Status, Ward.Rule(nobody)));
        Assert.Equal("W/\"1\"", (await Server.GetAsync(episode)).ETag);
        Assert.Empty((await Server.GetAsync($"Task?patient={patient}")).Resources);
    }

    [Fact]
    public async Task Of_several_offers_at_once_one_is_made_and_the_next_follows_a_rejection()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var (patient, _) = await ward.PatientAsync(from);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Server.AskAsync($"{patient}/$transfer", Ask.Reference("to", to), Note))
        );

        Assert.Equal([200, 409, 409, 409, 409, 409], answers.Select(a => a.Status).Order());
        Assert.All(answers.Where(a => a.Status == 409), a => Assert.Equal("transfer-pending", Ward.Rule(a)));
        var offer = Assert.Single((await Server.GetAsync($"Task?patient={patient}")).Ids);
        var written = await Server.PutAsync(
            $"Task/{offer}",
            (await Server.GetAsync($"Task/{offer}")).Body.Replace(
                "\"requested\"",
                "\"accepted\"",
                StringComparison.Ordinal
            )
        );
        Assert.Equal((422, "handover-by-command"), (written.Status, Ward.Rule(written)));
        (await Server.AskAsync($"Task/{offer}/$reject", Ask.Text("reason", "full"))).ShouldBe(200);
        (await Server.AskAsync($"{patient}/$transfer", Ask.Reference("to", to), Note)).ShouldBe(200);
    }

    [Fact]
    public async Task Without_a_name_the_patient_goes_to_who_fits_best_but_not_back()
    {
        var ward = await Ward.OpenAsync(Server);
        var from = await ward.ManagerAsync(",'communication':[{'coding':[{'code':'pt'}]}]");
        var busy = await ward.ManagerAsync();
        var free = await ward.ManagerAsync();
        await ward.PatientAsync(busy);
        var (patient, _) = await ward.PatientAsync(from, ",'communication':[{'language':{'coding':[{'code':'pt'}]}}]");

        Assert.Equal(
            free,
            (await Server.AskAsync($"{patient}/$transfer", Note)).ShouldBe(200).At("owner", "reference")
        );
    }

    [Fact]
    public async Task Drafts_and_what_is_on_hold_stay_where_only_open_tasks_move()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var (patient, _) = await ward.PatientAsync(from);
        var draft = await ward.TaskAsync(patient, "draft", from);
        var ready = await ward.TaskAsync(patient, "ready", from);
        var offer = await Server.AskAsync(
            $"{patient}/$transfer",
            Ask.Reference("to", to),
            Note,
            Ask.Value("tasks", "valueCode", "\"open-only\"")
        );
        (await Server.AskAsync($"Task/{offer.Id}/$accept")).ShouldBe(200);

        Assert.Equal((from, to), (await ward.OwnerAsync(draft), await ward.OwnerAsync(ready)));
        (await Server.AskAsync($"{patient}/$transfer", Note, Ask.Text("tasks", "some"))).ShouldBe(400);
    }
}
