using CareCoordination.Fhir.Schema;

namespace SpecPack.Generation;

/// <summary>The types that get typed views: those the care workflows touch, and every type these are made of.</summary>
internal static class WorkflowTypes
{
    private static readonly string[] Resources =
    [
        "ActivityDefinition",
        "Appointment",
        "AuditEvent",
        "Basic",
        "Bundle",
        "CapabilityStatement",
        "CarePlan",
        "CareTeam",
        "ChargeItem",
        "Communication",
        "Composition",
        "Condition",
        "Consent",
        "Coverage",
        "DocumentReference",
        "Encounter",
        "Endpoint",
        "EpisodeOfCare",
        "Flag",
        "Goal",
        "Group",
        "HealthcareService",
        "List",
        "Measure",
        "MeasureReport",
        "MessageHeader",
        "Observation",
        "OperationOutcome",
        "Organization",
        "Parameters",
        "Patient",
        "Person",
        "PlanDefinition",
        "Practitioner",
        "PractitionerRole",
        "Procedure",
        "Provenance",
        "Questionnaire",
        "QuestionnaireResponse",
        "RelatedPerson",
        "RequestGroup",
        "RiskAssessment",
        "ServiceRequest",
        "Subscription",
        "Task",
    ];

    /// <summary>The types in groups that share a file: a resource or data type, then its backbones in ordinal order.</summary>
    public static IReadOnlyList<IReadOnlyList<TypeDefinition>> Groups(FhirSchema schema)
    {
        var reached = new HashSet<TypeDefinition>();
        foreach (var name in Resources)
            Reach(schema[name], reached);
        return
        [
            .. reached
                .OrderBy(t => t.Name, StringComparer.Ordinal)
                .GroupBy(t => t.Name.Split('.')[0], StringComparer.Ordinal)
                .Select(g => g.ToArray()),
        ];
    }

    private static void Reach(TypeDefinition type, HashSet<TypeDefinition> reached)
    {
        if (type.IsPrimitive || !reached.Add(type))
            return;
        foreach (var child in type.Elements.SelectMany(e => e.Types))
            Reach(child.Type, reached);
    }
}
