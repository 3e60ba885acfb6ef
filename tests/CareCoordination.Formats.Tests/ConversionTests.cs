using System.Xml.Linq;

namespace CareCoordination.Formats.Tests;

/// <summary>Nothing of a resource is lost on the way to XML and back. https://hl7.org/fhir/R4/xml.html</summary>
public sealed class ConversionTests
{
    private static readonly XNamespace Fhir = "http://hl7.org/fhir";

    public static TheoryData<string> Decimals =>
        [
            "0",
            "1",
            "1.0",
            "1.00",
            "-1.50",
            "0.000",
            "-0",
            "-0.0",
            "100",
            "1e2",
            "1E2",
            "1.0E2",
            "1.00e-24",
            "1.5e+3",
            "-2.50E-07",
            "0e0",
            "0.00000000000000000000000000000000012300",
            "12345678901234567890123456789012345",
            "1234567890123456.7890123456789012345",
            "9007199254740993",
            "79228162514264337593543950335",
            "79228162514264337593543950336",
            "1e308",
            "1e-400",
        ];

    [Theory]
    [MemberData(nameof(Decimals))]
    public void A_decimal_stays_as_it_was_written_both_ways(string number)
    {
        var json = $$$"""{"resourceType":"Observation","valueQuantity":{"value":{{{number}}}}}""";

        var xml = Convert.ToXml(json);

        Assert.Contains($"<valueQuantity><value value=\"{number}\" /></valueQuantity>", xml, StringComparison.Ordinal);
        Assert.Equal(json, Convert.ToJson(xml));
    }

    [Theory]
    [MemberData(nameof(Decimals))]
    public void Text_that_looks_like_a_number_stays_text(string number)
    {
        var json = $$"""{"resourceType":"Observation","valueString":"{{number}}","note":[{"text":"{{number}}"}]}""";

        Assert.Equal(json, Convert.ToJson(Convert.ToXml(json)));
    }

    [Theory]
    [InlineData("two  spaces")]
    [InlineData("a\\ttab")]
    [InlineData("a line\\nand another\\r\\nand one more\\rend")]
    [InlineData("quotes \\\" and ' and < and > and & and &amp;")]
    [InlineData("é ß 漢字 😀 \\u00a0 \\u2028")]
    [InlineData(" ")]
    [InlineData("]]>")]
    [InlineData("<script>alert(1)</script>")]
    public void A_string_stays_as_it_was_written(string text)
    {
        var json = $$$"""{"resourceType":"Basic","code":{"text":"{{{text}}}"}}""";

        // XML trims what is white space alone, as it trims all values: nothing else of it changes.
        if (text == " ")
            Assert.Contains("<text value=\" \" />", Convert.ToXml(json), StringComparison.Ordinal);
        else
            Assert.Null(Convert.Difference(json, Convert.ToJson(Convert.ToXml(json))));
    }

    [Theory]
    [InlineData("\\u0001")]
    [InlineData("\\u0000")]
    [InlineData("\\ufffe")]
    [InlineData("\\uffff")]
    [InlineData("\\u001b[31m")]
    public void Characters_that_xml_does_not_have_are_replaced(string character)
    {
        var xml = Convert.ToXml($$$"""{"resourceType":"Basic","code":{"text":"a{{{character}}}b"}}""");

        Assert.StartsWith(
            "a\uFFFD",
            XDocument.Parse(xml).Descendants(Fhir + "text").Single().Attribute("value")!.Value,
            StringComparison.Ordinal
        );
    }

