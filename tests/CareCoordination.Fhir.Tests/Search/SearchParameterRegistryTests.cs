using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.Search;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/searchparameter-registry.html</summary>
public sealed class SearchParameterRegistryTests
{
    private static IEnumerable<SearchParameter> All =>
        Registry.Schema.Resources.SelectMany(type => Registry.Of(type.Name));

    [Fact]
    public void Holds_every_parameter_of_R4_that_is_offered_and_those_of_the_type_that_was_added()
    {
        var added = Registry.Of("ViewDefinition").Count();

        Assert.Equal(14, added);
        Assert.Equal(2289, All.Count() - added);
    }

    [Fact]
    public void Every_parameter_has_an_expression() =>
        Assert.DoesNotContain(All, parameter => parameter.Expression.Length == 0);

    [Fact]
    public void Every_expression_is_a_path_or_compiles_as_FHIRPath()
    {
        var expressions = All.SelectMany(parameter => ExpressionParts.Split(parameter.Expression))
            .Distinct(StringComparer.Ordinal);
        Assert.All(
            expressions,
            expression =>
                Assert.True(
                    SearchPath.Parse(expression, Registry.Schema) is not null
                        || FhirPathExpression.Compile(expression, Registry.Schema).IsSuccess,
                    expression
                )
        );
    }

    [Fact]
    public void All_but_two_expressions_are_paths()
    {
        var others = All.SelectMany(parameter => ExpressionParts.Split(parameter.Expression))
            .Where(expression => SearchPath.Parse(expression, Registry.Schema) is null)
            .Distinct(StringComparer.Ordinal);
        Assert.Equal(
            ["Bundle.entry[0].resource", "Patient.deceased.exists() and Patient.deceased != false"],
            others.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_path_leads_to_an_element()
    {
        var lost =
            from parameter in All
            from part in ExpressionParts.Split(parameter.Expression)
            let path = SearchPath.Parse(part, Registry.Schema)
            where path is not null && path.ResultTypes(Registry.Schema[parameter.ResourceType]).IsEmpty
            select $"{parameter}: {part}";
        Assert.Empty(lost);
    }

    [Theory]
    [InlineData("Patient", "given", "Patient.name.given")]
    [InlineData("Observation", "patient", "Observation.subject.where(resolve() is Patient)")]
    [InlineData("Condition", "code", "Condition.code")]
    [InlineData("CarePlan", "_tag", "Resource.meta.tag")]
    [InlineData("MedicationRequest", "code", "(MedicationRequest.medication as CodeableConcept)")]
    [InlineData("InsurancePlan", "name", "InsurancePlan.name | InsurancePlan.alias")]
    [InlineData("Observation", "combo-code", "Observation.code | Observation.component.code")]
    [InlineData("Account", "identifier", "Account.identifier")]
    public void An_expression_is_narrowed_to_its_type(string type, string code, string expression) =>
        Assert.Equal(expression, Parameter(type, code).Expression);

    [Fact]
    public void A_parameter_has_the_same_number_in_every_release()
    {
        Assert.Equal(1454926796, Parameter("Patient", "identifier").Id);
        Assert.Same(Parameter("Patient", "identifier"), Registry.Find(Parameter("Patient", "identifier").Id));
    }

    [Fact]
    public void Presence_bits_follow_the_sorted_codes()
    {
        var codes = Registry.Of("Observation");
        Assert.Equal(Enumerable.Range(0, codes.Length), codes.Select(parameter => parameter.PresenceBit));
        Assert.Equal(
            codes.Select(parameter => parameter.Code).Order(StringComparer.Ordinal),
            codes.Select(parameter => parameter.Code)
        );
    }

    [Fact]
    public void Id_and_last_update_are_no_index_parameters()
    {
        Assert.Null(Registry.Find("Patient", "_id"));
        Assert.Null(Registry.Find("Patient", "_lastUpdated"));
    }

    [Theory]
    [InlineData("Location", "near")]
    [InlineData("Patient", "_text")]
    [InlineData("Patient", "_has")]
    public void What_is_not_offered_has_a_reason(string type, string code)
    {
        Assert.Null(Registry.Find(type, code));
        Assert.NotNull(Registry.WhyNotOffered(type, code));
    }

    [Fact]
    public void Tokens_fold_case_unless_all_their_values_are_identifiers()
    {
        Assert.True(Parameter("Patient", "gender").FoldsCase);
        Assert.True(Parameter("Observation", "code").FoldsCase);
        Assert.False(Parameter("Patient", "identifier").FoldsCase);
        Assert.False(Parameter("Patient", "name").FoldsCase);
    }

    [Fact]
    public void The_patient_compartment_names_its_parameters() =>
        Assert.Equal(
            ["patient", "performer"],
            Registry.PatientCompartment("CarePlan").Select(parameter => parameter.Code)
        );

    [Theory]
    [InlineData("CarePlan", "patient", new[] { "Patient" })]
    [InlineData("CarePlan", "subject", new[] { "Group", "Patient" })]
    [InlineData("AllergyIntolerance", "patient", new[] { "Patient" })]
    [InlineData("Encounter", "practitioner", new[] { "Practitioner" })]
    [InlineData(
        "Task",
        "requester",
        new[] { "Device", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson" }
    )]
    public void Targets_are_those_the_elements_of_the_type_allow(string type, string code, string[] targets) =>
        Assert.Equal(targets, Parameter(type, code).Targets);

    [Fact]
    public void The_swapped_parts_of_relationship_are_put_right() =>
        Assert.Equal(
            ["target", "code"],
            Parameter("DocumentReference", "relationship").Components.Select(part => part.Expression)
        );
}
