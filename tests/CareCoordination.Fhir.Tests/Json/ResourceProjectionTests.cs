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
}
