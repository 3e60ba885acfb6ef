namespace CareCoordination.Rest.OpenApi;

/// <summary>The resource types that coordinating care is about. The API serves all types of R4; these have typed paths here.</summary>
internal static class CareTypes
{
    public static readonly string[] All =
    [
        "ActivityDefinition",
        "Appointment",
        "AuditEvent",
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
        "Goal",
        "Group",
        "HealthcareService",
        "List",
        "Measure",
        "MeasureReport",
        "MessageHeader",
        "Observation",
        "Organization",
        "Patient",
        "PlanDefinition",
        "Practitioner",
        "PractitionerRole",
        "Provenance",
        "Questionnaire",
        "QuestionnaireResponse",
        "RequestGroup",
        "RiskAssessment",
        "ServiceRequest",
        "Subscription",
        "Task",
    ];
}
