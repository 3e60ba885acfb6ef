using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Tests.Primitives;

public sealed class LiteralReferenceTests
{
    [Theory]
    [InlineData("Patient/1", ReferenceKind.Relative, "", "Patient", "1", null)]
    [InlineData("Patient/1/_history/2", ReferenceKind.Relative, "", "Patient", "1", "2")]
    [InlineData("http://a.b/fhir/Patient/1", ReferenceKind.Absolute, "http://a.b/fhir", "Patient", "1", null)]
    [InlineData("https://a.b/Patient/1/_history/2", ReferenceKind.Absolute, "https://a.b", "Patient", "1", "2")]
    [InlineData("#p", ReferenceKind.Contained, "", "", "p", null)]
    [InlineData("#", ReferenceKind.Contained, "", "", "", null)]
    [InlineData("urn:uuid:0198c0de-0000-7000-8000-000000000001", ReferenceKind.Urn, "", "", "", null)]
    [InlineData("Patient?identifier=a|b/c", ReferenceKind.Conditional, "", "Patient", "", null)]
    [InlineData("http://a.b/Patient?identifier=1", ReferenceKind.Other, "", "", "", null)]
    [InlineData("Unicorn/1", ReferenceKind.Other, "", "", "", null)]
    [InlineData("Unicorn?x=1", ReferenceKind.Other, "", "", "", null)]
    [InlineData("fhir/Patient/1", ReferenceKind.Other, "", "", "", null)]
    [InlineData("Patient", ReferenceKind.Other, "", "", "", null)]
    [InlineData("Patient/", ReferenceKind.Other, "", "", "", null)]
    [InlineData("Patient/a_b", ReferenceKind.Other, "", "", "", null)]
    [InlineData("", ReferenceKind.Other, "", "", "", null)]
    public void Splits_a_reference_into_its_parts(
        string text,
        ReferenceKind kind,
        string baseUrl,
        string type,
        string id,
        string? version
    ) =>
        Assert.Equal(
            new LiteralReference(kind, baseUrl, type, id, version),
            LiteralReference.Parse(text, R4.R4Definitions.Schema.IsResourceType)
        );
}
