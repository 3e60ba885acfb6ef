using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary><c>$care-summary</c>: what a care manager reads before a call of twenty minutes, and the copy of a plan.</summary>
public abstract class CareSummaryTests(SharedServer shared) : ServerTests(shared)
{
    private readonly string _patient = $"Patient/{Given.Id("p")}";
    private readonly string _manager = Given.Id("cm");

    public sealed class OnSqlite(SqliteServer shared) : CareSummaryTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : CareSummaryTests(shared);

    [Fact]
    public async Task The_packet_says_who_it_is_what_is_open_and_what_was_measured_last()
    {
        await EnrolAsync();
        await PostAsync(
            "RiskAssessment",
            """ "status":"final","occurrenceDateTime":"2026-01-01","SUBJECT","prediction":[{"qualitativeRisk":{"coding":[{"code":"high"}]}}] """
        );
        await PostAsync(
            "Goal",
            """ "lifecycleStatus":"active","startDate":"2026-01-01","description":{"text":"Systolic under 130"},"SUBJECT","target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"detailQuantity":{"value":130,"comparator":"<","unit":"mmHg"},"dueDate":"2126-12-31"}] """
        );
        foreach (var (day, value) in new[] { ("2026-02-03", 128), ("2026-02-01", 150) })
            await PostAsync(
                "Observation",
                $$$""" "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"SUBJECT","effectiveDateTime":"{{{day}}}","valueQuantity":{"value":{{{value}}},"unit":"mmHg"} """
            );
        var call = await PostAsync(
            "Task",
            $$$""" "status":"ready","intent":"order","description":"Call before the visit","FOR","owner":{"reference":"PractitionerRole/{{{_manager}}}"},"restriction":{"period":{"end":"2126-03-04"} } """
        );
        (
            await Server.AskAsync(
                $"Task/{call}/$record-attempt",
                Ask.Text("medium", "telephone"),
                Ask.Text("outcome", "no answer"),
                Ask.Value("date", "valueDate", "\"2026-02-05\"")
            )
        ).ShouldBe(200);
        (await Server.AskAsync($"Task/{call}/$escalate", Ask.Reference("to", "Practitioner/lead"))).ShouldBe(200);
        await PostAsync("Task", """ "status":"completed","intent":"order","description":"Done long ago","FOR" """);
        await PostAsync(
            "Appointment",
            """ "status":"booked","description":"Cardiology","start":"2126-03-05T14:30:00Z","end":"2126-03-05T15:00:00Z","participant":[{"actor":{"reference":"PATIENT"},"status":"accepted"}] """
        );
        await PostAsync(
            "Condition",
            """ "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"text":"Heart failure"},"SUBJECT" """
        );

        var packet = (await Server.GetAsync($"{_patient}/$care-summary")).ShouldBe(200);

        Assert.Equal(
            [
                "Patient: Edda Hollowell; born 1948-04-17 | Reached by +1 555 0100 | Speaks Swedish, English | Contact Jory Hollowell daughter, +1 555 0101 | Risk: high",
                "Enrolment: Care manager Nell Brackwater; enrolled 2026-01-05",
                "Goals: Systolic under 130: achieved (active); due 2126-12-31; last 128 mmHg on 2026-02-03",
                "Tasks: Call before the visit: ready; due 2126-03-04; by Nell Brackwater; last attempt 2026-02-05; no answer",
                "Appointments: Cardiology: booked; on 2126-03-05 at 14:30",
                "Problems: Heart failure: active",
                "Care team: Team: active; with Nell Brackwater",
            ],
            SectionsOf(packet)
        );
        Assert.DoesNotContain(
            (await Server.PostAsync("Bundle/$validate", packet.Body)).ShouldBe(200).Issues,
            i => i.StartsWith("error", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_long_list_is_cut_and_says_so_and_the_most_pressing_stay()
    {
        await PutAsync(_patient, """ "name":[{"text":"Edda"}] """);
        var entries = Enumerable
            .Range(0, 60)
            .Select(i =>
                Given.Entry(
                    "POST",
                    "Task",
                    $$$"""{"resourceType":"Task","status":"ready","intent":"order","description":"Task {{{i}}}","for":{"reference":"{{{_patient}}}"},"restriction":{"period":{"end":"{{{new DateOnly(2126, 1, 1).AddDays(100 - i).ToString("O", CultureInfo.InvariantCulture)}}}"} } }"""
                )
            );
        (await Server.PostAsync("", Given.Transaction([.. entries]))).ShouldBe(200);

        var packet = (await Server.GetAsync($"{_patient}/$care-summary")).ShouldBe(200);

        var tasks = SectionsOf(packet).Single(s => s.StartsWith("Tasks:", StringComparison.Ordinal)).Split(" | ");
        Assert.Equal(51, tasks.Length);
        Assert.StartsWith("Tasks: Task 59: ready", tasks[0], StringComparison.Ordinal);
        Assert.StartsWith("Task 10: ready", tasks[^2], StringComparison.Ordinal);
        Assert.Equal("There are more, which are not shown.", tasks[^1]);
        Assert.Equal(50, packet.Resources.Count(r => r.GetProperty("resourceType").GetString() == "Task"));
    }

    [Fact]
    public async Task The_copy_of_a_plan_has_its_own_goals_and_tasks_and_nobody_elses()
    {
        await EnrolAsync();
        var mine = await PostAsync("Task", """ "status":"draft","intent":"plan","description":"Mine","FOR" """);
        await PostAsync("Task", """ "status":"ready","intent":"order","description":"Of no plan","FOR" """);
        var goal = await PostAsync("Goal", """ "lifecycleStatus":"active","description":{"text":"Home"},"SUBJECT" """);
        var plan = await PostAsync(
            "CarePlan",
            $$$""" "status":"draft","intent":"plan","title":"Transition","period":{"start":"2026-01-05","end":"2126-02-04"},"SUBJECT","goal":[{"reference":"Goal/{{{goal}}}"}],"activity":[{"reference":{"reference":"Task/{{{mine}}}"}}] """
        );
        (await Server.AskAsync($"CarePlan/{plan}/$activate")).ShouldBe(200);

        var copy = SectionsOf((await Server.GetAsync($"CarePlan/{plan}/$care-summary")).ShouldBe(200));

        Assert.Contains("Plan: Transition: active; from 2026-01-05; until 2126-02-04", copy);
        Assert.Contains("Goals: Home: active", copy);
        Assert.Contains("Tasks: Mine: requested", copy);
        Assert.DoesNotContain(copy, s => s.Contains("Of no plan", StringComparison.Ordinal));
    }

    /// <summary>Each section with its lines, as <c>Tasks: one | two</c>.</summary>
    private static string[] SectionsOf(Answer packet) =>
        [
            .. packet
                .Resources.First()
                .GetProperty("section")
                .EnumerateArray()
                .Select(s =>
                    $"{s.GetProperty("title").GetString()}: {Lines(s.GetProperty("text").GetProperty("div").GetString()!)}"
                ),
        ];

    private static string Lines(string div) =>
        System.Net.WebUtility.HtmlDecode(
            div.Replace("<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul><li>", "", StringComparison.Ordinal)
                .Replace("</li></ul></div>", "", StringComparison.Ordinal)
                .Replace("</li><li>", " | ", StringComparison.Ordinal)
        );

    private async Task EnrolAsync()
    {
        await PutAsync(
            _patient,
            """ "name":[{"given":["Edda"],"family":"Hollowell"}],"birthDate":"1948-04-17","telecom":[{"system":"phone","value":"+1 555 0100"},{"system":"phone","use":"old","value":"+1 555 0199"}],"communication":[{"language":{"text":"English"}},{"language":{"text":"Swedish"},"preferred":true}],"contact":[{"name":{"text":"Jory Hollowell"},"relationship":[{"text":"daughter"}],"telecom":[{"system":"phone","value":"+1 555 0101"}]}] """
        );
        await PutAsync($"Practitioner/{_manager}", """ "name":[{"given":["Nell"],"family":"Brackwater"}] """);
        await PutAsync(
            $"PractitionerRole/{_manager}",
            $$$""" "active":true,"practitioner":{"reference":"Practitioner/{{{_manager}}}"} """
        );
        await PostAsync(
            "EpisodeOfCare",
            $$$""" "status":"active","patient":{"reference":"PATIENT"},"period":{"start":"2026-01-05"},"careManager":{"reference":"PractitionerRole/{{{_manager}}}"} """
        );
        await PostAsync(
            "CareTeam",
            $$$""" "status":"active","name":"Team","SUBJECT","participant":[{"member":{"reference":"PractitionerRole/{{{_manager}}}"}}] """
        );
    }

    private async Task PutAsync(string reference, string members)
    {
        var parts = reference.Split('/');
        (
            await Server.PutAsync(reference, $$"""{"resourceType":"{{parts[0]}}","id":"{{parts[1]}}",{{members}}}""")
        ).ShouldBe(201);
    }

    private async Task<string> PostAsync(string type, string members)
    {
        var filled = members
            .Replace("\"SUBJECT\"", $$$""" "subject":{"reference":"{{{_patient}}}"} """, StringComparison.Ordinal)
            .Replace("\"FOR\"", $$$""" "for":{"reference":"{{{_patient}}}"} """, StringComparison.Ordinal)
            .Replace("PATIENT", _patient, StringComparison.Ordinal);
        return (await Server.PostAsync(type, $$"""{"resourceType":"{{type}}",{{filled}}}""")).ShouldBe(201).Id;
    }
}
