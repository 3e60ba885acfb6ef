using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Assessments;

/// <summary>The risk of readmission after a stay, from what the record has of it.</summary>
public abstract class RiskTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : RiskTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : RiskTests(shared);

    private const string Emergency =
        """ "priority":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActPriority","code":"EM"}]} """;

    private readonly string _id = Given.Id();

    private string Patient => $"Patient/{_id}";

    [Fact]
    public async Task Lace_of_a_whole_record_is_kept_with_its_basis()
    {
        await StayAsync("stay", "2026-11-01T20:00:00Z", "2026-11-09T10:00:00Z");
        await ConditionAsync("failure", "I50.9");
        await ConditionAsync("sugar", "E11.9");
        await EncounterAsync("visit", "EMER", "2026-09-01T10:00:00Z", "2026-09-01T13:00:00Z");
        await EncounterAsync("before", "EMER", "2026-04-01T10:00:00Z", "2026-04-01T13:00:00Z");
        await EncounterAsync("led", "EMER", "2026-11-01T16:00:00Z", "2026-11-01T20:00:00Z");

        var risk = (await AskAsync("lace")).ShouldBe(200);

        // 8 days, emergency, 3 of Charlson, 1 visit.
        Assert.Equal("L 5, A 3, C 3, E 1", risk.Json.GetProperty("prediction")[0].GetProperty("rationale").GetString());
        Assert.Equal(("final", "high"), (risk.Status(), TierOf(risk.Json)));
        Assert.Equal((12, 12), PointsOf(risk.Json));
        Assert.Equal(("lace-index", "lace-2010"), (CodeOf(risk.Json, "code"), CodeOf(risk.Json, "method")));
        Assert.Equal(
            [$"Encounter/{_id}-stay", $"Condition/{_id}-failure", $"Condition/{_id}-sugar", $"Encounter/{_id}-visit"],
            BasisOf(risk.Json).Where(b => b != $"Encounter/{_id}-led" && b != $"Encounter/{_id}-before")
        );
        Assert.Equal(
            (Patient, $"Encounter/{_id}-stay"),
            (risk.At("subject", "reference"), risk.At("encounter", "reference"))
        );
        Assert.Equal(risk.Body, (await Server.GetAsync($"RiskAssessment/{risk.Id}")).ShouldBe(200).Body);
        Assert.Single(await Server.ProvenanceOfAsync($"RiskAssessment/{risk.Id}", 1));
        Assert.Single(await Server.AuditEventsOfAsync($"RiskAssessment/{risk.Id}", 1));
    }

    [Fact]
    public async Task Hospital_takes_the_last_values_of_the_stay()
    {
        await StayAsync("stay", "2026-11-01T20:00:00Z", "2026-11-09T10:00:00Z");
        await LabAsync("early", "718-7", "9", "g/dL", "2026-11-02T08:00:00Z");
        await LabAsync("late", "718-7", "12.4", "g/dL", "2026-11-08T08:00:00Z");
        await LabAsync("salt", "2951-2", "131", "mmol/L", "2026-11-08T08:00:00Z");
        await EncounterAsync("last", "IMP", "2026-06-01", "2026-06-04");
        await EncounterAsync("moved", "IMP", "2026-06-04", "2026-06-09");
        await EncounterAsync("spring", "IMP", "2026-03-01", "2026-03-04");
        (
            await Server.PutAsync(
                $"Procedure/{_id}-p",
                $$$"""{"resourceType":"Procedure","id":"{{{_id}}}-p","status":"completed","subject":{"reference":"{{{Patient}}}"},"encounter":{"reference":"Encounter/{{{_id}}}-stay"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"80146002"}]} }"""
            )
        ).ShouldBe(201);

        var risk = (await AskAsync("hospital")).ShouldBe(200);

        Assert.Equal(
            "H 0, O missing, S 1, P 1, IT 1, A 2, L 2",
            risk.Json.GetProperty("prediction")[0].GetProperty("rationale").GetString()
        );
        Assert.Equal((7, 9), PointsOf(risk.Json));
        // Oncology could only make it higher, and it is high already.
        Assert.Equal(
            ("final", "high", "hospital-2016"),
            (risk.Status(), TierOf(risk.Json), CodeOf(risk.Json, "method"))
        );
        Assert.Equal(
            "Missing: Discharge from oncology. With them the score is between 7 and 9.",
            risk.Json.GetProperty("note")[0].GetProperty("text").GetString()
        );
        Assert.DoesNotContain($"Observation/{_id}-early", BasisOf(risk.Json));
        Assert.Contains($"Observation/{_id}-late", BasisOf(risk.Json));
    }

    [Fact]
    public async Task What_is_missing_is_named_and_nobodys_tier_rests_on_it()
    {
        await StayAsync("stay", "2026-11-01T20:00:00Z", "2026-11-04T10:00:00Z", priority: "\"language\":\"en\"");

        var risk = (await AskAsync("lace")).ShouldBe(200);

        Assert.Equal(("preliminary", "low"), (risk.Status(), TierOf(risk.Json)));
        Assert.Equal((3, 11), PointsOf(risk.Json));
        Assert.StartsWith(
            "Missing: Acuity of the admission; Comorbidity.",
            risk.Json.GetProperty("note")[0].GetProperty("text").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Asked_again_it_is_the_same_until_the_record_says_more()
    {
        await StayAsync("stay", "2026-11-01T20:00:00Z", "2026-11-09T10:00:00Z");
        var first = (await AskAsync("lace")).ShouldBe(200);

        Assert.Equal(first.Body, (await AskAsync("lace")).ShouldBe(200).Body);
        await ConditionAsync("failure", "I50.9");
        var second = (await AskAsync("lace")).ShouldBe(200);

        Assert.Equal((first.Id, "W/\"2\""), (second.Id, second.ETag));
        Assert.Equal(("preliminary", "final"), (first.Status(), second.Status()));
        Assert.NotEqual(first.Id, (await AskAsync("hospital")).ShouldBe(200).Id);
        Assert.Equal(2, (await Server.GetAsync($"RiskAssessment?subject={Patient}")).ShouldBe(200).Ids.Count());
    }

    [Theory]
    [InlineData("0001-01-01", "0001-01-03")]
    [InlineData("9999-12-30", "9999-12-31T23:59:59Z")]
    [InlineData("2026-11-09", "2026-11-01")]
    [InlineData("2026", "2026-11")]
    public async Task Any_period_is_answered(string start, string end)
    {
        await PatientAsync();
        var answer = await Server.PutAsync(
            $"Encounter/{_id}-odd",
            $$$"""{"resourceType":"Encounter","id":"{{{_id}}}-odd","status":"finished","class":{"code":"IMP"},"subject":{"reference":"{{{Patient}}}"},"period":{"start":"{{{start}}}","end":"{{{end}}}"} }"""
        );
        if (answer.Status == 201)
            (await AskAsync("lace")).ShouldBe(200);
        else
            answer.ShouldBe(400);
    }

    [Fact]
    public async Task Many_at_once_make_one()
    {
        await StayAsync("stay", "2026-11-01T20:00:00Z", "2026-11-09T10:00:00Z");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AskAsync("lace")));

        Assert.All(answers, a => a.ShouldBe(200));
        Assert.Single(answers.Select(a => a.Body).Distinct());
    }

    [Fact]
    public async Task The_stay_that_is_named_is_scored_and_else_the_latest()
    {
        await StayAsync("old", "2026-03-01T20:00:00Z", "2026-03-02T10:00:00Z");
        await StayAsync("new", "2026-11-01T20:00:00Z", "2026-11-20T10:00:00Z");

        var named = (await AskAsync("lace", Ask.Reference("encounter", $"Encounter/{_id}-old"))).ShouldBe(200);

        Assert.StartsWith(
            "L 1,",
            named.Json.GetProperty("prediction")[0].GetProperty("rationale").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal($"Encounter/{_id}-new", (await AskAsync("lace")).ShouldBe(200).At("encounter", "reference"));
    }

    [Fact]
    public async Task It_is_the_tier_of_the_patient_in_a_summary()
    {
        await StayAsync("stay", "2026-11-01T20:00:00Z", "2026-11-20T10:00:00Z");
        await ConditionAsync("failure", "I50.9");
        (await AskAsync("lace")).ShouldBe(200);

        var summary = (await Server.GetAsync($"{Patient}/$care-summary")).ShouldBe(200).Body;

        Assert.Contains("high", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_scored_is_refused()
    {
        await PatientAsync();
        (await AskAsync("lace")).ShouldRefuse(
            422,
            "error business-rule Parameters.parameter.where(name = 'encounter'): The record has no stay of the patient in hospital: send one as 'encounter', or store its Encounter first."
        );
        (await AskAsync("composite")).ShouldRefuse(
            400,
            "error value Parameters.parameter.where(name = 'method'): 'method' of $risk is one of lace, hospital."
        );
        (await Server.SendAsync(HttpMethod.Post, $"{Patient}/$risk", (string?)null)).ShouldRefuse(
            400,
            "error required Parameters.parameter: $risk needs the parameter 'method', sent as valueCode or valueString."
        );
        (await AskAsync("lace", Ask.Reference("encounter", "Encounter/nowhere"))).ShouldBe(422);
        (await Server.AskAsync($"Patient/{Given.Id()}/$risk", Ask.Value("method", "valueCode", "\"lace\""))).ShouldBe(
            404
        );

        var other = Given.Id();
        await Server.PutAsync($"Patient/{other}", Given.Patient(other));
        await StayAsync("stay", "2026-11-01T20:00:00Z", "2026-11-09T10:00:00Z");
        var refused = await Server.AskAsync(
            $"Patient/{other}/$risk",
            Ask.Value("method", "valueCode", "\"lace\""),
            Ask.Reference("encounter", $"Encounter/{_id}-stay")
        );
        refused.ShouldRefuse(
            422,
            $"error business-rule Parameters.parameter.where(name = 'encounter'): Encounter/{_id}-stay is a stay of somebody else, or says not whose."
        );
    }

    [Fact]
    public async Task Rules_of_the_deployment_choose_the_version()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Care:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Rules:0:Risk:HospitalVersion=2013",
            "--Care:Rules:0:Risk:StayIncludesBothDays=true"
        );
        await server.PutAsync("Patient/p", Given.Patient("p"));
        await server.PutAsync(
            "Encounter/e",
            """{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"IMP"},"subject":{"reference":"Patient/p"},"period":{"start":"2026-11-01","end":"2026-11-05"}}"""
        );

        var risk = (
            await server.AskAsync("Patient/p/$risk", Ask.Value("method", "valueCode", "\"hospital\""))
        ).ShouldBe(200);

        Assert.Equal("hospital-2013", CodeOf(risk.Json, "method"));
        Assert.EndsWith(
            "L 2",
            risk.Json.GetProperty("prediction")[0].GetProperty("rationale").GetString(),
            StringComparison.Ordinal
        );
    }

    private Task<Answer> AskAsync(string method, params string[] more) =>
        Server.AskAsync($"{Patient}/$risk", [Ask.Value("method", "valueCode", $"\"{method}\""), .. more]);

    private async Task PatientAsync() => await Server.PutAsync(Patient, Given.Patient(_id));

    private async Task StayAsync(string name, string start, string end, string priority = Emergency)
    {
        await PatientAsync();
        await EncounterAsync(name, "IMP", start, end, priority);
    }

    private async Task EncounterAsync(
        string name,
        string kind,
        string start,
        string end,
        string more = "\"language\":\"en\""
    ) =>
        (
            await Server.PutAsync(
                $"Encounter/{_id}-{name}",
                $$$"""{"resourceType":"Encounter","id":"{{{_id}}}-{{{name}}}","status":"finished","class":{"code":"{{{kind}}}"},"subject":{"reference":"{{{Patient}}}"},"period":{"start":"{{{start}}}","end":"{{{end}}}"},{{{more}}}}"""
            )
        ).ShouldBe(201);

    private async Task ConditionAsync(string name, string code) =>
        (
            await Server.PutAsync(
                $"Condition/{_id}-{name}",
                $$$"""{"resourceType":"Condition","id":"{{{_id}}}-{{{name}}}","subject":{"reference":"{{{Patient}}}"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{{{code}}}"}]} }"""
            )
        ).ShouldBe(201);

    private async Task LabAsync(string name, string code, string value, string unit, string at) =>
        (
            await Server.PutAsync(
                $"Observation/{_id}-{name}",
                $$$"""{"resourceType":"Observation","id":"{{{_id}}}-{{{name}}}","status":"final","subject":{"reference":"{{{Patient}}}"},"code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"effectiveDateTime":"{{{at}}}","valueQuantity":{"value":{{{value}}},"unit":"{{{unit}}}"} }"""
            )
        ).ShouldBe(201);

    private static string? TierOf(JsonElement risk)
    {
        var coding = risk.GetProperty("prediction")[0].GetProperty("qualitativeRisk").GetProperty("coding")[0];
        Assert.Equal(
            "http://terminology.hl7.org/CodeSystem/risk-probability",
            coding.GetProperty("system").GetString()
        );
        return coding.GetProperty("code").GetString();
    }

    private static (int Points, int Most) PointsOf(JsonElement risk)
    {
        var parts = risk.GetProperty("extension")[0].GetProperty("extension").EnumerateArray().ToArray();
        return (parts[0].GetProperty("valueInteger").GetInt32(), parts[1].GetProperty("valueInteger").GetInt32());
    }

    private static string? CodeOf(JsonElement risk, string element) =>
        risk.GetProperty(element).GetProperty("coding")[0].GetProperty("code").GetString();

    private static IEnumerable<string> BasisOf(JsonElement risk) =>
        risk.GetProperty("basis").EnumerateArray().Select(b => b.GetProperty("reference").GetString()!);
}
