using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Assessments;

/// <summary>A response that is said to be complete fits its Questionnaire, by whichever door it comes.</summary>
public abstract class ResponseTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ResponseTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ResponseTests(shared);

    private const string Phq2 = "https://carecoordination.example/fhir/Questionnaire/phq-2";
    private const string Fits =
        """{"linkId":"44250-9","answer":[{"valueCoding":{"system":"http://loinc.org","code":"LA6570-1"}}]}""";
    private const string Slashed = """{"linkId":"/44255-8","answer":[{"valueCoding":{"code":"LA6568-5"}}]}""";
    private const string NotOffered =
        """{"linkId":"/44250-9","answer":[{"valueCoding":{"system":"http://loinc.org","code":"LA33-6"}}]}""";

    private const string Refusal =
        "error business-rule QuestionnaireResponse.item[0].answer[0]: Item '44250-9' has an answer that is not offered.";

    private readonly string _id = Given.Id();

    [Theory]
    [InlineData("completed")]
    [InlineData("amended")]
    public async Task One_that_fits_is_stored(string status) =>
        (await Server.PostAsync("QuestionnaireResponse", Response(status, Phq2, $"{Fits},{Slashed}"))).ShouldBe(201);

    [Theory]
    [InlineData("in-progress")]
    [InlineData("stopped")]
    [InlineData("entered-in-error")]
    public async Task One_that_is_not_complete_may_be_anything(string status) =>
        (await Server.PostAsync("QuestionnaireResponse", Response(status, Phq2, NotOffered))).ShouldBe(201);

    [Theory]
    [InlineData("http://a.example/Questionnaire/elsewhere")]
    [InlineData("https://carecoordination.example/fhir/Questionnaire/nobody")]
    [InlineData("Questionnaire/nobody")]
    public async Task One_of_a_Questionnaire_that_is_not_here_is_stored_as_it_is(string canonical) =>
        (await Server.PostAsync("QuestionnaireResponse", Response("completed", canonical, NotOffered))).ShouldBe(201);

    [Fact]
    public async Task Every_door_refuses_what_does_not_fit()
    {
        var bad = Response("completed", Phq2, NotOffered);
        var named = Response("completed", Phq2, NotOffered, _id);
        var key = $"QuestionnaireResponse/{_id}";
        (await Server.PutAsync(key, Response("in-progress", Phq2, NotOffered, _id))).ShouldBe(201);

        (await Server.PostAsync("QuestionnaireResponse", bad)).ShouldRefuse(422, Refusal);
        (await Server.PutAsync(key, named)).ShouldRefuse(422, Refusal);
        (await Server.PatchAsync(key, """[{"op":"replace","path":"/status","value":"completed"}]""")).ShouldRefuse(
            422,
            Refusal
        );
        (
            await Server.SendAsync(
                HttpMethod.Patch,
                key,
                Ask.Patch(Ask.Step("replace", "QuestionnaireResponse.status", "\"valueCode\":\"amended\"")),
                ["Content-Type: application/fhir+json"]
            )
        ).ShouldRefuse(422, Refusal);
        (await Server.SendAsync(HttpMethod.Put, $"QuestionnaireResponse?_id={_id}", named)).ShouldRefuse(422, Refusal);
        var transaction = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("POST", "Patient", Given.PatientWith(_id)),
                Given.Entry("POST", "QuestionnaireResponse", bad)
            )
        );
        transaction.ShouldBe(422);
        Assert.Contains(
            "Item '44250-9' has an answer that is not offered.",
            transaction.Body,
            StringComparison.Ordinal
        );
        Assert.Empty((await Server.GetAsync($"Patient?identifier={_id}")).ShouldBe(200).Ids);
        var batch = (await Server.PostAsync("", Given.Batch(Given.Entry("PUT", key, named)))).ShouldBe(200);
        Assert.StartsWith(
            "422",
            batch.Entries.Single().GetProperty("response").GetProperty("status").GetString(),
            StringComparison.Ordinal
        );

        Assert.Equal("in-progress", await Server.StatusOfAsync(key));
    }

    [Fact]
    public async Task The_refusal_has_the_code_of_the_rule_and_every_place()
    {
        var answer = await Server.PostAsync(
            "QuestionnaireResponse",
            Response("completed", Phq2, $$"""{{NotOffered}},{"linkId":"sleep","answer":[{"valueBoolean":true}]}""")
        );

        answer.ShouldRefuse(
            422,
            "error business-rule QuestionnaireResponse.item[1]: Item 'sleep' is not in the Questionnaire.",
            Refusal
        );
        Assert.All(
            answer.Json.GetProperty("issue").EnumerateArray(),
            i =>
                Assert.Equal(
                    "response-unfit",
                    i.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()
                )
        );
    }

    [Fact]
    public async Task A_stored_Questionnaire_counts_by_its_url_and_version()
    {
        var url = $"http://a.example/Questionnaire/{_id}";
        await Server.PutAsync($"Questionnaire/{_id}-1", Questionnaire($"{_id}-1", url, "1", required: true));
        await Server.PutAsync($"Questionnaire/{_id}-2", Questionnaire($"{_id}-2", url, "2", required: false));
        const string Missing =
            "error business-rule QuestionnaireResponse.item: Item 'name' is required, and has no answer.";

        Task<Answer> Post(string canonical) =>
            Server.PostAsync("QuestionnaireResponse", Response("completed", canonical, ""));

        (await Post($"{url}|1")).ShouldRefuse(422, Missing);
        (await Post($"{url}|2")).ShouldBe(201);
        (await Post(url)).ShouldBe(201);
        (await Post($"{url}|3")).ShouldBe(201);
        (await Post($"Questionnaire/{_id}-1")).ShouldRefuse(422, Missing);
    }

    [Fact]
    public async Task A_Questionnaire_of_the_same_transaction_counts()
    {
        var url = $"http://a.example/Questionnaire/{_id}";
        Task<Answer> Post(bool required) =>
            Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", "QuestionnaireResponse", Response("completed", url, "")),
                    Given.Entry("PUT", $"Questionnaire/{_id}", Questionnaire(_id, url, "1", required))
                )
            );

        (await Post(required: true)).ShouldBe(422);
        (await Server.GetAsync($"Questionnaire/{_id}")).ShouldBe(404);
        (await Post(required: false)).ShouldBe(200);
    }

    private static string Questionnaire(string id, string url, string version, bool required) =>
        $$"""{"resourceType":"Questionnaire","id":"{{id}}","url":"{{url}}","version":"{{version}}","status":"active","item":[{"linkId":"name","type":"string","required":{{(required ? "true" : "false")}}}]}""";

    private static string Response(string status, string questionnaire, string items, string? id = null)
    {
        var own = id is null ? "" : $"\"id\":\"{id}\",";
        var list = items.Length == 0 ? "" : $",\"item\":[{items}]";
        return $$"""{"resourceType":"QuestionnaireResponse",{{own}}"status":"{{status}}","questionnaire":"{{questionnaire}}"{{list}}}""";
    }
}
