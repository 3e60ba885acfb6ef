namespace CareCoordination.Fhir.Tests.Validation;

public sealed class CodeTests
{
    private const string ClinicalStatus = "http://hl7.org/fhir/ValueSet/condition-clinical";
    private const string ClinicalCodes = "active, recurrence, relapse, inactive, remission, resolved";

    [Theory]
    [InlineData(
        "foo",
        "CodeInvalid CarePlan.status: 'foo' is not a code of http://hl7.org/fhir/ValueSet/request-status; use one of draft, active, on-hold, revoked, completed, entered-in-error, unknown."
    )]
    [InlineData(
        "Active",
        "CodeInvalid CarePlan.status: 'Active' is not a code of http://hl7.org/fhir/ValueSet/request-status; did you mean 'active'? Its codes are draft, active, on-hold, revoked, completed, entered-in-error, unknown."
    )]
    [InlineData(
        "on hold",
        "CodeInvalid CarePlan.status: This is not a code of http://hl7.org/fhir/ValueSet/request-status; did you mean 'on-hold'? Its codes are draft, active, on-hold, revoked, completed, entered-in-error, unknown."
    )]
    public void Refuses_a_code_outside_its_required_set(string status, string issue) =>
        Check.Issues(
            $$$"""{"resourceType":"CarePlan","status":"{{{status}}}","intent":"plan","subject":{"reference":"Patient/1"}}""",
            issue
        );

    [Theory]
    [InlineData(
        """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]}"""
    )]
    [InlineData(
        """{"coding":[{"system":"http://example.org","code":"x"},{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"resolved"}]}"""
    )]
    [InlineData(
        """{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"""
    )]
    public void Accepts_a_concept_with_a_coding_of_its_required_set(string concept) => Check.Issues(Condition(concept));

    [Theory]
    [InlineData(
        """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"actve"}]}""",
        $"'actve' is not a code of {ClinicalStatus}; did you mean 'active'? Its codes are {ClinicalCodes}."
    )]
    [InlineData(
        """{"coding":[{"code":"active"}]}""",
        $"'active' is a code of {ClinicalStatus}, but not with this system; use http://terminology.hl7.org/CodeSystem/condition-clinical."
    )]
    [InlineData(
        """{"coding":[{"system":"http://example.org","code":"active"}]}""",
        $"'active' is a code of {ClinicalStatus}, but not with this system; use http://terminology.hl7.org/CodeSystem/condition-clinical."
    )]
    [InlineData("""{"text":"active"}""", $"A code of {ClinicalStatus} is required here; use one of {ClinicalCodes}.")]
    public void Refuses_a_concept_without_a_coding_of_its_required_set(string concept, string sentence) =>
        Check.Issues(Condition(concept), $"CodeInvalid Condition.clinicalStatus: {sentence}");

    [Fact]
    public void Leaves_codes_of_other_bindings_alone() =>
        Check.Issues(
            """{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://example.org","code":"x"}]},"language":"tlh"}"""
        );

    private static string Condition(string status) =>
        $$"""{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{{status}}}""";
}
