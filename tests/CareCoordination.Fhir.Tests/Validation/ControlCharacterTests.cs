using System.Globalization;

namespace CareCoordination.Fhir.Tests.Validation;

/// <summary>No primitive holds a control character, but for the tabs and line ends of texts: databases do not take U+0000.</summary>
public sealed class ControlCharacterTests
{
    /// <summary>Every primitive type that is sent as a string, with a value and how it starts the refusal.</summary>
    public static TheoryData<string, string> Types =>
        new()
        {
            { "String", "some text" },
            { "Markdown", "some *text*" },
            { "Code", "some code" },
            { "Id", "some-id" },
            { "Uri", "http://example.org/x" },
            { "Url", "http://example.org/x" },
            { "Canonical", "http://example.org/x|1" },
            { "Oid", "urn:oid:1.2.3" },
            { "Uuid", "urn:uuid:6c1b8a4e-5f3e-4d8c-9a64-2f8d5c0c0001" },
            { "Date", "2026-03-01" },
            { "DateTime", "2026-03-01T10:00:00Z" },
            { "Instant", "2026-03-01T10:00:00Z" },
            { "Time", "10:00:00" },
            { "Base64Binary", "YWJjZA==" },
        };

    [Theory]
    [MemberData(nameof(Types))]
    public void Are_refused_at_every_place_of_every_type(string type, string value)
    {
        Assert.Empty(Refusals(type, value));
        foreach (var code in (int[])[0, 1, 7, 8, 11, 12, 14, 27, 31])
        {
            // White space of any kind may stand between the characters of base64.
            if (type == "Base64Binary" && code is 11 or 12)
                continue;
            var escape = string.Create(CultureInfo.InvariantCulture, $"\\u{code:x4}");
            foreach (var at in (int[])[0, value.Length / 2, value.Length])
            {
                var refusal = Assert.Single(Refusals(type, value.Insert(at, escape)));
                Assert.StartsWith(
                    $"Value Parameters.parameter[0].value: This is no ",
                    refusal,
                    StringComparison.Ordinal
                );
            }
        }
    }

    [Theory]
    [InlineData("String")]
    [InlineData("Markdown")]
    public void Tabs_and_line_ends_are_part_of_a_text(string type) => Assert.Empty(Refusals(type, "a\\tb\\r\\nc"));

    [Theory]
    [InlineData("Code")]
    [InlineData("Uri")]
    [InlineData("Url")]
    [InlineData("Canonical")]
    public void Tabs_and_line_ends_are_no_part_of_a_name(string type)
    {
        foreach (var blank in (string[])["\\t", "\\r", "\\n"])
            Assert.Single(Refusals(type, $"a{blank}b"));
    }

    [Fact]
    public void Are_refused_in_narratives_ids_and_references()
    {
        Check.Issues(
            """{"resourceType":"Patient","id":"a\u0000","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a\u0000</div>"},"generalPractitioner":[{"reference":"Practitioner/a\u0000"}],"extension":[{"url":"urn:x\u0000","valueBoolean":true}]}""",
            "Value Patient.id: This is no id: send 1 to 64 letters, digits, '-' or '.'.",
            "Value Patient.text.div: Line 1, position 44 of the XHTML: this is no well-formed XML; close every element, give each attribute once and in quotes, and write &amp; &lt; &gt; &quot; &apos; or &#160; instead of other entities.",
            "Value Patient.generalPractitioner[0].reference: This is no string: send at least one character, at most 1 MB of them, and no control characters.",
            "Value Patient.generalPractitioner[0].reference: This is no reference: send Type/id, an absolute URL, '#' and the id of a contained resource, or urn:uuid: inside a Bundle.",
            "Value Patient.extension[0].url: This is no uri: send at least one character, and no spaces or control characters."
        );
    }

    private static string[] Refusals(string type, string value)
    {
        var json = $$"""{"resourceType":"Parameters","parameter":[{"name":"x","value{{type}}":"{{value}}"}]}""";
        var document = Fhir.Json.ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Value;
        return [.. Check.Validator.Validate(document).Select(i => $"{i.Code} {i.Expression}: {i.Diagnostics}")];
    }
}
