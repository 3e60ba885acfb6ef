using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Tests.Mapping;

/// <summary>What the segments behind PV1 become.</summary>
public sealed class ResourceTests
{
    [Theory]
    [InlineData(
        "DG1|1||I50.9^Heart failure^I10||20260302|F",
        "http://hl7.org/fhir/sid/icd-10-cm",
        "I50.9",
        "Heart failure",
        "confirmed"
    )]
    [InlineData(
        "DG1|1||I50.9^Heart failure^I10||20260302|A",
        "http://hl7.org/fhir/sid/icd-10-cm",
        "I50.9",
        "Heart failure",
        "provisional"
    )]
    [InlineData(
        "DG1|1||I50.9^Heart failure^I10||20260302|W",
        "http://hl7.org/fhir/sid/icd-10-cm",
        "I50.9",
        "Heart failure",
        "provisional"
    )]
    [InlineData(
        "DG1|1|I9|428.0|Heart failure|20260302",
        "http://hl7.org/fhir/sid/icd-9-cm",
        "428.0",
        "Heart failure",
        "confirmed"
    )]
    [InlineData(
        "DG1|1||84114007^Heart failure^SCT||20260302|F",
        "http://snomed.info/sct",
        "84114007",
        "Heart failure",
        "confirmed"
    )]
    [InlineData("DG1|1||HF^^L|Heart failure|20260302|F", "", "HF", "Heart failure", "confirmed")]
    [InlineData(
        "DG1|1||HF^^HL70051|Heart failure|20260302|F",
        "http://terminology.hl7.org/CodeSystem/v2-0051",
        "HF",
        "Heart failure",
        "confirmed"
    )]
    public void DG1_is_a_Condition_of_the_visit(
        string dg1,
        string system,
        string code,
        string text,
        string verification
    )
    {
        var adt = new Adt().And(dg1);
        var (condition, encounter) = (adt.Resource("Condition"), adt.Resource("Encounter"));

        Assert.Equal(system, (string?)condition["code"]!["coding"]![0]!["system"] ?? "");
        Assert.Equal(code, (string?)condition["code"]!["coding"]![0]!["code"]);
        Assert.Equal(text, (string?)condition["code"]!["text"]);
        Assert.Equal(verification, (string?)condition["verificationStatus"]!["coding"]![0]!["code"]);
        Assert.Equal("encounter-diagnosis", (string?)condition["category"]![0]!["coding"]![0]!["code"]);
        Assert.Equal("2026-03-02", (string?)condition["onsetDateTime"]);
        Assert.Equal("urn:uuid:" + (string?)encounter["id"], (string?)condition["encounter"]!["reference"]);
        Assert.Equal(
            "urn:uuid:" + (string?)condition["id"],
            (string?)encounter["diagnosis"]![0]!["condition"]!["reference"]
        );
    }

    [Fact]
    public void Diagnoses_have_their_use_and_their_rank()
    {
        var encounter = new Adt()
            .And(
                "DG1|1||A1^^I10|||A|||||||||0",
                "DG1|2||B2^^I10|||F|||||||||1",
                "DG1|3||C3^^I10|||W|||||||||x",
                "DG1|4||B2^^I10|||F"
            )
            .Resource("Encounter");

        Assert.Equal(
            ["diagnosis-role|AD ", "diagnosis-role|DD 1", "v2-0052|W ", "diagnosis-role|DD "],
            encounter["diagnosis"]!
                .AsArray()
                .Select(d =>
                {
                    var coding = d!["use"]!["coding"]![0]!;
                    return $"{((string)coding["system"]!).Split('/')[^1]}|{coding["code"]} {d["rank"]}";
                })
        );
    }

    [Fact]
    public void The_same_diagnosis_twice_is_one_Condition() =>
        Assert.Single(new Adt().And("DG1|1||B2^^I10|||F", "DG1|2||B2^^I10|||F").Resources("Condition"));

