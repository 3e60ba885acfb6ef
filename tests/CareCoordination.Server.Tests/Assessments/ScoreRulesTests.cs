using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Assessments;

/// <summary>What sites set themselves counts, from its day on and in its organisation; and many at once score once.</summary>
public sealed class ScoreRulesTests
{
    [Theory]
    [InlineData("clinic", "positive")]
    [InlineData("elsewhere", "negative")]
    public async Task An_organisation_has_bounds_of_its_own(string organization, string band)
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Care:Organizations:clinic:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Organizations:clinic:Rules:0:Assessments:Bands:phq-2/positive=2",
            "--Care:Organizations:clinic:Rules:0:Assessments:PositiveFrom:phq-2=2"
        );
        var score = await ScoreAsync(server, organization, "phq-2", "44250-9=LA6569-3", "44255-8=LA6569-3");

        Assert.Equal(band, Value(score, "band", "valueCode"));
        Assert.Equal(band == "positive", score.Body.Contains("complete-phq-9", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2020-01-01", "veteran-status", false)]
    [InlineData("2999-01-01", "veteran-status", true)]
    public async Task Answers_are_no_need_from_the_day_on_which_the_rules_say_so(
        string from,
        string domain,
        bool isNeed
    )
    {
        await using var server = await TestServer.OnSqliteAsync(
            $"--Care:Rules:0:EffectiveFrom={from}",
            "--Care:Rules:0:Assessments:NoNeed:0=93034-7/LA33-6"
        );

        var score = await ScoreAsync(server, "clinic", "prapare", "93034-7=LA33-6");

        Assert.Equal(isNeed, score.Body.Contains($"\"code\":\"{domain}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_total_in_proportion_says_so()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Care:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Rules:0:Assessments:MostMissing:gad-7=1"
        );

        var score = await ScoreAsync(
            server,
            "clinic",
            "gad-7",
            "69725-0=LA6570-1",
            "68509-9=LA6570-1",
            "69733-4=LA6570-1",
            "69734-2=LA6570-1",
            "69735-9=LA6570-1",
            "69689-8=LA6570-1"
        );

        Assert.Equal(
            ("14", "69736-7"),
            (Value(score, "score", "valueInteger"), Value(score, "missing", "valueString"))
        );
        Assert.Contains("In proportion, without an answer to 69736-7.", score.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_at_once_raise_one_alarm(bool onPostgreSql)
    {
        await using var server = onPostgreSql ? await PostgreSqlServer.NewAsync() : await TestServer.OnSqliteAsync();
        await PutAsync(server, "clinic", "phq-9", "44260-8=LA6569-3");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => server.AskAsync("QuestionnaireResponse/r/$score"))
        );

        Assert.All(answers, a => a.ShouldBe(200));
        Assert.Single(answers.Select(a => a.Body).Distinct());
        foreach (var type in new[] { "Task", "Flag", "Observation" })
        {
            var found = (await server.GetAsync($"{type}?patient=Patient/p")).ShouldBe(200);
            Assert.Single(found.Ids);
            Assert.Equal("1", found.Resources.Single().GetProperty("meta").GetProperty("versionId").GetString());
        }
    }

    private static async Task<Answer> ScoreAsync(
        TestServer server,
        string organization,
        string instrument,
        params string[] answers
    )
    {
        await PutAsync(server, organization, instrument, answers);
        return (await server.AskAsync("QuestionnaireResponse/r/$score")).ShouldBe(200);
    }

    private static async Task PutAsync(
        TestServer server,
        string organization,
        string instrument,
        params string[] answers
    )
    {
        await server.PutAsync(
            $"Organization/{organization}",
            $$"""{"resourceType":"Organization","id":"{{organization}}","name":"Clinic"}"""
        );
        await server.PutAsync(
            "Patient/p",
            $$$"""{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/{{{organization}}}"} }"""
        );
        var items = answers
            .Select(a => a.Split('='))
            .Select(a =>
                $$$"""{"linkId":"{{{a[0]}}}","answer":[{"valueCoding":{"system":"http://loinc.org","code":"{{{a[1]}}}"} }]}"""
            );
        (
            await server.PutAsync(
                "QuestionnaireResponse/r",
                $$$"""{"resourceType":"QuestionnaireResponse","id":"r","status":"completed","questionnaire":"https://carecoordination.example/fhir/Questionnaire/{{{instrument}}}","subject":{"reference":"Patient/p"},"item":[{{{string.Join(',', items)}}}]}"""
            )
        ).ShouldBe(201);
    }

    private static string? Value(Answer answer, string name, string property) =>
        answer
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == name)
            .Select(p => p.GetProperty(property).ToString())
            .FirstOrDefault();
}
