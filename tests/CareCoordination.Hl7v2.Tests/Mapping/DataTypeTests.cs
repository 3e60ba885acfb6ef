using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Tests.Mapping;

/// <summary>Data types as elements of FHIR, each in the field where it comes most.</summary>
public sealed class DataTypeTests
{
    /// <summary>PV1-44 of a hospital in Chicago as Encounter.period.start.</summary>
    [Theory]
    [InlineData("2026", "2026")]
    [InlineData("202603", "2026-03")]
    [InlineData("20260302", "2026-03-02")]
    [InlineData("2026030208", "2026-03-02T08:00:00-06:00")]
    [InlineData("202603020805", "2026-03-02T08:05:00-06:00")]
    [InlineData("20260302080559", "2026-03-02T08:05:59-06:00")]
    [InlineData("20260302080559.1", "2026-03-02T08:05:59.1-06:00")]
    [InlineData("20260302080559.1234", "2026-03-02T08:05:59.1234-06:00")]
    [InlineData("202603020805+0530", "2026-03-02T08:05:00+05:30")]
    [InlineData("20260302080559.12-0000", "2026-03-02T08:05:59.12Z")]
    [InlineData("20260302080559+1400", "2026-03-02T08:05:59+14:00")]
    [InlineData("20240229", "2024-02-29")]
    [InlineData("20260702080500", "2026-07-02T08:05:00-05:00")]
    [InlineData(" 20260302 ", "2026-03-02")]
    [InlineData("20260302080500^S", "2026-03-02T08:05:00-06:00")]
    [InlineData("20260308013000", "2026-03-08T01:30:00-06:00")]
    [InlineData("20260308030000", "2026-03-08T03:00:00-05:00")]
    [InlineData("19691231235959", "1969-12-31T23:59:59-06:00")]
    public void A_time_is_as_precise_as_it_is_written(string written, string expected)
    {
        var adt = new Adt().With("PV1-44", written);

        Assert.Equal(expected, (string?)adt.Resource("Encounter")["period"]!["start"]);
        Assert.DoesNotContain(adt.Notes(), n => n.Place.ToString().StartsWith("PV1-44", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("20261101013000", "2026-11-01T01:30:00-05:00", "showed this time twice")]
    [InlineData("20260308023000", "2026-03-08T02:30:00-06:00", "never showed this time")]
    public void A_time_that_the_clocks_showed_twice_or_never_is_noted(string written, string expected, string sentence)
    {
        var adt = new Adt().With("PV1-44", written);

        Assert.Equal(expected, (string?)adt.Resource("Encounter")["period"]!["start"]);
        var note = Assert.Single(adt.Notes(), n => n.Kind == NoteKind.Assumed);
        Assert.Equal("PV1-44", note.Place.ToString());
        Assert.Contains(sentence, note.Sentence, StringComparison.Ordinal);
    }

    public static TheoryData<string> NoTimes =>
        [
            "202",
            "20261",
            "2026030",
            "202603020",
            "20261301",
            "20260001",
            "20260230",
            "20250229",
            "20260300",
            "2026030224",
            "202603020860",
            "20260302080560",
            "00000000",
            "0000",
            "20260302080559.",
            "20260302.5",
            "20260302080559.12345678",
            "20260302+0100",
            "202603020805+01",
            "202603020805+0160",
            "202603020805+1500",
            "202603020805Z",
            "2026-03-02",
            "03/02/2026",
            "yesterday",
            "２０２６",
            "-2026",
            "2026030208050000",
        ];

    [Theory]
    [MemberData(nameof(NoTimes))]
    public void What_is_no_time_refuses_an_admission_and_a_birth_and_is_left_out_elsewhere(string written)
    {
        Assert.Equal(["102 PV1-44"], new Adt().With("PV1-44", written).Faults());
        Assert.Equal(["102 PID-7"], new Adt().With("PID-7", written).Faults());
        Assert.Equal(["102 MSH-7"], new Adt().With("MSH-7", written).With("EVN-2", "").Faults()[..1]);
        var diagnosis = new Adt().And($"DG1|1||I10^Hypertension^I10||{written}|F");
        Assert.False(diagnosis.Resource("Condition").ContainsKey("onsetDateTime"));
        Assert.Equal("DG1-5", Assert.Single(diagnosis.Notes()).Place.ToString());
    }

    /// <summary>PID-3 of a sender with these assigners.</summary>
    [Theory]
    [InlineData("1^^^NMRN", "http://north.example/mrn", "1", null)]
    [InlineData("1^^^NMRN^MR", "http://north.example/mrn", "1", "MR")]
    [InlineData(" 1 ^^^NMRN", "http://north.example/mrn", "1", null)]
    [InlineData("1^^^NMRN&1.2.3&ISO", "http://north.example/mrn", "1", null)]
    [InlineData("1^^^OTHER&2.999.3&ISO", "urn:oid:2.999.3", "1", null)]
    [InlineData("1^^^&2.999.3&iso", "urn:oid:2.999.3", "1", null)]
    [InlineData("1^^^X&mrn.north.example&DNS", "http://mrn.north.example", "1", null)]
    [InlineData("1^^^X&http://north.example/x&URI", "http://north.example/x", "1", null)]
    [InlineData(
        "1^^^X&0AF5B6A0-0000-4000-8000-000000000001&UUID",
        "urn:uuid:0af5b6a0-0000-4000-8000-000000000001",
        "1",
        null
    )]
    [InlineData("999001111^^^^SS", "http://hl7.org/fhir/sid/us-ssn", "999001111", "SS")]
    [InlineData("999001111^^^SSA^SS", "http://hl7.org/fhir/sid/us-ssn", "999001111", "SS")]
    [InlineData("1EG4TE5MK72^^^^MC", "http://hl7.org/fhir/sid/us-mbi", "1EG4TE5MK72", "MC")]
    public void An_identifier_has_the_system_of_its_assigner(string written, string system, string value, string? type)
    {
        var identifier = Assert.Single(new Adt().With("PID-3", written).Resource("Patient")["identifier"]!.AsArray())!;

        Assert.Equal((system, value), ((string?)identifier["system"], (string?)identifier["value"]));
        Assert.Equal(type, (string?)identifier["type"]?["coding"]![0]!["code"]);
    }

    [Theory]
    [InlineData("1", "204 PID-3.4")]
    [InlineData("1^^^WHO", "204 PID-3.4")]
    [InlineData("1^^^nmrn", "204 PID-3.4")]
    [InlineData("1^^^X&12&ISO", "204 PID-3.4")]
    [InlineData("1^^^X&9.1.2&ISO", "204 PID-3.4")]
    [InlineData("1^^^X&1.02.3&ISO", "204 PID-3.4")]
    [InlineData("1^^^X&no uri&URI", "204 PID-3.4")]
    [InlineData("1^^^X&2.999&LOCAL", "204 PID-3.4")]
    [InlineData("1^^^WHO~2^^^NOBODY", "204 PID-3.4")]
    [InlineData("", "101 PID-3")]
    [InlineData("\"\"", "101 PID-3")]
    [InlineData("^^^NMRN", "204 PID-3.4")]
    public void A_patient_without_an_identifier_that_can_be_compared_is_refused(string written, string fault) =>
        Assert.Equal([fault], new Adt().With("PID-3", written).Faults());

    [Fact]
    public void An_identifier_of_an_unknown_assigner_beside_a_known_one_is_left_out_and_noted()
    {
        var adt = new Adt().With("PID-3", "1^^^WHO~2^^^NMRN~3^^^EPI");

        Assert.Equal(["2", "3"], adt.Resource("Patient")["identifier"]!.AsArray().Select(i => (string?)i!["value"]));
        Assert.Equal("PID-3.4", Assert.Single(adt.Notes()).Place.ToString());
    }

    [Fact]
    public void Numbers_without_an_assigner_are_of_whom_the_profile_says()
    {
        var hill = Samples.Sender("hill");
        var adt = new Adt().With("PID-3", "M1").With("PV1-19", "V1");

        Assert.Equal(
            "http://hill.example/unit-number",
            (string?)adt.Resource("Patient", hill)["identifier"]![0]!["system"]
        );
        Assert.Equal(
            "http://hill.example/account",
            (string?)adt.Resource("Encounter", hill)["identifier"]![0]!["system"]
        );
    }

    /// <summary>PID-5 and PID-11, PID-13, PID-14 as FHIR has them.</summary>
    public static TheoryData<string, string, string, string> Elements =>
        new()
        {
            {
                "PID-5",
                "Abbot^Lena^Marie Ann^III^Dr.^MD^L",
                "name",
                """[{"use":"official","family":"Abbot","given":["Lena","Marie","Ann"],"prefix":["Dr."],"suffix":["III","MD"]}]"""
            },
            { "PID-5", "Abbot", "name", """[{"family":"Abbot"}]""" },
            { "PID-5", "van Dyck&van&Dyck^Jo Ann", "name", """[{"family":"van Dyck","given":["Jo Ann"]}]""" },
            {
                "PID-5",
                "A^B^^^^^L~C^D^^^^^M~^^^",
                "name",
                """[{"use":"official","family":"A","given":["B"]},{"use":"maiden","family":"C","given":["D"]}]"""
            },
            { "PID-5", "O\\T\\Neil^S\\X27\\id", "name", """[{"family":"O&Neil","given":["S'id"]}]""" },
            { "PID-5", "\"\"^Lena", "name", """[{"given":["Lena"]}]""" },
            {
                "PID-11",
                "1 Main St^Apt 2^Springfield^IL^62701^USA^H",
                "address",
                """[{"use":"home","line":["1 Main St","Apt 2"],"city":"Springfield","state":"IL","postalCode":"62701","country":"USA"}]"""
            },
            {
                "PID-11",
                "1 Main St&Main St&1^^Springfield",
                "address",
                """[{"line":["1 Main St"],"city":"Springfield"}]"""
            },
            {
                "PID-11",
                "PO 1^^X^^^^M~^^Y^^^^BA",
                "address",
                """[{"type":"postal","line":["PO 1"],"city":"X"},{"use":"old","city":"Y"}]"""
            },
            { "PID-13", "555-0100", "telecom", """[{"system":"phone","value":"555-0100","use":"home"}]""" },
            { "PID-14", "555-0100", "telecom", """[{"system":"phone","value":"555-0100","use":"work"}]""" },
            { "PID-13", "555-0100^PRN^CP", "telecom", """[{"system":"phone","value":"555-0100","use":"mobile"}]""" },
            { "PID-13", "555-0100^WPN^FX", "telecom", """[{"system":"fax","value":"555-0100","use":"work"}]""" },
            {
                "PID-13",
                "^NET^Internet^a@b.example",
                "telecom",
                """[{"system":"email","value":"a@b.example","use":"home"}]"""
            },
            { "PID-13", "a@b.example", "telecom", """[{"system":"email","value":"a@b.example","use":"home"}]""" },
            {
                "PID-13",
                "a@b.example^NET^Internet",
                "telecom",
                """[{"system":"email","value":"a@b.example","use":"home"}]"""
            },
            {
                "PID-13",
                "^PRN^PH^^1^217^5550100^9",
                "telecom",
                """[{"system":"phone","value":"+1 217 5550100 x9","use":"home"}]"""
            },
            {
                "PID-13",
                "^PRN^PH^^^^^^^^^+12175550100",
                "telecom",
                """[{"system":"phone","value":"+12175550100","use":"home"}]"""
            },
            {
                "PID-13",
                "1~1~2",
                "telecom",
                """[{"system":"phone","value":"1","use":"home"},{"system":"phone","value":"2","use":"home"}]"""
            },
            { "PID-8", "F", "gender", "\"female\"" },
            { "PID-8", "m^Male^HL70001", "gender", "\"male\"" },
            { "PID-8", "O", "gender", "\"other\"" },
            { "PID-7", "19480517", "birthDate", "\"1948-05-17\"" },
            { "PID-7", "1948", "birthDate", "\"1948\"" },
            { "PID-7", "194805", "birthDate", "\"1948-05\"" },
            { "PID-30", "Y", "deceasedBoolean", "true" },
            { "PID-30", "N", "deceasedBoolean", "false" },
            { "PID-29", "20260301", "deceasedDateTime", "\"2026-03-01\"" },
            { "PID-24", "N", "multipleBirthBoolean", "false" },
            { "PID-25", "2", "multipleBirthInteger", "2" },
            {
                "PID-16",
                "M",
                "maritalStatus",
                """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"},{"system":"http://terminology.hl7.org/CodeSystem/v2-0002","code":"M"}]}"""
            },
            {
                "PID-16",
                "X^Complicated^L",
                "maritalStatus",
                """{"coding":[{"code":"X","display":"Complicated"}],"text":"Complicated"}"""
            },
            {
                "PID-15",
                "es^Spanish^ISO639",
                "communication",
                """[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"es","display":"Spanish"}],"text":"Spanish"},"preferred":true}]"""
            },
        };

    [Theory]
    [MemberData(nameof(Elements))]
    public void A_field_of_PID_is_an_element_of_Patient(
        string place,
        string written,
        string element,
        string expected
    ) =>
        Assert.Equal(
            JsonNode.Parse(expected)!.ToJsonString(),
            new Adt().With(place, written).Resource("Patient")[element]!.ToJsonString()
        );

    [Theory]
    [InlineData("PID-5", "^^^")]
    [InlineData("PID-11", "^^^^^^^")]
    [InlineData("PID-13", "^PRN^PH")]
    [InlineData("PID-8", "\"\"")]
    [InlineData("PID-5", " ")]
    public void Nothing_becomes_nothing(string place, string written)
    {
        var patient = new Adt().With("PID-5", "").With(place, written).Resource("Patient");

        Assert.Equal(
            ["resourceType", "id", "identifier", "active", "managingOrganization"],
            patient.Select(p => p.Key)
        );
    }

    [Theory]
    [InlineData("PID-8", "Z", "PID-8")]
    [InlineData("PID-5", "A^B^^^^^QQ", "PID-5.7")]
    [InlineData("PID-5", "A^B^C^D^E^F^L^extra", "PID-5.8")]
    [InlineData("PID-11", "A^^^^^^Q", "PID-11.7")]
    [InlineData("PID-13", "1^PRN^ZZ", "PID-13.3")]
    [InlineData("PID-24", "X", "PID-24")]
    [InlineData("PID-16", "M~S", "PID-16(2)")]
    [InlineData("PID-21", "mother", "PID-21")]
    [InlineData("PID-39", "tribe", "PID-39")]
    public void What_is_lost_of_a_patient_is_said(string place, string written, string noted) =>
        Assert.Equal(
            [(NoteKind.NotMapped, noted)],
            new Adt().With(place, written).Notes().Select(n => (n.Kind, n.Place.ToString()))
        );
}
