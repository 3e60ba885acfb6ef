using System.Collections.Frozen;

namespace CareCoordination.Access.Roles;

/// <summary>Resource types that are treated alike by roles.</summary>
public enum ResourceGroup
{
    /// <summary>What is known of a patient: the types of the patient compartment.</summary>
    Record,

    /// <summary>Who and where: people who work, organisations, places, products.</summary>
    Directory,

    /// <summary>Definitions: plans, questionnaires, codes, profiles.</summary>
    Definition,

    /// <summary>Who did what: AuditEvent.</summary>
    Trail,

    /// <summary>What says nothing of whom it is about: documents, messages, bytes, subscriptions.</summary>
    Loose,
}

/// <summary>Which type belongs where.</summary>
public static class ResourceGroups
{
    private static readonly FrozenSet<string> Directory =
    [
        "Organization",
        "OrganizationAffiliation",
        "Practitioner",
        "PractitionerRole",
        "Location",
        "HealthcareService",
        "Endpoint",
        "InsurancePlan",
        "DeviceDefinition",
        "Medication",
        "MedicationKnowledge",
        "MedicinalProduct",
        "MedicinalProductAuthorization",
        "MedicinalProductContraindication",
        "MedicinalProductIndication",
        "MedicinalProductIngredient",
        "MedicinalProductInteraction",
        "MedicinalProductManufactured",
        "MedicinalProductPackaged",
        "MedicinalProductPharmaceutical",
        "MedicinalProductUndesirableEffect",
        "Substance",
        "SubstanceNucleicAcid",
        "SubstancePolymer",
        "SubstanceProtein",
        "SubstanceReferenceInformation",
        "SubstanceSourceMaterial",
        "SubstanceSpecification",
    ];

    private static readonly FrozenSet<string> Definition =
    [
        "ActivityDefinition",
        "CapabilityStatement",
        "CatalogEntry",
        "ChargeItemDefinition",
        "CodeSystem",
        "CompartmentDefinition",
        "ConceptMap",
        "EffectEvidenceSynthesis",
        "EventDefinition",
        "Evidence",
        "EvidenceVariable",
        "ExampleScenario",
        "GraphDefinition",
        "ImplementationGuide",
        "Library",
        "Measure",
        "MessageDefinition",
        "NamingSystem",
        "ObservationDefinition",
        "OperationDefinition",
        "PlanDefinition",
        "Questionnaire",
        "ResearchDefinition",
        "ResearchElementDefinition",
        "RiskEvidenceSynthesis",
        "SearchParameter",
        "SpecimenDefinition",
        "StructureDefinition",
        "StructureMap",
        "TerminologyCapabilities",
        "TestReport",
        "TestScript",
        "ValueSet",
        "ViewDefinition",
    ];

    /// <param name="isInCompartment">The type is in the patient compartment. https://hl7.org/fhir/R4/compartmentdefinition-patient.html</param>
    public static ResourceGroup Of(string resourceType, bool isInCompartment) =>
        resourceType == "AuditEvent" ? ResourceGroup.Trail
        : resourceType == "Patient" ? ResourceGroup.Record
        : Directory.Contains(resourceType) ? ResourceGroup.Directory
        : Definition.Contains(resourceType) ? ResourceGroup.Definition
        : isInCompartment ? ResourceGroup.Record
        : ResourceGroup.Loose;
}