    [Theory]
    // Ids and extensions of primitives, alone and beside a value.
    [InlineData(
        """{"resourceType":"Patient","active":true,"_active":{"id":"a","extension":[{"url":"http://e","valueCode":"x"}]}}"""
    )]
    [InlineData(
        """{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://e","valueString":"unknown"}]}}"""
    )]
    // Repeating primitives, some without value, some without extensions.
    [InlineData(
        """{"resourceType":"Patient","name":[{"given":["A",null,"C"],"_given":[null,{"extension":[{"url":"http://e","valueBoolean":false}]},{"id":"c"}]}]}"""
    )]
    // Extensions in extensions, in their order; ids of elements.
    [InlineData(
        """{"resourceType":"Patient","extension":[{"id":"1","url":"http://b","extension":[{"url":"z","valueInteger":-3},{"url":"a","valueUri":"urn:x"}]},{"url":"http://a","valuePeriod":{"start":"2020"}}],"modifierExtension":[{"url":"http://m","valueBoolean":true}]}"""
    )]
    // Dates and times of any precision.
    [InlineData(
        """{"resourceType":"Patient","birthDate":"1974-12","deceasedDateTime":"2020-01-01T10:00:00.100+01:00"}"""
    )]
    [InlineData("""{"resourceType":"Observation","issued":"2020-01-01T10:00:00.1230Z","valueTime":"10:00:00.10"}""")]
    // What is contained, and resources in Parameters and Bundles.
    [InlineData(
        """{"resourceType":"Task","contained":[{"resourceType":"Patient","id":"p"},{"resourceType":"Practitioner","id":"q"}],"for":{"reference":"#p"}}"""
    )]
    [InlineData(
        """{"resourceType":"Parameters","parameter":[{"name":"a","valueDecimal":1.0},{"name":"b","resource":{"resourceType":"Task","id":"t"}},{"name":"c","part":[{"name":"d","valueBase64Binary":"AAEC"}]}]}"""
    )]
    [InlineData(
        """{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","active":true},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=a|b&active=true"}},{"request":{"method":"DELETE","url":"Patient/1"}}]}"""
    )]
    [InlineData(
        """{"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":"404","outcome":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}}}]}"""
    )]
    [InlineData("""{"resourceType":"Binary","contentType":"text/plain","data":"SGVsbG8gV29ybGQh"}""")]
    [InlineData(
        """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a &amp; b &lt; c <b id=\"x\">d</b> <img src=\"#y\" alt=\"1e5\" /></div>"}}"""
    )]
    public void A_resource_comes_back_as_it_was(string json) =>
        Assert.Null(Convert.Difference(json, Convert.ToJson(Convert.ToXml(json))));

    [Fact]
    public void Elements_have_the_order_of_their_definition_whatever_order_the_json_has() =>
        Assert.Equal(
            ["id", "meta", "language", "text", "extension", "identifier", "active", "name"],
            XDocument
                .Parse(
                    Convert.ToXml(
                        """{"name":[{"text":"n"}],"active":true,"identifier":[{"value":"v"}],"extension":[{"url":"u","valueCode":"c"}],"text":{"status":"empty","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"language":"en","meta":{"versionId":"1"},"id":"p","resourceType":"Patient"}"""
                    )
                )
                .Root!.Elements()
                .Select(e => e.Name.LocalName)
        );

    [Theory]
    [InlineData("<div>no namespace</div>", "no namespace")]
    [InlineData("<div xmlns='http://www.w3.org/1999/xhtml'>a&nbsp;b &copy; &amp;</div>", "a\u00a0b © &")]
    [InlineData(
        "<div xmlns='http://www.w3.org/1999/xhtml'>open <b></div>",
        "<div xmlns='http://www.w3.org/1999/xhtml'>open <b></div>"
    )]
    [InlineData(
        "<div xmlns='http://www.w3.org/1999/xhtml'>x</div><id value='other'/>",
        "<div xmlns='http://www.w3.org/1999/xhtml'>x</div><id value='other'/>"
    )]
    [InlineData(
        "<div xmlns='http://www.w3.org/1999/xhtml'>a & b</div>",
        "<div xmlns='http://www.w3.org/1999/xhtml'>a & b</div>"
    )]
    public void A_narrative_cannot_break_the_document_around_it(string div, string text)
    {
        var root = XDocument
            .Parse(
                Convert.ToXml(
                    $$$"""{"resourceType":"Patient","id":"p","text":{"status":"generated","div":"{{{div}}}"}}"""
                )
            )
            .Root!;

        Assert.Equal(["id", "text"], root.Elements().Select(e => e.Name.LocalName));
        var shown = root.Element(Fhir + "text")!.Elements().Last();
        Assert.Equal(XName.Get("div", "http://www.w3.org/1999/xhtml"), shown.Name);
        Assert.Equal(text, shown.Value);
    }

    [Fact]
    public void An_entry_is_an_element_of_its_own()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        FhirXml.WriteEntry(
            """{"fullUrl":"urn:x","resource":{"resourceType":"Patient","id":"p"},"search":{"mode":"match"}}"""u8.ToArray(),
            isPretty: false,
            output
        );

        Assert.Equal(
            "<entry xmlns=\"http://hl7.org/fhir\"><fullUrl value=\"urn:x\" /><resource><Patient><id value=\"p\" /></Patient></resource><search><mode value=\"match\" /></search></entry>",
            System.Text.Encoding.UTF8.GetString(output.WrittenSpan)
        );
    }

    [Fact]
    public void Pretty_is_the_same_document_for_people()
    {
        const string Json = """{"resourceType":"Patient","id":"p","name":[{"given":["A","B"]}]}""";

        var pretty = Convert.ToXml(Json, isPretty: true);

        Assert.Contains("\n  <id value=\"p\" />\n", pretty, StringComparison.Ordinal);
        Assert.Equal(Json, Convert.ToJson(pretty));
    }
}
