using System.Xml.Linq;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Formats;

/// <summary>Every interaction in FHIR XML; what is stored is JSON. https://hl7.org/fhir/R4/xml.html</summary>
public abstract class XmlTests(SharedServer shared) : ServerTests(shared)
{
    private const string Type = "Content-Type: application/fhir+xml";
    private const string Accept = "Accept: application/fhir+xml";

    private static readonly XNamespace Fhir = "http://hl7.org/fhir";

    public sealed class OnSqlite(SqliteServer shared) : XmlTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : XmlTests(shared);

    [Fact]
    public async Task What_is_written_as_xml_is_read_as_json_and_as_xml()
    {
        var id = Given.Id();
        var written = (
            await Server.PutAsync(
                $"Observation/{id}",
                $"<Observation xmlns='http://hl7.org/fhir'><id value='{id}'/><status value='final'/><code><text value='x'/></code><valueQuantity><value value='1.00'/></valueQuantity><component><code><text value='y'/></code><valueQuantity><value value='2.50E-3'/></valueQuantity></component></Observation>",
                Type,
                Accept
            )
        ).ShouldBe(201);
        Assert.Equal("application/fhir+xml; charset=utf-8", written.ContentType);
        Assert.Equal("W/\"1\"", written.ETag);
        Assert.Equal($"{Server.Base}/Observation/{id}/_history/1", written.Location);

        var json = (await Server.GetAsync($"Observation/{id}")).ShouldBe(200);
        Assert.Contains("\"value\":1.00}", json.Body, StringComparison.Ordinal);
        Assert.Contains("\"value\":2.50E-3}", json.Body, StringComparison.Ordinal);
        var xml = (await Server.GetAsync($"Observation/{id}", Accept)).ShouldBe(200);
        Assert.Equal(written.Body, xml.Body);
        Assert.Equal(
            ["1.00", "2.50E-3"],
            XDocument.Parse(xml.Body).Descendants(Fhir + "value").Select(v => v.Attribute("value")!.Value)
        );
        Assert.Equal(xml.Body, (await Server.GetAsync($"Observation/{id}/_history/1", Accept)).ShouldBe(200).Body);
    }

