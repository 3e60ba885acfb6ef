using CareCoordination.Fhir.Json;
using static CareCoordination.Fhir.Tests.Json.Documents;

namespace CareCoordination.Fhir.Tests.Json;

public sealed class ResourceProjectionTests
{
    private const string Tag =
        """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}""";

    private const string Head = $$"""{"resourceType":"Observation","id":"o","meta":{"versionId":"1","tag":[{{Tag}}]}""";

    private const string Observation = """
        {"resourceType":"Observation","id":"o","meta":{"versionId":"1"},"text":{"status":"empty","div":"<div/>"},
        "extension":[{"url":"http://example.org/e","valueString":"x"}],"status":"final","_status":{"id":"s"},
        "code":{"text":"c"},"subject":{"reference":"Patient/1"},"note":[{"text":"n"}],"valueQuantity":{"value":1.00},
        "component":[{"code":{"text":"d"},"dataAbsentReason":{"text":"u"}}]}
        """;

    [Fact]
    public void Summary_keeps_the_summary_elements_at_every_level() =>
        Assert.Equal(
            Head
                + ""","status":"final","_status":{"id":"s"},"code":{"text":"c"},"subject":{"reference":"Patient/1"},"valueQuantity":{"value":1.00},"component":[{"code":{"text":"d"}}]}""",
            Text(ResourceProjection.Summary(Parse(Observation), R4.R4Definitions.Schema))
        );

    [Fact]
    public void Text_keeps_the_narrative_and_what_is_mandatory() =>
        Assert.Equal(
            Head
                + ""","text":{"status":"empty","div":"<div/>"},"status":"final","_status":{"id":"s"},"code":{"text":"c"}}""",
            Text(ResourceProjection.Text(Parse(Observation), R4.R4Definitions.Schema))
        );

    [Fact]
    public void Data_leaves_the_narrative_out() =>
        Assert.Equal(
            Head
                + ""","extension":[{"url":"http://example.org/e","valueString":"x"}],"status":"final","_status":{"id":"s"},"code":{"text":"c"},"subject":{"reference":"Patient/1"},"note":[{"text":"n"}],"valueQuantity":{"value":1.00},"component":[{"code":{"text":"d"},"dataAbsentReason":{"text":"u"}}]}""",
            Text(ResourceProjection.Data(Parse(Observation), R4.R4Definitions.Schema))
        );

    [Theory]
    [InlineData("value")]
    [InlineData("value[x]")]
    public void Elements_keeps_the_named_and_the_mandatory(string choice) =>
        Assert.Equal(
            Head
                + ""","status":"final","_status":{"id":"s"},"code":{"text":"c"},"note":[{"text":"n"}],"valueQuantity":{"value":1.00}}""",
            Text(ResourceProjection.Elements(Parse(Observation), R4.R4Definitions.Schema, ["note", choice]))
        );

    [Theory]
    [InlineData("{\"resourceType\":\"Basic\"}", "{\"tag\":[" + Tag + "]}")]
    [InlineData(
        "{\"resourceType\":\"Basic\",\"meta\":{\"tag\":[{\"code\":\"a\"}],\"source\":\"s\"}}",
        "{\"tag\":[{\"code\":\"a\"}," + Tag + "],\"source\":\"s\"}"
    )]
    [InlineData(
        "{\"resourceType\":\"Basic\",\"meta\":{\"tag\":[{\"code\":\"SUBSETTED\"}]}}",
        "{\"tag\":[{\"code\":\"SUBSETTED\"}]}"
    )]
    public void Tags_the_resource_as_subsetted_once(string json, string meta) =>
        Assert.Equal(
            $"{{\"resourceType\":\"Basic\",\"meta\":{meta}}}",
            Text(ResourceProjection.Elements(Parse(json), R4.R4Definitions.Schema, []))
        );

    [Fact]
    public void Summary_of_a_bundle_summarises_its_entries() =>
        Assert.Equal(
            $$$"""{"resourceType":"Bundle","meta":{"tag":[{{{Tag}}}]},"type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"1","gender":"female"}}]}""",
            Text(
                ResourceProjection.Summary(
                    Parse(
                        """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"1","gender":"female","maritalStatus":{"text":"m"}}}]}"""
                    ),
                    R4.R4Definitions.Schema
                )
            )
        );

    [Fact]
    public void Summary_leaves_no_object_empty() =>
        Assert.Equal(
            $$$"""{"resourceType":"Patient","meta":{"tag":[{{{Tag}}}]},"name":[{"extension":[{"url":"http://example.org/e","valueCode":"x"}]},{"family":"f"}]}""",
            Text(
                ResourceProjection.Summary(
                    Parse(
                        """{"resourceType":"Patient","name":[{"extension":[{"url":"http://example.org/e","valueCode":"x"}]},{"family":"f"}]}"""
                    ),
                    R4.R4Definitions.Schema
                )
            )
        );

