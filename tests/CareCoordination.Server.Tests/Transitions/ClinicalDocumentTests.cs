using System.Text;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>Documents in CDA that somebody stores as a DocumentReference: they are read, taken in as documents in FHIR are, and reviewed.</summary>
public abstract class ClinicalDocumentTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ClinicalDocumentTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ClinicalDocumentTests(shared);

    private readonly string _patient = Given.Id("p");
    private readonly string _reference = Given.Id("d");
    private readonly ClinicalDocument _document = new() { Family = "Lindholm" };

    [Theory]
    [InlineData("put")]
    [InlineData("post")]
    [InlineData("patch")]
    [InlineData("batch")]
    [InlineData("transaction")]
    [InlineData("transaction of all")]
    [InlineData("binary")]
    [InlineData("format")]
    [InlineData("text/xml")]
    [InlineData("application/xml; charset=utf-8")]
    [InlineData("absolute")]
    public async Task Is_read_and_taken_in_through_every_door(string door)
    {
        if (door != "transaction of all")
            await PatientAsync();
        var reference = door switch
        {
            "text/xml" or "application/xml; charset=utf-8" => _document.Reference(
                _reference,
                _patient,
                contentType: door
            ),
            "binary" => _document.Reference(_reference, _patient, url: $"Binary/{_reference}"),
            "absolute" => _document.Reference(_reference, _patient, url: $"{Server.Base}/Binary/{_reference}"),
            "format" => _document
                .Reference(_reference, _patient, contentType: "application/octet-stream")
                .Replace(
                    "\"content\":[{",
                    "\"content\":[{\"format\":{\"code\":\"urn:hl7-org:sdwg:ccda-structuredBody:2.1\"},",
                    StringComparison.Ordinal
                ),
            _ => _document.Reference(_reference, _patient),
        };
        switch (door)
        {
            case "post":
                (await Server.PostAsync("DocumentReference", reference)).ShouldBe(201);
                break;
            case "patch":
                (
                    await Server.PutAsync(
                        $"DocumentReference/{_reference}",
                        _document.Reference(
                            _reference,
                            _patient,
                            xml: "<a/>",
                            contentType: "text/plain",
                            type: "11488-4"
                        )
                    )
                ).ShouldBe(201);
                using (
                    var patch = new StringContent(
                        $$"""[{"op":"replace","path":"/content","value":{{JsonDocument.Parse(reference).RootElement.GetProperty("content").GetRawText()}}}]""",
                        Encoding.UTF8,
                        "application/json-patch+json"
                    )
                )
                    (await Server.SendAsync(HttpMethod.Patch, $"DocumentReference/{_reference}", patch)).ShouldBe(200);
                break;
            case "batch":
                (
                    await Server.PostAsync(
                        "",
                        Given.Batch(Given.Entry("PUT", $"DocumentReference/{_reference}", reference))
                    )
                ).ShouldBe(200);
                break;
            case "transaction":
                (
                    await Server.PostAsync(
                        "",
                        Given.Transaction(Given.Entry("PUT", $"DocumentReference/{_reference}", reference))
                    )
                ).ShouldBe(200);
                break;
            case "transaction of all":
                (
                    await Server.PostAsync(
                        "",
                        Given.Transaction(
                            Given.Entry(
                                "PUT",
                                $"DocumentReference/{_reference}",
                                _document.Reference(_reference, _patient, url: $"Binary/{_reference}")
                            ),
                            Given.Entry(
                                "PUT",
                                $"Binary/{_reference}",
                                ClinicalDocument.Binary(_reference, _document.Xml)
                            ),
                            Given.Entry("PUT", $"Patient/{_patient}", _document.Patient(_patient))
                        )
                    )
                ).ShouldBe(200);
                break;
            case "binary" or "absolute":
                (
                    await Server.PutAsync($"Binary/{_reference}", ClinicalDocument.Binary(_reference, _document.Xml))
                ).ShouldBe(201);
                (await Server.PutAsync($"DocumentReference/{_reference}", reference)).ShouldBe(201);
                break;
            default:
                (await Server.PutAsync($"DocumentReference/{_reference}", reference)).ShouldBe(201);
                break;
        }

        Assert.Equal(["active"], await StatusesAsync("CarePlan", "subject"));
        Assert.Equal(["finished"], await StatusesAsync("Encounter", "patient"));
        Assert.Equal(
            3,
            (await Server.GetAsync($"Condition?patient=Patient/{_patient}&verification-status=unconfirmed")).Ids.Count()
        );
        Assert.Single((await Server.GetAsync($"AllergyIntolerance?patient=Patient/{_patient}")).Ids);
        Assert.Equal(["active", "stopped"], await StatusesAsync("MedicationStatement", "patient"));
    }

    [Fact]
    public async Task The_review_says_what_was_read_and_leads_to_it()
    {
        await PatientAsync();

        (await Server.PutAsync($"DocumentReference/{_reference}", _document.Reference(_reference, _patient))).ShouldBe(
            201
        );

        var review = await ReviewAsync();
        Assert.Equal(
            string.Join(
                '\n',
                "Discharge diagnosis (11535-2): 1 read.",
                "Problems (11450-4): what the patient does not have is told, and is no Condition.",
                "Problems (11450-4): 2 read.",
                "Allergies (48765-2): 1 read.",
                "Discharge medications (10183-2): 2 read.",
                "Plan of care (18776-5): the sender has no information (NI)."
            ),
            Note(review)
        );
        var inputs = review
            .GetProperty("input")
            .EnumerateArray()
            .Select(i =>
                (
                    i.GetProperty("type").GetProperty("text").GetString(),
                    i.GetProperty("valueReference").GetProperty("reference").GetString()!
                )
            )
            .ToArray();
        Assert.Equal(
            [
                "AllergyIntolerance",
                "CarePlan",
                "CareTeam",
                "Condition",
                "EpisodeOfCare",
                "Goal",
                "MedicationStatement",
                "RiskAssessment",
                "Task",
            ],
            inputs.Select(i => i.Item2.Split('/')[0]).Distinct().Order(StringComparer.Ordinal)
        );
        var record = (await Server.GetAsync(inputs[0].Item2)).ShouldBe(200);
        Assert.Equal(("taken in as", "completed"), (inputs[0].Item1, record.Text("status")));
        var list = Assert.Single((await Server.GetAsync($"List?subject=Patient/{_patient}")).Resources);
        Assert.Equal(
            ["new"],
            list.GetProperty("entry")
                .EnumerateArray()
                .Select(e => e.GetProperty("flag").GetProperty("coding")[0].GetProperty("code").GetString())
        );
    }

    [Fact]
    public async Task What_was_taken_in_before_doubles_nothing_and_what_is_corrected_is_taken_in()
    {
        await PatientAsync();
        (await Server.PutAsync($"DocumentReference/{_reference}", _document.Reference(_reference, _patient))).ShouldBe(
            201
        );

        var second = Given.Id("d");
        (await Server.PutAsync($"DocumentReference/{second}", _document.Reference(second, _patient))).ShouldBe(201);
        (
            await Server.PutAsync(
                $"DocumentReference/{_reference}",
                _document.Reference(_reference, _patient).Replace("18842-5", "28655-9", StringComparison.Ordinal)
            )
        ).ShouldBe(200);
        Assert.Equal(["active"], await StatusesAsync("CarePlan", "subject"));
        Assert.Equal(3, (await Server.GetAsync($"Condition?patient=Patient/{_patient}")).Ids.Count());
        Assert.StartsWith(
            "What it says was taken in before: Task/toc-",
            Note(await ReviewAsync(second)),
            StringComparison.Ordinal
        );

        // The same document, said later: the discharge was a day before.
        var corrected = _document
            .Xml.Replace("20261124110000-0500", "20261124180000-0500", StringComparison.Ordinal)
            .Replace("202611241040-0500", "202611231040-0500", StringComparison.Ordinal);
        (
            await Server.PutAsync(
                $"DocumentReference/{_reference}",
                _document.Reference(_reference, _patient, corrected)
            )
        ).ShouldBe(200);

        var plan = Assert.Single((await Server.GetAsync($"CarePlan?subject=Patient/{_patient}")).Resources);
        Assert.Equal("2026-11-23", plan.GetProperty("period").GetProperty("start").GetString());

        // Other words of the same time are no correction.
        (
            await Server.PutAsync(
                $"DocumentReference/{second}",
                _document.Reference(
                    second,
                    _patient,
                    _document.Xml.Replace("Pneumonia", "Bronchitis", StringComparison.Ordinal)
                )
            )
        ).ShouldBe(200);
        Assert.Contains("was not made earlier", Note(await ReviewAsync(second)), StringComparison.Ordinal);
        Assert.Equal(3, (await Server.GetAsync($"Condition?patient=Patient/{_patient}")).Ids.Count());
    }

    [Theory]
    [InlineData("1943-09-03", null)]
    [InlineData("1943-09-02", "Somebody")]
    [InlineData("1943", "Somebody")]
    public async Task One_of_another_patient_is_kept_and_nothing_is_written_until_it_is_corrected(
        string birthDate,
        string? family
    )
    {
        (await Server.PutAsync($"Patient/{_patient}", _document.Patient(_patient, birthDate, family))).ShouldBe(201);

        (await Server.PutAsync($"DocumentReference/{_reference}", _document.Reference(_reference, _patient))).ShouldBe(
            201
        );

        var review = await ReviewAsync();
        Assert.Contains(
            $"The document is of another Patient than Patient/{_patient}",
            Note(review),
            StringComparison.Ordinal
        );
        foreach (
            var (type, of) in (IEnumerable<(string, string)>)
                [
                    ("CarePlan", "subject"),
                    ("Encounter", "patient"),
                    ("MedicationStatement", "patient"),
                    ("AllergyIntolerance", "patient"),
                    ("Condition", "patient"),
                ]
        )
            Assert.Empty((await Server.GetAsync($"{type}?{of}=Patient/{_patient}")).ShouldBe(200).Ids);
        var record = review.GetProperty("input")[0].GetProperty("valueReference").GetProperty("reference").GetString()!;
        Assert.Equal("on-hold", (await Server.GetAsync(record)).Text("status"));

        (await Server.PutAsync($"Patient/{_patient}", _document.Patient(_patient))).ShouldBe(200);
        (
            await Server.PutAsync(
                $"DocumentReference/{_reference}",
                _document
                    .Reference(_reference, _patient)
                    .Replace("\"current\"", "\"current\",\"description\":\"again\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);

        Assert.Equal("completed", (await Server.GetAsync(record)).Text("status"));
        Assert.Equal(["active"], await StatusesAsync("CarePlan", "subject"));
    }

    public static TheoryData<string, string> Unread =>
        new()
        {
            {
                "<!DOCTYPE c [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]><ClinicalDocument xmlns='urn:hl7-org:v3'><title>&c;</title></ClinicalDocument>",
                "DocumentReference.content[0].attachment: The XML has a document type declaration"
            },
            {
                "<!DOCTYPE c [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><ClinicalDocument xmlns='urn:hl7-org:v3'><title>&x;</title></ClinicalDocument>",
                "DocumentReference.content[0].attachment: The XML has a document type declaration"
            },
            {
                "<ClinicalDocument xmlns='urn:hl7-org:v3'><id",
                "DocumentReference.content[0].attachment: The XML is not well-formed or ends too early"
            },
            { "<Something/>", "DocumentReference.content[0].attachment: The XML is no ClinicalDocument" },
            {
                "<?xml version='1.0' encoding='x-y'?><a/>",
                "DocumentReference.content[0].attachment: The XML says that it is in an encoding"
            },
            {
                new ClinicalDocument { Family = "Lindholm", End = "203101010000+0000" }.Xml,
                "DocumentReference.content[0].attachment: The stay ends in the future"
            },
            {
                new ClinicalDocument().Xml.Replace(
                    "code code=\"18842-5\"",
                    "code code=\"11488-4\"",
                    StringComparison.Ordinal
                ),
                "DocumentReference.content[0].attachment: The document is neither a discharge summary nor"
            },
        };

    [Theory]
    [MemberData(nameof(Unread), DisableDiscoveryEnumeration = true)]
    public async Task What_cannot_be_read_is_stored_and_somebody_learns_why(string xml, string sentence)
    {
        await PatientAsync();

        (
            await Server.PutAsync($"DocumentReference/{_reference}", _document.Reference(_reference, _patient, xml))
        ).ShouldBe(201);

        Assert.StartsWith(sentence, Note(await ReviewAsync()), StringComparison.Ordinal);
        Assert.Empty((await Server.GetAsync($"Encounter?patient=Patient/{_patient}")).Ids);
    }

    [Theory]
    [InlineData("https://elsewhere.example/Binary/1")]
    [InlineData("Binary/nowhere")]
    [InlineData("urn:uuid:0b1d6c52-7f0e-4a58-9a63-5d2a7c0f0001")]
    public async Task What_is_elsewhere_is_not_fetched(string url)
    {
        await PatientAsync();

        (
            await Server.PutAsync(
                $"DocumentReference/{_reference}",
                _document.Reference(_reference, _patient, url: url)
            )
        ).ShouldBe(201);

        Assert.StartsWith(
            "DocumentReference.content[0].attachment.url: the content is not on this server",
            Note(await ReviewAsync()),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("text/xml", "11488-4", "current", "<a/>")]
    [InlineData("text/xml", "18842-5", "superseded", null)]
    [InlineData("application/cda+xml", "18842-5", "entered-in-error", null)]
    public async Task XML_that_nobody_calls_a_summary_is_left_alone(
        string contentType,
        string type,
        string status,
        string? xml
    )
    {
        await PatientAsync();

        (
            await Server.PutAsync(
                $"DocumentReference/{_reference}",
                _document.Reference(_reference, _patient, xml, contentType: contentType, type: type, status: status)
            )
        ).ShouldBe(201);

        Assert.Empty((await Server.GetAsync($"Task?focus=DocumentReference/{_reference}")).Ids);
        Assert.Empty((await Server.GetAsync($"Encounter?patient=Patient/{_patient}")).Ids);
    }

    [Fact]
    public async Task One_of_a_record_that_another_has_replaced_is_of_that_one()
    {
        await PatientAsync();
        var survivor = Given.Id("p");
        (await Server.PutAsync($"Patient/{survivor}", _document.Patient(survivor))).ShouldBe(201);
        (
            await Server.PutAsync(
                $"Patient/{_patient}",
                _document
                    .Patient(_patient)
                    .Replace(
                        "\"gender\"",
                        $$$"""
                        "active":false,"link":[{"type":"replaced-by","other":{"reference":"Patient/{{{survivor}}}"}}],"gender"
                        """,
                        StringComparison.Ordinal
                    )
            )
        ).ShouldBe(200);

        (await Server.PutAsync($"DocumentReference/{_reference}", _document.Reference(_reference, _patient))).ShouldBe(
            201
        );

        Assert.Empty(await StatusesAsync("CarePlan", "subject"));
        Assert.Single((await Server.GetAsync($"CarePlan?subject=Patient/{survivor}&status=active")).Ids);
    }

    /// <summary>Many systems give the entries of all their documents the same ids.</summary>
    [Fact]
    public async Task Entries_with_the_ids_of_another_patients_entries_stay_with_their_own()
    {
        await PatientAsync();
        var xml = _document.Xml;
        (
            await Server.PutAsync($"DocumentReference/{_reference}", _document.Reference(_reference, _patient, xml))
        ).ShouldBe(201);
        var other = new ClinicalDocument { Family = "Sandberg" };
        var (person, second) = (Given.Id("p"), Given.Id("d"));
        (await Server.PutAsync($"Patient/{person}", other.Patient(person))).ShouldBe(201);

        var same = xml.Replace(_document.Number, other.Number, StringComparison.Ordinal)
            .Replace(_document.Family, other.Family, StringComparison.Ordinal);
        (await Server.PutAsync($"DocumentReference/{second}", other.Reference(second, person, same))).ShouldBe(201);
        (
            await Server.PutAsync(
                $"DocumentReference/{second}",
                other.Reference(
                    second,
                    person,
                    same.Replace("20261124110000", "20261124120000", StringComparison.Ordinal)
                )
            )
        ).ShouldBe(200);

        foreach (var patient in (string[])[_patient, person])
        {
            Assert.Equal(3, (await Server.GetAsync($"Condition?patient=Patient/{patient}")).Ids.Count());
            Assert.Equal(2, (await Server.GetAsync($"MedicationStatement?patient=Patient/{patient}")).Ids.Count());
            Assert.Single((await Server.GetAsync($"AllergyIntolerance?patient=Patient/{patient}")).Ids);
        }
    }

    private async Task PatientAsync() =>
        (await Server.PutAsync($"Patient/{_patient}", _document.Patient(_patient))).ShouldBe(201);

    private async Task<JsonElement> ReviewAsync(string? reference = null) =>
        Assert.Single(
            (await Server.GetAsync($"Task?focus=DocumentReference/{reference ?? _reference}")).ShouldBe(200).Resources
        );

    private static string Note(JsonElement review) =>
        review.GetProperty("note").EnumerateArray().Last().GetProperty("text").GetString()!;

    private async Task<string[]> StatusesAsync(string type, string of) =>
        [
            .. (await Server.GetAsync($"{type}?{of}=Patient/{_patient}"))
                .ShouldBe(200)
                .Resources.Select(r => r.GetProperty("status").GetString()!)
                .Order(StringComparer.Ordinal),
        ];
}