    [Theory]
    [InlineData(
        "<Patient xmlns='http://hl7.org/fhir'><unknown value='x'/></Patient>",
        "error structure Patient.unknown: "
    )]
    [InlineData(
        "<Patient xmlns='http://hl7.org/fhir'><Active value='true'/></Patient>",
        "error structure Patient.Active: "
    )]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><gender value='other one'/></Patient>", "error ")]
    [InlineData("<Task xmlns='http://hl7.org/fhir'/>", "error value Task.resourceType: The body is a Task")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><id", "error structure: The body is not well-formed XML")]
    [InlineData(
        "<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Patient xmlns='http://hl7.org/fhir'/>",
        "error structure: The XML has a document type declaration"
    )]
    [InlineData("", "error ")]
    public async Task What_is_wrong_in_xml_is_refused_as_it_is_in_json(string xml, string issue)
    {
        var refused = (await Server.PostAsync("Patient", xml, Type)).ShouldBe(400);

        Assert.StartsWith(issue, refused.Issues[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "Patient/none", 404, "not-found")]
    [InlineData("GET", "Nothing/1", 404, "not-supported")]
    [InlineData("GET", "Patient/1/2/3/4", 404, "not-found")]
    [InlineData("POST", "Patient/1", 405, "not-supported")]
    [InlineData("GET", "Patient?unknown=1", 400, "not-supported")]
    [InlineData("POST", "Patient", 415, "not-supported")]
    public async Task Refusals_are_outcomes_in_xml(string method, string path, int status, string code)
    {
        string[] headers = method == "POST" ? [Accept, "Content-Type: text/plain"] : [Accept];
        var answer = (
            await Server.SendAsync(new HttpMethod(method), path, method == "POST" ? "text" : null, headers)
        ).ShouldBe(status);

        Assert.Equal("application/fhir+xml; charset=utf-8", answer.ContentType);
        var outcome = XDocument.Parse(answer.Body).Root!;
        Assert.Equal(Fhir + "OperationOutcome", outcome.Name);
        Assert.Equal(code, outcome.Element(Fhir + "issue")!.Element(Fhir + "code")!.Attribute("value")!.Value);
    }

    [Theory]
    [InlineData("Host: evil.example", 421)]
    [InlineData("Origin: https://evil.example", 403)]
    public async Task Refusals_before_routing_are_outcomes_in_xml(string header, int status)
    {
        var answer = (await Server.PostAsync("Patient?_format=xml", "{}", header)).ShouldBe(status);

        Assert.Equal(Fhir + "OperationOutcome", XDocument.Parse(answer.Body).Root!.Name);
    }

    [Fact]
    public async Task A_deleted_resource_is_gone_in_xml()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        (await Server.DeleteAsync($"Patient/{id}", Accept)).ShouldBe(204);

        var gone = (await Server.GetAsync($"Patient/{id}", Accept)).ShouldBe(410);

        Assert.Equal("W/\"2\"", gone.ETag);
        Assert.Equal(
            "deleted",
            XDocument.Parse(gone.Body).Descendants(Fhir + "code").Single().Attribute("value")!.Value
        );
    }

    [Fact]
    public async Task A_search_in_xml_has_the_entries_that_it_has_in_json()
    {
        var family = Given.Id("Fam");
        for (var i = 0; i < 5; i++)
            await Server.PostAsync("Patient", Given.PatientWith(Given.Id(), family));
        var url = $"Patient?family={family}&_count=2&_total=accurate&_sort=_id";

        var json = (await Server.GetAsync(url)).ShouldBe(200);
        var xml = XDocument.Parse((await Server.GetAsync(url, Accept)).ShouldBe(200).Body).Root!;

        Assert.Equal(Fhir + "Bundle", xml.Name);
        Assert.Equal("5", Value(xml, "total"));
        Assert.Equal(
            [json.Link("self")!, json.Link("next")!],
            xml.Elements(Fhir + "link").Select(l => Value(l, "url")!)
        );
        Assert.Equal(
            json.Ids,
            xml.Elements(Fhir + "entry")
                .Select(e => Value(e.Element(Fhir + "resource")!.Element(Fhir + "Patient")!, "id"))
        );
        Assert.Equal(["match", "match"], xml.Descendants(Fhir + "mode").Select(m => m.Attribute("value")!.Value));
        var empty = XDocument.Parse((await Server.GetAsync("Patient?_id=none", Accept)).ShouldBe(200).Body).Root!;
        Assert.Empty(empty.Elements(Fhir + "entry"));
        Assert.Equal("searchset", Value(empty, "type"));
    }

    [Fact]
    public async Task A_history_in_xml_has_the_versions_that_it_has_in_json()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Other"));
        await Server.DeleteAsync($"Patient/{id}");

        var xml = XDocument.Parse((await Server.GetAsync($"Patient/{id}/_history", Accept)).ShouldBe(200).Body).Root!;

        Assert.Equal("history", Value(xml, "type"));
        Assert.Equal(
            ["DELETE", "PUT", "POST"],
            xml.Elements(Fhir + "entry").Select(e => Value(e.Element(Fhir + "request")!, "method"))
        );
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("batch")]
    public async Task A_bundle_in_xml_does_what_it_does_in_json(string type)
    {
        var identifier = Given.Id();
        var answer = (
            await Server.PostAsync(
                "",
                $"""
                <Bundle xmlns="http://hl7.org/fhir">
                  <type value="{type}"/>
                  <entry>
                    <fullUrl value="urn:uuid:9d7c2a34-6e5d-4b3c-9f00-000000000001"/>
                    <resource><Patient><identifier><system value="urn:test"/><value value="{identifier}"/></identifier></Patient></resource>
                    <request><method value="POST"/><url value="Patient"/></request>
                  </entry>
                  <entry>
                    <request><method value="GET"/><url value="Patient?_id=none"/></request>
                  </entry>
                </Bundle>
                """,
                Type,
                Accept
            )
        ).ShouldBe(200);

        var bundle = XDocument.Parse(answer.Body).Root!;
        Assert.Equal($"{type}-response", Value(bundle, "type"));
        Assert.Equal(
            ["201 Created", "200 OK"],
            bundle.Elements(Fhir + "entry").Select(e => Value(e.Element(Fhir + "response")!, "status"))
        );
        Assert.Single((await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Resources);
    }

    [Fact]
    public async Task A_fhirpath_patch_is_taken_in_xml()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var patched = (
            await Server.SendAsync(
                HttpMethod.Patch,
                $"Patient/{id}",
                "<Parameters xmlns='http://hl7.org/fhir'><parameter><name value='operation'/><part><name value='type'/><valueCode value='add'/></part><part><name value='path'/><valueString value='Patient'/></part><part><name value='name'/><valueString value='active'/></part><part><name value='value'/><valueBoolean value='true'/></part></parameter></Parameters>",
                Type
            )
        ).ShouldBe(200);

        Assert.Equal("True", patched.Text("active"));
    }

