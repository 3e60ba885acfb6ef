using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Interactions;

/// <summary>
/// Searches of several types and of a patient's compartment. https://hl7.org/fhir/R4/http.html#search,
/// https://hl7.org/fhir/R4/compartmentdefinition.html
/// </summary>
public abstract class SearchManyTests(SharedServer shared) : ServerTests(shared)
{
    private readonly string _patient = Given.Id("p");
    private readonly string _other = Given.Id("q");

    public sealed class OnSqlite(SqliteServer shared) : SearchManyTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : SearchManyTests(shared);

    [Fact]
    public async Task Several_types_are_found_one_after_the_other()
    {
        await FillAsync();

        var found = (
            await Server.GetAsync(
                $"?_type=Task,Patient&_id={_patient},{_patient}-t&_total=accurate",
                "Accept: application/fhir+json"
            )
        ).ShouldBe(200);

        Assert.Equal([_patient, $"{_patient}-t"], found.Ids);
        Assert.Equal(2, found.Json.GetProperty("total").GetInt32());
        Assert.Equal("searchset", found.Text("type"));
        Assert.Equal($"{Server.Base}/Patient/{_patient}", found.Entries.First().GetProperty("fullUrl").GetString());
        Assert.Equal(found.Ids, (await Server.GetAsync(found.Link("self")!, "Accept: application/fhir+json")).Ids);
    }

    [Fact]
    public async Task A_page_that_takes_long_ends_with_what_it_has_and_the_next_goes_on()
    {
        await using var server = await TestServer.OnSqliteAsync(new SlowTime());
        await server.PutAsync($"Patient/{_patient}", Given.Patient(_patient));
        await server.PutAsync(
            $"Task/{_patient}-t",
            $$$"""{"resourceType":"Task","id":"{{{_patient}}}-t","status":"requested","intent":"order","for":{"reference":"Patient/{{{_patient}}}"}}"""
        );
        var (ids, pages) = (new List<string>(), 0);
        for (var next = $"?_type=Account,Patient,Slot,Task&_id={_patient},{_patient}-t"; next is not null; pages++)
        {
            var page = (await server.GetAsync(next, "Accept: application/fhir+json")).ShouldBe(200);
            ids.AddRange(page.Ids);
            next = page.Link("next");
        }

        Assert.Equal(4, pages);
        Assert.Equal([_patient, $"{_patient}-t"], ids);
        (
            await server.GetAsync("?_type=Account,Patient,Slot&_total=accurate", "Accept: application/fhir+json")
        ).ShouldRefuse(
            422,
            "error too-costly: To count what all these types have takes too long: name fewer of them in _type, or leave _total out."
        );
    }

