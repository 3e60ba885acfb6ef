using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Formats.Cda;
using CareCoordination.TestKit;

namespace CareCoordination.Formats.Tests;

/// <summary>Documents in CDA are read as documents of FHIR; what cannot be read is told in a sentence, and nothing is fetched or expanded.</summary>
public sealed class ClinicalDocumentTests
{
    private static readonly string Sample = File.ReadAllText(
        Path.Combine(SharedMaterial.Repository, "samples", "transitions", "discharge-summary.xml")
    );

    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [Fact]
    public void The_sample_is_read_as_a_document_of_its_patient_and_stay()
    {
        var (resources, notes) = Read(Sample);

        Assert.Equal(
            [
                "Composition",
                "Patient",
                "Organization",
                "Encounter",
                "Condition",
                "Condition",
                "Condition",
                "AllergyIntolerance",
                "MedicationStatement",
                "MedicationStatement",
            ],
            resources.Select(r => (string?)r["resourceType"])
        );
        Equal(
            """{"resourceType":"Patient","identifier":[{"system":"urn:oid:2.16.840.1.113883.4.1.99","value":"MRN-5521"}],"name":[{"family":"Lindholm","given":["Greta"]}],"telecom":[{"system":"phone","value":"555-0188","use":"home"}],"gender":"female","birthDate":"1943-09-02","address":[{"use":"home","line":["4 Harbor Road"],"city":"Riverside","state":"MA","postalCode":"02139"}]}""",
            resources[1]
        );
        Equal(
            """{"resourceType":"Organization","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],"active":true,"name":"North Harbor Hospital"}""",
            resources[2]
        );
        Equal(
            """{"resourceType":"Encounter","identifier":[{"system":"urn:oid:2.16.840.1.113883.4.1.98","value":"V-88431"}],"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP","display":"inpatient encounter"},"period":{"start":"2026-11-22T02:10:00-05:00","end":"2026-11-24T10:40:00-05:00"},"hospitalization":{"dischargeDisposition":{"coding":[{"system":"https://www.nubc.org/CodeSystem/PatDischargeStatus","code":"01"}]}}}""",
            resources[3]
        );
        Assert.Equal(
            [
                "Discharge diagnosis (11535-2): 1 read.",
                "Problems (11450-4): what the patient does not have is told, and is no Condition.",
                "Problems (11450-4): 2 read.",
                "Allergies (48765-2): 1 read.",
                "Discharge medications (10183-2): 2 read.",
                "Plan of care (18776-5): the sender has no information (NI).",
            ],
            notes
        );
    }

    [Fact]
    public void Conditions_and_allergies_of_it_wait_for_somebody_to_confirm_them()
    {
        var (resources, _) = Read(Sample);

        Equal(
            """{"resourceType":"Condition","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:5b7d0d2c-55ab-4f3e-9d6f-0a54a1c20001"}],"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"unconfirmed"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"encounter-diagnosis"}]}],"code":{"coding":[{"system":"http://snomed.info/sct","code":"84114007","display":"Heart failure"},{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I50.9"}],"text":"Heart failure that got worse"},"onsetDateTime":"2026-11-22"}""",
            resources[4]
        );
        Assert.Equal(
            [("active", "2011", null), ("resolved", "2026-03-01", "2026-03-20")],
            resources[5..7]
                .Select(c =>
                    (
                        (string?)c["clinicalStatus"]!["coding"]![0]!["code"],
                        (string?)c["onsetDateTime"],
                        (string?)c["abatementDateTime"]
                    )
                )
        );
        Equal(
            """{"resourceType":"AllergyIntolerance","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:5b7d0d2c-55ab-4f3e-9d6f-0a54a1c20005"}],"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-verification","code":"unconfirmed"}]},"type":"allergy","category":["medication"],"code":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"70618","display":"penicillin"}],"text":"penicillin"},"onsetDateTime":"1998","reaction":[{"manifestation":[{"coding":[{"system":"http://snomed.info/sct","code":"247472004","display":"Hives"}],"text":"Hives"}],"severity":"moderate"}]}""",
            resources[7]
        );
    }

