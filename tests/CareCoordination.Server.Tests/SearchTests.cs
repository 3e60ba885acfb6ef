using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#search, https://hl7.org/fhir/R4/search.html</summary>
public abstract class SearchTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : SearchTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : SearchTests(shared);

    [Fact]
    public async Task A_care_plan_that_was_posted_is_found_by_patient_and_status()
    {
        var patient = Given.Id("p");
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        var plan = await Server.PostAsync("CarePlan", Given.CarePlan("x", patient));
        await Server.PostAsync("CarePlan", Given.CarePlan("x", patient, "completed"));

        var found = (await Server.GetAsync($"CarePlan?patient={patient}&status=active")).ShouldBe(200);

        var entry = Assert.Single(found.Entries);
        Assert.Equal("searchset", found.Text("type"));
        Assert.Equal($"{Server.Base}/CarePlan/{plan.Id}", entry.GetProperty("fullUrl").GetString());
        Assert.Equal("match", entry.GetProperty("search").GetProperty("mode").GetString());
        Assert.Equal(plan.Body, entry.GetProperty("resource").GetRawText());
        Assert.Equal($"{Server.Base}/CarePlan?patient={patient}&status=active&_count=50", found.Link("self"));
        Assert.Null(found.Link("next"));
    }

    [Fact]
    public async Task A_posted_form_searches_like_a_query()
    {
        var identifier = Given.Id();
        var patient = await Server.PostAsync("Patient", Given.PatientWith(identifier));
        using var form = new FormUrlEncodedContent([new("identifier", $"urn:test|{identifier}")]);

        var found = (await Server.SendAsync(HttpMethod.Post, "Patient/_search?_total=accurate", form)).ShouldBe(200);

        Assert.Equal([patient.Id], found.Ids);
        Assert.Equal("1", found.Text("total"));
        (await Server.PostAsync("Patient/_search", "{}")).ShouldRefuse(
            415,
            "error not-supported: Send a search as Content-Type: application/x-www-form-urlencoded."
        );
    }

    [Fact]
    public async Task Pages_follow_the_next_link_to_the_end()
    {
        var patient = Given.Id("p");
        var expected = new List<string>();
        for (var n = 0; n < 7; n++)
            expected.Add((await Server.PostAsync("Task", Given.Task(patient))).Id);

        var ids = new List<string>();
        var pages = 0;
        for (string? url = $"Task?patient={patient}&_count=3&_sort=_lastUpdated"; url is not null; pages++)
        {
            var page = (await Server.GetAsync(url)).ShouldBe(200);
            ids.AddRange(page.Ids);
            url = page.Link("next");
        }

        Assert.Equal(3, pages);
        Assert.Equal(expected, ids);
    }

    [Fact]
    public async Task A_damaged_page_link_or_one_of_another_query_is_refused()
    {
        var patient = Given.Id("p");
        await Server.PostAsync("Task", Given.Task(patient));
        await Server.PostAsync("Task", Given.Task(patient));
        var next = (await Server.GetAsync($"Task?patient={patient}&_count=1")).Link("next")!;
        const string Issue =
            "error value: The page link is damaged or belongs to another query: follow next links as they are, or start again from the first page.";

        (await Server.GetAsync(next)).ShouldBe(200);
        (await Server.GetAsync(next[..^3] + "xyz")).ShouldRefuse(400, Issue);
        (await Server.GetAsync(next.Replace(patient, "other", StringComparison.Ordinal))).ShouldRefuse(400, Issue);
        (await Server.GetAsync($"Task?patient={patient}&_cursor=%25%25")).ShouldRefuse(400, Issue);
    }

    [Fact]
    public async Task An_unknown_parameter_is_an_error_unless_handling_is_lenient()
    {
        var identifier = Given.Id();
        var patient = await Server.PostAsync("Patient", Given.PatientWith(identifier));
        var url = $"Patient?identifier=urn:test|{identifier}&shoesize=44";

        var strict = (await Server.GetAsync(url)).ShouldBe(400);
        var lenient = (await Server.GetAsync(url, "Prefer: handling=lenient")).ShouldBe(200);

        Assert.Contains("'shoesize'", Assert.Single(strict.Issues), StringComparison.Ordinal);
        Assert.Equal(patient.Id, lenient.Entries.First().GetProperty("resource").GetProperty("id").GetString());
        var note = lenient.Entries.Last();
        Assert.Equal("outcome", note.GetProperty("search").GetProperty("mode").GetString());
        Assert.StartsWith(
            "warning not-supported",
            Assert.Single(Answer.Outcome(note.GetProperty("resource"))),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("shoesize", lenient.Link("self"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Included_resources_are_marked_as_such()
    {
        var patient = Given.Id("p");
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        var plan = await Server.PostAsync("CarePlan", Given.CarePlan("x", patient));

        var forward = (await Server.GetAsync($"CarePlan?_id={plan.Id}&_include=CarePlan:patient")).ShouldBe(200);
        var backward = (await Server.GetAsync($"Patient?_id={patient}&_revinclude=CarePlan:patient")).ShouldBe(200);

        Assert.Equal([$"match {plan.Id}", $"include {patient}"], Modes(forward));
        Assert.Equal([$"match {patient}", $"include {plan.Id}"], Modes(backward));
    }

    /// <summary>
    /// What only a contained resource refers to is not referred to by the one that contains it: all of a type's parameters bring what each
    /// of them does.
    /// </summary>
    [Fact]
    public async Task All_that_refers_to_a_match_is_what_refers_to_it_itself()
    {
        var (patient, role) = (Given.Id("p"), Given.Id("r"));
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        await Server.PutAsync($"PractitionerRole/{role}", $$"""{"resourceType":"PractitionerRole","id":"{{role}}"}""");
        async Task<string> TaskAsync(string members) =>
            (
                await Server.PostAsync(
                    "Task",
                    $$"""{"resourceType":"Task","status":"draft","intent":"order",{{members}}}"""
                )
            )
                .ShouldBe(201)
                .Id;
        string Order(string subject) =>
            $$$"""{"resourceType":"ServiceRequest","id":"a","status":"draft","intent":"order","subject":{"reference":"{{{subject}}}"},"requester":{"reference":"PractitionerRole/{{{role}}}"}}""";
        var own = await TaskAsync($$$""" "for":{"reference":"Patient/{{{patient}}}"}""");
        var contained = await TaskAsync(
            $$$""" "contained":[{{{Order($"Patient/{patient}")}}}],"focus":{"reference":"#a"},"owner":{"reference":"PractitionerRole/{{{role}}}"}"""
        );
        var both = await TaskAsync(
            $$$""" "contained":[{{{Order($"Patient/{patient}")}}}],"basedOn":[{"reference":"#a"}],"for":{"reference":"Patient/{{{patient}}}"}"""
        );

        var ofPatient = (await Server.GetAsync($"Patient?_id={patient}&_revinclude=Task:*")).ShouldBe(200);
        var ofRole = (await Server.GetAsync($"PractitionerRole?_id={role}&_revinclude=Task:*")).ShouldBe(200);

        Assert.Equal([$"match {patient}", $"include {own}", $"include {both}"], Modes(ofPatient));
        Assert.Equal([$"match {role}", $"include {contained}"], Modes(ofRole));
        // As each parameter does that can lead there.
        foreach (
            var parameter in (string[])["patient", "subject", "focus", "based-on", "owner", "requester", "part-of"]
        )
        {
            var one = (await Server.GetAsync($"Patient?_id={patient}&_revinclude=Task:{parameter}")).ShouldBe(200);
            Assert.Subset(Modes(ofPatient).ToHashSet(), Modes(one).ToHashSet());
        }
    }

    [Fact]
    public async Task A_count_summary_has_the_total_alone()
    {
        var patient = Given.Id("p");
        await Server.PostAsync("Task", Given.Task(patient));
        await Server.PostAsync("Task", Given.Task(patient));

        var count = (await Server.GetAsync($"Task?patient={patient}&_summary=count")).ShouldBe(200);

        Assert.Equal("2", count.Text("total"));
        Assert.Empty(count.Entries);
        Assert.Null(count.Link("next"));
    }

    [Fact]
    public async Task Elements_project_every_match()
    {
        var patient = Given.Id("p");
        await Server.PostAsync("Task", Given.Task(patient));
        var found = (await Server.GetAsync($"Task?patient={patient}&_elements=status")).ShouldBe(200);
        Assert.Equal(
            ["resourceType", "id", "meta", "status", "intent"],
            Assert.Single(found.Resources).EnumerateObject().Select(p => p.Name)
        );
    }

    [Fact]
    public async Task A_chain_finds_through_the_reference()
    {
        var identifier = Given.Id();
        var patient = await Server.PostAsync("Patient", Given.PatientWith(identifier));
        var task = await Server.PostAsync("Task", Given.Task(patient.Id));
        var found = (await Server.GetAsync($"Task?patient.identifier=urn:test|{identifier}")).ShouldBe(200);
        Assert.Equal([task.Id], found.Ids);
    }

    private static string[] Modes(Answer answer) =>
        [
            .. answer.Entries.Select(e =>
                $"{e.GetProperty("search").GetProperty("mode").GetString()} {e.GetProperty("resource").GetProperty("id").GetString()}"
            ),
        ];
}
