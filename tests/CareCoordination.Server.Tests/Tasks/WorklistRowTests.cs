using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>A worklist is shown from one answer: the tasks, whose they are, how to reach them and at what risk they are.</summary>
public abstract class WorklistRowTests(SharedServer shared) : ServerTests(shared)
{
    private readonly string _owner = $"Practitioner/{Given.Id("o")}";

    public sealed class OnSqlite(SqliteServer shared) : WorklistRowTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : WorklistRowTests(shared);

    [Fact]
    public async Task The_patient_and_the_risk_that_holds_come_along()
    {
        var (patient, risk) = await PatientAsync();
        var task = await TaskAsync(patient, "call");
        await TaskAsync(patient, "visit");

        var list = (await Server.GetAsync($"Task/$worklist?owner={_owner}&_include=Task:patient&code=call")).ShouldBe(
            200
        );

        Assert.Equal(
            [("match", $"Task/{task}"), ("include", patient), ("include", risk)],
            list.Entries.Select(e => (Mode(e), Of(e)))
        );
        Assert.Equal("1", list.Text("total"));
        var included = list.Resources.ElementAt(1);
        Assert.Equal("+1 555 0100", included.GetProperty("telecom")[0].GetProperty("value").GetString());
        Assert.Equal(
            "es",
            included
                .GetProperty("communication")[0]
                .GetProperty("language")
                .GetProperty("coding")[0]
                .GetProperty("code")
                .GetString()
        );
        Assert.Single((await Server.GetAsync($"Task/$worklist?owner={_owner}&code=call")).Entries);
    }