    [Fact]
    public void Medications_have_their_dosage_and_those_that_were_stopped_are_not_taken()
    {
        var (resources, _) = Read(Sample);

        Equal(
            """{"resourceType":"MedicationStatement","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:5b7d0d2c-55ab-4f3e-9d6f-0a54a1c20006"}],"status":"active","medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"310429","display":"furosemide 40 MG Oral Tablet"}],"text":"furosemide 40 MG Oral Tablet"},"effectivePeriod":{"start":"2026-11-24"},"dateAsserted":"2026-11-24T11:00:00-05:00","dosage":[{"text":"One tablet in the morning","timing":{"repeat":{"frequency":1,"period":24,"periodUnit":"h"}},"route":{"coding":[{"system":"http://ncithesaurus-stage.nci.nih.gov","code":"C38288","display":"oral"}],"text":"oral"},"doseAndRate":[{"doseQuantity":{"value":1}}]}]}""",
            resources[8]
        );
        Assert.Equal("stopped", (string?)resources[9]["status"]);
    }

    [Fact]
    public void Words_of_sections_are_kept_line_by_line()
    {
        var (resources, _) = Read(Sample);

        var sections = resources[0]["section"]!.AsArray();
        Assert.Equal(
            ["11535-2", "11450-4", "48765-2", "10183-2", "69730-0", "18776-5"],
            sections.Select(s => (string?)s!["code"]!["coding"]![0]!["code"])
        );
        Assert.Equal(
            [
                "<p>Heart failure that got worse</p>",
                "<p>Type 2 diabetes</p><p>Pneumonia, over</p><p>No asthma</p>",
                "<p>Penicillin Hives</p>",
                "<p>Furosemide 40 mg, one in the morning</p><p>Warfarin: stopped</p>",
                "<p>Weigh yourself every morning.</p><p>Call where you gain more than three pounds in two days.</p>",
                "<p>No information</p>",
            ],
            sections.Select(s =>
                ((string)s!["text"]!["div"]!)
                    .Replace("<div xmlns=\"http://www.w3.org/1999/xhtml\">", "", StringComparison.Ordinal)
                    .Replace("</div>", "", StringComparison.Ordinal)
            )
        );
    }

