using System.Text;

namespace CareCoordination.Formats.Tests;

/// <summary>What is no FHIR XML is refused with its place, and nothing of it is fetched or expanded.</summary>
public sealed class RefusalTests
{
    private const string Doctype =
        "The XML has a document type declaration, which FHIR does not have: send it without DOCTYPE and entities.";

    [Theory]
    [InlineData("<!DOCTYPE Patient><Patient xmlns='http://hl7.org/fhir'/>")]
    [InlineData("<!DOCTYPE Patient SYSTEM 'http://127.0.0.1:1/x.dtd'><Patient xmlns='http://hl7.org/fhir'/>")]
    [InlineData("<!DOCTYPE Patient PUBLIC 'a' 'file:///etc/passwd'><Patient xmlns='http://hl7.org/fhir'/>")]
    [InlineData(
        "<?xml version='1.0'?><!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Patient xmlns='http://hl7.org/fhir'><id value='&x;'/></Patient>"
    )]
    [InlineData(
        "<!DOCTYPE p [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><Patient xmlns='http://hl7.org/fhir'><id value='&c;'/></Patient>"
    )]
    [InlineData("<!DOCTYPE p [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'> %x;]><Patient xmlns='http://hl7.org/fhir'/>")]
    public void A_document_type_is_refused(string xml) => Assert.Equal([Doctype], Convert.Refusal(xml));

    [Theory]
    [InlineData("", "The body is not well-formed XML: line 0, position 0.")]
    [InlineData("{\"resourceType\":\"Patient\"}", "The body is not well-formed XML: line 1, position 1.")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'>", "The body is not well-formed XML: line 1, position 38.")]
    [InlineData(
        "<Patient xmlns='http://hl7.org/fhir'/><Patient/>",
        "The body is not well-formed XML: line 1, position 40."
    )]
    [InlineData(
        "<Patient xmlns='http://hl7.org/fhir'>\n<id value='&x;'/></Patient>",
        "The body is not well-formed XML: line 2, position 13."
    )]
    [InlineData(
        "<Patient xmlns='http://hl7.org/fhir'><id value='&#1;'/></Patient>",
        "The body is not well-formed XML: line 1, position 51."
    )]
    [InlineData(
        "<Patient xmlns='http://hl7.org/fhir'><id value='a' value='b'/></Patient>",
        "The body is not well-formed XML: line 1, position 52."
    )]
    public void What_is_not_well_formed_is_refused_with_its_place(string xml, string sentence) =>
        Assert.Equal([sentence], Convert.Refusal(xml));

    [Theory]
    [InlineData("<Patient/>")]
    [InlineData("<Patient xmlns='urn:other'><id value='a'/></Patient>")]
    [InlineData("<patient xmlns='http://hl7.org/fhir'><id value='a'/></patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active value='true'/><id value='a'/></Patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><name/>text<active value='true'/></Patient>")]
    [InlineData(
        "<Patient xmlns='http://hl7.org/fhir'><name><text value='a'/></name><active value='true'/><name><text value='b'/></name></Patient>"
    )]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><contained/></Patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><contained><Task/><Task/></contained></Patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir' active='true'/>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><extension><url value='u'/></extension></Patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><text><status value='empty'/><div>x</div></text></Patient>")]
    public void What_fhir_does_not_write_is_refused_with_its_place(string xml)
    {
        var sentence = Convert.Refusal(xml)[0];

        Assert.Matches(@"\(line \d+, position \d+\)$", sentence);
    }

    /// <summary>Those pass the syntax and stay what they are, so that our own validation refuses them.</summary>
    [Theory]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><Active value='true'/></Patient>", "\"Active\":")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><unknown value='true'/></Patient>", "\"unknown\":")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active value='yes'/></Patient>", "\"active\":\"yes\"")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><multipleBirthInteger value='1e2'/></Patient>", ":\"1e2\"")]
    [InlineData("<Foo xmlns='http://hl7.org/fhir'><id value='a'/></Foo>", "\"resourceType\":\"Foo\"")]
    public void What_only_the_definitions_refuse_is_kept_for_them(string xml, string json) =>
        Assert.Contains(json, Convert.ToJson(xml), StringComparison.Ordinal);

    [Theory]
    [InlineData(127, true)]
    [InlineData(129, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_bounded(int depth, bool isTaken)
    {
        var levels = depth - 1;
        var xml = new StringBuilder("<Patient xmlns='http://hl7.org/fhir'>");
        for (var i = 0; i < levels; i++)
            xml.Append("<extension url='u'>");
        xml.Append("<valueCode value='x'/>");
        for (var i = 0; i < levels; i++)
            xml.Append("</extension>");
        xml.Append("</Patient>");

        if (isTaken)
            Assert.Contains("\"valueCode\":\"x\"", Convert.ToJson(xml.ToString()), StringComparison.Ordinal);
        else
            Assert.Equal(["The XML is nested more than 128 levels deep."], Convert.Refusal(xml.ToString()));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public void The_encoding_that_the_document_names_is_read(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] xml =
        [
            .. encoding.GetPreamble(),
            .. encoding.GetBytes(
                $"<?xml version='1.0' encoding='{name}'?><Patient xmlns='http://hl7.org/fhir'><name><text value='Åsa'/></name></Patient>"
            ),
        ];

        Assert.Equal(
            """{"resourceType":"Patient","name":[{"text":"Åsa"}]}""",
            Encoding.UTF8.GetString(FhirXml.ToJson(xml).Value.Span)
        );
    }

    [Fact]
    public void Broken_documents_are_answered_never_thrown_at()
    {
        const string Good =
            "<?xml version='1.0'?><Observation xmlns='http://hl7.org/fhir'><id value='o'/><text><status value='generated'/><div xmlns='http://www.w3.org/1999/xhtml'>a <b>c</b></div></text><contained><Patient><id value='p'/></Patient></contained><status id='s' value='final'><extension url='u'><valueDecimal value='1.0e3'/></extension></status><code><text value='x'/></code><valueQuantity><value value='12.50'/></valueQuantity></Observation>";
        string[] pieces =
        [
            "<",
            ">",
            "/",
            "'",
            "=",
            "&",
            "value",
            "<x/>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?p ?>",
            "xmlns='urn:x'",
            "xmlns:a='http://hl7.org/fhir'",
            "a:",
            "<contained>",
            "</contained>",
            "<div>",
            "1e9999",
            "\0",
            "é",
            " ",
            "<value value='2'/>",
            "text",
        ];
        var random = new Random(4711);
        for (var round = 0; round < 4000; round++)
        {
            var xml = new StringBuilder(Good);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(xml.Length);
                if (random.Next(2) == 0)
                    xml.Remove(at, Math.Min(random.Next(1, 20), xml.Length - at));
                xml.Insert(Math.Min(at, xml.Length), pieces[random.Next(pieces.Length)]);
            }

            var result = FhirXml.ToJson(Encoding.UTF8.GetBytes(xml.ToString()));

            if (result.IsSuccess)
                System.Text.Json.JsonDocument.Parse(result.Value).Dispose();
            else
                Assert.NotEmpty(result.Failure!.Issues);
        }
    }
}