    [Theory]
    [InlineData("EpisodeOfCare?patient={0}&")]
    [InlineData("?_type=EpisodeOfCare&patient={0}&")]
    [InlineData("?_type=EpisodeOfCare&_total=accurate&patient={0}&")]
    [InlineData("Patient/{0}/EpisodeOfCare?")]
    public async Task A_person_and_their_roles_are_one_care_manager_at_every_door(string address)
    {
        var (person, role) = ($"{_patient}-dr", $"{_patient}-role");
        await FillAsync();
        await PutAsync("Practitioner", person, "");
        await PutAsync("PractitionerRole", role, $$$""","practitioner":{"reference":"Practitioner/{{{person}}}"}""");
        await PutAsync(
            "EpisodeOfCare",
            $"{_patient}-e",
            $$$""","status":"active","patient":{"reference":"Patient/{{{_patient}}}"},"careManager":{"reference":"PractitionerRole/{{{role}}}"}"""
        );

        foreach (var manager in (string[])[$"Practitioner/{person}", $"PractitionerRole/{role}"])
        {
            var found = await Server.GetAsync(
                $"{string.Format(CultureInfo.InvariantCulture, address, _patient)}manager={manager}",
                "Accept: application/fhir+json"
            );
            Assert.Equal([$"{_patient}-e"], found.ShouldBe(200).Ids);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Pages_lead_through_all_types(int count)
    {
        await FillAsync();
        var ids = new List<string>();
        for (var next = $"Patient/{_patient}/*?_count={count}"; next is not null; )
        {
            var page = (await Server.GetAsync(next)).ShouldBe(200);
            Assert.InRange(page.Ids.Count(), 0, count);
            ids.AddRange(page.Ids);
            next = page.Link("next");
        }

        Assert.Equal(
            [_patient, $"{_patient}-o1", $"{_patient}-o2", $"{_patient}-t"],
            ids.Where(id => id.StartsWith(_patient, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task A_type_of_the_compartment_takes_all_that_a_search_of_the_type_takes()
    {
        await FillAsync();
        var path = $"Patient/{_patient}/Observation";

        Assert.Equal([$"{_patient}-o1", $"{_patient}-o2"], (await Server.GetAsync($"{path}?_sort=date")).Ids);
        Assert.Equal([$"{_patient}-o2", $"{_patient}-o1"], (await Server.GetAsync($"{path}?_sort=-date")).Ids);
        Assert.Equal([$"{_patient}-o2"], (await Server.GetAsync($"{path}?date=2026-02-02")).Ids);
        Assert.Equal(
            [$"{_patient}-o2", _patient],
            (await Server.GetAsync($"{path}?date=2026-02-02&_include=Observation:subject")).Ids
        );
        var first = await Server.GetAsync($"{path}?_sort=date&_count=1");
        Assert.Equal([$"{_patient}-o1"], first.Ids);
        Assert.Equal([$"{_patient}-o2"], (await Server.GetAsync(first.Link("next")!)).Ids);
        Assert.Equal(2, (await Server.GetAsync($"{path}?_summary=count")).Json.GetProperty("total").GetInt32());
        Assert.Empty((await Server.GetAsync($"Patient/{_other}/Task")).ShouldBe(200).Ids);
    }

    [Fact]
    public async Task A_patient_and_who_is_linked_to_them_are_the_patients_of_their_compartment()
    {
        await FillAsync();
        var linked = $"{_patient}-l";
        await Server.PutAsync(
            $"Patient/{linked}",
            $$$"""
            {"resourceType":"Patient","id":"{{{linked}}}","gender":"male",
             "link":[{"type":"seealso","other":{"reference":"Patient/{{{_patient}}}"}}]}
            """
        );
        var made = (await Server.PostAsync("Patient", """{"resourceType":"Patient","gender":"female"}""")).Id!;
        var path = $"Patient/{_patient}/Patient";

        Assert.Equal([_patient, linked], (await Server.GetAsync(path)).ShouldBe(200).Ids.Order(StringComparer.Ordinal));
        Assert.Equal([linked], (await Server.GetAsync($"{path}?gender=male")).Ids);
        Assert.Equal([_patient], (await Server.GetAsync($"{path}?_id={_patient}")).Ids);
        Assert.Equal([linked], (await Server.GetAsync($"{path}?link=Patient/{_patient}")).Ids);
        Assert.Equal([linked, _patient], (await Server.GetAsync($"{path}?_sort=-_id")).Ids);
        Assert.Equal(2, (await Server.GetAsync($"{path}?_summary=count")).Json.GetProperty("total").GetInt32());
        var first = await Server.GetAsync($"{path}?_count=1");
        Assert.Equal(
            [_patient, linked],
            first.Ids.Concat((await Server.GetAsync(first.Link("next")!)).Ids).Order(StringComparer.Ordinal)
        );
        Assert.Equal([made], (await Server.GetAsync($"Patient/{made}/Patient")).Ids);
        Assert.Equal([made], (await Server.GetAsync($"Patient/{made}/*")).Ids);
        Assert.Equal([linked], (await Server.GetAsync($"Patient/{linked}/Patient")).Ids);
        (await Server.DeleteAsync($"Patient/{made}")).ShouldBe(204);
        Assert.Empty((await Server.GetAsync($"Patient/{made}/Patient")).ShouldBe(200).Ids);
    }

    [Fact]
    public async Task By_form_and_in_a_batch_it_is_the_same()
    {
        await FillAsync();
        using var form = new FormUrlEncodedContent([new("_type", "Patient"), new("_id", _patient)]);
        Assert.Equal([_patient], (await Server.SendAsync(HttpMethod.Post, "_search", form)).ShouldBe(200).Ids);

        var batch = (await Server.PostAsync("", Given.Batch(Given.Entry("GET", $"Patient/{_patient}/Task")))).ShouldBe(
            200
        );
        Assert.Contains($"{_patient}-t", batch.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        (await Server.GetAsync("?_type=Patient,Nobody", "Accept: application/fhir+json")).ShouldRefuse(
            400,
            "error value: _type lists resource types of FHIR R4, separated by commas; one of these is none."
        );
        (await Server.GetAsync("?_type=Patient,Task&_sort=_id", "Accept: application/fhir+json")).ShouldRefuse(
            400,
            "error not-supported: A search of several types has no common order: they come one type after the other. Leave _sort out, or search one type."
        );
        // Not every type has a name.
        (await Server.GetAsync("?_type=Patient,Task&name=x", "Accept: application/fhir+json")).ShouldBe(400);
        var none = (await Server.GetAsync("Patient/1/Medication")).ShouldBe(404);
        Assert.StartsWith(
            "error not-found: No Medication belongs to the compartment of a Patient; there are Account,",
            none.Issues.Single(),
            StringComparison.Ordinal
        );
        (await Server.GetAsync("Patient/1/Nothing")).ShouldBe(404);
        (await Server.GetAsync("Patient/1/Task?_cursor=AAAA")).ShouldBe(400);
        (await Server.DeleteAsync("Patient/1/Task")).ShouldBe(405);
    }

    [Fact]
    public async Task The_statement_tells_of_it()
    {
        var rest = (await Server.GetAsync("metadata")).Json.GetProperty("rest")[0];

        Assert.Single(
            rest.GetProperty("interaction").EnumerateArray(),
            i => i.GetProperty("code").GetString() == "search-system"
        );
        Assert.Equal(
            "http://hl7.org/fhir/CompartmentDefinition/patient",
            rest.GetProperty("compartment")[0].GetString()
        );
    }

    [Fact]
    public async Task Elements_cut_the_matches_and_nothing_that_is_included()
    {
        await FillAsync();
        var found = (
            await Server.GetAsync($"Observation?_id={_patient}-o1&_elements=status&_include=Observation:subject")
        ).ShouldBe(200);

        var (match, included) = (found.Resources.First(), found.Resources.Last());
        Assert.False(match.TryGetProperty("subject", out _));
        Assert.True(included.TryGetProperty("name", out _));
        Assert.DoesNotContain("SUBSETTED", included.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_include=Observation:subject")]
    [InlineData("_revinclude=Provenance:target")]
    public async Task Narratives_alone_are_not_mixed_with_includes(string include)
    {
        (await Server.GetAsync($"Observation?_summary=text&{include}")).ShouldRefuse(
            400,
            "error value: '_summary=text' shows narratives alone and cannot be asked for together with '_include' or '_revinclude'; leave one of them out."
        );
    }

    private async Task FillAsync()
    {
        foreach (var patient in (string[])[_patient, _other])
            await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        await Server.PutAsync(
            $"Task/{_patient}-t",
            Given.Task(_patient).Replace("\"status\"", $"\"id\":\"{_patient}-t\",\"status\"", StringComparison.Ordinal)
        );
        for (var i = 1; i <= 2; i++)
            (
                await Server.PutAsync(
                    $"Observation/{_patient}-o{i}",
                    Given
                        .Observation(_patient)
                        .Replace(
                            "\"status\"",
                            $"\"id\":\"{_patient}-o{i}\",\"effectiveDateTime\":\"2026-02-0{i}\",\"status\"",
                            StringComparison.Ordinal
                        )
                )
            ).ShouldBe(201);
    }

    private async Task PutAsync(string type, string id, string more) =>
        (await Server.PutAsync($"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}"{{more}} }""")).ShouldBe(
            201
        );

    /// <summary>Between any two looks at the clock a search has taken its time.</summary>
    private sealed class SlowTime : TimeProvider
    {
        private long _timestamp;

        public override long GetTimestamp() => Interlocked.Add(ref _timestamp, TimestampFrequency * 6);
    }
}
