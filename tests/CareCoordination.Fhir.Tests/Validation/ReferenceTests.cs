using CareCoordination.Fhir.Validation;

namespace CareCoordination.Fhir.Tests.Validation;

public sealed class ReferenceTests
{
    private const string NoReference =
        "Value CarePlan.subject.reference: This is no reference: send Type/id, an absolute URL, '#' and the id of a contained resource, or urn:uuid: inside a Bundle.";

    [Theory]
    [InlineData("\"reference\":\"Patient/1\"")]
    [InlineData("\"reference\":\"Patient/1/_history/2\"")]
    [InlineData("\"reference\":\"Group/a-B.3\",\"type\":\"Group\"")]
    [InlineData("\"reference\":\"https://example.org/fhir/Patient/1\"")]
    [InlineData("\"reference\":\"http://example.org/anything/else?x=y\"")]
    [InlineData("\"reference\":\"mailto:someone@example.org\"")]
    [InlineData("\"reference\":\"#p\"")]
    [InlineData("\"identifier\":{\"value\":\"x\"},\"type\":\"Patient\"")]
    [InlineData("\"display\":\"x\"")]
    public void Accepts_every_form_of_the_specification(string reference) => Check.Issues(CarePlan(reference));

    [Theory]
    [InlineData("\"reference\":\"1\"", NoReference)]
    [InlineData("\"reference\":\"Patient\"", NoReference)]
    [InlineData("\"reference\":\"Patient/\"", NoReference)]
    [InlineData("\"reference\":\"/Patient/1\"", NoReference)]
    [InlineData("\"reference\":\"fhir/Patient/1\"", NoReference)]
    [InlineData("\"reference\":\"Pat/1\"", NoReference)]
    [InlineData("\"reference\":\"Patient/1 2\"", NoReference)]
    [InlineData("\"reference\":\"Patient/1/_history/\"", NoReference)]
    [InlineData("\"reference\":\"Unicorn?name=x\"", NoReference)]
    [InlineData(
        "\"reference\":\"Practitioner/1\"",
        "Value CarePlan.subject.reference: A reference to Practitioner cannot stand here; refer to Group or Patient."
    )]
    [InlineData(
        "\"reference\":\"http://example.org/Practitioner/1/_history/1\"",
        "Value CarePlan.subject.reference: A reference to Practitioner cannot stand here; refer to Group or Patient."
    )]
    [InlineData(
        "\"reference\":\"#o\"",
        "Value CarePlan.subject.reference: A reference to Organization cannot stand here; refer to Group or Patient."
    )]
    [InlineData(
        "\"reference\":\"#x\"",
        "Value CarePlan.subject.reference: No contained resource has this id; contain it or refer to it elsewhere."
    )]
    [InlineData(
        "\"reference\":\"#\"",
        "Value CarePlan.subject.reference: A reference to CarePlan cannot stand here; refer to Group or Patient."
    )]
    [InlineData(
        "\"reference\":\"urn:uuid:0198c0de-0000-7000-8000-000000000001\"",
        "Value CarePlan.subject.reference: A urn: reference leads to an entry of the same Bundle; outside of one send Type/id."
    )]
    [InlineData(
        "\"reference\":\"Patient?identifier=1\"",
        "Value CarePlan.subject.reference: A conditional reference is resolved only in a transaction Bundle; elsewhere send Type/id."
    )]
    [InlineData(
        "\"reference\":\"Patient/1\",\"type\":\"Group\"",
        "Value CarePlan.subject.type: The type is Group, but the reference is to Patient; make them the same."
    )]
    [InlineData(
        "\"identifier\":{\"value\":\"x\"},\"type\":\"Device\"",
        "Value CarePlan.subject.type: A reference to Device cannot stand here; refer to Group or Patient."
    )]
    [InlineData(
        "\"type\":\"Patient\"",
        "Incomplete CarePlan.subject: This refers to nothing; add reference, identifier or display."
    )]
    public void Refuses_any_other(string reference, string issue) => Check.Issues(CarePlan(reference), issue);

    [Theory]
    [InlineData("\"reference\":\"urn:uuid:0198c0de-0000-7000-8000-000000000001\"")]
    [InlineData("\"reference\":\"Patient?identifier=http://example.org|1\"")]
    public void Accepts_local_references_in_an_entry_of_a_transaction(string reference) =>
        Check.Issues(CarePlan(reference), ValidationOptions.TransactionEntry);

    [Fact]
    public void Checks_the_type_of_a_conditional_reference() =>
        Check.Issues(
            CarePlan("\"reference\":\"Device?identifier=1\""),
            ValidationOptions.TransactionEntry,
            "Value CarePlan.subject.reference: A reference to Device cannot stand here; refer to Group or Patient."
        );

    private static string CarePlan(string subject) =>
        $$$"""
            {"resourceType":"CarePlan","contained":[{"resourceType":"Patient","id":"p"},{"resourceType":"Organization","id":"o"}],
            "contributor":[{"reference":"#p"},{"reference":"#o"}],"status":"draft","intent":"plan","subject":{{{{subject}}}}}
            """;
}