    [Fact]
    public async Task An_operation_is_asked_and_answered_in_xml()
    {
        var patient = Given.Id();
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        var task = (await Server.PostAsync("Task", Given.Task(patient))).ShouldBe(201).Id;
        await Server.PutAsync($"Practitioner/{patient}", $$"""{"resourceType":"Practitioner","id":"{{patient}}"}""");

        var claimed = (
            await Server.PostAsync(
                $"Task/{task}/$claim",
                $"<Parameters xmlns='http://hl7.org/fhir'><parameter><name value='practitioner'/><valueReference><reference value='Practitioner/{patient}'/></valueReference></parameter></Parameters>",
                Type,
                Accept
            )
        ).ShouldBe(200);

        var root = XDocument.Parse(claimed.Body).Root!;
        Assert.Equal(Fhir + "Task", root.Name);
        Assert.Equal($"Practitioner/{patient}", Value(root.Element(Fhir + "owner")!, "reference"));
    }

    [Fact]
    public async Task Preferences_choose_what_is_answered_in_xml_too()
    {
        const string Patient = "<Patient xmlns='http://hl7.org/fhir'><active value='true'/></Patient>";
        var outcome = await Server.PostAsync("Patient", Patient, Type, Accept, "Prefer: return=OperationOutcome");
        var minimal = await Server.PostAsync("Patient", Patient, Type, Accept, "Prefer: return=minimal");

        Assert.Equal(Fhir + "OperationOutcome", XDocument.Parse(outcome.ShouldBe(201).Body).Root!.Name);
        Assert.Equal("", minimal.ShouldBe(201).Body);
    }

    [Fact]
    public async Task The_statement_and_its_definitions_are_read_in_xml()
    {
        var statement = XDocument.Parse((await Server.GetAsync("metadata", Accept)).ShouldBe(200).Body).Root!;

        Assert.Equal(
            ["application/fhir+json", "json", "application/fhir+xml", "xml"],
            statement.Elements(Fhir + "format").Select(f => f.Attribute("value")!.Value)
        );
        var definition = XDocument
            .Parse((await Server.GetAsync("OperationDefinition/Task-claim", Accept)).ShouldBe(200).Body)
            .Root!;
        Assert.Equal(Fhir + "OperationDefinition", definition.Name);
    }

    [Fact]
    public async Task Conditions_hold_for_xml_as_for_json()
    {
        var id = Given.Id();
        var etag = (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ETag;

        Assert.Equal("", (await Server.GetAsync($"Patient/{id}", Accept, $"If-None-Match: {etag}")).ShouldBe(304).Body);
        (
            await Server.PutAsync(
                $"Patient/{id}",
                $"<Patient xmlns='http://hl7.org/fhir'><id value='{id}'/></Patient>",
                Type,
                "If-Match: W/\"7\""
            )
        ).ShouldBe(412);
    }

    [Fact]
    public async Task A_head_tells_what_a_get_would()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var head = (await Server.SendAsync(HttpMethod.Head, $"Patient/{id}", (string?)null, Accept)).ShouldBe(200);

        Assert.Equal(
            (await Server.GetAsync($"Patient/{id}", Accept)).Header("Content-Length"),
            head.Header("Content-Length")
        );
        Assert.Equal("", head.Body);
    }

    private static string? Value(XElement parent, string name) =>
        parent.Element(Fhir + name)?.Attribute("value")?.Value;
}