    private const string Contained = """
        {"resourceType":"MedicationRequest","id":"m","contained":[{"resourceType":"Medication","id":"med","manufacturer":{"reference":"#org"},
        "code":{"text":"c"}},{"resourceType":"Organization","id":"org","name":"o"},{"resourceType":"Practitioner","id":"pr","active":true},
        {"resourceType":"Practitioner","id":"img"}],
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><img src=\"#img\" alt=\"x\"/></div>"},
        "modifierExtension":[{"url":"http://example.org/m","valueCodeableConcept":{"text":"not done"}}],
        "status":"active","intent":"order","medicationReference":{"reference":"#med"},"subject":{"reference":"Patient/1"},
        "recorder":{"reference":"#pr"},
        "dosageInstruction":[{"modifierExtension":[{"url":"http://example.org/d","extension":[{"url":"a","valueString":"b"}]}],"text":"t"}]}
        """;

    private const string Medication =
        """{"resourceType":"Medication","id":"med","manufacturer":{"reference":"#org"},"code":{"text":"c"}}""";

    private const string Organization = """{"resourceType":"Organization","id":"org","name":"o"}""";
    private const string Practitioner = """{"resourceType":"Practitioner","id":"pr","active":true}""";
    private const string Image = """{"resourceType":"Practitioner","id":"img"}""";

    /// <summary>A reference to a contained resource never stands without it, however the resource is cut.</summary>
    [Theory]
    [InlineData("summary", Medication, Organization)]
    [InlineData("text", Medication, Organization, Image)]
    [InlineData("data", Medication, Organization, Practitioner, Image)]
    [InlineData("subject", Medication, Organization)]
    [InlineData("recorder", Medication, Organization, Practitioner)]
    [InlineData("text,recorder", Medication, Organization, Practitioner, Image)]
    [InlineData("contained", Medication, Organization, Practitioner, Image)]
    public void Keeps_the_contained_resources_that_what_is_kept_refers_to(string cut, params string[] contained) =>
        Assert.Equal(
            $"[{string.Join(',', contained)}]",
            Parse(Text(Cut(Contained, cut))).Root.TryGetProperty("contained"u8, out var kept) ? Compact(kept) : ""
        );

    [Fact]
    public void Has_no_contained_where_nothing_refers_to_one() =>
        Assert.DoesNotContain(
            "contained",
            Text(Cut(Contained.Replace("#med", "Medication/1", StringComparison.Ordinal), "status")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("summary")]
    [InlineData("text")]
    [InlineData("data")]
    [InlineData("status")]
    public void Keeps_modifier_extensions_whole(string cut) =>
        Assert.Contains(
            ""","modifierExtension":[{"url":"http://example.org/m","valueCodeableConcept":{"text":"not done"}}]""",
            Text(Cut(Contained, cut)),
            StringComparison.Ordinal
        );

    /// <summary>Wherever they stand: in an element, of several levels, in a resource of a Bundle.</summary>
    [Theory]
    [InlineData(
        """{"resourceType":"Patient","contact":[{"x":1}],"link":[{"modifierExtension":[{"url":"u","valueBoolean":true}],"other":{"reference":"Patient/2"},"type":"refer"}]}""",
        ""","link":[{"modifierExtension":[{"url":"u","valueBoolean":true}],"other":{"reference":"Patient/2"},"type":"refer"}]"""
    )]
    [InlineData(
        """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Basic","id":"b","modifierExtension":[{"url":"u","extension":[{"url":"v","valueCode":"w"}]}],"code":{"text":"c"}}}]}""",
        ""","modifierExtension":[{"url":"u","extension":[{"url":"v","valueCode":"w"}]}]"""
    )]
    public void Summary_keeps_modifier_extensions_whole_at_every_level(string json, string kept) =>
        Assert.Contains(
            kept,
            Text(ResourceProjection.Summary(Parse(json), R4.R4Definitions.Schema)),
            StringComparison.Ordinal
        );

    private static byte[] Cut(string json, string how) =>
        how switch
        {
            "summary" => ResourceProjection.Summary(Parse(json), R4.R4Definitions.Schema),
            "text" => ResourceProjection.Text(Parse(json), R4.R4Definitions.Schema),
            "data" => ResourceProjection.Data(Parse(json), R4.R4Definitions.Schema),
            _ => ResourceProjection.Elements(Parse(json), R4.R4Definitions.Schema, how.Split(',')),
        };

    private static string Compact(JsonValue value) => System.Text.Encoding.UTF8.GetString(value.RawUtf8);
}
