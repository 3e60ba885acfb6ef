using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.R4.Tests;

/// <summary>A sample of what R4 says, as the schema says it.</summary>
public sealed class SchemaTests
{
    private static FhirSchema Schema => R4Definitions.Schema;

    private static ElementDefinition Element(string type, string name) =>
        Schema[type].Element(name) ?? throw new InvalidOperationException($"{type} has no {name}.");

    [Fact]
    public void Holds_every_type_of_R4()
    {
        Assert.Equal(146 + 1, Schema.Resources.Length);
        Assert.Equal(148 + 1, Schema.Types.Values.Count(t => t.Kind == TypeKind.Resource));
        Assert.Equal(41, Schema.Types.Values.Count(t => t.Kind == TypeKind.Complex));
        Assert.Equal(20, Schema.Types.Values.Count(t => t.Kind == TypeKind.Primitive));
        Assert.Equal(
            ["DomainResource", "Resource"],
            Schema.Types.Values.Where(t => t is { IsResource: true, IsAbstract: true }).Select(t => t.Name).Order()
        );
        Assert.Equal(1385 + 10, Schema.SearchParameters.Length);
        Assert.Equal(
            ["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"],
            Schema.Compartments.Select(c => c.Code)
        );
    }

    [Fact]
    public void Numbers_resource_types_by_the_alphabet_and_additional_ones_after_them()
    {
        Assert.Equal("Account", Schema.ResourceType(1).Name);
        Assert.Equal("VisionPrescription", Schema.ResourceType(146).Name);
        Assert.All(Schema.Resources, type => Assert.Same(type, Schema.ResourceType(type.ResourceTypeId)));
        Assert.Equal(
            Schema.Resources.Take(146).Select(t => t.Name).Order(StringComparer.Ordinal),
            Schema.Resources.Take(146).Select(t => t.Name)
        );
        Assert.Equal(["ViewDefinition"], Schema.Resources.Skip(146).Select(t => t.Name));
        Assert.All(Schema.Resources, type => Assert.Equal(type.ResourceTypeId > 146, type.IsAdditional));
    }

    [Fact]
    public void An_additional_type_has_what_its_definition_adds_to_the_base()
    {
        var view = Schema["ViewDefinition"];

        Assert.Equal("DomainResource", view.Base!.Name);
        Assert.Equal(["id", "meta", "implicitRules", "language", "text"], view.Elements.Take(5).Select(e => e.Name));
        Assert.Equal(
            ["id", "extension", "modifierExtension", "column"],
            Schema["ViewDefinition.select"].Elements.Take(4).Select(e => e.Name)
        );
        Assert.Same(Schema["ViewDefinition.select"], Element("ViewDefinition.select", "unionAll").Types[0].Type);
        Assert.Equal(["sql-name"], Element("ViewDefinition.select.column", "name").Invariants.Select(i => i.Key));
        Assert.Equal(["sql-expressions"], Schema["ViewDefinition.select"].Invariants.Select(i => i.Key));
        Assert.True(Element("ViewDefinition", "status").Binding!.Codes!.Contains("retired"));
        Assert.Equal(18, Element("ViewDefinition.constant", "value").Types.Length);
    }

    [Fact]
    public void Lists_elements_in_the_order_of_the_specification_with_the_inherited_ones() =>
        Assert.Equal(
            [
                "id",
                "meta",
                "implicitRules",
                "language",
                "text",
                "contained",
                "extension",
                "modifierExtension",
                "identifier",
                "instantiatesCanonical",
                "instantiatesUri",
                "basedOn",
                "replaces",
                "partOf",
                "status",
                "intent",
                "category",
                "title",
                "description",
                "subject",
                "encounter",
                "period",
                "created",
                "author",
                "contributor",
                "careTeam",
                "addresses",
                "supportingInfo",
                "goal",
                "activity",
                "note",
            ],
            Schema["CarePlan"].Elements.Select(e => e.Name)
        );

    [Fact]
    public void Knows_cardinality_flags_and_paths()
    {
        var status = Element("CarePlan", "status");
        Assert.Equal(
            ("CarePlan.status", 1, 1, false, true, true),
            (status.Path, status.Min, status.Max, status.IsChoice, status.IsSummary, status.IsModifier)
        );
        var value = Element("Observation", "value");
        Assert.Equal(("Observation.value[x]", 0, 1, true), (value.Path, value.Min, value.Max, value.IsChoice));
        var activity = Element("CarePlan", "activity");
        Assert.Equal((0, ElementDefinition.Unbounded, true), (activity.Min, activity.Max, activity.IsArray));
        Assert.Equal(3, Element("ElementDefinition.base", "path").Path.Split('.').Length);
    }

