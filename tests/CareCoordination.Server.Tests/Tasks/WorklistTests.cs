using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>What a care manager sees: the worklist and the caseload.</summary>
public abstract class WorklistTests(SharedServer shared) : ServerTests(shared)
{
    private readonly string _owner = $"PractitionerRole/{Given.Id("r")}";

    public sealed class OnSqlite(SqliteServer shared) : WorklistTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : WorklistTests(shared);

    [Fact]
    public async Task The_most_pressing_task_comes_first()
    {
        var risky = await PatientAsync("high");
        var calm = await PatientAsync("low");
        string[] expected =
        [
            await TaskAsync("stat", "2999-01-01", calm),
            await TaskAsync("routine", "2001-01-01", calm),
            await TaskAsync("routine", "2999-01-02", risky),
            await TaskAsync("routine", "2999-01-01", calm),
        ];
        await TaskAsync("stat", "2001-01-01", calm, "completed");

        var list = (await Server.GetAsync($"Task/$worklist?owner={_owner}")).ShouldBe(200);

        Assert.Equal(expected, list.Ids);
        Assert.Equal(("searchset", "4"), (list.Text("type"), list.Text("total")));
        Assert.Equal(
            expected,
            (await Server.AskAsync("Task/$worklist", Ask.Reference("owner", _owner))).ShouldBe(200).Ids
        );
        Assert.Equal(
            expected[1..2],
            (await Server.GetAsync($"Task/$worklist?owner={_owner}&dueBefore=2010-01-01")).ShouldBe(200).Ids
        );
    }

    [Fact]
    public async Task Pages_hold_together_while_tasks_are_done()
    {
        var patient = await PatientAsync("low");
        var tasks = new List<string>();
        for (var day = 1; day <= 5; day++)
            tasks.Add(await TaskAsync("routine", $"2999-01-0{day}", patient));

        var first = (await Server.GetAsync($"Task/$worklist?owner={_owner}&_count=2")).ShouldBe(200);
        await Server.AskAsync($"Task/{tasks[0]}/$cancel", Ask.Text("reason", "Done otherwise"));
        var second = (await Server.GetAsync(first.Link("next")![(Server.Base.Length + 1)..])).ShouldBe(200);

        Assert.Equal(tasks[..2], first.Ids);
        Assert.Equal(tasks[2..4], second.Ids);
        Assert.NotNull(second.Link("next"));
        (await Server.GetAsync($"Task/$worklist?owner={_owner}&nonsense=1")).ShouldBe(400);
    }

    /// <summary>Parameters of a body, and what they are in an address.</summary>
    public static TheoryData<string, string> Parameters =>
        new()
        {
            { "", "" },
            { """{"name":"patient","valueReference":{"reference":"PATIENT"}}""", "patient=PATIENT" },
            { """{"name":"patient","valueReference":{"reference":"BASE/PATIENT"}}""", "patient=PATIENT" },
            { """{"name":"status","valueString":"ready,draft"}""", "status=ready,draft" },
            { """{"name":"priority","valueCode":"routine"}""", "priority=routine" },
            {
                """{"name":"dueBefore","valueDateTime":"2999-02-01T00:00:00+01:00"}""",
                "dueBefore=2999-02-01T00:00:00%2B01:00"
            },
            { """{"name":"dueBefore","valueDate":"2999-02-01"}""", "dueBefore=2999-02-01" },
            { """{"name":"code","valueString":"http://a.example|a&b"}""", "code=http://a.example%7Ca%26b" },
            { """{"name":"_include","valueString":"Task:patient"}""", "_include=Task:patient" },
            { """{"name":"_elements","valueString":"status,owner"}""", "_elements=status,owner" },
            { """{"name":"unassigned","valueBoolean":false}""", "unassigned=false" },
        };

