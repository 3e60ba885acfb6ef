using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>A server whose plans of the category <c>ccm</c> need the patient's consent.</summary>
public sealed class AskingSqlite : SharedServer
{
    internal static readonly string[] Rules =
    [
        "--Care:Rules:0:EffectiveFrom=2020-01-01",
        "--Care:Rules:0:ConsentCategories=ccm",
    ];

    protected override Task<TestServer> StartAsync() => TestServer.OnSqliteAsync(Rules);
}

public sealed class AskingPostgreSql : SharedServer
{
    protected override Task<TestServer> StartAsync() =>
        PostgreSqlServer.NewAsync(TimeProvider.System, AskingSqlite.Rules);
}

/// <summary>A plan that becomes active by a plain write meets what stands in the way of <c>$activate</c>, whichever door it comes through.</summary>
public abstract class ArrivingPlanTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(AskingSqlite shared) : ArrivingPlanTests(shared), IClassFixture<AskingSqlite>;

    public sealed class OnPostgreSql(AskingPostgreSql shared)
        : ArrivingPlanTests(shared),
            IClassFixture<AskingPostgreSql>;

    private const string Past =
        "A plain write makes no plan active past that: write it as a draft, and begin it with $activate.";

    private readonly string _template = $"https://templates.test/{Given.Id()}";

    /// <summary>The ways to make a plan active without a command.</summary>
    public static TheoryData<string> Doors =>
        [
            "post",
            "put",
            "conditional create",
            "conditional update",
            "transaction post",
            "transaction put",
            "batch",
            "from unknown",
            "patch from unknown",
            "undelete",
            "another template",
            "another category",
            "another patient",
        ];

    [Theory, MemberData(nameof(Doors))]
    public async Task No_second_plan_of_a_template_becomes_active(string door)
    {
        var patient = await PatientAsync();
        var first = (await Server.PostAsync("CarePlan", Plan(patient, "active", "tcm"))).ShouldBe(201).Id;

        var refused = await ThroughAsync(door, patient, "tcm");

        ShouldRefuse(refused, "409", "duplicate");
        Assert.Contains(
            $"CarePlan/{first} is an active plan of the same template",
            refused.Body,
            StringComparison.Ordinal
        );
        var like = (await ActiveAsync(patient)).Resources.Select(p => p.ToString());
        Assert.Single(
            like,
            p => p.Contains("\"tcm\"", StringComparison.Ordinal) && p.Contains(_template, StringComparison.Ordinal)
        );
    }

    [Theory, MemberData(nameof(Doors))]
    public async Task No_plan_becomes_active_without_the_consent_that_it_needs(string door)
    {
        var patient = await PatientAsync();

        ShouldRefuse(await ThroughAsync(door, patient, "ccm"), "422", "consent-missing");
        Assert.Empty((await ActiveAsync(patient)).Resources.Where(p => p.ToString().Contains("\"ccm\"")));
    }

    [Theory, MemberData(nameof(Doors))]
    public async Task With_the_consent_it_becomes_active(string door)
    {
        var patient = await PatientAsync();
        (await Server.PostAsync("Consent", Consent(patient))).ShouldBe(201);

        Assert.DoesNotContain(
            "consent-missing",
            (await ThroughAsync(door, patient, "ccm")).Body,
            StringComparison.Ordinal
        );
        Assert.Single((await ActiveAsync(patient)).Ids);
    }

    /// <summary>Those by which a plan becomes active, or one of another patient.</summary>
    public static TheoryData<string> Entrances =>
        [.. Doors.Select(d => d.Data).Where(d => d is not ("another template" or "another category"))];

    [Theory, MemberData(nameof(Entrances))]
    public async Task No_plan_of_the_dead_becomes_active(string door)
    {
        var patient = await PatientAsync();
        if (door is not "another patient")
            await DiesAsync(patient);

        ShouldRefuse(
            await ThroughAsync(door, patient, "tcm", dies: door == "another patient"),
            "422",
            "patient-deceased"
        );
        Assert.Empty((await ActiveAsync(patient)).Ids);
    }

    [Fact]
    public async Task Somebody_who_was_here_does_not_die_in_the_transaction_that_begins_their_plan()
    {
        var patient = await PatientAsync();
        var id = patient.Split('/')[1];

        var refused = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("PUT", patient, $$"""{"resourceType":"Patient","id":"{{id}}","deceasedBoolean":true}"""),
                Given.Entry("POST", "CarePlan", Plan(patient, "active", "tcm"))
            )
        );

        ShouldRefuse(refused, "422", "patient-deceased");
        Assert.False((await Server.GetAsync(patient)).Json.TryGetProperty("deceasedBoolean", out _));
        Assert.Empty((await ActiveAsync(patient)).Ids);
    }

    [Theory]
    [InlineData("post")]
    [InlineData("put")]
    [InlineData("transaction post")]
    [InlineData("batch")]
    [InlineData("from unknown")]
    public async Task What_is_ready_to_begin_begins_with_the_plan(string door)
    {
        var patient = await PatientAsync();
        var goal = await StoreAsync(
            "Goal",
            $$$"""{"resourceType":"Goal","lifecycleStatus":"accepted","description":{"text":"x"},"subject":{"reference":"{{{patient}}}"}}"""
        );
        var proposed = await StoreAsync(
            "Goal",
            $$$"""{"resourceType":"Goal","lifecycleStatus":"proposed","description":{"text":"x"},"subject":{"reference":"{{{patient}}}"}}"""
        );
        var task = await StoreAsync(
            "Task",
            $$$"""{"resourceType":"Task","status":"draft","intent":"order","for":{"reference":"{{{patient}}}"}}"""
        );
        var part = await StoreAsync(
            "Task",
            $$$"""{"resourceType":"Task","status":"draft","intent":"order","for":{"reference":"{{{patient}}}"},"partOf":[{"reference":"{{{task}}}"}],"owner":{"reference":"Practitioner/1"}}"""
        );
        var message = await StoreAsync(
            "CommunicationRequest",
            $$$"""{"resourceType":"CommunicationRequest","status":"draft","subject":{"reference":"{{{patient}}}"}}"""
        );
        var members =
            $$$""","goal":[{"reference":"{{{goal}}}"},{"reference":"{{{proposed}}}"}],"activity":[{"reference":{"reference":"{{{task}}}"}},{"reference":{"reference":"{{{message}}}"}}]""";

        Assert.DoesNotContain(
            "error",
            (await ThroughAsync(door, patient, "tcm", members)).Body,
            StringComparison.Ordinal
        );

        Assert.Equal(
            new string?[] { "active", "proposed", "requested", "ready", "active" },
            new string?[]
            {
                await Server.StatusOfAsync(goal),
                await Server.StatusOfAsync(proposed),
                await Server.StatusOfAsync(task),
                await Server.StatusOfAsync(part),
                await Server.StatusOfAsync(message),
            }
        );
        Assert.NotEmpty(await Server.ProvenanceOfAsync(goal, 2));
    }

    [Fact]
    public async Task What_the_same_transaction_writes_is_as_its_writer_wants_it()
    {
        var patient = await PatientAsync();
        var (goal, plan) = (Given.Id(), Given.Id());

        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry(
                        "PUT",
                        $"Goal/{goal}",
                        $$$"""{"resourceType":"Goal","id":"{{{goal}}}","lifecycleStatus":"accepted","description":{"text":"x"},"subject":{"reference":"{{{patient}}}"}}"""
                    ),
                    Given.Entry(
                        "PUT",
                        $"CarePlan/{plan}",
                        Plan(patient, "active", "tcm", $$$""","goal":[{"reference":"Goal/{{{goal}}}"}]""", plan)
                    )
                )
            )
        ).ShouldBe(200);

        Assert.Equal("accepted", await Server.StatusOfAsync($"Goal/{goal}"));
    }

    [Fact]
    public async Task Two_plans_of_one_template_in_one_transaction_are_one_too_many()
    {
        var patient = await PatientAsync();

        var refused = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("POST", "CarePlan", Plan(patient, "active", "tcm")),
                Given.Entry("POST", "CarePlan", Plan(patient, "active", "tcm"))
            )
        );

        ShouldRefuse(refused, "409", "duplicate");
        Assert.Empty((await ActiveAsync(patient)).Ids);
    }

    [Fact]
    public async Task Of_plans_of_one_template_that_are_created_at_once_one_is_stored()
    {
        var patient = await PatientAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Server.PostAsync("CarePlan", Plan(patient, "active", "tcm")))
        );

        Assert.Equal([201, .. Enumerable.Repeat(409, 7)], answers.Select(a => a.Status).Order());
        Assert.Single((await ActiveAsync(patient)).Ids);
    }

    [Fact]
    public async Task The_record_of_somebody_who_has_died_comes_with_its_plans()
    {
        var (patient, plan) = (Given.Id(), Given.Id());

        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry(
                        "PUT",
                        $"Patient/{patient}",
                        $$"""{"resourceType":"Patient","id":"{{patient}}","deceasedBoolean":true}"""
                    ),
                    Given.Entry("PUT", $"CarePlan/{plan}", Plan($"Patient/{patient}", "active", "tcm", id: plan))
                )
            )
        ).ShouldBe(200);
    }

    [Fact]
    public async Task An_active_plan_that_is_written_again_is_not_asked_again()
    {
        var patient = await PatientAsync();
        var id = Given.Id();
        (await Server.PutAsync($"CarePlan/{id}", Plan(patient, "active", "tcm", id: id))).ShouldBe(201);

        (await Server.PutAsync($"CarePlan/{id}", Plan(patient, "active", "tcm", ",\"title\":\"New\"", id))).ShouldBe(
            200
        );
        (await Server.PutAsync($"CarePlan/{id}", Plan(patient, "active", "other", id: id))).ShouldBe(200);
    }

    private async Task<Answer> ThroughAsync(
        string door,
        string patient,
        string category,
        string members = "",
        bool dies = false
    )
    {
        var id = Given.Id();
        var plan = Plan(patient, "active", category, members, id);
        switch (door)
        {
            case "post":
                return await Server.PostAsync("CarePlan", Plan(patient, "active", category, members));
            case "put":
                return await Server.PutAsync($"CarePlan/{id}", plan);
            case "conditional create":
                return await Server.PostAsync(
                    "CarePlan",
                    Plan(patient, "active", category, members),
                    $"If-None-Exist: _id={id}"
                );
            case "conditional update":
                return await Server.PutAsync($"CarePlan?_id={id}", plan);
            case "transaction post":
                return await Server.PostAsync(
                    "",
                    Given.Transaction(Given.Entry("POST", "CarePlan", Plan(patient, "active", category, members)))
                );
            case "transaction put":
                return await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", $"CarePlan/{id}", plan)));
            case "batch":
                return await Server.PostAsync("", Given.Batch(Given.Entry("PUT", $"CarePlan/{id}", plan)));
            case "from unknown":
                (await Server.PutAsync($"CarePlan/{id}", Plan(patient, "unknown", category, members, id))).ShouldBe(
                    201
                );
                return await Server.PutAsync($"CarePlan/{id}", plan);
            case "patch from unknown":
                (await Server.PutAsync($"CarePlan/{id}", Plan(patient, "unknown", category, members, id))).ShouldBe(
                    201
                );
                return await Server.PatchAsync(
                    $"CarePlan/{id}",
                    """[{"op":"replace","path":"/status","value":"active"}]"""
                );
            case "undelete":
                return await UndeleteAsync(id, patient, category);
            case "another template":
                (
                    await Server.PutAsync(
                        $"CarePlan/{id}",
                        Plan(patient, "active", "none", id: id).Replace(_template, "https://templates.test/none")
                    )
                ).ShouldBe(201);
                return await Server.PutAsync($"CarePlan/{id}", plan);
            case "another category":
                (await Server.PutAsync($"CarePlan/{id}", Plan(patient, "active", "none", id: id))).ShouldBe(201);
                return await Server.PutAsync($"CarePlan/{id}", plan);
            default:
                (
                    await Server.PutAsync(
                        $"CarePlan/{id}",
                        Plan(await PatientAsync(), "active", category == "ccm" ? "none" : category, id: id)
                    )
                ).ShouldBe(201);
                if (dies)
                    await DiesAsync(patient);
                return await Server.PutAsync($"CarePlan/{id}", plan);
        }
    }

    /// <summary>A plan that was active and is deleted is voided; it comes back as what it was.</summary>
    private async Task<Answer> UndeleteAsync(string id, string patient, string category)
    {
        (await Server.PutAsync($"CarePlan/{id}", Plan(await PatientAsync(), "active", "none", id: id))).ShouldBe(201);
        (await Server.DeleteAsync($"CarePlan/{id}")).ShouldBe(204);
        return await Server.PutAsync($"CarePlan/{id}", Plan(patient, "active", category, id: id));
    }

    private async Task<string> PatientAsync()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        return $"Patient/{id}";
    }

    private async Task DiesAsync(string patient) =>
        (
            await Server.PutAsync(
                patient,
                $$"""{"resourceType":"Patient","id":"{{patient["Patient/".Length..]}}","deceasedDateTime":"2026-01-01"}"""
            )
        ).ShouldBe(200);

    private async Task<string> StoreAsync(string type, string json) =>
        $"{type}/{(await Server.PostAsync(type, json)).ShouldBe(201).Id}";

    private async Task<Answer> ActiveAsync(string patient) =>
        (await Server.GetAsync($"CarePlan?subject={patient}&status=active")).ShouldBe(200);

    private static void ShouldRefuse(Answer answer, string status, string rule)
    {
        Assert.Contains(status, $"{answer.Status} {answer.Body}", StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{rule}\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains(Past, answer.Body, StringComparison.Ordinal);
    }

    private string Plan(string patient, string status, string category, string more = "", string? id = null) =>
        $$$"""{"resourceType":"CarePlan"{{{(id is null ? "" : $",\"id\":\"{id}\"")}}},"status":"{{{status}}}","intent":"plan","subject":{"reference":"{{{patient}}}"},"instantiatesCanonical":["{{{_template}}}"],"category":[{"coding":[{"system":"urn:programs","code":"{{{category}}}"}]}]{{{more}}}}""";

    private static string Consent(string patient) =>
        $$$"""{"resourceType":"Consent","status":"active","scope":{"coding":[{"code":"treatment"}]},"category":[{"coding":[{"code":"59284-0"}]}],"patient":{"reference":"{{{patient}}}"},"policyRule":{"coding":[{"code":"OPTIN"}]}}""";
}
