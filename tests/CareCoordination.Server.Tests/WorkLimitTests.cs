using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>Requests of a few characters that ask for work without end: each is refused, and the server serves on.</summary>
public sealed class WorkLimitTests(SqliteServer shared) : ServerTests(shared)
{
    private const string D = "%resource.descendants()";

    private const string Steps =
        "The expressions and patches of this request take more than 3000000 steps (limit MaxEvaluationSteps): let them visit fewer elements, or send less at a time.";

    private const string Text =
        "The expressions of this request make more than 16777216 characters of text (limit MaxEvaluationText): let them make shorter strings, or fewer.";

    private const string Patterns =
        "The regular expressions of this request take longer than 1000 ms (limit MaxRegexMilliseconds): use simpler patterns, or shorter texts.";

    public static TheoryData<string, string> Conditions =>
        new()
        {
            { "'a'.repeat($this & 'a').count() > 0", Text },
            { $"{D}.where({D}.where({D}.exists()).exists()).count() > 0", Steps },
            { $"name.where({D}.where({D}.where($this='zz').exists()).exists()).exists()", Steps },
            { $"{D}.take(40).aggregate($total & $total,'ab').exists()", Text },
            { "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('(?=(a+)+b)a')", Patterns },
            {
                "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.toChars().select('aaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('(?=(a+)+b)' & $this)).exists()",
                Patterns
            },
            { $"{D}.select({D}.distinct().count()).exists()", Steps },
        };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task A_path_of_a_FHIRPath_Patch(string condition, string sentence)
    {
        var id = await PatientAsync();

        var answer = await Server.SendAsync(
            HttpMethod.Patch,
            $"Patient/{id}",
            Ask.Patch(Ask.Step("replace", $"Patient.where({condition}).gender", "\"valueCode\":\"male\""))
        );

        Assert.Equal(422, answer.Status);
        Assert.StartsWith(
            "error too-costly: Operation 1 of the patch (replace Patient.where(",
            answer.Issues[0],
            StringComparison.Ordinal
        );
        Assert.EndsWith(sentence, answer.Issues[0], StringComparison.Ordinal);
        Assert.Equal("W/\"1\"", (await Server.GetAsync($"Patient/{id}")).ETag);
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task A_condition_of_a_definition(string condition, string sentence)
    {
        var id = await PatientAsync();

        var answer = await Server.AskAsync(
            "PlanDefinition/$apply",
            Ask.Value("planDefinition", "resource", Plan(condition)),
            Ask.Text("subject", $"Patient/{id}")
        );

        answer.ShouldRefuse(422, $"error too-costly PlanDefinition.action[0].condition[0].expression: {sentence}");
    }

    [Theory]
    [InlineData("Patient.where(id.matches('('))", "The pattern is no regular expression.")]
    [InlineData("Patient.name.where(family > 1)", "System.String and System.Integer have no order.")]
    [InlineData("Patient.name.sort(family | given)", "One item is expected, but there are 3.")]
    [InlineData("(1 | 'a').sort()", "System.Integer and System.String have no order.")]
    [InlineData(
        "Patient.where(@9999.highBoundary() = today())",
        "today() needs the evaluation context to tell the time."
    )]
    public async Task A_path_that_cannot_be_evaluated(string path, string sentence)
    {
        var id = await PatientAsync();

        var answer = await Server.SendAsync(
            HttpMethod.Patch,
            $"Patient/{id}",
            Ask.Patch(Ask.Step("replace", path, "\"valueCode\":\"male\""))
        );

        answer.ShouldRefuse(
            422,
            $"error processing: Operation 1 of the patch (replace {path}) cannot be done: {sentence}"
        );
    }

    [Theory]
    [InlineData(1900, ".first()")]
    [InlineData(900, ".where(true)")]
    [InlineData(190, ".extension.value")]
    public async Task A_chain_of_calls_as_deep_as_the_stack(int links, string link)
    {
        var id = await PatientAsync();
        var path = "Patient" + string.Concat(Enumerable.Repeat(link, links));

        var answer = await Server.SendAsync(
            HttpMethod.Patch,
            $"Patient/{id}",
            Ask.Patch(Ask.Step("delete", path, "\"valueCode\":\"x\""))
        );

        Assert.True(answer.Status is 422 or 400 or 200);
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_list_that_is_copied_into_itself()
    {
        var id = await PatientAsync();
        var copies = Enumerable.Repeat("""{"op":"copy","from":"/name","path":"/name/-"}""", 60);

        var answer = await Server.PatchAsync($"Patient/{id}", $"[{string.Join(',', copies)}]");

        Assert.Equal(422, answer.Status);
        Assert.EndsWith(
            "The patches of this request copy and write more than 67108864 bytes (limit MaxPatchedBytes): send fewer operations at a time.",
            Assert.Single(answer.Issues),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Entries_of_a_batch_share_what_one_request_may_cost()
    {
        await using var small = await TestServer.OnSqliteAsync("--Limits:MaxEvaluationSteps=20000");
        var id = Given.Id();
        (await small.PutAsync($"Patient/{id}", Patient(id))).ShouldBe(201);
        var step = Ask.Patch(Ask.Step("replace", $"Patient.where({D}.exists()).gender", "\"valueCode\":\"male\""));
        var entries = Enumerable.Repeat(Given.Entry("PATCH", $"Patient/{id}", step), 40).ToArray();

        var alone = await small.SendAsync(HttpMethod.Patch, $"Patient/{id}", step);
        var batch = (await small.PostAsync("", Given.Batch(entries))).ShouldBe(200);
        var transaction = await small.PostAsync("", Given.Transaction(entries));

        alone.ShouldBe(200);
        var statuses = batch.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString()).ToList();
        Assert.Contains("200 OK", statuses);
        Assert.Contains("422 Unprocessable Content", statuses);
        Assert.Equal(2, statuses.Distinct().Count());
        Assert.NotEqual(200, transaction.Status);
    }

    [Fact]
    public async Task Invariants_of_a_large_resource_are_evaluated_whatever_the_limit()
    {
        await using var small = await TestServer.OnSqliteAsync("--Limits:MaxEvaluationSteps=1000");
        var items = Enumerable
            .Range(0, 2000)
            .Select(i =>
                string.Create(CultureInfo.InvariantCulture, $$"""{"linkId":"i{{i}}","text":"x","type":"string"}""")
            );

        var answer = await small.PostAsync(
            "Questionnaire/$validate",
            $$"""{"resourceType":"Questionnaire","status":"draft","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"item":[{{string.Join(',', items)}}]}"""
        );

        Assert.Equal(["information informational: All OK"], answer.ShouldBe(200).Issues);
    }

    private async Task<string> PatientAsync()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", Patient(id))).ShouldBe(201);
        return id;
    }

    private static string Patient(string id)
    {
        var names = Enumerable.Repeat("""{"family":"F","given":["A","B"],"period":{"start":"2020"}}""", 400);
        return $$"""{"resourceType":"Patient","id":"{{id}}","gender":"other","name":[{{string.Join(',', names)}}]}""";
    }

    private static string Plan(string condition) =>
        $$$"""{"resourceType":"PlanDefinition","url":"https://templates.test/p","status":"active","action":[{"title":"a","condition":[{"kind":"applicability","expression":{"language":"text/fhirpath","expression":"{{{condition}}}"}}]}]}""";
}