    [Fact]
    public void A_segment_that_names_nothing_makes_nothing_and_is_told_of()
    {
        var adt = new Adt().And("DG1|1||||20260302|F", "AL1|1|DA||SV", "PR1|1||||20260302", "OBX|1|NM|||5", "NK1|1");

        Assert.Empty(adt.Resources("Condition"));
        Assert.Empty(adt.Resources("AllergyIntolerance"));
        Assert.Empty(adt.Resources("Procedure"));
        Assert.Empty(adt.Resources("Observation"));
        Assert.Empty(adt.Resources("RelatedPerson"));
        Assert.Equal(
            ["OBX", "DG1-5", "DG1-6", "AL1-2", "AL1-4", "PR1-5", "OBX-5"],
            adt.Notes().Select(n => n.Place.ToString())
        );
    }

    [Theory]
    [InlineData("DA", "SV", "Hives", "medication", "high", "severe")]
    [InlineData("FA", "MO", "Hives", "food", "low", "moderate")]
    [InlineData("EA", "MI", "Hives", "environment", "low", "mild")]
    [InlineData("LA", "U", "Hives", "environment", "unable-to-assess", null)]
    [InlineData("MA", "", "", null, null, null)]
    [InlineData("DA", "SV", "", "medication", "high", null)]
    public void AL1_is_an_AllergyIntolerance(
        string type,
        string severity,
        string reaction,
        string? category,
        string? criticality,
        string? reactionSeverity
    )
    {
        var allergy = new Adt()
            .And($"AL1|1|{type}|70618^Penicillin^RXNORM|{severity}|{reaction}|2019")
            .Resource("AllergyIntolerance");

        Assert.Equal(category, (string?)allergy["category"]?[0]);
        Assert.Equal(criticality, (string?)allergy["criticality"]);
        Assert.Equal(reactionSeverity, (string?)allergy["reaction"]?[0]!["severity"]);
        Assert.Equal(reaction.Length > 0, allergy["reaction"] is not null);
        Assert.Equal("70618", (string?)allergy["code"]!["coding"]![0]!["code"]);
        Assert.Equal("2019", (string?)allergy["onsetDateTime"]);
    }