    [Fact]
    public async Task Each_page_brings_the_patients_of_its_tasks_once()
    {
        var (first, second) = (await PatientAsync(), await PatientAsync());
        foreach (var patient in new[] { first.Patient, first.Patient, second.Patient })
            await TaskAsync(patient, "call");
        var seen = new List<string>();
        for (var next = $"Task/$worklist?owner={_owner}&_include=Task:patient&_count=2"; next is not null; )
        {
            var page = (await Server.GetAsync(next)).ShouldBe(200);
            var matches = page.Entries.Where(e => Mode(e) == "match").ToArray();
            Assert.Equal(
                matches
                    .Select(m => m.GetProperty("resource").GetProperty("for").GetProperty("reference").GetString())
                    .Distinct()
                    .Order(StringComparer.Ordinal),
                page.Entries.Where(e => Mode(e) == "include")
                    .Select(Of)
                    .Where(r => r.StartsWith("Patient/", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
            );
            seen.AddRange(matches.Select(Of));
            next = page.Link("next")?[(Server.Base.Length + 1)..];
        }

        Assert.Equal(3, seen.Distinct().Count());
    }

    [Fact]
    public async Task Only_the_elements_of_tasks_are_cut()
    {
        var (patient, _) = await PatientAsync();
        await TaskAsync(patient, "call");

        var list = (
            await Server.GetAsync($"Task/$worklist?owner={_owner}&_elements=for,description&_include=Task:patient")
        ).ShouldBe(200);

        var task = list.Resources.First();
        Assert.Equal("Call", task.GetProperty("description").GetString());
        Assert.True(task.TryGetProperty("status", out _));
        Assert.False(task.TryGetProperty("code", out _));
        Assert.False(task.TryGetProperty("owner", out _));
        Assert.True(list.Resources.ElementAt(1).TryGetProperty("telecom", out _));
    }

    [Theory]
    [InlineData("code=call", 2)]
    [InlineData("code=urn:c|call", 2)]
    [InlineData("code=call,visit", 3)]
    [InlineData("code=call&code=visit", 3)]
    [InlineData("code=urn:other|call", 0)]
    [InlineData("code=call&role=nurse", 1)]
    [InlineData("code=call&priority=urgent", 1)]
    public async Task Codes_filter_with_the_others(string filter, int count)
    {
        await Server.EmployAsync(_owner);
        var (patient, _) = await PatientAsync();
        await TaskAsync(patient, "call", ",\"priority\":\"urgent\"");
        await TaskAsync(patient, "call", ",\"performerType\":[{\"coding\":[{\"code\":\"nurse\"}]}]");
        await TaskAsync(patient, "visit");

        var list = (await Server.GetAsync($"Task/$worklist?owner={_owner}&{filter}")).ShouldBe(200);

        Assert.Equal((count, $"{count}"), (list.Entries.Count(), list.Text("total")));
    }

    [Theory]
    [InlineData("count=2")]
    [InlineData("_count=2")]
    public async Task Count_is_spelled_either_way(string count)
    {
        var (patient, _) = await PatientAsync();
        for (var i = 0; i < 3; i++)
            await TaskAsync(patient, "call");

        var list = (await Server.GetAsync($"Task/$worklist?owner={_owner}&{count}")).ShouldBe(200);

        Assert.Equal((2, "3"), (list.Entries.Count(), list.Text("total")));
        Assert.NotNull(list.Link("next"));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("team")]
    public async Task An_owner_who_is_not_here_is_an_error_and_one_without_work_is_not(string parameter)
    {
        var type = parameter == "owner" ? "Practitioner" : "Organization";
        var missing = await Server.GetAsync($"Task/$worklist?{parameter}={type}/{Given.Id()}");
        var idle = $"{type}/{Given.Id()}";
        await Server.EmployAsync(idle);

        Assert.Equal((422, "reference-unresolved"), (missing.Status, Caseload.Ward.Rule(missing)));
        Assert.Equal("0", (await Server.GetAsync($"Task/$worklist?{parameter}={idle}")).ShouldBe(200).Text("total"));
    }

    [Theory]
    [InlineData("_include=Task:nonsense")]
    [InlineData("_include=Patient:link")]
    [InlineData("code:text=x")]
    public async Task What_cannot_come_along_is_refused(string query) =>
        (await Server.GetAsync($"Task/$worklist?owner={_owner}&{query}")).ShouldBe(400);

    private static string Mode(JsonElement entry) => entry.GetProperty("search").GetProperty("mode").GetString()!;

    private static string Of(JsonElement entry)
    {
        var resource = entry.GetProperty("resource");
        return $"{resource.GetProperty("resourceType").GetString()}/{resource.GetProperty("id").GetString()}";
    }

    /// <returns>The patient, and the later of two assessments.</returns>
    private async Task<(string Patient, string Risk)> PatientAsync()
    {
        var id = Given.Id("p");
        (
            await Server.PutAsync(
                $"Patient/{id}",
                $$$"""{"resourceType":"Patient","id":"{{{id}}}","name":[{"family":"Ortega"}],"telecom":[{"system":"phone","value":"+1 555 0100"}],"communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"es"}]}}]}"""
            )
        ).ShouldBe(201);
        var later = await AssessAsync(id, "2026-02-01", "high");
        await AssessAsync(id, "2026-01-01", "low");
        return ($"Patient/{id}", $"RiskAssessment/{later}");
    }

    private async Task<string> AssessAsync(string patient, string day, string tier) =>
        (
            await Server.PostAsync(
                "RiskAssessment",
                $$$"""{"resourceType":"RiskAssessment","status":"final","occurrenceDateTime":"{{{day}}}","subject":{"reference":"Patient/{{{patient}}}"},"prediction":[{"qualitativeRisk":{"coding":[{"code":"{{{tier}}}"}]}}]}"""
            )
        )
            .ShouldBe(201)
            .Id;

    private async Task<string> TaskAsync(string patient, string code, string more = "") =>
        (
            await Server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"ready","intent":"order","description":"Call","code":{"coding":[{"system":"urn:c","code":"{{{code}}}"}]},"for":{"reference":"{{{patient}}}"},"owner":{"reference":"{{{_owner}}}"}{{{more}}}}"""
            )
        )
            .ShouldBe(201)
            .Id;
}
