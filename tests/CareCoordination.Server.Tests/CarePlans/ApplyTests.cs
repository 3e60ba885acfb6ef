using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>https://hl7.org/fhir/R4/plandefinition-operation-apply.html</summary>
public abstract class ApplyTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ApplyTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ApplyTests(shared);

    [Fact]
    public async Task Makes_a_draft_plan_with_its_goals_and_tasks_in_one_commit()
    {
        var (patient, plan) = await Template.ApplyAsync(Server);

        Assert.Equal(("CarePlan", "draft", "plan"), (plan.Text("resourceType"), plan.Status(), plan.Text("intent")));
        Assert.Equal(patient, plan.At("subject", "reference"));
        var tasks = References(plan.Json, "activity", "reference");
        Assert.Equal(2, tasks.Count);
        foreach (var task in tasks)
            Assert.Equal("draft", await Server.StatusOfAsync(task));
        Assert.Equal("proposed", await Server.StatusOfAsync(Assert.Single(References(plan.Json, "goal"))));
        Assert.Single(await Server.ProvenanceOfAsync($"CarePlan/{plan.Id}", 1));
        Assert.Equal("W/\"1\"", (await Server.PutAsync($"CarePlan/{plan.Id}", plan.Body)).ShouldBe(200).ETag);
    }

    [Fact]
    public async Task Can_be_asked_of_the_type_with_a_canonical_or_the_definition_itself()
    {
        var template = await Template.StoreAsync(Server);
        var patient = await Template.PatientAsync(Server);

        var byCanonical = await Server.AskAsync(
            "PlanDefinition/$apply",
            Ask.Value("planDefinition", "valueCanonical", $"\"{template.Url}\""),
            Ask.Reference("subject", patient)
        );
        var byResource = await Server.AskAsync(
            "PlanDefinition/$apply",
            Ask.Value("planDefinition", "resource", template.PlanDefinition),
            Ask.Text("subject", patient)
        );

        Assert.Equal("CarePlan", byCanonical.ShouldBe(200).Text("resourceType"));
        Assert.Equal("CarePlan", byResource.ShouldBe(200).Text("resourceType"));
        (await Server.AskAsync("PlanDefinition/$apply", Ask.Text("subject", patient))).ShouldBe(400);
    }

    [Fact]
    public async Task Stores_nothing_without_persist_and_contains_what_it_made()
    {
        var template = await Template.StoreAsync(Server);
        var patient = await Template.PatientAsync(Server);

        var plan = await Server.AskAsync(
            $"{template.Reference}/$apply",
            Ask.Text("subject", patient),
            Ask.Value("persist", "valueBoolean", "false")
        );

        Assert.Equal(3, plan.ShouldBe(200).Json.GetProperty("contained").GetArrayLength());
        Assert.Empty((await Server.GetAsync($"CarePlan?subject={patient}")).Resources);
        Assert.DoesNotContain(
            "\"error\"",
            (await Server.PostAsync("CarePlan/$validate", plan.Body)).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Makes_one_request_group_where_it_is_not_to_be_flat()
    {
        var template = await Template.StoreAsync(Server);

        var plan = await Server.AskAsync(
            $"{template.Reference}/$apply",
            Ask.Text("subject", await Template.PatientAsync(Server)),
            Ask.Value("flatten", "valueBoolean", "false")
        );

        Assert.StartsWith(
            "RequestGroup/",
            Assert.Single(References(plan.ShouldBe(200).Json, "activity", "reference")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_activity_becomes_its_resource()
    {
        var template = await Template.StoreAsync(Server);

        var task = await Server.AskAsync(
            $"{template.Reference.Replace("PlanDefinition", "ActivityDefinition", StringComparison.Ordinal)}/$apply",
            Ask.Text("subject", await Template.PatientAsync(Server))
        );

        Assert.Equal(("Task", "draft"), (task.ShouldBe(200).Text("resourceType"), task.Status()));
        (await Server.GetAsync($"Task/{task.Id}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_definition_may_ask_for_what_the_request_says_of_its_setting()
    {
        var patient = await Template.PatientAsync(Server);
        var id = Given.Id();
        await Server.PutAsync(
            $"PlanDefinition/{id}",
            $$$"""
            {"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active","title":"Setting",
             "action":[
              {"title":"{{{id}}} home","condition":[{"kind":"applicability","expression":{"language":"text/fhirpath","expression":"%setting.coding.code = 'HH'"}}]},
              {"title":"{{{id}}} nurse","condition":[{"kind":"applicability","expression":{"language":"text/fhirpath","expression":"%practitioner.active and %userType.empty()"}}]}
             ]}
            """
        );
        await Server.PutAsync(
            $"Practitioner/{id}",
            $$"""{"resourceType":"Practitioner","id":"{{id}}","active":true}"""
        );
        const string Home = """{"coding":[{"code":"HH"}]}""";

        async Task<int> ActivitiesAsync(params string[] parameters)
        {
            var answer = await Server.AskAsync(
                $"PlanDefinition/{id}/$apply",
                [Ask.Text("subject", patient), .. parameters]
            );
            return answer.Status == 200 ? answer.Json.GetProperty("activity").GetArrayLength() : 0;
        }

        Assert.Equal(0, await ActivitiesAsync());
        Assert.Equal(1, await ActivitiesAsync(Ask.Value("setting", "valueCodeableConcept", Home)));
        Assert.Equal(1, await ActivitiesAsync(Ask.Text("practitioner", $"Practitioner/{id}")));
        Assert.Equal(
            2,
            await ActivitiesAsync(
                Ask.Value("setting", "valueCodeableConcept", Home),
                Ask.Text("practitioner", $"Practitioner/{id}")
            )
        );
    }

    [Fact]
    public async Task A_task_for_a_role_is_owned_by_who_fills_it_in_the_care_team()
    {
        var patient = await Template.PatientAsync(Server);
        var id = Given.Id();
        const string Pharmacist = """{"coding":[{"system":"http://snomed.info/sct","code":"46255001"}]}""";
        const string Manager = """{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]}""";
        await Server.PutAsync(
            $"PlanDefinition/{id}",
            $$$"""
            {"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active",
             "action":[
              {"title":"Reconcile","participant":[{"type":"practitioner","role":{{{Pharmacist}}}}]},
              {"title":"Call","participant":[{"type":"practitioner","role":{{{Manager}}}}]},
              {"title":"Teach","participant":[{"type":"practitioner","role":{"coding":[{"code":"nobody"}]}}]}
             ]}
            """
        );
        await Server.PostAsync(
            "CareTeam",
            $$$"""
            {"resourceType":"CareTeam","status":"active","subject":{"reference":"{{{patient}}}"},"participant":[
             {"role":[{{{Pharmacist}}}],"member":{"reference":"Practitioner/before"},"period":{"end":"2020-01-01"}},
             {"role":[{{{Pharmacist}}}],"member":{"reference":"Practitioner/pharmacist"}},
             {"role":[{{{Manager}}}],"member":{"reference":"PractitionerRole/manager"}}]}
            """
        );

        async Task<string?[]> OwnersAsync(params string[] parameters)
        {
            var plan = await Server.AskAsync(
                $"PlanDefinition/{id}/$apply",
                [Ask.Text("subject", patient), .. parameters]
            );
            var owners = new List<string?>();
            foreach (var task in References(plan.ShouldBe(200).Json, "activity", "reference"))
                owners.Add((await Server.GetAsync(task)).At("owner", "reference"));
            return [.. owners];
        }

        Assert.Equal<string?[]>(["Practitioner/pharmacist", "PractitionerRole/manager", null], await OwnersAsync());
        Assert.Equal<string?[]>(
            ["Practitioner/pharmacist", "PractitionerRole/named", null],
            await OwnersAsync(Ask.Reference("careManager", "PractitionerRole/named"))
        );
    }

    [Fact]
    public async Task One_request_is_for_one_subject()
    {
        var template = await Template.StoreAsync(Server);
        var patient = await Template.PatientAsync(Server);

        (
            await Server.AskAsync(
                $"{template.Reference}/$apply",
                Ask.Text("subject", patient),
                Ask.Text("subject", "Patient/other")
            )
        ).ShouldRefuse(
            400,
            "error not-supported Parameters.parameter: $apply answers with one plan: send one 'subject', and for several a batch Bundle with a request for each."
        );
    }

    [Fact]
    public async Task What_cannot_be_applied_is_refused_and_named()
    {
        var template = await Template.StoreAsync(Server);
        var patient = await Template.PatientAsync(Server);
        var id = Given.Id();

        (await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", "Patient/nobody"))).ShouldBe(422);
        (await Server.AskAsync($"{template.Reference}/$apply")).ShouldBe(400);
        await Server.PutAsync(
            $"PlanDefinition/{id}",
            $$"""{"resourceType":"PlanDefinition","id":"{{id}}","status":"active","action":[{"definitionCanonical":"https://templates.test/none"}]}"""
        );
        (await Server.AskAsync($"PlanDefinition/{id}/$apply", Ask.Text("subject", patient))).ShouldRefuse(
            404,
            "error not-found PlanDefinition.action[0]: 'https://templates.test/none' is not known here; store the definition first."
        );
        Assert.Empty((await Server.GetAsync($"CarePlan?subject={patient}")).Resources);
    }

    private static List<string> References(JsonElement resource, string list, string? inner = null) =>
        [
            .. resource
                .GetProperty(list)
                .EnumerateArray()
                .Select(e => (inner is null ? e : e.GetProperty(inner)).GetProperty("reference").GetString()!),
        ];
}
