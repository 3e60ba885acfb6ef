using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Interactions;

/// <summary>
/// Searches by what resources refer to and by what refers to them, over several references.
/// https://hl7.org/fhir/R4/search.html#chaining
/// </summary>
public abstract class LinkedSearchTests(SharedServer shared) : ServerTests(shared)
{
    /// <summary>All of a test is told from what other tests store by it.</summary>
    private readonly string _x = Given.Id("x");

    public sealed class OnSqlite(SqliteServer shared) : LinkedSearchTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : LinkedSearchTests(shared);

    [Fact]
    public async Task A_chain_is_followed_over_several_references()
    {
        await FillAsync();
        await FindsAsync("Observation?subject:Patient.organization.name=~north", "o1 o4");
        await FindsAsync("Observation?subject:Patient.organization:Organization.name=~south", "o2");
        await FindsAsync("Observation?patient.organization.name=~north,~south", "o1 o2 o4");
        await FindsAsync("Observation?patient.organization.name:exact=~North", "o1 o4");
        await FindsAsync("Observation?patient.organization.name:exact=~north", "");
        await FindsAsync("Observation?patient.organization.name:contains=~", "o1 o2 o4");
        await FindsAsync("Observation?subject.organization.identifier=urn:x|~s,urn:x|none", "o2");
        await FindsAsync("Observation?subject.organization._id=~south", "o2");
        await FindsAsync("Observation?patient.organization.partof.name=~north", "o2");
        await FindsAsync("Observation?patient.organization.partof.partof.name=~north", "");
        await FindsAsync("Observation?patient.organization.active:not=true&_tag=~", "o2");
        await FindsAsync("Observation?patient.organization.active:missing=true&_tag=~", "o2");
        await FindsAsync("Observation?patient.organization.active:missing=false&_tag=~", "o1 o4");
        await FindsAsync("Observation?patient.general-practitioner.name=~gp&date=ge2026-02", "o2");
        await FindsAsync("Observation?patient.general-practitioner.name=~gp&date=lt2026-02", "o1");
        await FindsAsync("Task?focus:ServiceRequest.subject:Patient.family=~a", "t1 t2");
        await FindsAsync("Task?focus:ServiceRequest.subject.birthdate=lt1940&_tag=~", "t1 t2");
        await FindsAsync("Task?focus:ServiceRequest.subject.birthdate=ge1940&_tag=~", "t3");
        await FindsAsync("Task?focus:ServiceRequest.subject.birthdate=sa1939,eb1936&_tag=~", "t1 t2 t3");
        await FindsAsync("Task?part-of.focus:ServiceRequest.subject:Patient.organization.name=~north", "t2");
        await FindsAsync("Task?patient.organization.name=~north&status=requested", "t1");
    }

    [Fact]
    public async Task What_refers_to_a_resource_is_asked_of_it()
    {
        await FillAsync();
        await FindsAsync("Patient?_has:Observation:patient:code=~c1", "a");
        await FindsAsync("Patient?_has:Observation:subject:code=~c1,~c2", "a b");
        await FindsAsync("Patient?_has:Observation:patient:code:not=~c1&_tag=~", "b");
        await FindsAsync("Patient?_has:Observation:patient:date=ge2026-02&_tag=~", "b");
        await FindsAsync("Patient?_has:Observation:patient:date=eb2026-02,sa2026-03-01&_tag=~", "a b");
        await FindsAsync("Patient?_has:Observation:patient:date:missing=true&_tag=~", "");
        await FindsAsync("Patient?_has:Observation:patient:date:missing=false&_tag=~", "a b");
        await FindsAsync("Patient?_has:Observation:patient:code=~c1&_has:Task:patient:status=completed", "a");
        await FindsAsync("Patient?_has:Observation:patient:code=~c2&_has:Task:patient:status=completed", "");
        await FindsAsync("Patient?_has:Observation:patient:_id=~o1,~o2", "a b");
        await FindsAsync("Patient?_has:Task:patient:focus:ServiceRequest.status=active&_tag=~", "a b");
        await FindsAsync("Patient?_has:Task:patient:part-of.status=requested&_tag=~", "a");
        await FindsAsync("Patient?_has:ServiceRequest:subject:_has:Task:focus:status=completed&_tag=~", "a");
        await FindsAsync("ServiceRequest?_has:Task:focus:status=completed&_tag=~", "r1");
        await FindsAsync("ServiceRequest?_has:Task:focus:patient.family=~b", "r2");
        await FindsAsync("ServiceRequest?_has:Task:focus:_id=~t1,~t3", "r1 r2");
        await FindsAsync("ServiceRequest?_id=~r1,~r2&_has:Task:focus:status=completed", "r1");
        await FindsAsync("Task?_has:Task:part-of:status=completed&_tag=~", "t1");
        await FindsAsync("Organization?_has:Patient:organization:family=~a", "north");
        await FindsAsync("Organization?_has:Patient:organization:_has:Observation:subject:code=~c2", "south");
        await FindsAsync("Organization?_has:Organization:partof:name=~south", "north");
        await FindsAsync("Practitioner?_has:Patient:general-practitioner:birthdate=lt1940&_tag=~", "gp");
        await FindsAsync("Observation?patient._has:Task:patient:status=completed&_tag=~", "o1");
        await FindsAsync("Task?patient._has:Observation:patient:code=~c2", "t3");
        await FindsAsync("Patient?_has:Observation:subject:code=~c4", "");
        await FindsAsync("Patient?_has:Observation:subject:code=~c3", "");
    }

