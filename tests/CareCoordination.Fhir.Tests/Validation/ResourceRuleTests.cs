namespace CareCoordination.Fhir.Tests.Validation;

public sealed class ResourceRuleTests
{
    [Theory]
    [InlineData("""{"url":"http://example.org/x","valueString":"y"}""")]
    [InlineData("""{"url":"http://example.org/x","_valueString":{"id":"y"}}""")]
    [InlineData("""{"url":"http://example.org/x","extension":[{"url":"a","valueString":"y"}]}""")]
    public void Accepts_an_extension_with_value_or_extensions(string extension) =>
        Check.Issues(Basic($"\"extension\":[{extension}]"));

    [Theory]
    [InlineData(
        """{"url":"http://example.org/x"}""",
        "Invariant Basic.extension[0]: ext-1: an extension has a value or extensions; add one."
    )]
    [InlineData(
        """{"url":"http://example.org/x","valueString":"y","extension":[{"url":"a","valueString":"y"}]}""",
        "Invariant Basic.extension[0]: ext-1: an extension has a value or extensions, not both; remove one."
    )]
    [InlineData("""{"valueString":"y"}""", "Required Basic.extension[0].url: Extension.url is required; add it.")]
    public void Refuses_an_extension_with_both_or_neither(string extension, string issue) =>
        Check.Issues(Basic($"\"extension\":[{extension}]"), issue);

    [Fact]
    public void Accepts_contained_resources_that_are_used() =>
        Check.Issues(
            Basic(
                """
                "contained":[{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"#o"}},{"resourceType":"Organization","id":"o"},
                {"resourceType":"Provenance","target":[{"reference":"#"}],"recorded":"2020-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}],"subject":{"reference":"#p"}
                """
            )
        );

    [Theory]
    [InlineData(
        """{"resourceType":"Patient","id":"p"}""",
        "Invariant Basic.contained[0]: dom-3: nothing refers to this contained resource; refer to it by '#' and its id, or remove it."
    )]
    [InlineData(
        """{"resourceType":"Patient"}""",
        "Invariant Basic.contained[0]: dom-3: a contained resource needs an id by which it is referred to."
    )]
    public void Refuses_contained_resources_that_are_not_used(string contained, string issue) =>
        Check.Issues(Basic($"\"contained\":[{contained}]"), issue);

    [Theory]
    [InlineData(
        """{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}""",
        "Invariant Basic.contained[0].meta: dom-4: a contained resource has no version of its own; remove versionId and lastUpdated."
    )]
    [InlineData(
        """{"resourceType":"Patient","id":"p","meta":{"lastUpdated":"2020-01-01T00:00:00Z"}}""",
        "Invariant Basic.contained[0].meta: dom-4: a contained resource has no version of its own; remove versionId and lastUpdated."
    )]
    [InlineData(
        """{"resourceType":"Patient","id":"p","meta":{"security":[{"code":"R"}]}}""",
        "Invariant Basic.contained[0].meta: dom-5: a contained resource has no security labels of its own; label the container."
    )]
    [InlineData(
        """{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Patient","id":"q"}]}""",
        "Invariant Basic.contained[0].contained: dom-2: a contained resource cannot contain others; move them up."
    )]
    [InlineData(
        """{"resourceType":"Patient","id":"p"},{"resourceType":"Patient","id":"p"}""",
        "Duplicate Basic.contained[1].id: Another contained resource has this id; give each its own."
    )]
    [InlineData(
        """{"resourceType":"Patient","id":"p","gender":"x"}""",
        "CodeInvalid Basic.contained[0].gender: 'x' is not a code of http://hl7.org/fhir/ValueSet/administrative-gender; use one of male, female, other, unknown."
    )]
    public void Refuses_what_a_contained_resource_cannot_have(string contained, string issue) =>
        Check.Issues(Basic($"\"contained\":[{contained}],\"subject\":{{\"reference\":\"#p\"}}"), issue);

    private static string Basic(string properties) =>
        $"{{\"resourceType\":\"Basic\",\"code\":{{\"text\":\"x\"}},{properties}}}";
}
