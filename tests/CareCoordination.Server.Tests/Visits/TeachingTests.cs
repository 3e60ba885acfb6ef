using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Visits;

/// <summary>Education with teach-back, over HTTP.</summary>
public abstract class TeachingTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TeachingTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TeachingTests(shared);

    private const string Work = "https://carecoordination.example/fhir/CodeSystem/education-work";
    private const string Outcomes = "https://carecoordination.example/fhir/CodeSystem/teach-back-outcome";

    private readonly string _request = Given.Id("r");
    private readonly string _nurse = $"Practitioner/{Given.Id("nurse")}";

    [Theory]
    [InlineData("understood", 0)]
    [InlineData("needs-reinforcement", 1)]
    [InlineData("not-understood", 1)]
    public async Task What_the_patient_could_say_back_decides_whether_it_is_taught_again(string outcome, int again)
    {
        var clinic = await AskedAsync();
        var task = Assert.Single(await clinic.TasksAsync("teach"));
        await BeginAsync(task);
        (await Server.AskAsync($"Task/{Clinic.IdOf(task)}/$complete", OutcomePart(outcome))).ShouldBe(200);

        Assert.Equal(again, (await OpenAsync(clinic)).Length);
        Assert.Equal(outcome, OutcomeOf((await Server.GetAsync($"Task/{Clinic.IdOf(task)}")).ShouldBe(200).Json));
    }

    [Fact]
    public async Task The_outcome_of_the_command_may_say_it_too()
    {
        var clinic = await AskedAsync();
        var task = Assert.Single(await clinic.TasksAsync("teach"));
        await BeginAsync(task);
        (
            await Server.AskAsync(
                $"Task/{Clinic.IdOf(task)}/$complete",
                Ask.Value(
                    "outcome",
                    "valueCodeableConcept",
                    $$"""{"coding":[{"system":"{{Outcomes}}","code":"not-understood"}]}"""
                )
            )
        ).ShouldBe(200);

        Assert.Equal("not-understood", OutcomeOf((await Server.GetAsync($"Task/{Clinic.IdOf(task)}")).Json));
        Assert.Single(await OpenAsync(clinic));
    }

    [Theory]
    [InlineData("$complete")]
    [InlineData("put")]
    [InlineData("patch")]
    [InlineData("post")]
    [InlineData("transaction")]
    public async Task Teaching_is_completed_by_no_door_without_what_came_of_it(string door)
    {
        var clinic = await AskedAsync();
        var task = Assert.Single(await clinic.TasksAsync("teach"));
        await BeginAsync(task);
        var at = $"Task/{Clinic.IdOf(task)}";
        var now = (await Server.GetAsync(at)).ShouldBe(200).Body;
        var done = now.Replace("\"in-progress\"", "\"completed\"", StringComparison.Ordinal);
        var answer = door switch
        {
            "$complete" => await Server.AskAsync($"{at}/$complete"),
            "put" => await Server.PutAsync(at, done),
            "post" => await Server.PostAsync("Task", done),
            "transaction" => await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", at, done))),
            _ => await Server.PatchAsync(at, """[{"op":"replace","path":"/status","value":"completed"}]"""),
        };

        Assert.Equal(422, answer.Status);
        Assert.Contains("teach-back-missing", answer.Body, StringComparison.Ordinal);
        Assert.Contains("needs-reinforcement", answer.Body, StringComparison.Ordinal);
        Assert.Equal("in-progress", await Server.StatusOfAsync(at));
    }

    [Fact]
    public async Task What_is_not_understood_twice_comes_to_a_lead_and_a_procedure_does_the_third_time()
    {
        var clinic = await AskedAsync();
        for (var times = 0; times < 2; times++)
        {
            var task = Assert.Single(await OpenAsync(clinic));
            await BeginAsync(task);
            (await Server.AskAsync($"Task/{Clinic.IdOf(task)}/$complete", OutcomePart("not-understood"))).ShouldBe(200);
        }

        Assert.Single(await clinic.TasksAsync("escalate", "requested"));
        var third = Assert.Single(await OpenAsync(clinic));
        Assert.Equal("urgent", third.GetProperty("priority").GetString());

        (
            await Server.PostAsync(
                "Procedure",
                $$$"""{"resourceType":"Procedure","status":"completed","subject":{"reference":"{{{clinic.Patient}}}"},"basedOn":[{"reference":"ServiceRequest/{{{_request}}}"}],"performedDateTime":"{{{clinic.In(0)}}}","outcome":{"coding":[{"system":"{{{Outcomes}}}","code":"understood"}]} }"""
            )
        ).ShouldBe(201);

        Assert.Empty(await OpenAsync(clinic));
        Assert.Equal("completed", await Server.StatusOfAsync($"Task/{Clinic.IdOf(third)}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_procedure_and_a_request_that_never_were_take_back_what_followed(bool isDeleted)
    {
        var clinic = await AskedAsync();
        var task = Assert.Single(await OpenAsync(clinic));
        var procedure = (
            await Server.PostAsync(
                "Procedure",
                $$$"""{"resourceType":"Procedure","status":"completed","subject":{"reference":"{{{clinic.Patient}}}"},"basedOn":[{"reference":"ServiceRequest/{{{_request}}}"}],"outcome":{"coding":[{"system":"{{{Outcomes}}}","code":"not-understood"}]} }"""
            )
        )
            .ShouldBe(201)
            .Id;
        Assert.NotEqual(Clinic.IdOf(task), Clinic.IdOf(Assert.Single(await OpenAsync(clinic))));

        await VoidAsync($"Procedure/{procedure}", isDeleted);
        Assert.Equal(Clinic.IdOf(task), Clinic.IdOf(Assert.Single(await OpenAsync(clinic))));

        await VoidAsync($"ServiceRequest/{_request}", isDeleted);
        Assert.Empty(await OpenAsync(clinic));
    }

    [Fact]
    public async Task Material_that_a_patient_has_reviewed_is_talked_about()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        var review = (
            await Server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"ready","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes","code":"review-material"}]},"for":{"reference":"{{{clinic.Patient}}}"},"owner":{"reference":"{{{clinic.Patient}}}"} }"""
            )
        ).ShouldBe(201);
        Assert.Empty(await OpenAsync(clinic));

        (
            await Server.PatchAsync($"Task/{review.Id}", """[{"op":"replace","path":"/status","value":"completed"}]""")
        ).ShouldBe(200);

        Assert.Equal(
            $"Task/{review.Id}",
            Assert.Single(await OpenAsync(clinic)).GetProperty("focus").GetProperty("reference").GetString()
        );
    }

    private async Task VoidAsync(string reference, bool isDeleted)
    {
        var answer = isDeleted
            ? await Server.DeleteAsync(reference)
            : await Server.PatchAsync(reference, """[{"op":"replace","path":"/status","value":"entered-in-error"}]""");
        answer.ShouldBe(isDeleted ? 204 : 200);
    }

    private async Task<Clinic> AskedAsync()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (
            await Server.PutAsync(
                $"ServiceRequest/{_request}",
                $$$"""{"resourceType":"ServiceRequest","id":"{{{_request}}}","status":"active","intent":"order","category":[{"coding":[{"system":"http://snomed.info/sct","code":"409073007"}]}],"code":{"text":"Signs to call for"},"subject":{"reference":"{{{clinic.Patient}}}"} }"""
            )
        ).ShouldBe(201);
        return clinic;
    }

    private async Task BeginAsync(JsonElement task)
    {
        var at = $"Task/{Clinic.IdOf(task)}";
        if (task.GetProperty("status").GetString() == "requested")
        {
            (await Server.AskAsync($"{at}/$claim", Ask.Reference("practitioner", _nurse))).ShouldBe(200);
            (await Server.AskAsync($"{at}/$accept")).ShouldBe(200);
        }

        (await Server.AskAsync($"{at}/$start")).ShouldBe(200);
    }

    private static Task<JsonElement[]> OpenAsync(Clinic clinic) =>
        clinic.TasksAsync("teach", "requested,ready,accepted,in-progress");

    private static string OutcomePart(string outcome) =>
        $$$"""{"name":"output","part":[{"name":"type","valueCodeableConcept":{"coding":[{"system":"{{{Work}}}","code":"teach-back"}]} },{"name":"value","valueCodeableConcept":{"coding":[{"system":"{{{Outcomes}}}","code":"{{{outcome}}}"}]} }]}""";

    private static string? OutcomeOf(JsonElement task) =>
        task.GetProperty("output")
            .EnumerateArray()
            .Where(o =>
                o.GetProperty("type").TryGetProperty("coding", out var c)
                && c[0].GetProperty("code").GetString() == "teach-back"
            )
            .Select(o => o.GetProperty("valueCodeableConcept").GetProperty("coding")[0].GetProperty("code").GetString())
            .Single();
}
