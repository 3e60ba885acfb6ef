using CareCoordination.Fhir.Json;
using static CareCoordination.Fhir.Tests.Json.Documents;

namespace CareCoordination.Fhir.Tests.Json;

public sealed class ReferenceRewriterTests
{
    private const string Uuid = "urn:uuid:0198c0de-0000-7000-8000-000000000001";

    private static readonly Dictionary<string, string> Addresses = new(StringComparer.Ordinal)
    {
        [Uuid] = "Patient/17",
        ["Practitioner?identifier=a|b"] = "Practitioner/5",
        ["http://example.org/fhir/Organization/9"] = "Organization/9",
    };

    [Fact]
    public void Replaces_the_references_it_knows()
    {
        var document = Parse(
            $$$"""
            {"resourceType":"CarePlan", "subject" : {"reference":"{{{Uuid}}}"},
             "author":{"reference":"Practitioner?identifier=a\u007cb"},
             "contributor":[{"reference":"http:\/\/example.org/fhir/Organization/9"},{"reference":"Patient/1"},{"reference":"urn:uuid:unknown"}],
             "instantiatesUri":["{{{Uuid}}}"],
             "identifier":[{"system":"urn:ietf:rfc:3986","value":"{{{Uuid}}}"}],
             "status":"draft"}
            """
        );

        var rewritten = ReferenceRewriter.Rewrite(document, R4.R4Definitions.Schema, Addresses);

        Assert.Equal(
            $$$"""
            {"resourceType":"CarePlan", "subject" : {"reference":"Patient/17"},
             "author":{"reference":"Practitioner/5"},
             "contributor":[{"reference":"Organization/9"},{"reference":"Patient/1"},{"reference":"urn:uuid:unknown"}],
             "instantiatesUri":["Patient/17"],
             "identifier":[{"system":"urn:ietf:rfc:3986","value":"{{{Uuid}}}"}],
             "status":"draft"}
            """,
            Text(rewritten.Utf8.ToArray())
        );
        AssertSameIndex(Parse(Text(rewritten.Utf8.ToArray())), rewritten);
    }

    [Fact]
    public void Reaches_contained_resources_and_parameters_but_no_canonicals()
    {
        var document = Parse(
            $$$"""
            {"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Basic","contained":[
            {"resourceType":"CarePlan","instantiatesCanonical":["{{{Uuid}}}"]}]}},{"name":"b","valueUri":"{{{Uuid}}}"},{"name":"c","valueString":"{{{Uuid}}}"}]}
            """
        );

        Assert.Equal(
            $$$"""
            {"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Basic","contained":[
            {"resourceType":"CarePlan","instantiatesCanonical":["{{{Uuid}}}"]}]}},{"name":"b","valueUri":"Patient/17"},{"name":"c","valueString":"{{{Uuid}}}"}]}
            """,
            Text(ReferenceRewriter.Rewrite(document, R4.R4Definitions.Schema, Addresses).Utf8.ToArray())
        );
    }

    [Fact]
    public void Returns_the_same_document_where_nothing_is_known()
    {
        var document = Parse("{\"resourceType\":\"Basic\",\"subject\":{\"reference\":\"Patient/1\"}}");

        Assert.Same(document, ReferenceRewriter.Rewrite(document, R4.R4Definitions.Schema, Addresses));
    }

    [Fact]
    public void Lists_the_references_that_hold_only_in_a_bundle()
    {
        var document = Parse(
            """
            {"resourceType":"Encounter","subject":{"reference":"urn:uuid:1"},"serviceProvider":{"reference":"Organization?identifier=x"},
            "partOf":{"reference":"Encounter/1"},"episodeOfCare":[{"reference":"#a?b"},{"reference":"http://a/b?c"},{"reference":"urn:oid:1.2"}],
            "identifier":[{"system":"urn:oid:1.2.3"}]}
            """
        );

        Assert.Equal(
            [
                ("Encounter.subject.reference", "urn:uuid:1"),
                ("Encounter.serviceProvider.reference", "Organization?identifier=x"),
                ("Encounter.episodeOfCare[2].reference", "urn:oid:1.2"),
            ],
            ReferenceRewriter.LocalReferences(document).Select(r => (r.Location, r.GetString()))
        );
    }

    private static void AssertSameIndex(ResourceDocument expected, ResourceDocument actual)
    {
        AssertSame(expected.Root, actual.Root);

        static void AssertSame(JsonValue expected, JsonValue actual)
        {
            Assert.Equal(expected.Location, actual.Location);
            Assert.Equal(expected.Name, actual.Name);
            Assert.Equal(Text(expected.RawUtf8.ToArray()), Text(actual.RawUtf8.ToArray()));
            Assert.Equal(expected.IsEscaped, actual.IsEscaped);
            Assert.Equal(expected.Count(), actual.Count());
            var children = actual.GetEnumerator();
            foreach (var child in expected)
            {
                Assert.True(children.MoveNext());
                AssertSame(child, children.Current);
            }
        }
    }
}
