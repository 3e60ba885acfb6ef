using System.Text;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;
using CareCoordination.Hl7v2.Tests.Messages;

namespace CareCoordination.Hl7v2.Tests.Senders;

/// <summary>What is known of senders, and what is wrong with what is written of them.</summary>
public sealed class SenderProfileTests
{
    private const string Least = """
        "id": "x", "timeZone": "America/Chicago", "organization": { "name": "X", "system": "urn:oid:2.999", "value": "1" }
        """;

    [Fact]
    public void The_least_that_is_said_of_a_sender_is_enough()
    {
        var sender = Assert.Single(Read($$"""[{ {{Least}} }]""").Value.All);

        Assert.Equal(
            ("x", "X", ("urn:oid:2.999", "1")),
            (sender.Id, sender.OrganizationName, sender.OrganizationIdentifier)
        );
        Assert.Equal("America/Chicago", sender.TimeZone.Id);
        Assert.Equal("UNICODE UTF-8", sender.CharacterSet.Name);
        Assert.Equal(["P"], sender.ProcessingIds);
        Assert.Null(sender.PatientAssigner);
        Assert.Null(sender.Application);
        Assert.Empty(sender.Assigners);
    }

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var sender = Assert.Single(
            Read(
                $$"""
                [{ {{Least}}, "application": "A", "facility": "F", "characterSet": "8859/15", "processingIds": ["P", "T"],
                   "assigners": { "M": "http://x.example/m" }, "patientAssigner": "http://x.example/p", "visitAssigner": "urn:oid:2.999.1",
                   "codingSystems": { "DX": "http://x.example/dx" },
                   "tables": { "0004": { "OBS": "OBSENC" }, "0069": { "CAR": { "system": "http://x.example/s", "code": "c", "display": "d" } } } }]
                """
            ).Value.All
        );

