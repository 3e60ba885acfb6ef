using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary><c>CarePlan/$activate</c> where several ask at once, and where the patient has to agree.</summary>
public abstract class ActivationTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ActivationTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ActivationTests(shared);

    [Fact]
    public async Task Of_sixteen_plans_of_one_template_at_once_one_begins()
    {
        var template = await Template.StoreAsync(Server);
        var patient = await Template.PatientAsync(Server);
        var plans = new List<string>();
        for (var i = 0; i < 16; i++)
            plans.Add((await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient))).Id);

        var answers = await Task.WhenAll(plans.Select(p => Server.AskAsync($"CarePlan/{p}/$activate")));

        Assert.Equal([200, .. Enumerable.Repeat(409, 15)], answers.Select(a => a.Status).Order());
        var active = Assert.Single((await Server.GetAsync($"CarePlan?subject={patient}&status=active")).Ids);
        Assert.All(
            answers.Where(a => a.Status == 409),
            a =>
                a.ShouldRefuse(
                    409,
                    $"error conflict CarePlan.instantiatesCanonical: CarePlan/{active} is an active plan of the same template and category; close it, or send 'allowConcurrent'."
                )
        );
        var meant = await Task.WhenAll(
            plans
                .Where(p => p != active)
                .Take(4)
                .Select(p =>
                    Server.AskAsync($"CarePlan/{p}/$activate", Ask.Value("allowConcurrent", "valueBoolean", "true"))
                )
        );
        Assert.All(meant, a => a.ShouldBe(200));
    }

    [Fact]
    public async Task The_condition_holds_for_a_template_with_a_version_and_beside_a_plan_of_another_category()
    {
        var patient = await Template.PatientAsync(Server);
        var url = $"https://templates.test/{Given.Id()}|1.2,a";
        var other = await PlanAsync(patient, url, "ccm");
        (await Server.AskAsync($"{other}/$activate")).ShouldBe(200);
        var plans = new List<string>();
        for (var i = 0; i < 4; i++)
            plans.Add(await PlanAsync(patient, url, "tcm"));

        var answers = await Task.WhenAll(plans.Select(p => Server.AskAsync($"{p}/$activate")));

        Assert.Equal([200, 409, 409, 409], answers.Select(a => a.Status).Order());
    }

    [Fact]
    public async Task A_consent_that_is_named_has_to_be_there()
    {
        var (_, plan) = await Template.ApplyAsync(Server);

        var refused = await Server.AskAsync($"CarePlan/{plan.Id}/$activate", Ask.Reference("consent", "Consent/none"));

        Assert.Equal(422, refused.Status);
        Assert.Contains("\"code\":\"reference-unresolved\"", refused.Body, StringComparison.Ordinal);
        Assert.Equal("draft", await Server.StatusOfAsync($"CarePlan/{plan.Id}"));
    }

    private async Task<string> PlanAsync(string patient, string template, string category)
    {
        var goal = await Server.PostAsync(
            "Goal",
            $$$"""{"resourceType":"Goal","lifecycleStatus":"accepted","description":{"text":"x"},"subject":{"reference":"{{{patient}}}"}}"""
        );
        var plan = await Server.PostAsync(
            "CarePlan",
            $$$"""
            {"resourceType":"CarePlan","status":"draft","intent":"plan","subject":{"reference":"{{{patient}}}"},
             "instantiatesCanonical":["{{{template}}}"],"category":[{"coding":[{"code":"{{{category}}}"}]}],"goal":[{"reference":"Goal/{{{goal.Id}}}"}]}
            """
        );
        return $"CarePlan/{plan.ShouldBe(201).Id}";
    }
}

/// <summary>Which categories need a consent is a rule of the configuration.</summary>
public sealed class ConsentTests
{
    [Fact]
    public async Task A_plan_of_such_a_category_begins_when_the_patient_has_agreed()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Care:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Rules:0:ConsentCategories=ccm"
        );
        await server.PutAsync("Patient/p", Given.Patient("p"));
        await server.PutAsync(
            "Goal/g",
            """{"resourceType":"Goal","id":"g","lifecycleStatus":"accepted","description":{"text":"x"},"subject":{"reference":"Patient/p"}}"""
        );
        await server.PutAsync(
            "CarePlan/c",
            """{"resourceType":"CarePlan","id":"c","status":"draft","intent":"plan","subject":{"reference":"Patient/p"},"category":[{"coding":[{"system":"urn:programs","code":"ccm"}]}],"goal":[{"reference":"Goal/g"}]}"""
        );
        const string Refused =
            "error business-rule CarePlan.category: Plans of this category need an active Consent of the patient; record it first.";

        (await server.AskAsync("CarePlan/c/$activate")).ShouldRefuse(422, Refused);
        await server.PutAsync("Consent/old", Consent("old", "\"period\":{\"end\":\"2021-01-01\"}"));
        (await server.AskAsync("CarePlan/c/$activate")).ShouldRefuse(422, Refused);
        (await server.AskAsync("CarePlan/c/$activate", Ask.Reference("consent", "Consent/old"))).ShouldRefuse(
            422,
            Refused
        );
        Assert.Equal(
            ("draft", "accepted"),
            (await server.StatusOfAsync("CarePlan/c"), await server.StatusOfAsync("Goal/g"))
        );

        await server.PutAsync(
            "Consent/new",
            Consent("new", "\"code\":[{\"coding\":[{\"system\":\"urn:programs\",\"code\":\"ccm\"}]}]")
        );
        (await server.AskAsync("CarePlan/c/$activate")).ShouldBe(200);
    }

    private static string Consent(string id, string provision) =>
        $$$"""
            {"resourceType":"Consent","id":"{{{id}}}","status":"active","scope":{"coding":[{"code":"treatment"}]},"category":[{"coding":[{"code":"59284-0"}]}],
             "patient":{"reference":"Patient/p"},"policyRule":{"coding":[{"code":"OPTIN"}]},"provision":{{{{provision}}}}}
            """;
}
