using System.Text.Json.Nodes;
using CareCoordination.Application.Requests;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>What a caller may change: what is there and what would be there are both theirs to write, by every door.</summary>
public sealed class AccessWriteTests : IAsyncLifetime
{
    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await AccessWorld.NewDatabaseAsync(isPostgreSql: false);
        _server = await TestServer.StartAsync(_database.Settings, add: AccessCallers.AskedByHeader);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("manager", "p1", 201)]
    [InlineData("manager", "p12", 403)]
    [InlineData("manager", "nobody-at-all", 403)]
    [InlineData("assistant", "p6", 201)]
    [InlineData("assistant", "p1", 403)]
    [InlineData("supervisor", "p5", 403)]
    [InlineData("director", "p1", 403)]
    [InlineData("cover", "p4", 201)]
    [InlineData("cover that is over", "p4", 403)]
    [InlineData("patient", "p1", 403)]
    [InlineData("vendor of north", "p1", 403)]
    [InlineData("hospital", "p1", 403)]
    [InlineData("no role", "p1", 403)]
    public async Task An_observation_is_written_by_whom_the_table_allows(string caller, string patient, int status)
    {
        var observation =
            $$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{patient}}"} }""";

        var alone = await AskAsync(HttpMethod.Post, "Observation", observation, caller);
        var together = await AskAsync(
            HttpMethod.Post,
            "",
            Given.Transaction($$"""{"resource":{{observation}},"request":{"method":"POST","url":"Observation"} }"""),
            caller
        );

        Assert.Equal(status, alone.Status);
        Assert.Equal(status == 201 ? 200 : status, together.Status);
    }

    [Fact]
    public async Task What_is_not_seen_is_not_changed_and_is_answered_as_what_is_not_there()
    {
        foreach (var id in (string[])["p12-a", "never-was"])
        {
            var body =
                $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"} }""";
            Assert.Equal(404, (await AskAsync(HttpMethod.Put, $"Observation/{id}", body, "manager")).Status);
            Assert.Equal(
                404,
                (
                    await AskAsync(
                        HttpMethod.Patch,
                        $"Observation/{id}",
                        """[{"op":"replace","path":"/status","value":"amended"}]""",
                        "manager",
                        "Content-Type: application/json-patch+json"
                    )
                ).Status
            );
        }

        (await _server.GetAsync("Observation/p12-a")).ShouldBe(200);
    }

    [Fact]
    public async Task Criteria_that_find_nothing_do_not_tell_which_ids_there_are()
    {
        foreach (var id in (string[])["p12-a", "never-was"])
        {
            var body =
                $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"} }""";
            const string Criteria = "Observation?identifier=urn:none|1";

            var alone = await AskAsync(HttpMethod.Put, Criteria, body, "manager");
            var together = await AskAsync(
                HttpMethod.Post,
                "",
                Given.Transaction(Given.Entry("PUT", Criteria, body)),
                "manager"
            );

            Assert.Equal((404, 404), (alone.Status, together.Status));
        }

        const string New =
            """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p1"} }""";
        (await AskAsync(HttpMethod.Put, "Observation?identifier=urn:none|2", New, "manager")).ShouldBe(201);
    }

    /// <summary>Whatever names it: what is there has to be the caller's to change.</summary>
    [Theory]
    [InlineData("p1-b20", 403)]
    [InlineData("p1-e11", 200)]
    public async Task What_is_there_is_asked_about_by_whichever_door(string id, int status)
    {
        var alone =
            $$"""{"resourceType":"Condition","id":"{{id}}","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]},"subject":{"reference":"Patient/p1"} }""";
        const string Caller = "manager, one diagnosis";

        Assert.Equal(
            (status, status, status, status),
            (
                (await AskAsync(HttpMethod.Put, $"Condition/{id}", alone, Caller)).Status,
                (await AskAsync(HttpMethod.Put, $"Condition?_id={id}", alone, Caller)).Status,
                await TogetherAsync($"Condition/{id}"),
                await TogetherAsync($"Condition?_id={id}")
            )
        );

        async Task<int> TogetherAsync(string url) =>
            (await AskAsync(HttpMethod.Post, "", Given.Transaction(Given.Entry("PUT", url, alone)), Caller)).Status;
    }

    /// <summary>What a command is told of by name is there for whoever sees it.</summary>
    [Theory]
    [InlineData("vendor of north", "ServiceRequest/p11-request/$cancel", "practitioner", "CareTeam/team6", "reason")]
    [InlineData("manager", "Task/w8/$reassign", "owner", "RelatedPerson/rel9", "reason")]
    [InlineData("manager", "Task/w8/$reassign", "owner", "Patient/p12", "reason")]
    [InlineData("manager", "Task/w8/$escalate", "to", "Patient/p12", "reason")]
    [InlineData("manager", "CarePlan/p1-plan/$reconcile", "otherPlan", "CarePlan/p12-plan", "reason")]
    [InlineData("manager", "CarePlan/p1-plan/$reconcile", "otherPlan", "CarePlan/p1-hidden", "dryRun")]
    [InlineData("manager", "CarePlan/p1-plan/$close", "unfinished", "CarePlan/p12-plan", "reason")]
    [InlineData("manager", "Goal/p1-goal/$record-progress", "observation", "Observation/p1-v", "reason")]
    [InlineData("manager", "Goal/p1-goal/$record-progress", "observation", "Observation/p12-a", "reason")]
    [InlineData("manager", "Patient/p1/$risk", "encounter", "Encounter/stay12", "method")]
    public async Task A_command_is_told_of_what_is_unseen_as_of_what_is_not_there(
        string caller,
        string command,
        string parameter,
        string unseen,
        string more
    )
    {
        foreach (
            var hidden in (string[])
                [
                    """{"resourceType":"RelatedPerson","id":"rel9","active":true,"patient":{"reference":"Patient/p12"},"name":[{"text":"Aunt Agatha"}]}""",
                    """{"resourceType":"Encounter","id":"stay12","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p12"} }""",
                    """
                        {"resourceType":"CarePlan","id":"p1-hidden","status":"active","intent":"plan","subject":{"reference":"Patient/p1"},
                         "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]} }
                        """,
                ]
        )
        {
            var resource = JsonNode.Parse(hidden)!;
            (await _server.PutAsync($"{resource["resourceType"]}/{resource["id"]}", hidden)).ShouldBe(201);
        }

        Assert.Equal(404, (await AskAsync(HttpMethod.Get, unseen, null, caller)).Status);
        var never = $"{unseen.Split('/')[0]}/never-was";
        string Parameters(string named) =>
            $$"""
                {"resourceType":"Parameters","parameter":[{"name":"{{parameter}}","valueReference":{"reference":"{{named}}"} },
                 {{more switch
                {
                    "dryRun" => """{"name":"dryRun","valueBoolean":true}""",
                    "method" => """{"name":"method","valueCode":"lace"}""",
                    _ => """{"name":"reason","valueString":"because"}""",
                }}}]}
                """;

        var expected = await AskAsync(HttpMethod.Post, command, Parameters(never), caller);
        var answered = await AskAsync(HttpMethod.Post, command, Parameters(unseen), caller);

        Assert.Contains($"'{parameter}'", expected.Body, StringComparison.Ordinal);
        Assert.Equal(
            (expected.Status, expected.Body.Replace(never, unseen, StringComparison.Ordinal)),
            (answered.Status, answered.Body)
        );
        Assert.DoesNotContain("Agatha", answered.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_of_a_caseload_brings_in_nobody_whom_one_does_not_see()
    {
        static string Parameters(string? patient) =>
            $$"""
                {"resourceType":"Parameters","parameter":[{"name":"handoffNote","valueString":"away"},{"name":"to","valueReference":{"reference":"PractitionerRole/role-ana"} }
                {{(patient is null ? "" : $$""",{"name":"patient","valueReference":{"reference":"{{patient}}"} }""")}}]}
                """;
        const string Transfer = "PractitionerRole/role-frank/$transfer-caseload";
        foreach (var unseen in (string[])["Patient/p12", "Patient/never-was"])
        {
            var refused = await AskAsync(HttpMethod.Post, Transfer, Parameters(unseen), "lead");
            refused.ShouldBe(422);
            Assert.Contains(unseen, refused.Body, StringComparison.Ordinal);
        }

        var begun = (await AskAsync(HttpMethod.Post, Transfer, Parameters(null), "lead")).ShouldBe(202);
        var status = begun.Header("Content-Location")!;
        var done = await AskAsync(HttpMethod.Get, status, null, "lead");
        for (var i = 0; done.Status == 202 && i < 200; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            done = await AskAsync(HttpMethod.Get, status, null, "lead");
        }

        done.ShouldBe(200);
        Assert.Contains("Patient/p4", done.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Patient/p6", done.Body, StringComparison.Ordinal);
        // Who sees the Task sees what became of it, and nobody else.
        foreach (var other in (string[])["cover", "manager", "assistant", "patient"])
            Assert.Equal(404, (await AskAsync(HttpMethod.Get, status, null, other)).Status);
    }

    [Fact]
    public async Task The_key_of_one_caller_is_none_of_another()
    {
        const string Key = "Idempotency-Key: 4a2c6a3e";
        const string None = """{"resourceType":"Parameters"}""";
        var first = (await AskAsync(HttpMethod.Post, "Task/w8/$accept", None, "manager", Key)).ShouldBe(200);

        // The same request tells nothing of what another was answered, and another one not that the key is known.
        Assert.Equal(404, (await AskAsync(HttpMethod.Post, "Task/w8/$accept", None, "assistant", Key)).Status);
        Assert.Equal(404, (await AskAsync(HttpMethod.Post, "Task/never-was/$accept", None, "assistant", Key)).Status);
        Assert.Equal(
            first.ETag,
            (await AskAsync(HttpMethod.Post, "Task/w8/$accept", None, "manager", Key)).ShouldBe(200).ETag
        );
        (await AskAsync(HttpMethod.Post, "Task/w8/$start", None, "manager", Key)).ShouldBe(422);
    }

    [Theory]
    [InlineData("p12-answers", "p1", 200)]
    [InlineData("never-was", "p1", 200)]
    [InlineData("p1-answers", "p12", 422)]
    [InlineData("never-was", "p12", 422)]
    [InlineData("never-was", "never-was", 422)]
    public async Task Scoring_answers_tells_neither_of_responses_nor_of_patients(string id, string patient, int status)
    {
        var sent = $$"""
            {"resourceType":"QuestionnaireResponse","id":"{{id}}","questionnaire":"https://carecoordination.example/fhir/Questionnaire/phq-2","status":"completed",
             "subject":{"reference":"Patient/{{patient}}"},"authored":"2026-01-07T10:00:00Z","item":[
              {"linkId":"44250-9","answer":[{"valueCoding":{"system":"http://loinc.org","code":"LA6569-3"} }]},
              {"linkId":"44255-8","answer":[{"valueCoding":{"system":"http://loinc.org","code":"LA6568-5"} }]}]}
            """;
        var before = (await _server.GetAsync("QuestionnaireResponse/p12-answers")).ETag;

        var answer = await AskAsync(
            HttpMethod.Post,
            "QuestionnaireResponse/$score",
            $$"""{"resourceType":"Parameters","parameter":[{"name":"questionnaire-response","resource":{{sent}} }] }""",
            "manager"
        );

        Assert.True(status == answer.Status, answer.Body);
        Assert.Equal(before, (await _server.GetAsync("QuestionnaireResponse/p12-answers")).ETag);
        Assert.Equal(404, (await _server.GetAsync("QuestionnaireResponse/never-was")).Status);
    }

    /// <summary>Scopes say what of a record is read, and not whom one works for.</summary>
    [Theory]
    [InlineData("p1", 200)]
    [InlineData("p12", 422)]
    [InlineData("never-was", 422)]
    public async Task Whom_one_works_for_is_named_by_whichever_scopes(string patient, int status)
    {
        var answer = await AskAsync(
            HttpMethod.Post,
            "PlanDefinition/plan/$apply",
            $$"""{"resourceType":"Parameters","parameter":[{"name":"subject","valueReference":{"reference":"Patient/{{patient}}"} }] }""",
            "manager, only plans"
        );

        Assert.True(status == answer.Status, answer.Body);
    }

    [Fact]
    public async Task Nothing_is_moved_to_a_patient_whom_one_does_not_see()
    {
        var moved = (await _server.GetAsync("Observation/p1-a")).Body.Replace("Patient/p1\"", "Patient/p12\"");

        Assert.Equal(403, (await AskAsync(HttpMethod.Put, "Observation/p1-a", moved, "manager")).Status);
    }

    [Fact]
    public async Task Nobody_lets_themselves_in()
    {
        // A task of one's own that is made to be about somebody else.
        var task = JsonNode.Parse((await _server.GetAsync("Task/mine")).Body)!;
        task["for"] = new JsonObject { ["reference"] = "Patient/p12" };
        Assert.Equal(403, (await AskAsync(HttpMethod.Put, "Task/mine", task.ToJsonString(), "manager")).Status);

        foreach (
            var (path, body) in new[]
            {
                (
                    "Task",
                    """{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/p12"},"owner":{"reference":"Practitioner/ana"} }"""
                ),
                (
                    "CareTeam",
                    """{"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/p12"},"participant":[{"member":{"reference":"Practitioner/ana"} }] }"""
                ),
                (
                    "EpisodeOfCare",
                    """{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/p12"},"careManager":{"reference":"Practitioner/ana"} }"""
                ),
                (
                    "PractitionerRole",
                    """{"resourceType":"PractitionerRole","active":true,"practitioner":{"reference":"Practitioner/ana"},"organization":{"reference":"Organization/south"} }"""
                ),
                (
                    "Task",
                    """
                    {"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/p1"},"requester":{"reference":"Practitioner/ana"},
                     "authoredOn":"2099-01-01T00:00:00Z","code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"break-glass"}]} }
                    """
                ),
            }
        )
            Assert.Equal(403, (await AskAsync(HttpMethod.Post, path, body, "manager")).Status);
        Assert.Equal(404, (await AskAsync(HttpMethod.Get, "Patient/p12", null, "manager")).Status);
    }

    [Theory]
    [InlineData("focus", "ServiceRequest/p3-request", 403)]
    [InlineData("focus", "ServiceRequest/p10-request", 200)]
    [InlineData("focus", "Goal/p10-goal", 403)]
    [InlineData("for", "Patient/p3", 403)]
    [InlineData("basedOn", "ServiceRequest/p3-request", 403)]
    [InlineData("input", "Observation/p10-b", 403)]
    [InlineData("input", "Observation/p10-a", 200)]
    [InlineData("input", "Observation/never-was", 403)]
    public async Task A_partner_makes_a_task_disclose_nothing_that_it_does_not_disclose(
        string element,
        string reference,
        int status
    )
    {
        var task = JsonNode.Parse((await AskAsync(HttpMethod.Get, "Task/referral10", null, "partner")).Body)!;
        JsonNode named = new JsonObject { ["reference"] = reference };
        task[element] = element switch
        {
            "basedOn" => new JsonArray(named),
            "input" => new JsonArray(
                new JsonObject
                {
                    ["type"] = new JsonObject { ["text"] = "more" },
                    ["valueReference"] = named,
                }
            ),
            _ => named,
        };

        Assert.Equal(
            status,
            (await AskAsync(HttpMethod.Put, "Task/referral10", task.ToJsonString(), "partner")).Status
        );
        if (status == 403)
            Assert.Equal(404, (await AskAsync(HttpMethod.Get, reference, null, "partner")).Status);
    }

    [Theory]
    [InlineData("manager", "p1", 201)]
    [InlineData("manager", "p12", 403)]
    [InlineData("vendor of north", "p2", 201)]
    public async Task A_referral_discloses_what_whoever_sends_it_sees(string caller, string patient, int status)
    {
        var answer = await AskAsync(
            HttpMethod.Post,
            "Task",
            $$"""
            {"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/p1"},"owner":{"reference":"Organization/lab"},
             "focus":{"reference":"ServiceRequest/{{patient}}-request"} }
            """,
            caller
        );
        Assert.Equal(status, answer.Status);

        var together = await AskAsync(
            HttpMethod.Post,
            "",
            Given.Transaction(
                """
                {"fullUrl":"urn:uuid:0b7c3c5c-2222-4a6a-9f0e-2a4f6c1d0001","resource":{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/p1"},
                 "owner":{"reference":"Organization/lab"},"focus":{"reference":"urn:uuid:0b7c3c5c-2222-4a6a-9f0e-2a4f6c1d0002"} },"request":{"method":"POST","url":"Task"} },
                {"fullUrl":"urn:uuid:0b7c3c5c-2222-4a6a-9f0e-2a4f6c1d0002","resource":{"resourceType":"ServiceRequest","status":"draft","intent":"order","code":{"text":"ride"},
                 "subject":{"reference":"Patient/p1"} },"request":{"method":"POST","url":"ServiceRequest"} }
                """
            ),
            caller
        );
        together.ShouldBe(200);
    }

    [Fact]
    public async Task Cover_is_given_by_who_is_away_or_by_a_lead_of_theirs_and_ends_by_itself()
    {
        static string Cover(string who, string until) =>
            $$"""{"resourceType":"Parameters","parameter":[{"name":"cover","valueReference":{"reference":"{{who}}"} },{"name":"period","valuePeriod":{"end":"{{until}}"} }] }""";

        Assert.Equal(404, (await AskAsync(HttpMethod.Get, "Patient/p2", null, "cover")).Status);
        Assert.Equal(
            403,
            (
                await AskAsync(
                    HttpMethod.Post,
                    "PractitionerRole/role-ana/$coverage",
                    Cover("Practitioner/dora", "2099-01-01"),
                    "cover"
                )
            ).Status
        );
        Assert.Equal(
            422,
            (
                await AskAsync(
                    HttpMethod.Post,
                    "PractitionerRole/role-ana/$coverage",
                    Cover("Practitioner/dora", "2020-01-01"),
                    "manager"
                )
            ).Status
        );
        (
            await AskAsync(
                HttpMethod.Post,
                "PractitionerRole/role-ana/$coverage",
                Cover("Practitioner/dora", "2099-01-01"),
                "manager"
            )
        ).ShouldBe(200);
        (await AskAsync(HttpMethod.Get, "Patient/p2", null, "cover")).ShouldBe(200);
        (
            await AskAsync(
                HttpMethod.Post,
                "PractitionerRole/role-dora/$coverage",
                Cover("Practitioner/eve", "2099-01-01"),
                "lead"
            )
        ).ShouldBe(200);
        Assert.Equal(
            403,
            (
                await AskAsync(
                    HttpMethod.Post,
                    "PractitionerRole/role-sue/$coverage",
                    Cover("Practitioner/ana", "2099-01-01"),
                    "lead"
                )
            ).Status
        );
    }

    [Fact]
    public async Task A_broken_glass_shows_the_record_and_tells_the_privacy_officer()
    {
        const string Reason =
            """{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":"unconscious in the lobby"}] }""";
        Assert.Equal(404, (await AskAsync(HttpMethod.Get, "Observation/p12-v", null, "manager")).Status);
        Assert.Equal(
            422,
            (
                await AskAsync(
                    HttpMethod.Post,
                    "Patient/p12/$break-glass",
                    """{"resourceType":"Parameters"}""",
                    "manager"
                )
            ).Status
        );
        Assert.Equal(403, (await AskAsync(HttpMethod.Post, "Patient/p12/$break-glass", Reason, "patient")).Status);
        Assert.Equal(404, (await AskAsync(HttpMethod.Post, "Patient/nobody/$break-glass", Reason, "manager")).Status);
        Assert.Equal(422, (await _server.PostAsync("Patient/p12/$break-glass", Reason)).Status);

        var task = (await AskAsync(HttpMethod.Post, "Patient/p12/$break-glass", Reason, "manager")).ShouldBe(201);

        Assert.Equal("urgent", task.Text("priority"));
        Assert.Contains("privacy-officer", task.Body);
        (await AskAsync(HttpMethod.Get, "Observation/p12-v", null, "manager")).ShouldBe(200);
        Assert.Equal(404, (await AskAsync(HttpMethod.Get, "Observation/p12-v", null, "cover")).Status);
        Assert.Equal(
            403,
            (
                await AskAsync(
                    HttpMethod.Post,
                    "Observation",
                    """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p12"} }""",
                    "manager"
                )
            ).Status
        );
    }

    [Theory]
    [InlineData("manager", "Task/w8/$accept", "", 200)]
    [InlineData("manager", "Task/theirs/$accept", "", 404)]
    [InlineData("manager", "Task/w8/$accept", "Practitioner/frank", 403)]
    [InlineData("manager", "Patient/p1/$assign-care-manager", "", 403)]
    [InlineData("patient who does", "Task/of-patient/$complete", "", 200)]
    // A scope that only reads changes nothing, whatever the role may do.
    [InlineData("patient", "Task/of-patient/$complete", "", 403)]
    [InlineData("manager who reads", "Task/w8/$accept", "", 403)]
    [InlineData("manager who reads", "CarePlan/p1-plan/$activate", "", 403)]
    [InlineData("manager who reads", "PractitionerRole/role-ana/$coverage", "", 403)]
    [InlineData("manager who reads", "Goal/p1-goal/$accept", "", 403)]
    [InlineData("manager, one patient", "CarePlan/p1-plan/$activate", "", 403)]
    [InlineData("manager, some tasks", "Task/w8/$accept", "", 403)]
    [InlineData("manager, some tasks", "Goal/p1-goal/$accept", "", 200)]
    [InlineData("hospital", "Task/w8/$accept", "", 403)]
    [InlineData("assistant", "CarePlan/p6-plan/$activate", "", 403)]
    [InlineData("operator", "Task/w8/$accept", "", 403)]
    public async Task Commands_are_for_their_roles_and_done_as_who_has_signed_in(
        string caller,
        string command,
        string practitioner,
        int status
    )
    {
        var parameters =
            practitioner.Length == 0
                ? """{"resourceType":"Parameters"}"""
                : $$"""{"resourceType":"Parameters","parameter":[{"name":"practitioner","valueReference":{"reference":"{{practitioner}}"} }] }""";

        var answer = await AskAsync(HttpMethod.Post, command, parameters, caller);

        Assert.True(status == answer.Status, answer.Body);
    }

    [Fact]
    public async Task A_command_brings_in_nobody_whom_one_does_not_see()
    {
        static string Apply(string patient) =>
            $$"""{"resourceType":"Parameters","parameter":[{"name":"subject","valueReference":{"reference":"Patient/{{patient}}"} }] }""";

        Assert.Equal(
            403,
            (await AskAsync(HttpMethod.Post, "PlanDefinition/plan/$apply", Apply("p1"), "manager who reads")).Status
        );
        foreach (var unseen in (string[])["p12", "never-was"])
            Assert.Equal(
                422,
                (await AskAsync(HttpMethod.Post, "PlanDefinition/plan/$apply", Apply(unseen), "manager")).Status
            );
        Assert.NotEqual(
            403,
            (await AskAsync(HttpMethod.Post, "PlanDefinition/plan/$apply", Apply("p1"), "manager")).Status
        );
    }

    [Fact]
    public async Task What_an_assistant_plans_is_a_draft_that_waits_for_somebody_who_signs_it()
    {
        static string Plan(string status, string id = "") =>
            $$"""{"resourceType":"CarePlan",{{id}}"status":"{{status}}","intent":"plan","subject":{"reference":"Patient/p6"} }""";
        static string Waiting(string reference) => $"Task?focus={reference}&code=co-sign&status=requested";

        Assert.Equal(403, (await AskAsync(HttpMethod.Post, "CarePlan", Plan("active"), "assistant")).Status);
        var draft = (await AskAsync(HttpMethod.Post, "CarePlan", Plan("draft"), "assistant")).ShouldBe(201);
        var again = Plan("draft", $"\"id\":\"{draft.Id}\",\"title\":\"walk\",");
        (await AskAsync(HttpMethod.Put, $"CarePlan/{draft.Id}", again, "assistant")).ShouldBe(200);

        var task = Assert.Single((await _server.GetAsync(Waiting($"CarePlan/{draft.Id}"))).Resources);
        Assert.Equal("Patient/p6", task.GetProperty("for").GetProperty("reference").GetString());
        Assert.Equal("Practitioner/ben", task.GetProperty("requester").GetProperty("reference").GetString());
        var assessment = (
            await AskAsync(
                HttpMethod.Post,
                "QuestionnaireResponse",
                """{"resourceType":"QuestionnaireResponse","status":"completed","subject":{"reference":"Patient/p6"} }""",
                "assistant"
            )
        ).ShouldBe(201);
        Assert.Single((await _server.GetAsync(Waiting($"QuestionnaireResponse/{assessment.Id}"))).Resources);
        var own = (
            await AskAsync(HttpMethod.Post, "CarePlan", Plan("draft").Replace("Patient/p6", "Patient/p1"), "manager")
        ).ShouldBe(201);
        Assert.Empty((await _server.GetAsync(Waiting($"CarePlan/{own.Id}"))).Resources);
    }

    /// <summary>What is put together from many reads.</summary>
    [Theory]
    [InlineData("manager", "Patient/p1/$care-summary", 200, "Condition/p1-e11", "Observation/p1-v")]
    [InlineData("assistant", "Patient/p6/$care-summary", 200, "Condition/p6-e11", "Condition/p6-f10")]
    [InlineData("daughter", "Patient/p1/$care-summary", 200, "Condition/p1-e11", "Condition/p1-b20")]
    [InlineData("manager", "Patient/p12/$care-summary", 404, "", "Rivera")]
    [InlineData("manager", "CarePlan/p12-plan/$care-summary", 404, "", "Rivera")]
    [InlineData("manager", "CarePlan/p12-plan/$progress", 404, "", "Rivera")]
    [InlineData("manager", "Task/$worklist?owner=Practitioner/frank", 200, "", "Task/theirs")]
    [InlineData("manager", "Task/$worklist?owner=Practitioner/ana", 200, "Task/w8", "Task/theirs")]
    [InlineData("manager", "EpisodeOfCare/e5/$transition-status", 404, "", "Patient/p5")]
    public async Task A_question_is_answered_from_what_the_caller_sees(
        string caller,
        string path,
        int status,
        string shown,
        string hidden
    )
    {
        var answer = await AskAsync(HttpMethod.Get, path, null, caller);

        Assert.True(status == answer.Status, answer.Body);
        Assert.Contains(shown, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden, answer.Body, StringComparison.Ordinal);
    }

    /// <summary>Whoever writes a plan may name anything as its members: that is no way to find out what there is, nor to move it.</summary>
    [Theory]
    [InlineData("Task/p12-call", "Task/never-was")]
    [InlineData("Task/theirs", "Task/never-was")]
    [InlineData("ServiceRequest/p12-request", "ServiceRequest/never-was")]
    public async Task A_plan_tells_nothing_of_members_that_are_not_seen(string unseen, string never)
    {
        foreach (var command in (string[])["activate", "revoke", "review", "close", "hold", "progress", "care-summary"])
            Assert.Equal(await AnsweredAsync(command, never), await AnsweredAsync(command, unseen));

        var now = (await _server.GetAsync(unseen)).ShouldBe(200);
        Assert.Equal("1", now.Json.GetProperty("meta").GetProperty("versionId").GetString());

        async Task<string> AnsweredAsync(string command, string member)
        {
            var plan = (
                await AskAsync(
                    HttpMethod.Post,
                    "CarePlan",
                    $$"""
                    {"resourceType":"CarePlan","status":"draft","intent":"plan","title":"plan","subject":{"reference":"Patient/p1"},
                     "activity":[{"reference":{"reference":"{{member}}"} }]}
                    """,
                    "manager"
                )
            ).ShouldBe(201);
            var id = plan.Text("id")!;
            var isQuestion = command is "progress" or "care-summary";
            var answer = await AskAsync(
                isQuestion ? HttpMethod.Get : HttpMethod.Post,
                $"CarePlan/{id}/${command}",
                isQuestion
                    ? null
                    : """{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":"Moved away"}]}""",
                "manager"
            );
            var body = isQuestion && command == "care-summary" ? "" : answer.Body;
            return $"{answer.Status} {body.Replace(id, "<plan>", StringComparison.Ordinal).Replace(member, "<member>", StringComparison.Ordinal)}".Split(
                "\"lastUpdated\""
            )[0];
        }
    }

    [Theory]
    [InlineData("manager", 1, 1)]
    [InlineData("manager", 12, 0)]
    [InlineData("supervisor", 12, 1)]
    [InlineData("supervisor", 1, 0)]
    public async Task A_match_is_no_way_to_find_whom_one_does_not_see(string caller, int number, int count)
    {
        var born = number == 1 ? "1931-03-02" : "1942-03-04";
        var sought = $$"""
            {"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient",
             "identifier":[{"system":"urn:mrn","value":"{{number}}"}],"birthDate":"{{born}}" } }] }
            """;

        var answer = (await AskAsync(HttpMethod.Post, "Patient/$match", sought, caller)).ShouldBe(200);

        Assert.Equal(count, answer.Ids.Count());
        Assert.Single((await _server.PostAsync("Patient/$match", sought)).Ids);
    }

    private Task<Answer> AskAsync(
        HttpMethod method,
        string path,
        string? body,
        string caller,
        params string[] headers
    ) => _server.SendAsync(method, path, body, [$"{AccessCallers.Header}: {caller}", .. headers]);
}