    [Fact]
    public void Knows_the_types_of_a_choice_and_their_JSON_names()
    {
        var value = Element("Observation", "value");

        Assert.Equal(
            [
                "valueQuantity",
                "valueCodeableConcept",
                "valueString",
                "valueBoolean",
                "valueInteger",
                "valueRange",
                "valueRatio",
                "valueSampledData",
                "valueTime",
                "valueDateTime",
                "valuePeriod",
            ],
            value.Types.Select(t => value.JsonName(t.Type))
        );
        Assert.Same(Schema["dateTime"], Schema["Observation"].Property("_valueDateTime"u8)!.Type);
        Assert.True(Schema["Observation"].Property("_valueDateTime"u8)!.IsShadow);
        Assert.Null(Schema["Observation"].Property("valueAttachment"u8));
        Assert.Equal(50, Element("Extension", "value").Types.Length);
    }

    [Fact]
    public void Enumerates_the_codes_of_required_bindings()
    {
        var status = Element("CarePlan.activity.detail", "status").Binding!;

        Assert.Equal(BindingStrength.Required, status.Strength);
        Assert.Equal("http://hl7.org/fhir/ValueSet/care-plan-activity-status|4.0.1", status.ValueSet);
        Assert.Equal(
            [
                "not-started",
                "scheduled",
                "in-progress",
                "on-hold",
                "completed",
                "cancelled",
                "stopped",
                "unknown",
                "entered-in-error",
            ],
            status.Codes!.Codes.Select(c => c.Value)
        );
        Assert.Equal(
            new Code("http://hl7.org/fhir/care-plan-activity-status", "on-hold", "On Hold"),
            status.Codes.Codes[3]
        );
        Assert.Same(status.Codes, Schema.CodeSets["http://hl7.org/fhir/ValueSet/care-plan-activity-status"]);
    }

    [Theory]
    [InlineData("Attachment", "contentType")]
    [InlineData("Money", "currency")]
    public void Leaves_open_what_R4_alone_cannot_enumerate(string type, string element)
    {
        var binding = Element(type, element).Binding!;

        Assert.Equal(BindingStrength.Required, binding.Strength);
        Assert.Null(binding.Codes);
    }