    /// <summary>OBX by its type of value: the element and its JSON.</summary>
    public static TheoryData<string, string, string, string> Values =>
        new()
        {
            {
                "NM",
                "5.10",
                "valueQuantity",
                """{"value":5.10,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}"""
            },
            {
                "NM",
                "-5",
                "valueQuantity",
                """{"value":-5,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}"""
            },
            {
                "NM",
                "+5",
                "valueQuantity",
                """{"value":5,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}"""
            },
            { "NM", "high", "valueString", "\"high\"" },
            { "NM", "1e5", "valueString", "\"1e5\"" },
            { "NM", "1,5", "valueString", "\"1,5\"" },
            {
                "SN",
                "<^5",
                "valueQuantity",
                """{"value":5,"comparator":"<","unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}"""
            },
            {
                "SN",
                "^5",
                "valueQuantity",
                """{"value":5,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}"""
            },
            { "SN", "^5^-^9", "valueString", "\"^5^-^9\"" },
            {
                "SN",
                "~^5",
                "valueQuantity",
                """{"value":5,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}"""
            },
            { "ST", "a^b", "valueString", "\"a^b\"" },
            { "TX", "one~two\\.br\\three", "valueString", "\"one\\ntwo\\nthree\"" },
            { "FT", "x \\T\\ y", "valueString", "\"x & y\"" },
            { "CWE", "1^Yes^L", "valueCodeableConcept", """{"coding":[{"code":"1","display":"Yes"}],"text":"Yes"}""" },
            {
                "CE",
                "266919005^Never^SCT",
                "valueCodeableConcept",
                """{"coding":[{"system":"http://snomed.info/sct","code":"266919005","display":"Never"}],"text":"Never"}"""
            },
            { "IS", "Y", "valueCodeableConcept", """{"coding":[{"code":"Y"}]}""" },
            { "DT", "20260302", "valueDateTime", "\"2026-03-02\"" },
            { "TS", "202603020805", "valueDateTime", "\"2026-03-02T08:05:00-06:00\"" },
            { "DTM", "soon", "valueString", "\"soon\"" },
            { "", "x", "valueString", "\"x\"" },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public void OBX_has_the_value_of_its_type(string type, string written, string element, string expected)
    {
        var observation = new Adt()
            .And($"OBX|1|{type}|718-7^Hemoglobin^LN||{written}|g/dL^^UCUM|12-15|L|||F|||20260302")
            .Resource("Observation");

        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), observation[element]!.ToJsonString());
        Assert.Single(observation, p => p.Key.StartsWith("value", StringComparison.Ordinal));
        Assert.Equal("12-15", (string?)observation["referenceRange"]![0]!["text"]);
        Assert.Equal("L", (string?)observation["interpretation"]![0]!["coding"]![0]!["code"]);
        Assert.Equal("2026-03-02", (string?)observation["effectiveDateTime"]);
    }

    [Theory]
    [InlineData("F", "final")]
    [InlineData("P", "preliminary")]
    [InlineData("C", "corrected")]
    [InlineData("X", "cancelled")]
    [InlineData("W", "entered-in-error")]
    [InlineData("", "final")]
    [InlineData("?", "final")]
    public void OBX_11_is_the_status_of_the_Observation(string written, string status) =>
        Assert.Equal(
            status,
            (string?)new Adt().And($"OBX|1|NM|718-7^^LN||5||||||{written}").Resource("Observation")["status"]
        );

    [Fact]
    public void A_document_in_an_OBX_is_left_out_and_told_of()
    {
        var adt = new Adt().And("OBX|1|ED|DOC^Summary^LN||^application^pdf^Base64^JVBERi0=||||||F");

        Assert.DoesNotContain(adt.Resource("Observation"), p => p.Key.StartsWith("value", StringComparison.Ordinal));
        Assert.Equal("OBX-5", Assert.Single(adt.Notes()).Place.ToString());
    }

    [Fact]
    public void IN1_is_a_Coverage_with_its_payer()
    {
        var adt = new Adt().And(
            "IN1|1|PPO^Preferred|60054^^^&2.999.6&ISO|Bay Health||||GRP9|Bay Works|||20260101|20261231||HMO||SPO||||||||||||||||||||W1||||||||||||W2",
            "IN1|2||77|Second Plan"
        );
        var (coverages, payers) = (adt.Resources("Coverage"), adt.Resources("Organization").Skip(1).ToList());

        Assert.Equal(["Bay Health", "Second Plan"], payers.Select(p => (string?)p["name"]));
        Assert.Equal(
            ["urn:oid:2.999.6|60054", "|77"],
            payers.Select(p => $"{p["identifier"]![0]!["system"]}|{p["identifier"]![0]!["value"]}")
        );
        Assert.Equal([1, 2], coverages.Select(c => (int)c["order"]!));
        Assert.Equal("W2", (string?)coverages[0]["subscriberId"]);
        Assert.Equal(
            ["spouse", "SPO"],
            coverages[0]["relationship"]!["coding"]!.AsArray().Select(c => (string?)c!["code"])
        );
        Assert.Equal(
            ["group GRP9 Bay Works", "plan PPO Preferred"],
            coverages[0]["class"]!
                .AsArray()
                .Select(c => $"{c!["type"]!["coding"]![0]!["code"]} {c["value"]} {c["name"]}")
        );
        Assert.Equal("""{"start":"2026-01-01","end":"2026-12-31"}""", coverages[0]["period"]!.ToJsonString());
        Assert.All(
            coverages.Zip(payers),
            pair =>
                Assert.Equal("urn:uuid:" + (string?)pair.Second["id"], (string?)pair.First["payor"]![0]!["reference"])
        );
    }

    [Fact]
    public void Insurance_that_nobody_pays_is_left_out_and_told_of()
    {
        var adt = new Adt().And("IN1|1|PPO");

        Assert.Empty(adt.Resources("Coverage"));
        Assert.Equal(["IN1", "IN1-2"], adt.Notes().Select(n => n.Place.ToString()));
    }

    [Fact]
    public void NK1_is_a_RelatedPerson()
    {
        var person = new Adt()
            .And("NK1|1|Abbot^Tom|SPO^Spouse^HL70063|1 Elm^^X|555-1|555-2|C^Emergency^HL70131|2020||||||M|F|19470102")
            .And("NK1|2||FTH")
            .Resources("RelatedPerson");

        Assert.Equal(2, person.Count);
        Assert.Equal("Abbot", (string?)person[0]["name"]![0]!["family"]);
        Assert.Equal(
            ["SPS", "C"],
            person[0]["relationship"]!.AsArray().Select(r => (string?)r!["coding"]![0]!["code"])
        );
        Assert.Equal(["home", "work"], person[0]["telecom"]!.AsArray().Select(t => (string?)t!["use"]));
        Assert.Equal("female", (string?)person[0]["gender"]);
        Assert.Equal("1947-01-02", (string?)person[0]["birthDate"]);
        Assert.Equal("FTH", (string?)person[1]["relationship"]![0]!["coding"]![0]!["code"]);
    }

    [Fact]
    public void PR1_is_a_Procedure_with_who_did_it()
    {
        var adt = new Adt().And("PR1|1||47562^Cholecystectomy^C4||20260303|||1^A||| 2^B|1^A");
        var procedure = adt.Resource("Procedure");

        Assert.Equal("completed", (string?)procedure["status"]);
        Assert.Equal("http://www.ama-assn.org/go/cpt", (string?)procedure["code"]!["coding"]![0]!["system"]);
        Assert.Equal("2026-03-03", (string?)procedure["performedDateTime"]);
        Assert.Equal(2, procedure["performer"]!.AsArray().Count);
        Assert.Equal(2, adt.Resources("Practitioner").Count);
    }

    [Theory]
    [InlineData("2106-3^White^CDCREC", "2106-3", "White", "White")]
    [InlineData("W", "2106-3", "White", "2106-3")]
    [InlineData("2028-9~2054-5^Black", "2028-9", "Asian", "2028-9, Black")]
    [InlineData("X^Something", null, null, "Something")]
    public void Race_is_the_extension_of_US_Core(string written, string? code, string? display, string text)
    {
        var race = new Adt().With("PID-10", written).Resource("Patient")["extension"]![0]!;

        Assert.Equal("http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", (string?)race["url"]);
        var parts = race["extension"]!.AsArray();
        Assert.Equal(code, (string?)parts[0]!["valueCoding"]?["code"]);
        Assert.Equal(display, (string?)parts[0]!["valueCoding"]?["display"]);
        Assert.Equal(text, (string?)parts[^1]!["valueString"]);
    }

    [Fact]
    public void A_merge_links_the_patients_both_ways()
    {
        var adt = new Adt("A40").Without("PV1").And("MRG|700999^^^NMRN^MR~E9^^^EPI||||||Abott^Lena");
        var (header, patients) = (adt.Resource("MessageHeader"), adt.Resources("Patient"));

        Assert.Equal("merge", (string?)header["eventCoding"]!["code"]);
        Assert.Equal(
            "urn:uuid:" + (string?)patients[0]["id"],
            (string?)Assert.Single(header["focus"]!.AsArray())!["reference"]
        );
        Assert.Equal(
            $"replaces urn:uuid:{patients[1]["id"]}",
            $"{patients[0]["link"]![0]!["type"]} {patients[0]["link"]![0]!["other"]!["reference"]}"
        );
        Assert.Equal(
            $"replaced-by urn:uuid:{patients[0]["id"]}",
            $"{patients[1]["link"]![0]!["type"]} {patients[1]["link"]![0]!["other"]!["reference"]}"
        );
        Assert.Equal(["700999", "E9"], patients[1]["identifier"]!.AsArray().Select(i => (string?)i!["value"]));
        Assert.False((bool)patients[1]["active"]!);
        Assert.Empty(adt.Resources("Encounter"));
    }

    [Theory]
    [InlineData("MRG|700001^^^NMRN", "205 MRG-1")]
    [InlineData("MRG|", "101 MRG-1")]
    [InlineData("MRG|1^^^WHO", "204 MRG-1.4")]
    [InlineData("ZZZ|1", "101 MRG")]
    [InlineData("MRG|700002^^^NMRN\rPID|2||700003^^^NMRN", "101 MRG")]
    public void A_merge_that_cannot_be_told_is_refused(string segment, string fault) =>
        Assert.Equal([fault], new Adt("A40").Without("PV1").And(segment).Faults());

    [Fact]
    public void Of_a_merge_with_the_MRG_in_front_the_place_is_told() =>
        Assert.Contains(
            "100 MRG",
            new Adt("A40").Without("PV1").Without("PID").And("MRG|1^^^NMRN", "PID|||2^^^NMRN").Faults()
        );

    [Fact]
    public void A_code_of_the_senders_own_becomes_what_its_profile_says()
    {
        var observation = new Adt("A04").With("PV1-2", "OBS").Resource("Encounter");
        Assert.Equal("OBSENC", (string?)observation["class"]!["code"]);
        Assert.Equal("observation encounter", (string?)observation["class"]!["display"]);

        var lake = new Adt().With("PID-3", "1^^^LAKE MRN").With("PV1-19", "1").With("PV1-2", "Observation");
        lake.And("DG1|1||HIP^Hip fracture^lakedx");
        Assert.Equal("OBSENC", (string?)lake.Resource("Encounter", Samples.Sender("lake"))["class"]!["code"]);
        Assert.Equal(
            "http://lake.example/diagnosis",
            (string?)lake.Resource("Condition", Samples.Sender("lake"))["code"]!["coding"]![0]!["system"]
        );
    }

    [Fact]
    public void Control_characters_and_blanks_of_a_message_are_no_content_of_FHIR()
    {
        var adt = new Adt().With("PID-5", "Ab\\X00\\bot\\X07\\^ Lena ").And("DG1|1||A  B^ Heart\\X1F\\ ^I10|||F");

        Assert.Equal("Abbot", (string?)adt.Resource("Patient")["name"]![0]!["family"]);
        Assert.Equal("Lena", (string?)adt.Resource("Patient")["name"]![0]!["given"]![0]);
        Assert.Equal("A B", (string?)adt.Resource("Condition")["code"]!["coding"]![0]!["code"]);
        Assert.Equal("Heart", (string?)adt.Resource("Condition")["code"]!["text"]);
    }

    [Fact]
    public void Notes_are_no_content_of_the_message()
    {
        var adt = new Adt()
            .With("PID-3", "SECRET1^^^WHO~2^^^NMRN")
            .With("PID-8", "SECRET2")
            .With("PID-21", "SECRET3")
            .And("OBX|1|ED|X||SECRET4", "ZZZ|SECRET5");

        Assert.True(adt.Notes().Length >= 4);
        Assert.DoesNotContain(adt.Notes(), n => n.ToString().Contains("SECRET", StringComparison.Ordinal));
        Assert.DoesNotContain(
            new Adt().With("PV1-2", "SECRET").With("PV1-44", "SECRET").Map().Faults,
            f => f.ToString().Contains("SECRET", StringComparison.Ordinal)
        );
    }
}