    [Fact]
    public async Task What_was_deleted_changed_or_moved_refers_to_nothing_any_more()
    {
        await FillAsync();
        await PutObservationAsync("o1", "2026-01-05", Refer("b"));
        await FindsAsync("Patient?_has:Observation:patient:code=~c1", "b");
        (await Server.DeleteAsync($"Observation/{_x}-o1")).ShouldBe(204);
        await FindsAsync("Patient?_has:Observation:patient:code=~c1", "");
        await FindsAsync("Encounter?patient._has:Observation:patient:code=~c3", "");
        await PutAsync(
            "Encounter",
            "e",
            $$""" "status":"planned","class":{"code":"AMB"},"subject":{"reference":"Patient/{{_x}}-d"} """
        );
        await FindsAsync("Encounter?patient._has:Observation:patient:code=~c3", "");
        await PutPatientAsync("d", "1955-05-05", "north");
        await FindsAsync("Encounter?patient._has:Observation:patient:code=~c3", "e");
        await FindsAsync("Organization?_has:Patient:organization:_has:Observation:patient:code=~c3", "north");
    }

    [Fact]
    public async Task Pages_totals_and_forms_of_what_is_referred_to_are_those_of_every_search()
    {
        await FillAsync();
        await PutObservationAsync("o5", "2026-05-01", Refer("b"));
        const string Has = "_has:Observation:patient:date=ge2026-01-01&_tag=~";
        Assert.Equal(
            ["b", "a"],
            await PagesAsync($"Patient?{Has}&_sort=-birthdate&_count=1&_total=accurate", total: 2)
        );
        Assert.Equal(["a", "b"], await PagesAsync($"Patient?{Has}&_sort=_lastUpdated&_count=1", total: null));
        Assert.Equal(["a", "b"], (await PagesAsync($"Patient?{Has}&_count=1", total: null)).Order());
        Assert.Equal("2", (await GetAsync($"Patient?{Has}&_summary=count")).Text("total"));
        using var form = new FormUrlEncodedContent([new("_has:Observation:patient:code", $"{_x}c5")]);
        var posted = (await Server.SendAsync(HttpMethod.Post, "Patient/_search", form)).ShouldBe(200);
        Assert.Equal([$"{_x}-b"], posted.Ids);
        Assert.EndsWith(
            $"/Patient?_has:Observation:patient:code={_x}c5&_count=50",
            posted.Link("self"),
            StringComparison.Ordinal
        );
        await FindsAsync($"Patient/{_x}-a/Observation?subject:Patient._has:Task:patient:status=completed", "o1");
    }