    [Fact]
    public void Has_codes_for_all_required_bindings_but_four_value_sets() =>
        Assert.Equal(
            [
                "http://hl7.org/fhir/ValueSet/currencies|4.0.1",
                "http://hl7.org/fhir/ValueSet/mimetypes|4.0.1",
                "http://hl7.org/fhir/ValueSet/ucum-units|4.0.1",
                "http://loinc.org/vs/LL379-9|4.0.1",
            ],
            Schema
                .Types.Values.SelectMany(t => t.Elements)
                .Where(e => e.Binding is { Strength: BindingStrength.Required, Codes: null })
                .Select(e => e.Binding!.ValueSet)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Resolves_content_references_to_the_backbone_meant()
    {
        Assert.Same(Schema["Questionnaire.item"], Element("Questionnaire.item", "item").Types.Single().Type);
        Assert.Same(Schema["Parameters.parameter"], Element("Parameters.parameter", "part").Types.Single().Type);
        Assert.Same(
            Schema["Observation.referenceRange"],
            Element("Observation.component", "referenceRange").Types.Single().Type
        );
        Assert.Same(Schema["BackboneElement"], Schema["Questionnaire.item"].Base);
        Assert.Same(Schema["Element"], Schema["Timing.repeat"].Base);
    }

    [Fact]
    public void Names_the_targets_of_references_and_canonicals()
    {
        Assert.Equal(["Group", "Patient"], Element("CarePlan", "subject").Types.Single().Targets);
        Assert.Empty(Element("Task", "focus").Types.Single().Targets);
        Assert.Equal(["Questionnaire"], Element("QuestionnaireResponse", "questionnaire").Types.Single().Targets);
    }

    [Theory]
    [InlineData("Patient", "id", "id")]
    [InlineData("HumanName", "id", "string")]
    [InlineData("Extension", "url", "uri")]
    [InlineData("Narrative", "div", "xhtml")]
    [InlineData("Bundle.entry", "resource", "Resource")]
    [InlineData("DomainResource", "contained", "Resource")]
    [InlineData("Parameters.parameter", "resource", "Resource")]
    public void Gives_FHIR_types_where_the_definitions_speak_of_system_types(
        string type,
        string element,
        string expected
    ) => Assert.Equal(expected, Element(type, element).Types.Single().Type.Name);

    [Fact]
    public void Links_types_to_what_they_specialise()
    {
        Assert.Equal(["CarePlan", "DomainResource", "Resource"], Chain("CarePlan"));
        Assert.Equal(["markdown", "string", "Element"], Chain("markdown"));
        Assert.Equal(["Age", "Quantity", "Element"], Chain("Age"));
        Assert.Equal(["id", "extension"], Schema["code"].Elements.Select(e => e.Name));

        static IEnumerable<string> Chain(string name)
        {
            for (var type = Schema[name]; type is not null; type = type.Base)
                yield return type.Name;
        }
    }

    [Fact]
    public void States_an_invariant_once_on_the_type_or_the_element_it_is_about()
    {
        Assert.Equal(["cpl-3"], Schema["CarePlan.activity"].Invariants.Select(i => i.Key));
        Assert.Equal(
            ["dom-2", "dom-3", "dom-4", "dom-5", "dom-6"],
            Schema["DomainResource"].Invariants.Select(i => i.Key).Order()
        );
        Assert.Empty(Schema["CarePlan"].Invariants);
        Assert.Equal(["ele-1"], Schema["Element"].Invariants.Select(i => i.Key));
        Assert.Equal(["ext-1"], Schema["Extension"].Invariants.Select(i => i.Key));
        Assert.Equal(["age-1"], Schema["Age"].Invariants.Select(i => i.Key));
        Assert.Equal(["txt-1", "txt-2"], Element("Narrative", "div").Invariants.Select(i => i.Key));
        Assert.Contains(Schema["Questionnaire.item"].Invariants, i => i.Key == "que-1");
    }

    [Fact]
    public void Corrects_the_three_invariants_that_R4_got_wrong()
    {
        Assert.Equal(
            "fullUrl.exists() implies fullUrl.contains('/_history/').not()",
            Schema["Bundle.entry"].Invariants.Single(i => i.Key == "bdl-8").Expression
        );
        Assert.Contains(
            "allFalse()",
            Schema["Timing.repeat"].Invariants.Single(i => i.Key == "tim-9").Expression,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'noshow'",
            Schema["Appointment"].Invariants.Single(i => i.Key == "app-4").Expression,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Knows_search_parameters_with_targets_and_components()
    {
        var patient = Schema.SearchParameters.Single(p =>
            p.Url == "http://hl7.org/fhir/SearchParameter/clinical-patient"
        );
        Assert.Contains("CarePlan", patient.Bases);
        Assert.Equal(("patient", "reference"), (patient.Code, patient.Type));
        Assert.Contains("CarePlan.subject.where(resolve() is Patient)", patient.Expression, StringComparison.Ordinal);
        var codeValue = Schema.SearchParameters.Single(p =>
            p is { Code: "code-value-quantity" } && p.Bases.Contains("Observation")
        );
        Assert.Equal(
            [
                new("http://hl7.org/fhir/SearchParameter/clinical-code", "code"),
                new("http://hl7.org/fhir/SearchParameter/Observation-value-quantity", "value.as(Quantity)"),
            ],
            codeValue.Components
        );
        Assert.Equal(
            ["_id", "_lastUpdated"],
            Schema
                .SearchParameters.Where(p => p.Bases.Contains("Resource") && p.Code is "_id" or "_lastUpdated")
                .Select(p => p.Code)
        );
    }

    [Fact]
    public void Knows_what_belongs_to_a_patient()
    {
        var patient = Schema.Compartments.Single(c => c.Code == "Patient");

        Assert.Equal(["subject", "performer"], patient.Parameters["Observation"]);
        Assert.Equal(["patient", "performer"], patient.Parameters["CarePlan"]);
        Assert.False(patient.Parameters.ContainsKey("Task"));
    }
}