    [Theory]
    [InlineData("2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm")]
    [InlineData("2.16.840.1.113883.6.96", "http://snomed.info/sct")]
    [InlineData("2.16.840.1.113883.6.1", "http://loinc.org")]
    [InlineData("2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm")]
    [InlineData("2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc")]
    [InlineData("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx")]
    [InlineData("1.2.3.4", "urn:oid:1.2.3.4")]
    [InlineData("1.02.3", null)]
    [InlineData("3.1", null)]
    [InlineData("5b7d0d2c-55ab-4f3e-9d6f-0a54a1c20001", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_system_is_named_as_FHIR_does_or_keeps_its_OID(string? oid, string? uri) =>
        Assert.Equal(uri, CdaOids.UriOf(oid));

    [Theory]
    [InlineData("20261124110000-0500", "2026-11-24T11:00:00-05:00")]
    [InlineData("20261124110000.123+0000", "2026-11-24T11:00:00+00:00")]
    [InlineData("202611241100", "2026-11-24T11:00:00-05:00")]
    [InlineData("202607241100", "2026-07-24T11:00:00-04:00")]
    [InlineData("2026112411", "2026-11-24T11:00:00-05:00")]
    [InlineData("20261124", "2026-11-24T00:00:00-05:00")]
    public void The_time_of_a_document_is_an_instant_by_the_clocks_where_it_was_written(
        string written,
        string instant
    ) =>
        Assert.Equal(
            instant,
            (string?)
                Bundle(With("value=\"20261124110000-0500\"/>\n  <conf", $"value=\"{written}\"/>\n  <conf"))["timestamp"]
        );

    [Theory]
    [InlineData("negationInd=\"true\"", "", "no known allergies.", "716186003")]
    [InlineData(
        "negationInd=\"true\"",
        "<participant typeCode=\"CSM\"><participantRole><playingEntity><code nullFlavor=\"NA\"/></playingEntity></participantRole></participant>",
        "no known allergies.",
        "716186003"
    )]
    [InlineData(
        "negationInd=\"true\"",
        "<participant typeCode=\"CSM\"><participantRole><playingEntity><code code=\"7980\" codeSystem=\"2.16.840.1.113883.6.88\"/></playingEntity></participantRole></participant>",
        "what the patient is not allergic to is told, and is no allergy.",
        null
    )]
    [InlineData("", "", "an entry does not say to what: read it in the document.", null)]
    public void That_there_is_no_allergy_makes_none(string negated, string participant, string note, string? code)
    {
        var (resources, notes) = Read(
            Document(
                $"""<section><code code="48765-2" codeSystem="2.16.840.1.113883.6.1"/><entry><act><entryRelationship typeCode="SUBJ"><observation {negated}><value xsi:type="CD" code="416098002" codeSystem="2.16.840.1.113883.6.96"/>{participant}</observation></entryRelationship></act></entry></section>"""
            )
        );

        Assert.Contains($"Allergies (48765-2): {note}", notes);
        Assert.Equal(
            code is null ? [] : [code],
            resources
                .Where(r => (string?)r["resourceType"] == "AllergyIntolerance")
                .Select(r => (string?)r["code"]!["coding"]![0]!["code"])
        );
    }

    [Theory]
    [InlineData("<value xsi:type=\"CD\" nullFlavor=\"UNK\"/>", null)]
    [InlineData(
        "<value xsi:type=\"CD\" nullFlavor=\"OTH\"><originalText>Dizzy  spells</originalText></value>",
        "Dizzy spells"
    )]
    [InlineData(
        "<value xsi:type=\"CD\" nullFlavor=\"OTH\"><translation code=\"R42\" codeSystem=\"2.16.840.1.113883.6.90\"/></value>",
        "R42"
    )]
    [InlineData("<value xsi:type=\"CD\" code=\"X1\" codeSystem=\"1.2.3\"/>", "urn:oid:1.2.3|X1")]
    [InlineData("<value xsi:type=\"CD\" code=\"X1\"/>", null)]
    public void A_problem_is_what_its_code_or_its_words_say(string value, string? expected)
    {
        var (resources, notes) = Read(
            Document(
                $"""<section><code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><entry><observation>{value}</observation></entry></section>"""
            )
        );

        var condition = resources.SingleOrDefault(r => (string?)r["resourceType"] == "Condition");
        if (expected is null)
        {
            Assert.Null(condition);
            Assert.Equal(
                ["Problems (11450-4): an entry has neither a code nor words: read it in the document."],
                notes
            );
            return;
        }

        Assert.Contains(
            expected,
            (IEnumerable<string?>)
                [
                    (string?)condition!["code"]!["text"],
                    (string?)condition["code"]!["coding"]?[0]!["code"],
                    $"{condition["code"]!["coding"]?[0]!["system"]}|{condition["code"]!["coding"]?[0]!["code"]}",
                ]
        );
    }

    [Theory]
    [InlineData("active", "", "active")]
    [InlineData("completed", "", "active")]
    [InlineData("completed", "<high value=\"20261101\"/>", "completed")]
    [InlineData("completed", "<high value=\"20261231\"/>", "active")]
    [InlineData("active", "<high value=\"20261101\"/>", "completed")]
    [InlineData("active", "<high value=\"20261124\"/>", "active")]
    [InlineData("aborted", "", "stopped")]
    [InlineData("suspended", "", "on-hold")]
    [InlineData("nullified", "", "entered-in-error")]
    public void A_medication_is_over_where_its_time_is(string status, string high, string expected)
    {
        var (resources, _) = Read(
            Document(
                $"""<section><code code="10160-0" codeSystem="2.16.840.1.113883.6.1"/><entry><substanceAdministration moodCode="EVN"><statusCode code="{status}"/><effectiveTime xsi:type="IVL_TS"><low value="20260101"/>{high}</effectiveTime><consumable><manufacturedProduct><manufacturedMaterial><code code="1" codeSystem="2.16.840.1.113883.6.88"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry></section>"""
            )
        );

        Assert.Equal(
            expected,
            (string?)resources.Single(r => (string?)r["resourceType"] == "MedicationStatement")["status"]
        );
    }

    [Fact]
    public void What_was_taken_before_is_left_to_people_where_discharge_medications_are_told()
    {
        const string Entry =
            """<entry><substanceAdministration moodCode="{0}"><consumable><manufacturedProduct><manufacturedMaterial><code code="{1}" codeSystem="2.16.840.1.113883.6.88"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>""";
        var (resources, notes) = Read(
            Document(
                """<section><code code="10160-0" codeSystem="2.16.840.1.113883.6.1"/>"""
                    + string.Format(System.Globalization.CultureInfo.InvariantCulture, Entry, "EVN", "1")
                    + """</section></component><component><section><code code="X" codeSystem="1.2"><translation code="10183-2" codeSystem="2.16.840.1.113883.6.1"/></code>"""
                    + string.Format(System.Globalization.CultureInfo.InvariantCulture, Entry, "INT", "2")
                    + "</section>"
            )
        );

        var request = Assert.Single(
            resources,
            r => ((string)r["resourceType"]!).StartsWith("Medication", StringComparison.Ordinal)
        );
        Assert.Equal(
            ("MedicationRequest", "plan", "2"),
            (
                (string?)request["resourceType"],
                (string?)request["intent"],
                (string?)request["medicationCodeableConcept"]!["coding"]![0]!["code"]
            )
        );
        Assert.Contains(
            notes,
            n => n.StartsWith("Medications (10160-0): the discharge medications", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_document_that_is_one_picture_or_text_is_left_to_people()
    {
        var (resources, notes) = Read(
            System.Text.RegularExpressions.Regex.Replace(
                Sample,
                "<structuredBody>.*</structuredBody>",
                "<nonXMLBody><text mediaType=\"application/pdf\" representation=\"B64\">JVBERi0=</text></nonXMLBody>",
                System.Text.RegularExpressions.RegexOptions.Singleline
            )
        );

        Assert.Equal(
            ["Composition", "Patient", "Organization", "Encounter"],
            resources.Select(r => (string?)r["resourceType"])
        );
        Assert.Equal(["The document has no sections that can be read: read it as it is."], notes);
    }

    [Fact]
    public void A_section_without_entries_is_told_of()
    {
        var (resources, notes) = Read(
            Document(
                """<section><code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><text>Gout</text></section>"""
            )
        );

        Assert.DoesNotContain(resources, r => (string?)r["resourceType"] == "Condition");
        Assert.Equal(["Problems (11450-4): there are words and no coded entries: read them in the document."], notes);
    }

    [Theory]
    [InlineData("18842-5", "IMP")]
    [InlineData("18761-7", "IMP")]
    [InlineData("34133-9", "UNK")]
    public void Without_a_class_a_summary_of_a_hospital_is_of_an_inpatient(string type, string expected) =>
        Assert.Equal(
            expected,
            (string?)
                Read(
                    With("code code=\"18842-5\"", $"code code=\"{type}\"")
                        .Replace(
                            "<code code=\"IMP\" codeSystem=\"2.16.840.1.113883.5.4\" displayName=\"inpatient encounter\"/>",
                            "<code code=\"99221\" codeSystem=\"2.16.840.1.113883.6.12\"/>",
                            StringComparison.Ordinal
                        )
                ).Resources[3]["class"]!["code"]
        );

    [Fact]
    public void A_document_of_somebody_who_has_died_says_so()
    {
        Assert.Equal(
            "2026-11-24T09:00:00-05:00",
            (string?)
                Read(
                    With(
                        "<birthTime value=\"19430902\"/>",
                        "<birthTime value=\"19430902\"/><sdtc:deceasedInd value=\"true\"/><sdtc:deceasedTime value=\"202611240900\"/>"
                    )
                ).Resources[1]["deceasedDateTime"]
        );
        Assert.True(
            (bool?)
                Read(
                    With(
                        "<birthTime value=\"19430902\"/>",
                        "<birthTime value=\"19430902\"/><sdtc:deceasedInd value=\"true\"/>"
                    )
                ).Resources[1]["deceasedBoolean"]
        );
    }

    [Theory]
    [InlineData("utf-8", 65001)]
    [InlineData("UTF-16", 1200)]
    [InlineData("UTF-16", 1201)]
    [InlineData("ISO-8859-1", 28591)]
    [InlineData("windows-1252", 1252)]
    public void An_encoding_that_is_declared_is_read(string name, int page)
    {
        var encoding = (CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page))!;
        var text = With("encoding=\"UTF-8\"", $"encoding=\"{name}\"")
            .Replace("<given>Greta</given>", "<given>Zoë</given>", StringComparison.Ordinal);

        var read = CdaDocument.Read(encoding.GetBytes(text), null, NewYork);

        Assert.True(read.IsSuccess, read.Failure?.Issues[0].Diagnostics);
        Assert.Contains(
            "Zoë",
            JsonNode.Parse(read.Value.Bundle.Utf8.Span)!["entry"]![1]!["resource"]!["name"]![0]!["given"]![
                0
            ]!.ToString(),
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string, string> Unread =>
        new()
        {
            { "", "The XML is not well-formed or ends too early: line 0, position 0." },
            { "{\"resourceType\":\"Bundle\"}", "The XML is not well-formed or ends too early: line 1, position 1." },
            { Sample[..2000], "The XML is not well-formed or ends too early: " },
            { "<ClinicalDocument/>", "The XML is no ClinicalDocument of urn:hl7-org:v3." },
            { "<Patient xmlns='http://hl7.org/fhir'/>", "The XML is no ClinicalDocument of urn:hl7-org:v3." },
            {
                With("encoding=\"UTF-8\"", "encoding=\"x-klingon\""),
                "The XML says that it is in an encoding that is not read here"
            },
            {
                "<!DOCTYPE c [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;'>]><ClinicalDocument xmlns='urn:hl7-org:v3'><title>&c;</title></ClinicalDocument>",
                "The XML has a document type declaration"
            },
            {
                "<?xml version='1.0'?><!DOCTYPE c [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><ClinicalDocument xmlns='urn:hl7-org:v3'><title>&x;</title></ClinicalDocument>",
                "The XML has a document type declaration"
            },
            {
                "<!DOCTYPE c SYSTEM 'http://127.0.0.1:1/x.dtd'><ClinicalDocument/>",
                "The XML has a document type declaration"
            },
            { string.Concat(Enumerable.Repeat("<a>", 200)), "The XML is nested more than 128 levels deep." },
            {
                "<a>" + string.Concat(Enumerable.Repeat("<b/>", 600_000)) + "</a>",
                "The XML has more than 500000 elements."
            },
            { With("<id root=\"2.16.840.1.113883.4.1.97\" extension=\"CDA-2026-4411\"/>", ""), "ClinicalDocument.id:" },
            {
                With("<effectiveTime value=\"20261124110000-0500\"/>", "<effectiveTime nullFlavor=\"UNK\"/>"),
                "ClinicalDocument.effectiveTime:"
            },
            {
                With("<effectiveTime value=\"20261124110000-0500\"/>", "<effectiveTime value=\"20261324\"/>"),
                "ClinicalDocument.effectiveTime:"
            },
            {
                With(
                    "<code code=\"18842-5\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Discharge summary\"/>",
                    ""
                ),
                "ClinicalDocument.code:"
            },
            {
                With("<recordTarget>", "<other>").Replace("</recordTarget>", "</other>", StringComparison.Ordinal),
                "ClinicalDocument.recordTarget:"
            },
        };

    [Theory]
    [MemberData(nameof(Unread), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_read_is_told_in_a_sentence(string xml, string sentence)
    {
        var failure = CdaDocument.Read(Encoding.UTF8.GetBytes(xml), null, NewYork).Failure;

        Assert.NotNull(failure);
        Assert.StartsWith(sentence, failure.Issues[0].Diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain("Lindholm", failure.Issues[0].Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_another_encoding_than_the_declared_one_are_not_guessed()
    {
        var latin = Encoding.Latin1.GetBytes(With("<given>Greta</given>", "<given>Zoë</given>"));

        Assert.StartsWith(
            "The XML has bytes that are no utf-8",
            CdaDocument.Read(latin, null, NewYork).Failure!.Issues[0].Diagnostics,
            StringComparison.Ordinal
        );
        Assert.True(CdaDocument.Read(latin, "iso-8859-1", NewYork).IsSuccess);
    }

    /// <summary>Whatever is cut off or left out of the sample: what is read of the rest is valid, and nothing breaks.</summary>
    [Fact]
    public void What_is_left_of_a_document_is_valid_whatever_is_missing()
    {
        var validator = new Validator(R4Definitions.Schema);
        var whole = System.Xml.Linq.XDocument.Parse(Sample);
        var count = whole.Descendants().Count();
        for (var i = 1; i < count; i++)
        {
            var damaged = System.Xml.Linq.XDocument.Parse(Sample);
            damaged.Descendants().ElementAt(i).Remove();
            var read = CdaDocument.Read(Encoding.UTF8.GetBytes(damaged.ToString()), null, NewYork);
            if (read.IsSuccess)
                Assert.Empty(validator.Validate(read.Value.Bundle).Where(issue => issue.IsError));
        }
    }

    private static (JsonObject[] Resources, string[] Notes) Read(string xml)
    {
        var read = CdaDocument.Read(Encoding.UTF8.GetBytes(xml), null, NewYork);
        Assert.True(read.IsSuccess, read.Failure?.Issues[0].Diagnostics);
        Assert.Empty(new Validator(R4Definitions.Schema).Validate(read.Value.Bundle).Where(i => i.IsError));
        return (
            [
                .. JsonNode.Parse(read.Value.Bundle.Utf8.Span)!["entry"]!
                    .AsArray()
                    .Select(e => e!["resource"]!.AsObject()),
            ],
            [.. read.Value.Notes]
        );
    }

    private static JsonNode Bundle(string xml) =>
        JsonNode.Parse(CdaDocument.Read(Encoding.UTF8.GetBytes(xml), null, NewYork).Value.Bundle.Utf8.Span)!;

    private static string With(string old, string replacement)
    {
        Assert.Contains(old, Sample, StringComparison.Ordinal);
        return Sample.Replace(old, replacement, StringComparison.Ordinal);
    }

    /// <summary>The sample with these sections alone.</summary>
    private static string Document(string sections)
    {
        var from = Sample.IndexOf("<structuredBody>", StringComparison.Ordinal) + "<structuredBody>".Length;
        var to = Sample.IndexOf("</structuredBody>", StringComparison.Ordinal);
        return $"{Sample[..from]}<component>{sections}</component>{Sample[to..]}";
    }

    /// <summary>But for what it refers to, which is made of the document's id.</summary>
    private static void Equal(string expected, JsonObject actual)
    {
        var copy = (JsonObject)actual.DeepClone();
        foreach (var name in (string[])["subject", "patient", "encounter", "context", "serviceProvider"])
            copy.Remove(name);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), copy), copy.ToJsonString());
    }
}
