using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Assessments;

/// <summary>An urgent answer raises its Task and its Flag with the write of the response, through whichever door it comes.</summary>
public abstract class UrgentAnswerTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : UrgentAnswerTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : UrgentAnswerTests(shared);

    private const string ThinksOfBeingDead = "44260-8=LA6569-3";

    private readonly string _id = Given.Id();

    private string Key => $"QuestionnaireResponse/{_id}";

    [Theory]
    [InlineData("put")]
    [InlineData("post")]
    [InlineData("patch of its status")]
    [InlineData("patch of its answer")]
    [InlineData("conditional update")]
    [InlineData("batch")]
    [InlineData("transaction")]
    [InlineData("transaction with its patient")]
    public async Task Is_raised_by_every_door(string door)
    {
        if (door != "transaction with its patient")
            await PatientAsync();

        await WriteAsync(door);

        var (task, flag) = await RaisedAsync();
        Assert.Equal(
            ("requested", "stat", $"Patient/{_id}"),
            (Text(task, "status"), Text(task, "priority"), task.GetProperty("for").GetProperty("reference").GetString())
        );
        Assert.Equal("active", Text(flag, "status"));
    }

    [Theory]
    [InlineData("$process-message", false)]
    [InlineData("$submit-transition", false)]
    [InlineData("$submit-transition", true)]
    [InlineData("Bundle", true)]
    public async Task Is_raised_where_a_hospital_tells_it(string door, bool isDocument)
    {
        var hospital = new Hospital();
        // A linkId that the Questionnaire does not have keeps nobody from reading the others.
        hospital.More.Add(
            Response("completed", ThinksOfBeingDead)
                .Replace(Subject, $"\"subject\":{hospital.Reference("p")},", StringComparison.Ordinal)
                .Replace(
                    "\"item\":[",
                    "\"item\":[{\"linkId\":\"own\",\"answer\":[{\"valueBoolean\":true}]},",
                    StringComparison.Ordinal
                )
        );
        for (var times = 0; times < 2; times++)
        {
            var told = isDocument
                ? hospital.Document("2026-11-20T16:10:00Z")
                : hospital.Discharge($"2026-11-20T16:1{times}:00Z");
            (await Server.PostAsync(door, told)).ShouldBe(door == "Bundle" ? 201 : 200);
        }

        var patient = Assert.Single(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).ShouldBe(200).Ids
        );
        var task = Assert.Single((await Server.GetAsync($"Task?patient=Patient/{patient}&priority=stat")).Resources);
        var flag = Assert.Single((await Server.GetAsync($"Flag?patient=Patient/{patient}")).Resources);
        Assert.Equal(("1", "1"), (VersionOf(task), VersionOf(flag)));
    }

    [Fact]
    public async Task A_response_that_is_sent_to_be_scored_raises_it_once()
    {
        await PatientAsync();
        var sent = Response("completed", ThinksOfBeingDead);

        for (var times = 0; times < 2; times++)
            (
                await Server.AskAsync(
                    "QuestionnaireResponse/$score",
                    Ask.Value("questionnaire-response", "resource", sent)
                )
            ).ShouldBe(200);

        var (task, flag) = await RaisedAsync();
        Assert.Equal(("1", "1"), (VersionOf(task), VersionOf(flag)));
    }

    [Fact]
    public async Task Is_raised_once_and_scored_later_it_is_the_same()
    {
        await PatientAsync();
        var body = Response("completed", ThinksOfBeingDead);
        for (var time = 0; time < 3; time++)
            await Server.PutAsync(Key, In($"x-{time}", body));
        var raised = await RaisedAsync();

        var score = (await Server.AskAsync($"{Key}/$score")).ShouldBe(200);

        var (task, flag) = await RaisedAsync();
        Assert.Equal((raised.Task.ToString(), raised.Flag.ToString()), (task.ToString(), flag.ToString()));
        Assert.Contains(Text(task, "id"), score.Body, StringComparison.Ordinal);
        Assert.Contains(Text(flag, "id"), score.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_writes_at_once_raise_it_once()
    {
        await PatientAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(n => Server.PutAsync(Key, In($"x-{n}", Response("completed", ThinksOfBeingDead))))
        );

        Assert.All(answers, a => Assert.True(a.Status is 200 or 201, a.Body));
        var (task, flag) = await RaisedAsync();
        Assert.Equal(("1", "1"), (VersionOf(task), VersionOf(flag)));
    }

    [Fact]
    public async Task What_a_person_has_ended_is_not_raised_again_by_a_further_write()
    {
        await PatientAsync();
        await Server.PutAsync(Key, Response("completed", ThinksOfBeingDead));
        var (task, flag) = await RaisedAsync();
        const string Rejected = """[{"op":"replace","path":"/status","value":"rejected"}]""";
        (await Server.PatchAsync($"Task/{Text(task, "id")}", Rejected)).ShouldBe(200);
        (await Server.DeleteAsync($"Flag/{Text(flag, "id")}")).ShouldBe(204);

        (await Server.PutAsync(Key, Response("amended", ThinksOfBeingDead))).ShouldBe(200);

        Assert.Equal("rejected", await Server.StatusOfAsync($"Task/{Text(task, "id")}"));
        Assert.Empty((await Server.GetAsync($"Flag?patient=Patient/{_id}")).Ids);
    }

    [Theory]
    [InlineData("in-progress", "phq-9", ThinksOfBeingDead, 0, 0)] // It may be unfinished.
    [InlineData("completed", "phq-9", "44260-8=LA6568-5", 0, 0)] // Not at all.
    [InlineData("completed", "phq-9", "44250-9=LA6571-9", 0, 0)]
    [InlineData("completed", "prapare", "76501-6=LA33-6", 1, 1)]
    [InlineData("completed", "prapare", "93026-3=LA32-8", 1, 1)]
    [InlineData("completed", "prapare", "93026-3=LA14072-5", 1, 0)] // Not sure: looked at the same day.
    [InlineData("completed", "prapare", "93033-9=LA33-6", 0, 0)] // A need, and nothing urgent.
    [InlineData("amended", "phq-9", ThinksOfBeingDead, 1, 1)]
    public async Task Only_what_is_urgent_is_raised(
        string status,
        string instrument,
        string answer,
        int tasks,
        int flags
    )
    {
        await PatientAsync();

        (await Server.PutAsync(Key, Response(status, answer, instrument))).ShouldBe(201);

        Assert.Equal(tasks, (await Server.GetAsync($"Task?patient=Patient/{_id}")).Ids.Count());
        Assert.Equal(flags, (await Server.GetAsync($"Flag?patient=Patient/{_id}")).Ids.Count());
        Assert.Empty((await Server.GetAsync($"Observation?patient=Patient/{_id}")).Ids);
    }

    [Theory]
    [InlineData("\"subject\":{\"reference\":\"https://elsewhere.example/fhir/Patient/x\"},")]
    [InlineData("\"subject\":{\"display\":\"Somebody\"},")]
    [InlineData("")]
    public async Task A_response_of_nobody_here_is_stored_as_it_is(string subject)
    {
        await PatientAsync();
        var body = Response("completed", ThinksOfBeingDead);
        body = body.Replace(Subject, subject, StringComparison.Ordinal);

        (await Server.PutAsync(Key, body)).ShouldBe(201);

        Assert.Empty((await Server.GetAsync($"Task?focus={Key}")).Ids);
    }

    private string Subject =>
        $$"""
            "subject":{"reference":"Patient/{{_id}}"},
            """.Trim();

    private async Task PatientAsync() => (await Server.PutAsync($"Patient/{_id}", Given.Patient(_id))).ShouldBe(201);

    private async Task WriteAsync(string door)
    {
        var urgent = Response("completed", ThinksOfBeingDead);
        var answer = door switch
        {
            "put" => await Server.PutAsync(Key, urgent),
            "post" => await Server.PostAsync("QuestionnaireResponse", urgent),
            "conditional update" => await Server.PutAsync(
                $"QuestionnaireResponse?identifier=urn:x|{_id}",
                urgent.Replace($"\"id\":\"{_id}\",", "", StringComparison.Ordinal)
            ),
            "patch of its status" => await PatchedAsync(
                Response("in-progress", ThinksOfBeingDead),
                """[{"op":"replace","path":"/status","value":"completed"}]"""
            ),
            "patch of its answer" => await PatchedAsync(
                Response("completed", "44260-8=LA6568-5"),
                """[{"op":"replace","path":"/item/0/answer/0/valueCoding/code","value":"LA6569-3"}]"""
            ),
            _ => await Server.PostAsync("", Bundle(door, urgent)),
        };
        Assert.True(answer.Status is 200 or 201, answer.Body);
    }

    private async Task<Answer> PatchedAsync(string before, string patch)
    {
        (await Server.PutAsync(Key, before)).ShouldBe(201);
        Assert.Empty((await Server.GetAsync($"Task?patient=Patient/{_id}")).Ids);
        return await Server.PatchAsync(Key, patch);
    }

    private string Bundle(string door, string response)
    {
        var patient = door.EndsWith("patient", StringComparison.Ordinal)
            ? $$$"""{"resource":{{{Given.Patient(_id)}}},"request":{"method":"PUT","url":"Patient/{{{_id}}}"}},"""
            : "";
        var type = door.Split(' ')[0];
        return $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{{{patient}}}{"resource":{{{response}}},"request":{"method":"PUT","url":"{{{Key}}}"}}]}""";
    }

    private string Response(string status, string answer, string instrument = "phq-9")
    {
        var (question, code) = (answer.Split('=')[0], answer.Split('=')[1]);
        return $$$"""{"resourceType":"QuestionnaireResponse","id":"{{{_id}}}","status":"{{{status}}}","questionnaire":"http://loinc.org/q/{{{Panel(instrument)}}}",{{{Subject}}}"item":[{"linkId":"/{{{question}}}","answer":[{"valueCoding":{"system":"http://loinc.org","code":"{{{code}}}"}}]}]}""";
    }

    /// <summary>The same answers, and another version of the resource.</summary>
    private static string In(string language, string response) =>
        response.Replace("\"status\"", $"\"language\":\"{language}\",\"status\"", StringComparison.Ordinal);

    private static string Panel(string instrument) => instrument == "phq-9" ? "44249-1" : "93025-5";

    private async Task<(JsonElement Task, JsonElement Flag)> RaisedAsync() =>
        (
            Assert.Single((await Server.GetAsync($"Task?patient=Patient/{_id}")).ShouldBe(200).Resources),
            Assert.Single((await Server.GetAsync($"Flag?patient=Patient/{_id}")).ShouldBe(200).Resources)
        );

    private static string Text(JsonElement resource, string name) => resource.GetProperty(name).GetString()!;

    private static string? VersionOf(JsonElement resource) =>
        resource.GetProperty("meta").GetProperty("versionId").GetString();
}