        Assert.Equal(("A", "F", "8859/15"), (sender.Application, sender.Facility, sender.CharacterSet.Name));
        Assert.Equal(["P", "T"], sender.ProcessingIds.Order(StringComparer.Ordinal));
        Assert.Equal(("http://x.example/p", "urn:oid:2.999.1"), (sender.PatientAssigner, sender.VisitAssigner));
        Assert.Equal("http://x.example/m", sender.Assigners["M"]);
        Assert.Equal("http://x.example/dx", sender.CodingSystem("dx"));
        Assert.True(sender.TryTranslate("0069", "CAR", out var service));
        Assert.Equal(new MappedCode("c", "http://x.example/s", "d"), service);
        Assert.True(sender.TryTranslate("0004", "OBS", out var patientClass));
        Assert.Equal(new MappedCode("OBSENC", "http://terminology.hl7.org/CodeSystem/v3-ActCode"), patientClass);
    }

    [Fact]
    public void What_the_sender_says_stands_before_what_the_standard_says()
    {
        var sender = Assert.Single(
            Read(
                $$"""[{ {{Least}}, "tables": { "0001": { "F": "other" } }, "codingSystems": { "I10": "http://hl7.org/fhir/sid/icd-10" } }]"""
            ).Value.All
        );

        Assert.True(sender.TryTranslate("0001", "F", out var mapped));
        Assert.Equal("other", mapped.Code);
        Assert.True(sender.TryTranslate("0001", "M", out mapped));
        Assert.Equal("male", mapped.Code);
        Assert.False(sender.TryTranslate("0001", "Z", out _));
        Assert.False(sender.TryTranslate("9999", "F", out _));
        Assert.Equal("http://hl7.org/fhir/sid/icd-10", sender.CodingSystem("I10"));
        Assert.Equal("http://loinc.org", sender.CodingSystem("LN"));
        Assert.Equal("http://terminology.hl7.org/CodeSystem/v2-0063", sender.CodingSystem("HL70063"));
        Assert.Null(sender.CodingSystem("HL7006"));
        Assert.Null(sender.CodingSystem("HL7abcd"));
        Assert.Null(sender.CodingSystem("L"));
    }

    [Theory]
    [InlineData("""["adt.north.example"]""", 1)]
    [InlineData("""["0011223344556677889900112233445566778899001122334455667788990011"]""", 1)]
    [InlineData(
        """["00:11:22:33:44:55:66:77:88:99:AA:bb:22:33:44:55:66:77:88:99:00:11:22:33:44:55:66:77:88:99:00:11", "x.example"]""",
        2
    )]
    [InlineData("""["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopo"]""", 1)]
    [InlineData("""[]""", 0)]
    [InlineData("\"north\"", -1)]
    [InlineData("""["north"]""", -1)]
    [InlineData("""["*.north.example"]""", -1)]
    [InlineData("""["CN=north.example"]""", -1)]
    [InlineData("""[""]""", -1)]
    [InlineData("""[7]""", -1)]
    [InlineData("""["001122"]""", -1)]
    [InlineData("""["10.0.0.1"]""", -1)]
    [InlineData("null", -1)]
    public void Certificates_are_named_by_thumbprint_or_name(string certificates, int count)
    {
        var read = Read($$"""[{ {{Least}}, "certificates": {{certificates}} }]""");

        Assert.Equal(count >= 0, read.IsSuccess);
        if (read.IsSuccess)
            Assert.Equal(count, Assert.Single(read.Value.All).Certificates.Length);
        else
            Assert.Equal("senders[0].certificates", Assert.Single(read.Failure!.Issues).Expression);
    }

    [Theory]
    [InlineData("""{}""", null, "The profiles are an array of objects, one for each sender.")]
    [InlineData("""[1]""", "senders[0]", "A sender is an object.")]
    [InlineData("""[{}]""", "senders[0].id", "Write a name that never changes.")]
    [InlineData("""[{}]""", "senders[0].timeZone", "Write where the sender's clocks are, as America/Chicago.")]
    [InlineData(
        """[{}]""",
        "senders[0].organization",
        "The hospital is missing: {\"name\": ..., \"system\": ..., \"value\": ...}."
    )]
    [InlineData("""[{ "organization": {} }]""", "senders[0].organization.name", "Write the hospital's name.")]
    [InlineData("""[{ "organization": {} }]""", "senders[0].organization.value", "Write the hospital's identifier.")]
    [InlineData(
        """[{ "timeZone": "Chicago" }]""",
        "senders[0].timeZone",
        "'Chicago' is no time zone. Write one of the IANA database, as America/Chicago."
    )]
    [InlineData(
        """[{ "timezone": "x" }]""",
        "senders[0].timezone",
        "There is no such setting. Known are application, assigners,"
    )]
    [InlineData(
        """[{ "characterSet": "EBCDIC" }]""",
        "senders[0].characterSet",
        "'EBCDIC' is no character set. Known are ASCII,"
    )]
    [InlineData("""[{ "id": 5 }]""", "senders[0].id", "Write a text in quotation marks.")]
    [InlineData(
        """[{ "processingIds": "P" }]""",
        "senders[0].processingIds",
        "Write an array of codes of HL7 table 0103"
    )]
    [InlineData(
        """[{ "processingIds": [1] }]""",
        "senders[0].processingIds",
        "Write an array of codes of HL7 table 0103"
    )]
    [InlineData("""[{ "assigners": [] }]""", "senders[0].assigners", "Write an object of names")]
    [InlineData("""[{ "assigners": { "M": "mrn" } }]""", "senders[0].assigners.M", "Write an absolute URI")]
    [InlineData("""[{ "assigners": { "M": "http://a b" } }]""", "senders[0].assigners.M", "Write an absolute URI")]
    [InlineData("""[{ "assigners": { "M": null } }]""", "senders[0].assigners.M", "Write a text in quotation marks.")]
    [InlineData("""[{ "patientAssigner": "x" }]""", "senders[0].patientAssigner", "Write an absolute URI")]
    [InlineData("""[{ "visitAssigner": "" }]""", "senders[0].visitAssigner", "Write an absolute URI")]
    [InlineData("""[{ "codingSystems": { "L": "" } }]""", "senders[0].codingSystems.L", "Write an absolute URI")]
    [InlineData(
        """[{ "tables": { "0004": "x" } }]""",
        "senders[0].tables.0004",
        "A table is an object of the sender's codes."
    )]
    [InlineData("""[{ "tables": { "0004": { "I": 1 } } }]""", "senders[0].tables.0004.I", "Write the code of FHIR, or")]
    [InlineData(
        """[{ "tables": { "0004": { "I": "" } } }]""",
        "senders[0].tables.0004.I",
        "Write the code of FHIR, or"
    )]
    [InlineData(
        """[{ "tables": { "0004": { "I": { "code": "x", "system": "y" } } } }]""",
        "senders[0].tables.0004.I.system",
        "Write an absolute URI"
    )]
    public void What_is_wrong_is_told_with_its_place(string json, string? place, string sentence)
    {
        var failure = Read(json).Failure!;

        Assert.Contains(
            failure.Issues,
            i => i.Expression == place && i.Diagnostics.StartsWith(sentence, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var failure = Read($$"""[{ {{Least}} }, { {{Least}}, "x": 1, "patientAssigner": "y" }]""").Failure!;

        Assert.Equal(
            ["senders[1].x", "senders[1].patientAssigner", "senders", "senders"],
            failure.Issues.Select(i => i.Expression)
        );
        Assert.Contains(failure.Issues, i => i.Diagnostics == "Two senders have the id 'x'. Give each its own.");
        Assert.Contains(failure.Issues, i => i.Diagnostics == "'x' and 'x' have the same application and facility.");
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("[{", 1)]
    [InlineData("[\n{ \"id\": }]", 2)]
    public void What_is_no_JSON_is_told_with_its_line(string json, int line) =>
        Assert.StartsWith(
            $"The profiles are no JSON: line {line}, byte ",
            Assert.Single(Read(json).Failure!.Issues).Diagnostics,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("EPICADT", "NORTH", "north")]
    [InlineData("EPICADT^2.999^ISO", "NORTH^^", "north")]
    [InlineData("EPICADT&x", "NORTH", "north")]
    [InlineData("MT", "ANYTHING", "hill")]
    [InlineData("MT", "", "hill")]
    [InlineData("ANYTHING", "HARBOR", "harbor")]
    [InlineData("EPICADT", "SOUTH", null)]
    [InlineData("epicadt", "NORTH", null)]
    [InlineData("", "", null)]
    public void A_message_is_of_the_sender_that_its_header_names(string application, string facility, string? id)
    {
        var head = Text.Read($"MSH|^~\\&|{application}|{facility}").Head;

        Assert.Equal(id is not null, Samples.Senders.TryFind(head, out var sender, out var fault));
        Assert.Equal(id, sender?.Id);
        Assert.Equal(
            id is null ? (ErrorCode.UnknownKeyIdentifier, "MSH-3") : null,
            fault is null ? ((ErrorCode, string)?)null : (fault.Code, fault.Place.ToString())
        );
    }

    private static Fhir.Outcomes.Result<SenderProfiles> Read(string json) =>
        SenderProfiles.Read(Encoding.UTF8.GetBytes(json));
}
