using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Interactions;

/// <summary>The forms that R4 gives to values, asked of stored resources. https://hl7.org/fhir/R4/search.html</summary>
public abstract class SearchFormTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : SearchFormTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : SearchFormTests(shared);

    private const string Task = """ "status":"requested","intent":"order" """;
    private const string Patient =
        """ "active":true,"gender":"female","telecom":[{"system":"email","value":"ann@example.org"}] """;

    private const string Basic =
        """ "code":{"text":"x"},"author":{"type":"Practitioner","identifier":{"system":"urn:npi","value":"N1"}},"subject":{"reference":"https://other.example/fhir/Patient/9/_history/2"} """;

    private const string ValueSet = """ "status":"active","url":"http://ex.org/v","version":"2.0" """;

    private const string Long =
        "Homecare of the northern districts and of the islands with its offices in the harbour and at the old mill by the lake; "
        + "nurses and therapists and drivers who know the roads in winter and whom to call when the ferry does not go";

    private const string Named = $""" "name":"{Long}" """;
    private const string Person = """ "name":[{"family":"Smyth","given":["Catherine"]}] """;

    private const string Sequence = """
         "coordinateSystem":0,"referenceSeq":{"chromosome":{"coding":[{"system":"urn:chr","code":"7"}]},"windowStart":100,"windowEnd":900},
         "variant":[{"start":128,"end":129},{"start":500,"end":600}]
        """;

    private const string Contained = """
        "contained":[{"resourceType":"Medication","id":"med","status":"active","code":{"coding":[{"system":"urn:rx","code":"A1"}]},
        "manufacturer":{"reference":"Organization/77"}},{"resourceType":"Practitioner","id":"pr","name":[{"family":"Okafor"}]}],
        "status":"active","intent":"order","medicationReference":{"reference":"#med"},"subject":{"reference":"Patient/5"},
        "requester":{"reference":"#pr"}
        """;

    private const string Document = """
        "type":"document","identifier":{"system":"urn:d","value":"d"},"timestamp":"2026-01-01T00:00:00Z","entry":[{"fullUrl":"urn:uuid:2f4b0c1e-8a0e-4a43-9f2f-0b8f2d8f7b11","resource":{"resourceType":"Composition",
        "id":"c","status":"final","type":{"coding":[{"code":"11488-4"}]},"date":"2026-02-03","title":"Consultation",
        "author":[{"display":"a"}],"subject":{"reference":"Patient/5"}}}]
        """;

    [Theory]
    [InlineData("MedicationRequest", Contained, "medication.code=urn:rx|A1", true)]
    [InlineData("MedicationRequest", Contained, "medication.code=a,b,c,A1", true)]
    [InlineData("MedicationRequest", Contained, "medication.code=A2", false)]
    [InlineData("MedicationRequest", Contained, "medication:Medication.status=active", true)]
    [InlineData("MedicationRequest", Contained, "medication.status:not=active", false)]
    [InlineData("MedicationRequest", Contained, "medication.status:not=inactive", true)]
    [InlineData("MedicationRequest", Contained, "medication.form:missing=true", true)]
    [InlineData("MedicationRequest", Contained, "medication.code:missing=true", false)]
    [InlineData("MedicationRequest", Contained, "medication.manufacturer=Organization/77", true)]
    [InlineData("MedicationRequest", Contained, "medication.manufacturer=Organization/78", false)]
    [InlineData(
        "MedicationRequest",
        Contained,
        "medication.manufacturer=Organization/77,http://elsewhere.example/x",
        true
    )]
    [InlineData("MedicationRequest", Contained, "requester.name=okafor", true)]
    [InlineData("MedicationRequest", Contained, "requester:Practitioner.name:contains=kaf", true)]
    [InlineData("MedicationRequest", Contained, "requester:Patient.name=okafor", false)]
    [InlineData("MedicationRequest", Contained, "requester.name=okafor&medication.code=A1&_sort=status", true)]
    [InlineData("MedicationRequest", Contained, "code=A1", false)]
    [InlineData("Bundle", Document, "composition.type=11488-4", true)]
    [InlineData("Bundle", Document, "composition.type=x", false)]
    [InlineData("Bundle", Document, "composition.date=ge2026-02&composition.title=consult", true)]
    [InlineData("Bundle", Document, "composition.patient=Patient/5", true)]
    [InlineData("Bundle", Document, "composition.context:missing=true", true)]
    [InlineData("Bundle", Document, "composition=Composition/c", true)]
    [InlineData("Organization", Named, "name=" + Long, true)]
    [InlineData("Organization", Named, "name=" + Long + "x", false)]
    [InlineData("Organization", Named, "name=x," + Long, true)]
    [InlineData("Organization", Named, "name:exact=" + Long, true)]
    [InlineData("Organization", Named, "name:contains=when the ferry does not go", true)]
    [InlineData("Organization", Named, "name:contains=a,b,c,drivers who know the roads in winter", true)]
    [InlineData("Organization", Named, "name:contains=when the ferry goes", false)]
    [InlineData("Patient", Person, "phonetic=smith&phonetic=katherine", true)]
    [InlineData("Patient", Person, "phonetic=smith&phonetic=robert", false)]
    [InlineData("Practitioner", Person, "phonetic=a,b,smith", true)]
    [InlineData("MolecularSequence", Sequence, "chromosome-variant-coordinate=7$128$129", true)]
    [InlineData("MolecularSequence", Sequence, "chromosome-variant-coordinate=7$128$600", false)]
    [InlineData("MolecularSequence", Sequence, "chromosome-variant-coordinate=urn:chr|7$gt128$lt601", true)]
    [InlineData("MolecularSequence", Sequence, "chromosome-variant-coordinate=7$ne128$ne600", false)]
    [InlineData("MolecularSequence", Sequence, "chromosome-window-coordinate=7$100$900", true)]
    [InlineData("MolecularSequence", Sequence, "chromosome-window-coordinate=8$1$2,9$1$2,7$1$2,7$100$900", true)]
    [InlineData("Task", Task, "status=http://hl7.org/fhir/task-status|", true)]
    [InlineData("Task", Task, "status=|requested", true)]
    [InlineData("Task", Task, "status:not=http://hl7.org/fhir/task-status|", false)]
    [InlineData("Patient", Patient, "active=http://terminology.hl7.org/CodeSystem/special-values|", true)]
    [InlineData("Patient", Patient, "gender=http://hl7.org/fhir/administrative-gender|", true)]
    [InlineData("Patient", Patient, "telecom=email|", true)]
    [InlineData("Patient", Patient, "telecom=phone|", false)]
    [InlineData("Patient", Patient, "telecom=email|ann@example.org", true)]
    [InlineData("Patient", Patient, "telecom=phone|ann@example.org", false)]
    [InlineData("Patient", Patient, "telecom=phone|1,phone|2,phone|3,email|ann@example.org", true)]
    [InlineData("Basic", Basic, "author:identifier=urn:npi|N1", true)]
    [InlineData("Basic", Basic, "author:identifier=urn:npi|", true)]
    [InlineData("Basic", Basic, "author:identifier=urn:npi|N2", false)]
    [InlineData("Basic", Basic, "subject=https://other.example/fhir/Patient/9", true)]
    [InlineData("Basic", Basic, "subject=https://other.example/fhir/Patient/9/_history/2", true)]
    [InlineData("Basic", Basic, "subject=https://other.example/fhir/Patient/9/_history/1", false)]
    [InlineData("ValueSet", ValueSet, "url=http://ex.org/v|2.0", true)]
    [InlineData("ValueSet", ValueSet, "url=http://ex.org/v|2.1", false)]
    [InlineData("ValueSet", ValueSet, "url=http://ex.org/a|1,http://ex.org/b|1,http://ex.org/v|2.0", true)]
    [InlineData("ValueSet", ValueSet, "url=http://ex.org/v", true)]
    public async Task Finds_what_R4_defines(string type, string members, string query, bool found)
    {
        var tag = Given.Id("tag");
        var stored = await Server.PostAsync(
            type,
            $$$"""{"resourceType":"{{{type}}}","meta":{"tag":[{"code":"{{{tag}}}"}]},{{{members}}}}"""
        );

        var answer = (await Server.GetAsync($"{type}?_tag={tag}&_total=accurate&{Escaped(query)}")).ShouldBe(200);

        Assert.Equal(found ? [stored.Id] : [], answer.Ids);
        Assert.Equal(found ? "1" : "0", answer.Text("total"));
    }

    private static string Escaped(string query) =>
        query.Replace("|", "%7C", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);

    [Theory]
    [InlineData("_sort=status", "accepted,draft,draft,requested")]
    [InlineData("_sort=-status", "requested,draft,draft,accepted")]
    [InlineData("_sort=status&_sort=-_lastUpdated", "accepted,draft,draft,requested")]
    public async Task Sorts_by_codes_over_pages(string sort, string order)
    {
        var patient = Given.Id("p");
        foreach (var status in (string[])["draft", "requested", "accepted", "draft"])
            await Server.PostAsync("Task", Given.Task(patient, status));

        var found = new List<string>();
        for (string? url = $"Task?patient={patient}&_count=1&{sort}"; url is not null; )
        {
            var page = (await Server.GetAsync(url)).ShouldBe(200);
            found.AddRange(page.Resources.Select(r => r.GetProperty("status").GetString()!));
            url = page.Link("next");
        }

        Assert.Equal(order, string.Join(',', found));
    }

    [Fact]
    public async Task Finds_a_reference_to_a_version_by_it_and_without_it()
    {
        var patient = Given.Id("p");
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        var plan = await Server.PostAsync(
            "CarePlan",
            Given
                .CarePlan("x", patient)
                .Replace($"Patient/{patient}", $"Patient/{patient}/_history/1", StringComparison.Ordinal)
        );

        foreach (
            var (value, ids) in new (string, string[])[]
            {
                ($"Patient/{patient}", [plan.Id]),
                (patient, [plan.Id]),
                ($"Patient/{patient}/_history/1", [plan.Id]),
                ($"{Server.Base}/Patient/{patient}/_history/1", [plan.Id]),
                ($"Patient/{patient}/_history/2", []),
                ($"Patient/{patient}/_history/2,Patient/{patient}/_history/1,Patient/none", [plan.Id]),
            }
        )
            Assert.Equal(ids, (await Server.GetAsync($"CarePlan?subject={value}")).ShouldBe(200).Ids);
    }

    /// <summary>What the reference names is what comes, whatever became of the resource since.</summary>
    [Fact]
    public async Task Includes_the_version_that_a_reference_names()
    {
        var (patient, gone) = (Given.Id("p"), Given.Id("p"));
        foreach (var id in (string[])[patient, gone])
        foreach (var family in (string[])["One", "Two", "Three"])
            await Server.PutAsync($"Patient/{id}", Given.Patient(id, family));
        await Server.DeleteAsync($"Patient/{gone}");
        var plans = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var reference in (string[])
                [
                    $"Patient/{patient}",
                    $"Patient/{patient}/_history/1",
                    $"Patient/{patient}/_history/3",
                    $"Patient/{patient}/_history/9",
                    $"Patient/{patient}/_history/x",
                    $"Patient/{gone}",
                    $"Patient/{gone}/_history/2",
                    $"Patient/{gone}/_history/4",
                ]
        )
            plans[reference] = (
                await Server.PostAsync(
                    "CarePlan",
                    Given.CarePlan("x", "a").Replace("Patient/a", reference, StringComparison.Ordinal)
                )
            ).Id;

        async Task<string> IncludedAsync(string ids, string include = "CarePlan:subject")
        {
            var found = (await Server.GetAsync($"CarePlan?_id={ids}&_include={include}")).ShouldBe(200);
            return string.Join(
                ' ',
                found
                    .Entries.Where(e => e.GetProperty("search").GetProperty("mode").GetString() == "include")
                    .Select(e => e.GetProperty("resource"))
                    .Select(r =>
                        $"{r.GetProperty("id").GetString()}/{r.GetProperty("meta").GetProperty("versionId").GetString()}"
                    )
                    .Order(StringComparer.Ordinal)
            );
        }

        Assert.Equal($"{patient}/3", await IncludedAsync(plans[$"Patient/{patient}"]));
        Assert.Equal($"{patient}/1", await IncludedAsync(plans[$"Patient/{patient}/_history/1"]));
        Assert.Equal($"{patient}/1", await IncludedAsync(plans[$"Patient/{patient}/_history/1"], "CarePlan:*"));
        Assert.Equal(
            $"{patient}/1",
            await IncludedAsync(plans[$"Patient/{patient}/_history/1"], "CarePlan:patient:Patient")
        );
        Assert.Equal("", await IncludedAsync(plans[$"Patient/{patient}/_history/1"], "CarePlan:subject:Group"));
        Assert.Equal("", await IncludedAsync(plans[$"Patient/{patient}/_history/9"]));
        Assert.Equal("", await IncludedAsync(plans[$"Patient/{patient}/_history/x"]));
        Assert.Equal("", await IncludedAsync(plans[$"Patient/{gone}"]));
        Assert.Equal($"{gone}/2", await IncludedAsync(plans[$"Patient/{gone}/_history/2"]));
        Assert.Equal("", await IncludedAsync(plans[$"Patient/{gone}/_history/4"]));
        Assert.Equal(
            string.Join(' ', ((string[])[$"{patient}/1", $"{patient}/3", $"{gone}/2"]).Order(StringComparer.Ordinal)),
            await IncludedAsync(string.Join(',', plans.Values))
        );
    }

    [Theory]
    [InlineData("Patient?active=yes", "'active' is true or false")]
    [InlineData("Patient?telecom=mail%7Cx", "'telecom' takes phone, fax")]
    [InlineData("ValueSet?version=urn:x%7C1", "'version' has no system")]
    [InlineData("Person?organization.active=0", "'active' is true or false")]
    public async Task Refuses_what_nothing_can_have(string url, string sentence)
    {
        var issue = Assert.Single((await Server.GetAsync(url)).ShouldBe(400).Issues);

        Assert.StartsWith($"error value: {sentence}", issue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warns_of_a_code_that_does_not_exist_and_lets_no_write_rest_on_it()
    {
        var answer = (await Server.GetAsync("Task?status=requestet")).ShouldBe(200);

        var outcome = Assert.Single(answer.Entries);
        Assert.Equal("outcome", outcome.GetProperty("search").GetProperty("mode").GetString());
        const string Sentence =
            "code-invalid: 'status' has no such code, so nothing is found by it. Did you mean 'requested'?";
        Assert.Equal([$"warning {Sentence}"], Answer.Outcome(outcome.GetProperty("resource")));
        (await Server.PutAsync("Task?status=requestet", $$"""{"resourceType":"Task",{{Task}}}""")).ShouldRefuse(
            400,
            $"error {Sentence}"
        );
    }
}