    /// <summary>A next link that had only what stood in the address led on to the tasks of everybody.</summary>
    [Theory, MemberData(nameof(Parameters))]
    public async Task Links_repeat_what_was_asked_for_by_whichever_way(string parameter, string text)
    {
        var patient = await PatientAsync("low");
        (await Server.PutAsync(patient, Given.Patient(patient.Split('/')[1]))).ShouldBe(201);
        var (body, address) = (
            parameter
                .Replace("PATIENT", patient, StringComparison.Ordinal)
                .Replace("BASE", Server.Base, StringComparison.Ordinal),
            text.Replace("PATIENT", patient, StringComparison.Ordinal)
        );
        for (var day = 1; day <= 5; day++)
            await TaskAsync("routine", $"2999-01-0{day}", patient, code: "a&b");

        var sent = await Server.PostAsync(
            "Task/$worklist?_count=2&_pretty=false",
            $$$"""{"resourceType":"Parameters","parameter":[{"name":"owner","valueReference":{"reference":"{{{_owner}}}"}}{{{(body.Length == 0 ? "" : ",")}}}{{{body}}}]}"""
        );
        var asked = await Server.GetAsync(
            $"Task/$worklist?owner={_owner}{(address.Length == 0 ? "" : "&")}{address}&_count=2&_pretty=false"
        );

        var self =
            $"{Server.Base}/Task/$worklist?owner={_owner}{(address.Length == 0 ? "" : "&")}{address}&_count=2&_pretty=false";
        foreach (var first in (Answer[])[sent.ShouldBe(200), asked.ShouldBe(200)])
        {
            Assert.Equal(self, first.Link("self"));
            Assert.Null(first.Link("first"));
            Assert.StartsWith(self + "&_cursor=", first.Link("next"), StringComparison.Ordinal);
            var found = TasksOf(first);
            for (var next = first.Link("next"); next is not null; )
            {
                var page = (await Server.GetAsync(next[(Server.Base.Length + 1)..])).ShouldBe(200);
                Assert.Equal((next, self), (page.Link("self"), page.Link("first")));
                found.AddRange(TasksOf(page));
                next = page.Link("next");
            }

            Assert.Equal(5, found.Distinct().Count());
            Assert.Equal(5, found.Count);
        }

        Assert.Equal(sent.Link("next")!.Length, asked.Link("next")!.Length);
    }

    private static List<string> TasksOf(Answer page) =>
        [
            .. page
                .Resources.Where(r => r.GetProperty("resourceType").GetString() == "Task")
                .Select(r => r.GetProperty("id").GetString()!),
        ];

    [Fact]
    public async Task A_caseload_is_weighed_against_the_caps()
    {
        (
            await Server.PutAsync(_owner, $$"""{"resourceType":"PractitionerRole","id":"{{_owner.Split('/')[1]}}"}""")
        ).ShouldBe(201);
        foreach (var tier in (string[])["high", "low"])
        {
            var patient = await PatientAsync(tier);
            (
                await Server.PostAsync(
                    "EpisodeOfCare",
                    $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"{{{patient}}}"},"careManager":{"reference":"{{{_owner}}}"}}"""
                )
            ).ShouldBe(201);
            await TaskAsync("routine", "2001-01-01", patient);
        }

        var load = (await Server.GetAsync($"{_owner}/$caseload")).ShouldBe(200);

        foreach (
            var expected in (string[])
                [
                    "{\"name\":\"patients\",\"valueInteger\":2}",
                    "{\"name\":\"weightedLoad\",\"valueInteger\":5}",
                    "{\"name\":\"overdue\",\"valueInteger\":2}",
                    "{\"name\":\"capacityPatients\",\"valueInteger\":168}",
                ]
        )
            Assert.Contains(expected, load.Body, StringComparison.Ordinal);
        (await Server.GetAsync("PractitionerRole/none/$caseload")).ShouldBe(404);
    }

    private async Task<string> PatientAsync(string tier)
    {
        var patient = $"Patient/{Given.Id("p")}";
        (
            await Server.PostAsync(
                "RiskAssessment",
                $$$"""{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"{{{patient}}}"},"prediction":[{"qualitativeRisk":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/risk-probability","code":"{{{tier}}}"}]}}]}"""
            )
        ).ShouldBe(201);
        return patient;
    }

    private async Task<string> TaskAsync(
        string priority,
        string due,
        string patient,
        string status = "ready",
        string? code = null
    ) =>
        (
            await Server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"{{{status}}}","intent":"order","priority":"{{{priority}}}","for":{"reference":"{{{patient}}}"},"owner":{"reference":"{{{_owner}}}"},{{{CodeOf(code)}}}"restriction":{"period":{"end":"{{{due}}}"} } }"""
            )
        )
            .ShouldBe(201)
            .Id;

    private static string CodeOf(string? code) =>
        code is null ? "" : "\"code\":{\"coding\":[{\"system\":\"http://a.example\",\"code\":\"" + code + "\"}]},";
}
