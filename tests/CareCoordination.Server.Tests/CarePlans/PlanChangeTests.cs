using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>Review, revision, reconciliation and the copy for the patient, through HTTP.</summary>
public sealed class PlanChangeTests(SqliteServer shared) : ServerTests(shared)
{
    private static readonly string Why = Ask.Text("reason", "Needs changed");

    [Fact]
    public async Task A_review_judges_goals_and_plans_the_next_one()
    {
        var (_, plan) = await ActiveAsync();
        var goal = plan.Json.GetProperty("goal")[0].GetProperty("reference").GetString()!;
        await Server.PutAsync("Practitioner/a", Given.Practitioner("a"));

        var reviewed = await Server.AskAsync(
            $"CarePlan/{plan.Id}/$review",
            Ask.Reference("reviewer", "Practitioner/a"),
            $$$"""{"name":"goal","part":[{"name":"goal","valueReference":{"reference":"{{{goal}}}"}},{"name":"achievementStatus","valueCode":"improving"},{"name":"action","valueCode":"keep"}]}""",
            Ask.Value("nextReview", "valueDate", "\"2999-01-31\"")
        );

        Assert.Contains("2999-01-31", reviewed.ShouldBe(200).Body, StringComparison.Ordinal);
        Assert.Equal(3, reviewed.Json.GetProperty("activity").GetArrayLength());
        Assert.Contains("improving", (await Server.GetAsync(goal)).Body, StringComparison.Ordinal);
        Assert.Equal(reviewed.ETag, (await Server.PutAsync($"CarePlan/{plan.Id}", reviewed.Body)).ShouldBe(200).ETag);
        (
            await Server.AskAsync(
                $"CarePlan/{plan.Id}/$review",
                """{"name":"goal","part":[{"name":"goal","valueReference":{"reference":"Goal/none"}}]}"""
            )
        ).ShouldBe(422);
    }

    [Fact]
    public async Task A_revision_adds_and_removes_in_place()
    {
        var (patient, plan) = await ActiveAsync();
        var task = plan.Json.GetProperty("activity")[0].GetProperty("reference").GetProperty("reference").GetString()!;

        var revised = await Server.AskAsync(
            $"CarePlan/{plan.Id}/$revise",
            Why,
            Ask.Reference("remove", task),
            Ask.Value(
                "new",
                "resource",
                $$$"""{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"{{{patient}}}"}}"""
            ),
            Ask.Text("title", "Transition, revised")
        );

        Assert.Equal("Transition, revised", revised.ShouldBe(200).Text("title"));
        Assert.Equal("cancelled", await Server.StatusOfAsync(task));
        Assert.Equal(2, (await Server.GetAsync($"Task?patient={patient}&status=requested")).Resources.Count());
        Assert.Equal(3, revised.Json.GetProperty("activity").GetArrayLength());
        (await Server.AskAsync($"CarePlan/{plan.Id}/$revise", Ask.Text("title", "x"))).ShouldBe(422);
    }

    [Fact]
    public async Task A_replacement_takes_over_what_is_open()
    {
        var (patient, plan) = await ActiveAsync();

        var replaced = await Server.AskAsync(
            $"CarePlan/{plan.Id}/$revise",
            Why,
            Ask.Value(
                "plan",
                "resource",
                $$$"""{"resourceType":"CarePlan","status":"draft","intent":"plan","subject":{"reference":"{{{patient}}}"}}"""
            )
        );

        Assert.Equal("draft", replaced.ShouldBe(200).Status());
        Assert.Equal(
            $"CarePlan/{plan.Id}",
            replaced.Json.GetProperty("replaces")[0].GetProperty("reference").GetString()
        );
        Assert.Equal("revoked", await Server.StatusOfAsync($"CarePlan/{plan.Id}"));
    }

