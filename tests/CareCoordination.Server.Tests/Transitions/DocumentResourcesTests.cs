using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>What documents carry beside the stay is stored as the sender's: found, referred to, and not gone by until somebody takes it up.</summary>
public abstract class DocumentResourcesTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : DocumentResourcesTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : DocumentResourcesTests(shared);

    private const string Sender = "urn:oid:2.16.840.1.113883.4.6|1234567893";

    [Theory]
    [InlineData("$submit-transition", 200)]
    [InlineData("Bundle", 201)]
    public async Task Plans_goals_requests_and_teams_of_a_hospital_are_proposals_here(string door, int status)
    {
        var hospital = Planning();

        (await Server.PostAsync(door, hospital.Document("2026-11-20T16:10:00Z"))).ShouldBe(status);

        var patient = await PatientAsync(hospital);
        var plan = Assert.Single(await OfAsync("CarePlan", patient), IsTheirs);
        Assert.Equal(("draft", "proposal"), (Text(plan, "status"), Text(plan, "intent")));
        var goal = Assert.Single(await OfAsync("Goal", patient), IsTheirs);
        Assert.Equal("proposed", Text(goal, "lifecycleStatus"));
        var request = Assert.Single(await OfAsync("ServiceRequest", patient));
        Assert.Equal(("draft", "proposal"), (Text(request, "status"), Text(request, "intent")));
        var team = Assert.Single(await OfAsync("CareTeam", patient), IsTheirs);
        Assert.Equal("proposed", Text(team, "status"));
        var list = Assert.Single(await OfAsync("List", patient), IsTheirs);
        var procedure = Assert.Single(await OfAsync("Procedure", patient));
        var use = Assert.Single(await OfAsync("DeviceUseStatement", patient));
        // Each leads to what is stored here.
        Assert.Equal($"Goal/{Text(goal, "id")}", Reference(plan.GetProperty("goal")[0]));
        Assert.Equal(
            $"ServiceRequest/{Text(request, "id")}",
            Reference(plan.GetProperty("activity")[0].GetProperty("reference"))
        );
        Assert.Equal($"CareTeam/{Text(team, "id")}", Reference(plan.GetProperty("careTeam")[0]));
        Assert.Equal($"Procedure/{Text(procedure, "id")}", Reference(list.GetProperty("entry")[0].GetProperty("item")));
        Assert.Equal(200, (await Server.GetAsync(Reference(use.GetProperty("device")))).Status);
        Assert.All(
            (JsonElement[])[plan, goal, request, team, list, procedure, use],
            r => Assert.Equal(Sender, r.GetProperty("meta").GetProperty("source").GetString())
        );
        // The plan of the days after the discharge is the only one that is active.
        Assert.Single((await Server.GetAsync($"CarePlan?subject={patient}&status=active")).Ids);
    }

    [Theory]
    [InlineData("confirmed", 1)]
    [InlineData("unconfirmed", 1)]
    [InlineData("refuted", 0)]
    [InlineData("entered-in-error", 0)]
    public async Task What_the_patient_does_not_have_is_stored_and_no_plan_addresses_it(
        string verification,
        int addressed
    )
    {
        var hospital = new Hospital();
        var clinical =
            verification == "entered-in-error"
                ? ""
                : """
                    "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
                    """;
        hospital.More.Add(
            $$$"""{"resourceType":"Condition",{{{clinical}}}"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"{{{verification}}}"}]},"code":{"text":"gout"},"subject":{{{hospital.Reference("p")}}}}"""
        );

        (await Server.PostAsync("$submit-transition", hospital.Document("2026-11-20T16:10:00Z"))).ShouldBe(200);

        var patient = await PatientAsync(hospital);
        Assert.Single(await OfAsync("Condition", patient));
        var plan = Assert.Single(await OfAsync("CarePlan", patient));
        Assert.Equal(addressed, plan.TryGetProperty("addresses", out var addresses) ? addresses.GetArrayLength() : 0);
    }

    [Fact]
    public async Task What_is_told_again_is_updated_until_somebody_here_takes_it_up()
    {
        var hospital = Planning();
        (await Server.PostAsync("$submit-transition", hospital.Document("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var patient = await PatientAsync(hospital);

        hospital.More[1] = hospital.More[1].Replace("Walk a mile", "Walk two miles", StringComparison.Ordinal);
        (await Server.PostAsync("$submit-transition", hospital.Document("2026-11-20T17:10:00Z"))).ShouldBe(200);

        var goal = Assert.Single(await OfAsync("Goal", patient), IsTheirs);
        Assert.Equal("Walk two miles", goal.GetProperty("description").GetProperty("text").GetString());

        var ours = JsonNode.Parse(goal.GetRawText())!;
        ours["lifecycleStatus"] = "accepted";
        (await Server.PutAsync($"Goal/{Text(goal, "id")}", ours.ToJsonString())).ShouldBe(200);
        hospital.More[1] = hospital.More[1].Replace("Walk two miles", "Run", StringComparison.Ordinal);
        (await Server.PostAsync("$submit-transition", hospital.Document("2026-11-20T18:10:00Z"))).ShouldBe(200);

        goal = Assert.Single(await OfAsync("Goal", patient), IsTheirs);
        Assert.Equal(
            ("accepted", "Walk two miles"),
            (Text(goal, "lifecycleStatus"), goal.GetProperty("description").GetProperty("text").GetString())
        );
    }

    [Fact]
    public async Task What_is_known_here_by_its_number_is_referred_to_and_not_overwritten()
    {
        var hospital = Planning();
        var number = Given.Id("goal");
        (await Server.PostAsync("$submit-transition", hospital.Admit("2026-11-16T09:40:00Z"))).ShouldBe(200);
        var patient = await PatientAsync(hospital);
        var known = (
            await Server.PostAsync(
                "Goal",
                $$$"""{"resourceType":"Goal","identifier":[{"system":"urn:goals","value":"{{{number}}}"}],"lifecycleStatus":"active","description":{"text":"Ours"},"subject":{"reference":"{{{patient}}}"},"target":[{"measure":{"text":"steps"},"detailString":"many","dueDate":"2027-01-01"}]}"""
            )
        )
            .ShouldBe(201)
            .Id;
        hospital.More[1] = hospital
            .More[1]
            .Replace(
                "\"resourceType\":\"Goal\",",
                $$"""
                "resourceType":"Goal","identifier":[{"system":"urn:goals","value":"{{number}}"}],
                """,
                StringComparison.Ordinal
            );

        (await Server.PostAsync("$submit-transition", hospital.Document("2026-11-20T16:10:00Z"))).ShouldBe(200);

        Assert.Equal("Ours", (await Server.GetAsync($"Goal/{known}")).At("description", "text"));
        var plan = Assert.Single(await OfAsync("CarePlan", patient), IsTheirs);
        Assert.Equal($"Goal/{known}", Reference(plan.GetProperty("goal")[0]));
    }

    [Fact]
    public async Task What_is_the_senders_work_stays_in_the_document()
    {
        var hospital = Planning();
        hospital.More.Add(
            $$$"""{"resourceType":"Task","status":"requested","intent":"order","for":{{{hospital.Reference("p")}}}}"""
        );
        hospital.More.Add(
            $$$"""{"resourceType":"Consent","status":"active","scope":{"coding":[{"code":"adr"}]},"category":[{"text":"x"}],"patient":{{{hospital.Reference("p")}}},"policyRule":{"text":"x"}}"""
        );

        var record = (await Server.PostAsync("$submit-transition", hospital.Document("2026-11-20T16:10:00Z"))).ShouldBe(
            200
        );

        Assert.Contains(
            "Kept in the message and not taken in: Consent, Task.",
            record.Json.GetProperty("note")[0].GetProperty("text").GetString(),
            StringComparison.Ordinal
        );
        Assert.Empty((await Server.GetAsync($"Consent?patient={await PatientAsync(hospital)}")).Ids);
    }

    [Theory]
    [InlineData("Bundle-Example-BSJ2-TOCBundle2.json")]
    [InlineData("Bundle-Example-Smith-Johnson-TOCBundle.json")]
    public async Task Of_a_published_document_everything_but_the_document_and_the_work_is_stored(string example)
    {
        var text = await File.ReadAllTextAsync(SharedMaterial.Require($"ig/pacio-toc-1.0.0/{example}"));
        await using var server = await TestServer.OnSqliteAsync();

        (await server.PostAsync("$submit-transition", text)).ShouldBe(200);

        var told = JsonNode.Parse(text)!["entry"]!
            .AsArray()
            .Select(e => (string)e!["resource"]!["resourceType"]!)
            .Where(t => t is not ("Composition" or "Encounter"))
            .GroupBy(t => t, StringComparer.Ordinal);
        foreach (var type in told)
        {
            var stored = (await server.GetAsync($"{type.Key}?_count=100"))
                .ShouldBe(200)
                .Resources.Where(r => r.TryGetProperty("meta", out var meta) && meta.TryGetProperty("source", out _))
                .ToArray();
            Assert.Equal((type.Key, type.Count()), (type.Key, stored.Length));
        }

        Assert.Empty((await server.GetAsync("CarePlan?status=active")).Ids);
        Assert.Empty((await server.GetAsync("ServiceRequest?status=active")).Ids);
    }

    private static Hospital Planning()
    {
        var hospital = new Hospital();
        hospital.More.AddRange([
            $$$"""{"resourceType":"CarePlan","id":"plan","status":"active","intent":"plan","subject":{{{hospital.Reference("p")}}},"goal":[{{{hospital.Reference("x1")}}}],"careTeam":[{{{hospital.Reference("x3")}}}],"activity":[{"reference":{{{hospital.Reference("x2")}}}}]}""",
            $$$"""{"resourceType":"Goal","id":"goal","lifecycleStatus":"active","description":{"text":"Walk a mile"},"subject":{{{hospital.Reference("p")}}}}""",
            $$$"""{"resourceType":"ServiceRequest","id":"request","status":"active","intent":"order","code":{"text":"home health"},"subject":{{{hospital.Reference("p")}}}}""",
            $$$"""{"resourceType":"CareTeam","id":"team","status":"active","subject":{{{hospital.Reference("p")}}}}""",
            $$$"""{"resourceType":"List","id":"list","status":"current","mode":"snapshot","subject":{{{hospital.Reference("p")}}},"entry":[{"item":{{{hospital.Reference("x5")}}}}]}""",
            $$$"""{"resourceType":"Procedure","id":"procedure","status":"completed","code":{"text":"x-ray"},"subject":{{{hospital.Reference("p")}}}}""",
            $$$"""{"resourceType":"DeviceUseStatement","id":"use","status":"active","subject":{{{hospital.Reference("p")}}},"device":{{{hospital.Reference("x7")}}}}""",
            """{"resourceType":"Device","id":"device","deviceName":[{"name":"walker","type":"user-friendly-name"}]}""",
        ]);
        return hospital;
    }

    private static bool IsTheirs(JsonElement resource) =>
        resource.GetProperty("meta").TryGetProperty("source", out var source) && source.GetString() == Sender;

    private async Task<JsonElement[]> OfAsync(string type, string patient) =>
        [
            .. (
                await Server.GetAsync(
                    $"{type}?{(type is "DeviceUseStatement" ? "patient" : "subject")}={patient}&_count=100"
                )
            )
                .ShouldBe(200)
                .Resources,
        ];

    private async Task<string> PatientAsync(Hospital hospital) =>
        "Patient/"
        + Assert.Single(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).ShouldBe(200).Ids
        );

    private static string Text(JsonElement resource, string name) => resource.GetProperty(name).GetString()!;

    private static string Reference(JsonElement reference) => reference.GetProperty("reference").GetString()!;
}
