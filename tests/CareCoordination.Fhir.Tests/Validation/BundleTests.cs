namespace CareCoordination.Fhir.Tests.Validation;

public sealed class BundleTests
{
    private const string Patient = "\"resource\":{\"resourceType\":\"Patient\",\"id\":\"1\"}";
    private const string Request = "\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}";
    private const string Response = "\"response\":{\"status\":\"200\"}";

    [Theory]
    [InlineData("collection", $"{{{Patient}}}")]
    [InlineData(
        "transaction",
        $"{{\"fullUrl\":\"urn:uuid:0198c0de-0000-7000-8000-000000000001\",{Patient},{Request}}}"
    )]
    [InlineData("transaction", "{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/1\"}}")]
    [InlineData("transaction-response", $"{{{Response}}}")]
    [InlineData(
        "history",
        $"{{\"fullUrl\":\"http://a/Patient/1\",{Patient},{Request},{Response}}},{{\"fullUrl\":\"http://a/Patient/1\",{Patient},{Request},{Response}}}"
    )]
    [InlineData("searchset", $"{{{Patient},\"search\":{{\"mode\":\"match\"}}}}")]
    public void Accepts_what_belongs_to_the_type(string type, string entries) => Check.Issues(Bundle(type, entries));

    [Theory]
    [InlineData(
        "transaction",
        $"{{{Patient}}}",
        "Invariant Bundle.entry[0].request: bdl-3: an entry of a transaction says what to do; add request."
    )]
    [InlineData(
        "collection",
        $"{{{Patient},{Request}}}",
        "Invariant Bundle.entry[0].request: bdl-3: only entries of a batch, transaction or history have a request; remove it."
    )]
    [InlineData(
        "batch-response",
        $"{{{Patient}}}",
        "Invariant Bundle.entry[0].response: bdl-4: an entry of a batch-response says what came of it; add response."
    )]
    [InlineData(
        "searchset",
        $"{{{Patient},{Response}}}",
        "Invariant Bundle.entry[0].response: bdl-4: only entries of a batch-response, transaction-response or history have a response; remove it."
    )]
    [InlineData(
        "collection",
        $"{{{Patient},\"search\":{{\"mode\":\"match\"}}}}",
        "Invariant Bundle.entry[0].search: bdl-2: only entries of a searchset have search; remove it."
    )]
    [InlineData(
        "collection",
        "{\"fullUrl\":\"http://a/Patient/1\"}",
        "Invariant Bundle.entry[0]: bdl-5: an entry has a resource, a request or a response; add one."
    )]
    [InlineData(
        "collection",
        $"{{\"fullUrl\":\"http://a/Patient/1\",{Patient}}},{{\"fullUrl\":\"http://a/Patient/1\",{Patient}}}",
        "Invariant Bundle.entry[1].fullUrl: bdl-7: another entry has this fullUrl; give each entry its own."
    )]
    [InlineData(
        "collection",
        $"{{\"fullUrl\":\"http://a/Patient/1/_history/2\",{Patient}}}",
        "Invariant Bundle.entry[0].fullUrl: bdl-8: a fullUrl names no version; remove /_history/ and what follows."
    )]
    [InlineData(
        "collection",
        $"{{\"fullUrl\":\"Patient/1\",{Patient}}}",
        "Value Bundle.entry[0].fullUrl: A fullUrl is absolute: send http(s)://, urn:uuid: or urn:oid:."
    )]
    [InlineData(
        "message",
        $"{{{Patient}}}",
        "Invariant Bundle.entry[0]: bdl-12: the first entry of a message is a MessageHeader."
    )]
    [InlineData(
        "batch",
        $"{{{Patient},\"request\":{{\"method\":\"FETCH\",\"url\":\"Patient\"}}}}",
        "CodeInvalid Bundle.entry[0].request.method: 'FETCH' is not a code of http://hl7.org/fhir/ValueSet/http-verb; did you mean 'PATCH'? Its codes are GET, HEAD, POST, PUT, DELETE, PATCH."
    )]
    [InlineData(
        "batch",
        $"{{{Patient},\"request\":{{\"method\":\"POST\"}}}}",
        "Required Bundle.entry[0].request.url: Bundle.entry.request.url is required; add it."
    )]
    public void Refuses_what_does_not_belong_to_the_type(string type, string entries, string issue) =>
        Check.Issues(Bundle(type, entries), issue);

    [Fact]
    public void Refuses_a_total_where_nothing_was_counted() =>
        Check.Issues(
            """{"resourceType":"Bundle","type":"batch","total":1}""",
            "Invariant Bundle.total: bdl-1: only a searchset or history has a total; remove it."
        );

    [Fact]
    public void Refuses_a_document_without_identity_date_and_composition() =>
        Check.Issues(
            Bundle("document", $"{{{Patient}}}"),
            "Invariant Bundle.identifier: bdl-9: a document has an identifier with system and value; add it.",
            "Invariant Bundle.timestamp: bdl-10: a document has a date; add timestamp.",
            "Invariant Bundle.entry[0]: bdl-11: the first entry of a document is a Composition."
        );

    [Fact]
    public void Validates_the_resources_of_entries() =>
        Check.Issues(
            Bundle(
                "collection",
                "{\"resource\":{\"resourceType\":\"Patient\",\"gender\":\"x\",\"link\":[{\"type\":\"seealso\",\"other\":{\"reference\":\"#p\"}}]}}"
            ),
            "CodeInvalid Bundle.entry[0].resource.gender: 'x' is not a code of http://hl7.org/fhir/ValueSet/administrative-gender; use one of male, female, other, unknown.",
            "Value Bundle.entry[0].resource.link[0].other.reference: No contained resource has this id; contain it or refer to it elsewhere."
        );

    [Theory]
    [InlineData("collection", "urn:uuid:0198c0de-0000-7000-8000-000000000001")]
    [InlineData("transaction", "Organization?identifier=1")]
    public void Accepts_local_references_where_they_can_be_resolved(string type, string reference) =>
        Check.Issues(Bundle(type, Entry(type, reference)));

    [Fact]
    public void Refuses_conditional_references_outside_of_transactions() =>
        Check.Issues(
            Bundle("collection", Entry("collection", "Organization?identifier=1")),
            "Value Bundle.entry[0].resource.managingOrganization.reference: A conditional reference is resolved only in a transaction Bundle; elsewhere send Type/id."
        );

    private static string Entry(string type, string reference) =>
        $"{{\"resource\":{{\"resourceType\":\"Patient\",\"managingOrganization\":{{\"reference\":\"{reference}\"}}}}{(type == "transaction" ? "," + Request : "")}}}";

    private static string Bundle(string type, string entries) =>
        $"{{\"resourceType\":\"Bundle\",\"type\":\"{type}\",\"entry\":[{entries}]}}";
}