    [Fact]
    public async Task Reconciling_names_conflicts_first_and_then_merges()
    {
        var (patient, plan) = await ActiveAsync();
        var goal = plan.Json.GetProperty("goal")[0].GetProperty("reference").GetString()!;
        var twin = (
            await Server.PostAsync(
                "Goal",
                $$$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Stays at home"},"subject":{"reference":"{{{patient}}}"}}"""
            )
        ).ShouldBe(201);
        var other = Given.Id();
        await Server.PutAsync(
            $"CarePlan/{other}",
            $$$"""{"resourceType":"CarePlan","id":"{{{other}}}","status":"active","intent":"plan","subject":{"reference":"{{{patient}}}"},"goal":[{"reference":"Goal/{{{twin.Id}}}"}]}"""
        );
        var parameter = Ask.Reference("otherPlan", $"CarePlan/{other}");

        var dry = await Server.AskAsync(
            $"CarePlan/{plan.Id}/$reconcile",
            parameter,
            Ask.Value("dryRun", "valueBoolean", "true")
        );
        (await Server.AskAsync($"CarePlan/{plan.Id}/$reconcile", parameter)).ShouldBe(409);
        var merged = await Server.AskAsync(
            $"CarePlan/{plan.Id}/$reconcile",
            parameter,
            Ask.Value("strategy", "valueCode", "\"prefer-this\"")
        );

        Assert.Contains("duplicate-goal", dry.ShouldBe(200).Body, StringComparison.Ordinal);
        Assert.Equal(
            $"CarePlan/{other}",
            merged.ShouldBe(200).Json.GetProperty("replaces")[0].GetProperty("reference").GetString()
        );
        Assert.Equal("revoked", await Server.StatusOfAsync($"CarePlan/{other}"));
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Goal/{twin.Id}"));
        Assert.NotEqual("cancelled", await Server.StatusOfAsync(goal));
    }

    [Fact]
    public async Task The_copy_for_the_patient_is_a_document()
    {
        var (patient, plan) = await ActiveAsync();

        var summary = (await Server.GetAsync($"CarePlan/{plan.Id}/$care-summary")).ShouldBe(200);

        Assert.Equal("document", summary.Text("type"));
        var types = summary.Resources.Select(r => r.GetProperty("resourceType").GetString()).ToList();
        Assert.Equal("Composition", types[0]);
        Assert.Contains("CarePlan", types);
        Assert.Contains("Goal", types);
        Assert.Contains(patient.Split('/')[1], summary.Ids);
        Assert.DoesNotContain(
            "\"error\"",
            (await Server.PostAsync("Bundle/$validate", summary.Body)).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_packet_before_a_visit_has_all_active_plans_and_is_there_without_any()
    {
        var (patient, plan) = await ActiveAsync();
        await Server.PostAsync(
            "Condition",
            $$$"""{"resourceType":"Condition","subject":{"reference":"{{{patient}}}"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"text":"Heart failure"}}"""
        );
        var template = await Template.StoreAsync(Server);
        var other = await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient));
        (await Server.AskAsync($"CarePlan/{other.Id}/$activate")).ShouldBe(200);
        var draft = await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient));

        var packet = (await Server.GetAsync($"{patient}/$care-summary")).ShouldBe(200);
        var empty = (await Server.GetAsync($"{await Template.PatientAsync(Server)}/$care-summary")).ShouldBe(200);

        Assert.Equal(
            new[] { plan.Id, other.Id }.Order(StringComparer.Ordinal),
            packet
                .Resources.Where(r => r.GetProperty("resourceType").GetString() == "CarePlan")
                .Select(r => r.GetProperty("id").GetString()!)
                .Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(draft.Id, packet.Ids);
        Assert.Contains("Heart failure: active", packet.Body, StringComparison.Ordinal);
        foreach (var document in new[] { packet, empty })
            Assert.DoesNotContain(
                "\"error\"",
                (await Server.PostAsync("Bundle/$validate", document.Body)).Body,
                StringComparison.Ordinal
            );
        Assert.Equal(
            ["Composition", "Patient"],
            empty.Resources.Select(r => r.GetProperty("resourceType").GetString())
        );
        (await Server.GetAsync("Patient/nobody-here/$care-summary")).ShouldBe(404);
    }

    private async Task<(string Patient, Answer Plan)> ActiveAsync()
    {
        var (patient, plan) = await Template.ApplyAsync(Server);
        return (patient, (await Server.AskAsync($"CarePlan/{plan.Id}/$activate")).ShouldBe(200));
    }
}
