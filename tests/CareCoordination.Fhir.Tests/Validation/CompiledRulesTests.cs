namespace CareCoordination.Fhir.Tests.Validation;

/// <summary>The compiled form of some types, as it prints itself.</summary>
public sealed class CompiledRulesTests
{
    [Fact]
    public void Reference_prints_its_rules() =>
        Assert.Equal(
            """
            Reference
              id 0..1 string | format string | no spaces, once in a resource
              extension 0..* Extension
              reference 0..1 string | format string
              type 0..1 uri | format uri
              identifier 0..1 Identifier
              display 0..1 string | format string

            """,
            Check.Validator.Explain("Reference")
        );

    [Fact]
    public void Goal_target_prints_its_choices() =>
        Assert.Equal(
            """
            Goal.target
              id 0..1 string | format string | no spaces, once in a resource
              extension 0..* Extension
              modifierExtension 0..* Extension
              measure 0..1 CodeableConcept
              detailQuantity 0..1 Quantity
              detailRange 0..1 Range
              detailCodeableConcept 0..1 CodeableConcept
              detailString 0..1 string | format string
              detailBoolean 0..1 boolean | format boolean
              detailInteger 0..1 integer | format integer
              detailRatio 0..1 Ratio
              dueDate 0..1 date | format date
              dueDuration 0..1 Duration

            """,
            Check.Validator.Explain("Goal.target")
        );

    [Fact]
    public void EpisodeOfCare_prints_its_codes_and_references() =>
        Assert.Equal(
            """
            EpisodeOfCare
              id 0..1 id | format id
              meta 0..1 Meta
              implicitRules 0..1 uri | format uri
              language 0..1 code | format code
              text 0..1 Narrative
              contained 0..* Resource
              extension 0..* Extension
              modifierExtension 0..* Extension
              identifier 0..* Identifier
              status 1..1 code | format code | one of http://hl7.org/fhir/ValueSet/episode-of-care-status: planned, waitlist, active, onhold, finished, cancelled, entered-in-error
              statusHistory 0..* EpisodeOfCare.statusHistory
              type 0..* CodeableConcept
              diagnosis 0..* EpisodeOfCare.diagnosis
              patient 1..1 Reference | reference to Patient
              managingOrganization 0..1 Reference | reference to Organization
              period 0..1 Period
              referralRequest 0..* Reference | reference to ServiceRequest
              careManager 0..1 Reference | reference to Practitioner, PractitionerRole
              team 0..* Reference | reference to CareTeam
              account 0..* Reference | reference to Account
              | dom-2, dom-3, dom-4, dom-5: contained resources

            """,
            Check.Validator.Explain("EpisodeOfCare")
        );

    [Fact]
    public void Every_type_compiles()
    {
        foreach (var type in R4.R4Definitions.Schema.Types.Values)
            Assert.StartsWith(type.Name, Check.Validator.Explain(type.Name), StringComparison.Ordinal);
    }
}
