using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Workflow.Assessments;

namespace CareCoordination.Server.Tests.Assessments;

/// <summary>What a response gives when it is scored, and that it gives it once.</summary>
public abstract class ScoreTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ScoreTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ScoreTests(shared);

    private readonly string _id = Given.Id();

    private string Patient => $"Patient/{_id}";

    private string Key => $"QuestionnaireResponse/{_id}";

    [Fact]
    public async Task Phq9_gives_its_total_its_answers_and_a_problem_to_confirm()
    {
        await ResponseAsync("phq-9", Phq9(3, 3, 2, 2, 1, 1, 0, 0, 0));

        var score = (await ScoreAsync()).ShouldBe(200);

        Assert.Equal(
            ("phq-9", "12", "moderate", "true"),
            (Value(score, "instrument"), Value(score, "score"), Value(score, "band"), Value(score, "positive"))
        );
        var observations = All(score, "observation").ToArray();
        Assert.Equal(10, observations.Length);
        var total = observations.Single(o => CodeOf(o) == "44261-6");
        Assert.Equal(
            (12, "final", Patient),
            (
                total.GetProperty("valueInteger").GetInt32(),
                total.GetProperty("status").GetString(),
                total.GetProperty("subject").GetProperty("reference").GetString()
            )
        );
        Assert.Equal(
            ["moderate", "POS"],
            total
                .GetProperty("interpretation")
                .EnumerateArray()
                .Select(i => i.GetProperty("coding")[0].GetProperty("code").GetString())
        );
        Assert.Equal(9, total.GetProperty("hasMember").GetArrayLength());
        Assert.All(
            observations,
            o => Assert.Equal(Key, o.GetProperty("derivedFrom")[0].GetProperty("reference").GetString())
        );
        Assert.All(
            observations,
            o => Assert.Equal("2026-11-20T10:00:00Z", o.GetProperty("effectiveDateTime").GetString())
        );
        Assert.Equal(
            "LA6571-9",
            observations
                .Single(o => CodeOf(o) == "44250-9")
                .GetProperty("valueCodeableConcept")
                .GetProperty("coding")[0]
                .GetProperty("code")
                .GetString()
        );
        var condition = All(score, "condition").Single();
        Assert.Equal(
            ("35489007", "unconfirmed"),
            (
                CodeOf(condition),
                condition.GetProperty("verificationStatus").GetProperty("coding")[0].GetProperty("code").GetString()
            )
        );
        Assert.Empty(All(score, "task"));
        Assert.Empty(All(score, "flag"));
        Assert.Single(await Server.ProvenanceOfAsync($"Observation/{total.GetProperty("id").GetString()}", 1));
        Assert.Single(await Server.AuditEventsOfAsync($"Observation/{total.GetProperty("id").GetString()}", 1));
    }

    [Fact]
    public async Task Thoughts_of_death_raise_a_task_and_a_flag_at_once_whatever_the_total()
    {
        await ResponseAsync("phq-9", Phq9(1, 1, 1, 0, 0, 0, 0, 0, 1));

        var score = (await ScoreAsync()).ShouldBe(200);

        Assert.Equal(
            ("4", "minimal", "false"),
            (Value(score, "score"), Value(score, "band"), Value(score, "positive"))
        );
        Assert.Empty(All(score, "condition"));
        var task = All(score, "task").Single();
        Assert.Equal(
            ("requested", "stat", Key, Patient, "self-harm-check"),
            (
                task.GetProperty("status").GetString(),
                task.GetProperty("priority").GetString(),
                task.GetProperty("focus").GetProperty("reference").GetString(),
                task.GetProperty("for").GetProperty("reference").GetString(),
                CodeOf(task)
            )
        );
        Assert.True(task.GetProperty("restriction").GetProperty("period").TryGetProperty("end", out _));
        var flag = All(score, "flag").Single();
        Assert.Equal(
            ("active", "safety"),
            (
                flag.GetProperty("status").GetString(),
                flag.GetProperty("category")[0].GetProperty("coding")[0].GetProperty("code").GetString()
            )
        );
        Assert.Contains(
            task.GetProperty("id").GetString(),
            (await Server.GetAsync($"Task/$worklist?role=lead&patient={Patient}")).ShouldBe(200).Ids
        );
    }

    [Fact]
    public async Task No_total_without_every_answer_and_urgent_all_the_same()
    {
        await ResponseAsync("phq-9", Phq9(3, 3, 3, 3, 3, 3, 3, 3).Skip(1).Append(Item("44260-8", "LA6570-1")));

        var score = (await ScoreAsync()).ShouldBe(200);

        Assert.Null(Value(score, "score"));
        Assert.Null(Value(score, "band"));
        Assert.Equal("44250-9", Value(score, "missing"));
        Assert.DoesNotContain(All(score, "observation"), o => CodeOf(o) == "44261-6");
        Assert.Single(All(score, "task"));
        Assert.Single(All(score, "flag"));
    }

    [Fact]
    public async Task The_same_response_gives_the_same_and_doubles_nothing()
    {
        await ResponseAsync(
            "prapare",
            [Item("93026-3", "LA32-8"), Item("76437-3", "LA30194-7"), Item("93031-3", "LA30125-1", "LA30126-9")]
        );

        var first = (await ScoreAsync()).ShouldBe(200);
        var again = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ScoreAsync()));

        Assert.All(again, a => Assert.Equal(first.Body, a.ShouldBe(200).Body));
        Assert.Equal(
            All(first, "observation").Count(),
            (await Server.GetAsync($"Observation?patient={Patient}&_count=100")).Ids.Count()
        );
        foreach (
            var (type, name) in new[]
            {
                ("Condition", "condition"),
                ("ServiceRequest", "serviceRequest"),
                ("Task", "task"),
                ("Flag", "flag"),
            }
        )
            Assert.Equal(
                All(first, name).Select(r => r.GetProperty("id").GetString()).Order(),
                (await Server.GetAsync($"{type}?patient={Patient}")).ShouldBe(200).Ids.Order()
            );
    }

    [Fact]
    public async Task A_social_need_becomes_a_proposal_with_its_domain()
    {
        await ResponseAsync(
            "ahc-hrsn",
            [
                Item("88122-7", "LA6729-3"),
                Item("88123-5", "LA28398-8"),
                Item("93030-5", "LA33-6"),
                Item("71802-3", "LA31993-1"),
            ]
        );

        var score = (await ScoreAsync()).ShouldBe(200);

        Assert.Equal(["food-insecurity", "transportation-insecurity"], ValuesOf(score, "need"));
        Assert.Equal(
            ["food-insecurity proposal draft 3457005", "transportation-insecurity proposal draft 3457005"],
            All(score, "serviceRequest")
                .Select(r =>
                    $"{DomainOf(r)} {r.GetProperty("intent").GetString()} {r.GetProperty("status").GetString()} {CodeOf(r)}"
                )
        );
        Assert.Equal(["733423003", "Z59.82"], All(score, "condition").Select(CodeOf));
        var conditions = All(score, "condition").ToArray();
        Assert.Equal(
            conditions.Select(c => $"Condition/{c.GetProperty("id").GetString()}"),
            All(score, "serviceRequest")
                .Select(r => r.GetProperty("reasonReference")[0].GetProperty("reference").GetString())
        );
        Assert.All(
            conditions,
            c =>
                Assert.Contains(
                    c.GetProperty("category").EnumerateArray(),
                    k => k.GetProperty("coding")[0].GetProperty("code").GetString() == "health-concern"
                )
        );
        var observations = All(score, "observation").ToArray();
        Assert.Equal(
            "LA19952-3",
            observations
                .Single(o => CodeOf(o) == "88124-3")
                .GetProperty("valueCodeableConcept")
                .GetProperty("coding")[0]
                .GetProperty("code")
                .GetString()
        );
        Assert.Equal(
            ["survey", "sdoh", "transportation-insecurity"],
            observations
                .Single(o => CodeOf(o) == "93030-5")
                .GetProperty("category")
                .EnumerateArray()
                .Select(c => c.GetProperty("coding")[0].GetProperty("code").GetString())
        );
        Assert.Empty(All(score, "task"));
    }

    [Fact]
    public async Task Who_would_rather_not_answer_is_recorded_as_that()
    {
        await ResponseAsync("prapare", [Item("93033-9", Instruments.Declined), Item("93030-5", Instruments.Unable)]);

        var score = (await ScoreAsync()).ShouldBe(200);

        Assert.Empty(All(score, "condition"));
        Assert.Empty(All(score, "serviceRequest"));
        Assert.Equal(["93033-9", "93030-5"], ValuesOf(score, "declined"));
        Assert.Equal(
            ["asked-declined", "asked-unknown"],
            All(score, "observation")
                .Select(o => o.GetProperty("dataAbsentReason").GetProperty("coding")[0].GetProperty("code").GetString())
        );
    }

    [Fact]
    public async Task A_positive_short_screen_asks_for_the_whole_one()
    {
        await ResponseAsync("phq-2", Phq9(2, 1));

        var task = All((await ScoreAsync()).ShouldBe(200), "task").Single();

        Assert.Equal(
            ("complete-phq-9", "https://carecoordination.example/fhir/Questionnaire/phq-9"),
            (CodeOf(task), task.GetProperty("instantiatesCanonical").GetString())
        );
    }

    [Fact]
    public async Task The_whole_one_is_what_was_asked_for()
    {
        await ResponseAsync("phq-2", Phq9(2, 1));
        var task = $"Task/{All((await ScoreAsync()).ShouldBe(200), "task").Single().GetProperty("id").GetString()}";
        var unfinished = $"{_id}-unfinished";
        var whole = $"{_id}-whole";
        await Server.PutAsync(
            $"QuestionnaireResponse/{unfinished}",
            Response("phq-9", Phq9(2, 1, 1), "completed", true)
                .Replace($"\"id\":\"{_id}\"", $"\"id\":\"{unfinished}\"", StringComparison.Ordinal)
        );
        await Server.PutAsync(
            $"QuestionnaireResponse/{whole}",
            Response("phq-9", Phq9(2, 1, 1, 1, 1, 1, 1, 1, 0), "completed", true)
                .Replace($"\"id\":\"{_id}\"", $"\"id\":\"{whole}\"", StringComparison.Ordinal)
        );

        (await Server.AskAsync($"QuestionnaireResponse/{unfinished}/$score")).ShouldBe(200);
        Assert.Equal("requested", await Server.StatusOfAsync(task));
        (await Server.AskAsync($"QuestionnaireResponse/{whole}/$score")).ShouldBe(200);

        var done = (await Server.GetAsync(task)).ShouldBe(200);
        Assert.Equal("completed", done.Status());
        Assert.Equal(
            $"QuestionnaireResponse/{whole}",
            done.Json.GetProperty("output")[0].GetProperty("valueReference").GetProperty("reference").GetString()
        );
        (await Server.AskAsync($"QuestionnaireResponse/{whole}/$score")).ShouldBe(200);
        Assert.Equal(done.Body, (await Server.GetAsync(task)).Body);
    }

    [Fact]
    public async Task The_same_form_without_an_id_is_the_same_however_it_is_laid_out()
    {
        await Server.PutAsync(Patient, Given.Patient(_id));
        var sent = Response("gad-7", [Item("69725-0", "LA6570-1")], "completed", false);
        var spaced = sent.Replace(",\"", " ,\n \"", StringComparison.Ordinal);

        var first = (
            await Server.AskAsync("QuestionnaireResponse/$score", Ask.Value("questionnaire-response", "resource", sent))
        ).ShouldBe(200);
        var again = (
            await Server.AskAsync(
                "QuestionnaireResponse/$score",
                Ask.Value("questionnaire-response", "resource", spaced)
            )
        ).ShouldBe(200);

        Assert.Equal(first.Body, again.Body);
        Assert.Single((await Server.GetAsync($"QuestionnaireResponse?subject={Patient}")).ShouldBe(200).Ids);
    }

    [Fact]
    public async Task An_amended_response_corrects_what_it_gave()
    {
        await ResponseAsync("phq-2", Phq9(2, 1));
        var before = (await ScoreAsync()).ShouldBe(200);
        await ResponseAsync("phq-2", Phq9(1, 1), status: "amended");

        var after = (await ScoreAsync()).ShouldBe(200);

        Assert.Equal(("2", "negative"), (Value(after, "score"), Value(after, "band")));
        Assert.Equal(
            ["44250-9 amended 2", "44255-8 final 1", "55758-7 amended 2"],
            All(after, "observation").Select(o => $"{CodeOf(o)} {o.GetProperty("status").GetString()} {VersionOf(o)}")
        );
        Assert.Empty(All(after, "task"));
        Assert.Equal(
            "cancelled",
            await Server.StatusOfAsync($"Task/{All(before, "task").Single().GetProperty("id").GetString()}")
        );
        Assert.Equal(after.Body, (await ScoreAsync()).ShouldBe(200).Body);
    }

    [Fact]
    public async Task Proposals_that_an_amended_response_does_not_give_are_withdrawn_and_come_back()
    {
        await ResponseAsync("ahc-hrsn", [Item("93030-5", "LA33-6"), Item("96778-6", "LA28580-1", "LA31997-2")]);
        var before = (await ScoreAsync()).ShouldBe(200);
        await ResponseAsync("ahc-hrsn", [Item("93030-5", "LA32-8"), Item("96778-6", "LA28580-1")], status: "amended");

        var after = (await ScoreAsync()).ShouldBe(200);

        Assert.Equal(["inadequate-housing"], ValuesOf(after, "need"));
        var gone = All(before, "condition")
            .Single(c => DomainOf(c) == "transportation-insecurity")
            .GetProperty("id")
            .GetString();
        var withdrawn = (await Server.GetAsync($"Condition/{gone}")).ShouldBe(200).Json;
        Assert.Equal(
            "entered-in-error",
            withdrawn.GetProperty("verificationStatus").GetProperty("coding")[0].GetProperty("code").GetString()
        );
        var request = All(before, "serviceRequest")
            .Single(c => DomainOf(c) == "transportation-insecurity")
            .GetProperty("id")
            .GetString();
        Assert.Equal("entered-in-error", await Server.StatusOfAsync($"ServiceRequest/{request}"));
        var lead = All(before, "observation")
            .Single(o =>
                o.GetProperty("valueCodeableConcept").GetProperty("coding")[0].GetProperty("code").GetString()
                == "LA31997-2"
            );
        Assert.Equal(
            "entered-in-error",
            await Server.StatusOfAsync($"Observation/{lead.GetProperty("id").GetString()}")
        );

        await ResponseAsync("ahc-hrsn", [Item("93030-5", "LA33-6")], status: "amended");
        var back = (await ScoreAsync()).ShouldBe(200);
        Assert.Equal(
            ["unconfirmed"],
            All(back, "condition")
                .Select(c =>
                    c.GetProperty("verificationStatus").GetProperty("coding")[0].GetProperty("code").GetString()
                )
        );
    }

    [Fact]
    public async Task What_people_have_decided_stays_and_so_does_what_is_urgent()
    {
        await ResponseAsync("prapare", [Item("76501-6", "LA33-6"), Item("93033-9", "LA33-6")]);
        var before = (await ScoreAsync()).ShouldBe(200);
        var housing = All(before, "condition")
            .Single(c => DomainOf(c) == "housing-instability")
            .GetProperty("id")
            .GetString();
        (
            await Server.PatchAsync(
                $"Condition/{housing}",
                """[{"op":"replace","path":"/verificationStatus/coding/0/code","value":"confirmed"}]"""
            )
        ).ShouldBe(200);
        await ResponseAsync("prapare", [Item("76501-6", "LA32-8"), Item("93033-9", "LA32-8")], status: "amended");

        (await ScoreAsync()).ShouldBe(200);

        Assert.Equal(
            "confirmed",
            (await Server.GetAsync($"Condition/{housing}"))
                .Json.GetProperty("verificationStatus")
                .GetProperty("coding")[0]
                .GetProperty("code")
                .GetString()
        );
        Assert.Equal(
            "requested",
            await Server.StatusOfAsync($"Task/{All(before, "task").Single().GetProperty("id").GetString()}")
        );
        Assert.Equal(
            "active",
            await Server.StatusOfAsync($"Flag/{All(before, "flag").Single().GetProperty("id").GetString()}")
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_is_sent_is_stored_with_what_it_gives_once(bool hasId)
    {
        await Server.PutAsync(Patient, Given.Patient(_id));
        var sent = Response(
            "morse",
            [
                Item("/59454-9", "LA33-6"),
                Item("/59455-6", "LA33-6"),
                Own("/59456-4", "aid-none"),
                Item("/59457-2", "LA32-8"),
                Own("/59458-0", "gait-weak"),
                Own("/59459-8", "judgement-sound"),
            ],
            "completed",
            hasId
        );
        Task<Answer> Send() =>
            Server.AskAsync("QuestionnaireResponse/$score", Ask.Value("questionnaire-response", "resource", sent));

        var first = (await Send()).ShouldBe(200);
        var again = (await Send()).ShouldBe(200);

        Assert.Equal(
            ("morse", "50", "high"),
            (Value(first, "instrument"), Value(first, "score"), Value(first, "band"))
        );
        Assert.Equal(first.Body, again.Body);
        var level = All(first, "observation").Single(o => CodeOf(o) == "59461-4");
        Assert.Equal(
            "LA13040-3",
            level.GetProperty("valueCodeableConcept").GetProperty("coding")[0].GetProperty("code").GetString()
        );
        var stored = (await Server.GetAsync($"QuestionnaireResponse?subject={Patient}")).ShouldBe(200);
        Assert.Equal([Value(first, "questionnaireResponse")], stored.Ids.Select(i => $"QuestionnaireResponse/{i}"));
        Assert.Equal("1", VersionOf(stored.Resources.Single()));
        if (hasId)
            Assert.Equal(Key, Value(first, "questionnaireResponse"));
    }

    [Fact]
    public async Task Forms_of_others_are_scored_by_their_questions()
    {
        await Server.PutAsync(Patient, Given.Patient(_id));
        var items = string.Join(
            ',',
            Phq9(1, 1, 1, 1, 1, 1, 1, 1, 0)
                .Select(i => i.Replace("\"linkId\":\"", "\"linkId\":\"/44249-1/", StringComparison.Ordinal))
        );
        (
            await Server.PutAsync(
                Key,
                $$$"""{"resourceType":"QuestionnaireResponse","id":"{{{_id}}}","status":"completed","questionnaire":"http://loinc.org/q/44249-1","subject":{"reference":"{{{Patient}}}"},"item":[{"linkId":"/44249-1","item":[{{{items}}}]}]}"""
            )
        ).ShouldBe(201);

        Assert.Equal(
            ("phq-9", "8"),
            (Value((await ScoreAsync()).ShouldBe(200), "instrument"), Value(await ScoreAsync(), "score"))
        );
    }

    [Fact]
    public async Task A_key_against_doing_twice_gives_the_first_answer()
    {
        await ResponseAsync("gad-7", Instruments.Gad7.Questions.Select(q => Item(q.LinkId, "LA6570-1")));
        Task<Answer> Send() =>
            Server.SendAsync(HttpMethod.Post, $"{Key}/$score", (string?)null, [$"Idempotency-Key: {_id}"]);

        var first = (await Send()).ShouldBe(200);

        Assert.Equal(("14", "moderate"), (Value(first, "score"), Value(first, "band")));
        Assert.Equal(first.Body, (await Send()).ShouldBe(200).Body);
    }

    [Fact]
    public async Task What_cannot_be_scored_is_refused()
    {
        await ResponseAsync("phq-2", Phq9(1), status: "in-progress");
        (await ScoreAsync()).ShouldRefuse(
            422,
            "error business-rule QuestionnaireResponse.status: The response is in-progress: what is completed or amended is scored."
        );
        var none = Given.Id();
        await Server.PutAsync(
            $"QuestionnaireResponse/{none}",
            $$"""{"resourceType":"QuestionnaireResponse","id":"{{none}}","status":"completed"}"""
        );
        (await Server.AskAsync($"QuestionnaireResponse/{none}/$score")).ShouldRefuse(
            422,
            "error business-rule QuestionnaireResponse.subject: The subject of the response is no Patient of this server."
        );
        await Server.PutAsync(
            $"QuestionnaireResponse/{none}",
            $$$"""{"resourceType":"QuestionnaireResponse","id":"{{{none}}}","status":"completed","subject":{"reference":"{{{Patient}}}"}}"""
        );
        (await Server.AskAsync($"QuestionnaireResponse/{none}/$score")).ShouldRefuse(
            422,
            "error business-rule QuestionnaireResponse.questionnaire: The response is of no instrument that is scored here: phq-2, phq-9, gad-7, ahc-hrsn, ahc-hrsn-supplement, prapare, morse."
        );
        (await Server.AskAsync($"QuestionnaireResponse/{Given.Id()}/$score")).ShouldBe(404);
        const string One =
            "error required Parameters.parameter: $score scores one response: the one that the URL names, or the one that is sent as 'questionnaire-response'.";
        (await Server.AskAsync("QuestionnaireResponse/$score")).ShouldRefuse(400, One);
        (
            await Server.AskAsync(
                $"{Key}/$score",
                Ask.Value("questionnaire-response", "resource", Response("phq-2", Phq9(1, 1), "completed", true))
            )
        ).ShouldRefuse(400, One);
        (
            await Server.AskAsync(
                "QuestionnaireResponse/$score",
                Ask.Value("questionnaire-response", "resource", Given.Patient("x"))
            )
        ).ShouldBe(400);
        var unfit = await Server.AskAsync(
            "QuestionnaireResponse/$score",
            Ask.Value(
                "questionnaire-response",
                "resource",
                Response("phq-2", [Item("44250-9", "LA33-6")], "completed", true)
            )
        );
        unfit.ShouldRefuse(
            422,
            "error business-rule QuestionnaireResponse.item[0].answer[0]: Item '44250-9' has an answer that is not offered."
        );
        Assert.Empty((await Server.GetAsync($"Observation?patient={Patient}")).ShouldBe(200).Ids);
    }

    private Task<Answer> ScoreAsync() => Server.AskAsync($"{Key}/$score");

    private async Task ResponseAsync(string instrument, IEnumerable<string> items, string status = "completed")
    {
        await Server.PutAsync(Patient, Given.Patient(_id));
        var answer = await Server.PutAsync(Key, Response(instrument, items, status, true));
        Assert.True(answer.Status is 200 or 201, answer.Body);
    }

    private string Response(string instrument, IEnumerable<string> items, string status, bool hasId)
    {
        var id = hasId ? $"\"id\":\"{_id}\"," : "";
        return $$$"""{"resourceType":"QuestionnaireResponse",{{{id}}}"status":"{{{status}}}","authored":"2026-11-20T10:00:00Z","questionnaire":"https://carecoordination.example/fhir/Questionnaire/{{{instrument}}}","subject":{"reference":"{{{Patient}}}"},"item":[{{{string.Join(',', items)}}}]}""";
    }

    private static IEnumerable<string> Phq9(params int[] points) =>
        points.Select(
            (p, i) => Item(Instruments.Phq9.Questions[i].LinkId, Instruments.Phq9.Questions[i].Choices[p].Code)
        );

    private static string Item(string linkId, params string[] codes) =>
        $"{{\"linkId\":\"{linkId}\",\"answer\":[{string.Join(',', codes.Select(c => $"{{\"valueCoding\":{{\"system\":\"http://loinc.org\",\"code\":\"{c}\"}}}}"))}]}}";

    private static string Own(string linkId, string code) =>
        $"{{\"linkId\":\"{linkId}\",\"answer\":[{{\"valueCoding\":{{\"system\":\"https://carecoordination.example/fhir/CodeSystem/assessment-answer\",\"code\":\"{code}\"}}}}]}}";

    private static IEnumerable<JsonElement> Parts(Answer answer, string name) =>
        answer.Json.GetProperty("parameter").EnumerateArray().Where(p => p.GetProperty("name").GetString() == name);

    private static IEnumerable<JsonElement> All(Answer answer, string name) =>
        Parts(answer, name).Select(p => p.GetProperty("resource"));

    private static string? Value(Answer answer, string name) => ValuesOf(answer, name).FirstOrDefault();

    private static IEnumerable<string?> ValuesOf(Answer answer, string name) =>
        Parts(answer, name)
            .Select(p => p.EnumerateObject().Single(m => m.Name.StartsWith("value", StringComparison.Ordinal)).Value)
            .Select(v =>
                v.ValueKind != JsonValueKind.Object
                    ? (v.ValueKind is JsonValueKind.True or JsonValueKind.False ? v.GetRawText() : v.ToString())
                : v.TryGetProperty("code", out var code) ? code.GetString()
                : v.GetProperty("reference").GetString()
            );

    private static string? CodeOf(JsonElement resource) =>
        resource.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString();

    private static string? DomainOf(JsonElement resource) =>
        resource
            .GetProperty("category")
            .EnumerateArray()
            .Select(c => c.GetProperty("coding")[0])
            .Where(c => c.GetProperty("system").GetString() == SocialNeeds.Domains)
            .Select(c => c.GetProperty("code").GetString())
            .FirstOrDefault();

    private static string? VersionOf(JsonElement resource) =>
        resource.GetProperty("meta").GetProperty("versionId").GetString();
}