    [Fact]
    public async Task A_write_may_be_conditional_by_what_refers_but_not_by_what_its_transaction_writes()
    {
        await FillAsync();
        (
            await Server.PutAsync(
                $"Patient?_has:Observation:subject:code={_x}c2",
                Given.Patient($"{_x}-b", $"{_x}changed")
            )
        ).ShouldBe(200);
        await FindsAsync("Patient?family=~changed", "b");
        foreach (var written in new[] { Given.Observation($"{_x}-a"), Given.Task($"{_x}-a") })
        {
            var type = written.Contains("Observation", StringComparison.Ordinal) ? "Observation" : "Task";
            var answer = await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", type, written),
                    Given.Entry("PUT", $"Patient?_has:Observation:subject:code={_x}c1", Given.Patient($"{_x}-a"))
                )
            );
            if (type == "Task")
                answer.ShouldBe(200);
            else
                answer.ShouldRefuse(
                    400,
                    "error not-supported Bundle.entry[1]: Criteria with _has cannot be answered of what the same transaction writes; use criteria such as identifier=system|value."
                );
        }
    }

    [Fact]
    public async Task Rows_of_the_audit_trail_refer_to_nothing_and_that_is_said()
    {
        await FillAsync();
        var found = (await GetAsync("Patient?_has:AuditEvent:entity:action=C&_tag=~")).ShouldBe(200);
        Assert.Equal(
            "warning incomplete: What the audit trail recorded is not asked by _has: search AuditEvent itself, by entity, patient or agent.",
            Assert.Single(Answer.Outcome(Assert.Single(found.Resources)))
        );
        await PutAsync(
            "AuditEvent",
            "own",
            $$""" "type":{"code":"rest"},"recorded":"2026-01-01T00:00:00Z","agent":[{"requestor":true}],"source":{"observer":{"display":"x"} },"entity":[{"what":{"reference":"Patient/{{_x}}-a"} }] """
        );
        found = (await GetAsync("Patient?_has:AuditEvent:entity:type=rest&_tag=~")).ShouldBe(200);
        Assert.Equal($"{_x}-a", found.Ids.First());
    }

    [Fact]
    public async Task What_comes_along_brings_along_what_is_further_away()
    {
        await FillAsync();
        await BringsAsync("Task?_id=~t2&_include=Task:focus", "t2 | r1");
        await BringsAsync("Task?_id=~t2&_include=Task:focus&_include=Task:part-of", "t2 | r1 t1");
        await BringsAsync("Task?_id=~t2&_include:iterate=Task:part-of&_include:iterate=Task:focus", "t2 | r1 t1");
        await BringsAsync(
            "Task?_id=~t2&_include=Task:focus&_include:iterate=ServiceRequest:subject&_include:iterate=Patient:organization",
            "t2 | a north r1"
        );
        await BringsAsync("Task?_id=~t2&_include=Task:focus&_include:iterate=Patient:organization", "t2 | r1");
        await BringsAsync(
            "Task?_id=~t3&_include=Task:patient&_include:iterate=Patient:*&_include:iterate=Organization:partof:Organization",
            "t3 | b gp north south"
        );
        await BringsAsync("Organization?_id=~north&_revinclude:iterate=Organization:partof", "north | south");
        await BringsAsync(
            "Organization?_id=~north&_revinclude:iterate=Patient:organization&_revinclude:iterate=Observation:subject",
            "north | a o1"
        );
        await BringsAsync(
            "Organization?_id=~north&_revinclude=Patient:organization&_revinclude=Observation:subject",
            "north | a"
        );
        await BringsAsync(
            "Observation?_id=~o2&_include=Observation:patient&_revinclude:iterate=Task:patient&_include:iterate=Task:focus:ServiceRequest",
            "o2 | b r2 t3"
        );
        await BringsAsync("Task?_tag=~&status=requested&_count=1&_include:iterate=Task:patient", "t1 | a", "t3 | b");
        await BringsAsync("Task?_id=~t1&_revinclude:iterate=Task:part-of&_include:iterate=Task:*", "t1 | a r1 t2");
        await BringsAsync("Observation?_id=~o3&_include:iterate=Observation:subject", "o3 | ");
    }

    [Fact]
    public async Task What_is_further_away_than_is_followed_is_said()
    {
        for (var n = 0; n < 13; n++)
            await PutLevelAsync(n, n - 1);

        var up = (await GetAsync("Organization?_id=~l12&_include:iterate=Organization:partof")).ShouldBe(200);
        Assert.Equal([.. Enumerable.Range(2, 11).Select(n => $"l{n}").Reverse()], up.Ids.Take(11).Select(Short));
        Assert.Equal(
            "warning incomplete: What ':iterate' brings along is followed over 10 references, and there is more beyond. Search what came last to go on from there.",
            Assert.Single(Answer.Outcome(up.Resources.Last()))
        );
        var down = (await GetAsync("Organization?_id=~l2&_revinclude:iterate=Organization:partof")).ShouldBe(200);
        Assert.Equal([.. Enumerable.Range(2, 11).Select(n => $"l{n}")], down.Ids.Select(Short));
        await PutLevelAsync(2, 12);
        var round = (await GetAsync("Organization?_id=~l7&_include:iterate=Organization:partof")).ShouldBe(200);
        Assert.Equal(11, round.Ids.Distinct().Count());
        Assert.Equal(11, round.Entries.Count());
    }

    private Task PutLevelAsync(int level, int above) =>
        PutAsync(
            "Organization",
            $"l{level}",
            $$""" "name":"{{_x}}"{{(above < 0 ? "" : $",\"partOf\":{{\"reference\":\"Organization/{_x}-l{above}\"}}")}} """
        );

    [Fact]
    public async Task What_was_deleted_changed_or_never_there_is_no_link_of_a_chain()
    {
        await FillAsync();
        await FindsAsync("Observation?patient.organization.name=~gone", "");
        await FindsAsync("Observation?patient.family=~d", "");
        await PutAsync("Patient", "a", $$""" "managingOrganization":{"reference":"Organization/{{_x}}-south"} """);
        await FindsAsync("Observation?patient.organization.name=~south", "o1 o2");
        await FindsAsync("Observation?patient.organization.name=~north", "o4");
        (await Server.DeleteAsync($"Patient/{_x}-b")).ShouldBe(204);
        await FindsAsync("Observation?patient.organization.name=~south", "o1");
        (await Server.DeleteAsync($"Organization/{_x}-south")).ShouldBe(204);
        await FindsAsync("Observation?patient.organization.name=~south", "");
        await FindsAsync("Observation?patient.organization.active:missing=true&_tag=~", "");
    }

    [Fact]
    public async Task Pages_totals_orders_and_forms_are_those_of_every_search()
    {
        await FillAsync();
        const string Chain = "patient.organization.name=~north,~south";
        Assert.Equal(
            ["o4", "o2", "o1"],
            await PagesAsync($"Observation?{Chain}&_sort=-date&_count=1&_total=accurate", total: 3)
        );
        Assert.Equal(["o1", "o2", "o4"], await PagesAsync($"Observation?{Chain}&_sort=_id&_count=2", total: null));
        Assert.Equal("3", (await GetAsync($"Observation?{Chain}&_summary=count")).Text("total"));
        using var form = new FormUrlEncodedContent([new("patient.organization.name", $"{_x}south")]);
        var posted = (await Server.SendAsync(HttpMethod.Post, "Observation/_search", form)).ShouldBe(200);
        Assert.Equal([$"{_x}-o2"], posted.Ids);
        Assert.EndsWith(
            $"/Observation?patient.organization.name={_x}south&_count=50",
            posted.Link("self"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_a_chain_cannot_mean_is_refused_or_left_out()
    {
        (await GetAsync("Observation?patient.organization.nam=x")).ShouldRefuse(
            400,
            "error not-supported: Organization has no search parameter 'nam'. Did you mean 'name'?"
        );
        (await GetAsync("Observation?patient.link:Patient.link:Patient.link:Patient.link:Patient.name=x")).ShouldRefuse(
            400,
            "error too-costly: A condition follows 4 references at most; search in two steps instead."
        );
        (await GetAsync("Task?focus.subject.subject.subject.name=x")).ShouldRefuse(
            400,
            "error too-costly: The query has more than 200 conditions; split it, and name the type in a chain, as subject:Patient.name, for without it every type that is possible is a condition."
        );
        await FillAsync();
        var lenient = (
            await Server.GetAsync(
                $"Observation?patient.organization.nam=x&_tag={_x}",
                "Prefer: handling=lenient",
                "Accept: application/fhir+json"
            )
        ).ShouldBe(200);
        Assert.Equal(
            "warning not-supported: Organization has no search parameter 'nam'. Did you mean 'name'? It was left out of the search.",
            Assert.Single(Answer.Outcome(lenient.Resources.Last()))
        );
        Assert.EndsWith($"/Observation?_tag={_x}&_count=50", lenient.Link("self"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_may_be_conditional_by_a_chain_but_not_by_what_its_transaction_writes()
    {
        await FillAsync();
        var again = (
            await Server.PostAsync(
                "Task",
                Given.Task($"{_x}-a"),
                $"If-None-Exist: focus:ServiceRequest.subject:Patient.family={_x}b"
            )
        ).ShouldBe(200);
        Assert.Equal($"{_x}-t3", again.Id);
        foreach (
            var (type, written) in new[]
            {
                ("Organization", $$"""{"resourceType":"Organization","name":"new"}"""),
                ("Patient", Given.Patient("x")),
            }
        )
            (
                await Server.PostAsync(
                    "",
                    Given.Transaction(
                        Given.Entry("POST", type, written),
                        Given.Entry(
                            "PUT",
                            $"Observation?patient.organization.name={_x}south",
                            Given.Observation($"{_x}-b")
                        )
                    )
                )
            ).ShouldRefuse(
                400,
                "error not-supported Bundle.entry[1]: Chains cannot be answered of what the same transaction writes; use criteria such as identifier=system|value."
            );
        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", "Basic", """{"resourceType":"Basic","code":{"text":"x"}}"""),
                    Given.Entry("PUT", $"Observation?patient.organization.name={_x}south", Given.Observation($"{_x}-b"))
                )
            )
        ).ShouldBe(200);
        await FindsAsync("Observation?patient.organization.name=~south", "o2");
    }

    /// <summary>
    /// Two organisations, one part of the other; a patient of each, one who was deleted and one who is a part of an observation; what was
    /// asked for, done and observed for them.
    /// </summary>
    private async Task FillAsync()
    {
        await PutAsync("Organization", "north", $$""" "name":"{{_x}}North","active":true """);
        await PutAsync(
            "Organization",
            "south",
            $$""" "name":"{{_x}}South","partOf":{"reference":"Organization/{{_x}}-north"},"identifier":[{"system":"urn:x","value":"{{_x}}s"}] """
        );
        await PutAsync("Organization", "gone", $$""" "name":"{{_x}}Gone" """);
        await PutAsync("Practitioner", "gp", $$""" "name":[{"family":"{{_x}}gp"}] """);
        await PutPatientAsync("a", "1935-05-05", "north");
        await PutPatientAsync("b", "1945-05-05", "south");
        await PutPatientAsync("d", "1955-05-05", "gone");
        foreach (var (id, patient) in new[] { ("r1", "a"), ("r2", "b") })
            await PutAsync(
                "ServiceRequest",
                id,
                $$""" "status":"active","intent":"order","subject":{"reference":"Patient/{{_x}}-{{patient}}"} """
            );
        await PutTaskAsync("t1", "r1", "a", "requested", "");
        await PutTaskAsync("t2", "r1", "a", "completed", $$""","partOf":[{"reference":"Task/{{_x}}-t1"}]""");
        await PutTaskAsync("t3", "r2", "b", "requested", "");
        await PutObservationAsync("o1", "2026-01-05", Refer("a"));
        await PutObservationAsync("o2", "2026-03-10", Refer("b"));
        await PutObservationAsync("o3", "2026-03-11", Refer("d"));
        await PutObservationAsync(
            "o4",
            "2026-04-01",
            $$""" "subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p","name":[{"family":"{{_x}}part"}],"managingOrganization":{"reference":"Organization/{{_x}}-north"} }] """
        );
        (await Server.DeleteAsync($"Patient/{_x}-d")).ShouldBe(204);
        (await Server.DeleteAsync($"Organization/{_x}-gone")).ShouldBe(204);
    }

    private string Refer(string patient) => $$""" "subject":{"reference":"Patient/{{_x}}-{{patient}}"} """;

    private Task PutPatientAsync(string id, string born, string organization) =>
        PutAsync(
            "Patient",
            id,
            $$""" "name":[{"family":"{{_x}}{{id}}"}],"birthDate":"{{born}}","managingOrganization":{"reference":"Organization/{{_x}}-{{organization}}"},"generalPractitioner":[{"reference":"Practitioner/{{_x}}-gp"}] """
        );

    private Task PutTaskAsync(string id, string focus, string patient, string status, string more) =>
        PutAsync(
            "Task",
            id,
            $$""" "status":"{{status}}","intent":"order","for":{"reference":"Patient/{{_x}}-{{patient}}"},"focus":{"reference":"ServiceRequest/{{_x}}-{{focus}}"}{{more}} """
        );

    private Task PutObservationAsync(string id, string date, string subject) =>
        PutAsync(
            "Observation",
            id,
            $$""" "status":"final","code":{"coding":[{"code":"{{_x}}c{{id[1..]}}"}]},"effectiveDateTime":"{{date}}",{{subject}} """
        );

    private async Task PutAsync(string type, string id, string members)
    {
        var answer = await Server.PutAsync(
            $"{type}/{_x}-{id}",
            $$"""{"resourceType":"{{type}}","id":"{{_x}}-{{id}}","meta":{"tag":[{"code":"{{_x}}"}]},{{members}}}"""
        );
        Assert.True(answer.Status is 200 or 201, answer.Body);
    }

    /// <param name="query">In it <c>~</c> stands for what tells this test's resources from others.</param>
    /// <param name="expected">Ids, without what tells them from others.</param>
    private async Task FindsAsync(string query, string expected)
    {
        var found = (await GetAsync(query + "&_total=accurate")).ShouldBe(200);
        Assert.True(
            expected == string.Join(' ', found.Ids.Select(Short).Order(StringComparer.Ordinal)),
            $"{query}: {string.Join(' ', found.Ids)}"
        );
        Assert.Equal($"{found.Ids.Count()}", found.Text("total"));
        // As it is printed it means the same.
        var again = (await Server.GetAsync(found.Link("self")!, "Accept: application/fhir+json")).ShouldBe(200);
        Assert.Equal(found.Ids, again.Ids);
    }

    /// <param name="pages">Of each page the matches and what comes along, by their ids.</param>
    private async Task BringsAsync(string query, params string[] pages)
    {
        var found = new List<string>();
        for (var next = Own(query); next is not null; )
        {
            var page = (await Server.GetAsync(next, "Accept: application/fhir+json")).ShouldBe(200);
            var modes = page.Entries.ToLookup(
                e => e.GetProperty("search").GetProperty("mode").GetString(),
                e => e.GetProperty("resource").TryGetProperty("id", out var id) ? Short(id.GetString()!) : ""
            );
            Assert.Empty(modes["outcome"]);
            found.Add(
                $"{string.Join(' ', modes["match"])} | {string.Join(' ', modes["include"].Order(StringComparer.Ordinal))}"
            );
            next = page.Link("next");
        }

        Assert.True(pages.SequenceEqual(found), $"{query}: {string.Join(" / ", found)}");
    }

    private async Task<List<string>> PagesAsync(string query, int? total)
    {
        var ids = new List<string>();
        for (var next = Own(query); next is not null; )
        {
            var page = (await Server.GetAsync(next, "Accept: application/fhir+json")).ShouldBe(200);
            Assert.Equal(total?.ToString(System.Globalization.CultureInfo.InvariantCulture), page.Text("total"));
            ids.AddRange(page.Ids.Select(Short));
            next = page.Link("next");
        }

        return ids;
    }

    private Task<Answer> GetAsync(string query) => Server.GetAsync(Own(query), "Accept: application/fhir+json");

    private string Own(string query) =>
        query
            .Replace("_tag=~", $"_tag={_x}", StringComparison.Ordinal)
            .Replace("_id=~", $"_id={_x}-", StringComparison.Ordinal)
            .Replace(",~o", $",{_x}-o", StringComparison.Ordinal)
            .Replace(",~t", $",{_x}-t", StringComparison.Ordinal)
            .Replace(",~r", $",{_x}-r", StringComparison.Ordinal)
            .Replace("~", _x, StringComparison.Ordinal);

    private string Short(string id) => id.Replace($"{_x}-", "", StringComparison.Ordinal);
}
