using CareCoordination.Fhir.R4;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// The resource types that coordinating care is about, and what each is. The API serves all types of R4; these have typed paths.
/// </summary>
internal static class CareTypes
{
    public static readonly IReadOnlyDictionary<string, string> All = new SortedDictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        [ResourceTypes.ActivityDefinition] = "One kind of work, as a template.",
        [ResourceTypes.AllergyIntolerance] = "What a patient must not be given.",
        [ResourceTypes.Appointment] = "A time at which people meet.",
        [ResourceTypes.AuditEvent] = "Who did what here, and when.",
        [ResourceTypes.CarePlan] = "What is to be done for a patient, by whom and until when.",
        [ResourceTypes.CareTeam] = "Who takes part in the care of a patient.",
        [ResourceTypes.ChargeItem] = "What was done and may be billed.",
        ["Communication"] = "What was said to whom.",
        [ResourceTypes.CommunicationRequest] = "What somebody is to be told.",
        [ResourceTypes.Composition] = "A document's parts and author.",
        ["Condition"] = "A problem or diagnosis.",
        [ResourceTypes.Consent] = "What a patient allows and forbids.",
        [ResourceTypes.Coverage] = "Who pays.",
        ["Device"] = "A thing that is used in care.",
        [ResourceTypes.DiagnosticReport] = "The findings of a laboratory or an examination.",
        [ResourceTypes.DocumentReference] = "Where a document is, and what it is.",
        [ResourceTypes.Encounter] = "A visit or a stay.",
        [ResourceTypes.Endpoint] = "Where a partner can be reached, and the operations on what goes there.",
        [ResourceTypes.EpisodeOfCare] = "The time for which an organisation is responsible for a patient's care.",
        [ResourceTypes.Goal] = "What a patient wants to reach.",
        ["Group"] = "Several people or things.",
        [ResourceTypes.HealthcareService] = "What an organisation offers.",
        [ResourceTypes.Immunization] = "A vaccination.",
        ["List"] = "Several resources in an order.",
        ["Location"] = "A place.",
        ["Measure"] = "How quality is counted.",
        [ResourceTypes.MeasureReport] = "What was counted.",
        ["Medication"] = "A medicine.",
        [ResourceTypes.MedicationAdministration] = "A medicine was given.",
        [ResourceTypes.MedicationDispense] = "A medicine was handed over.",
        [ResourceTypes.MedicationKnowledge] = "What is known about a medicine.",
        [ResourceTypes.MedicationRequest] = "A medicine is ordered.",
        [ResourceTypes.MedicationStatement] = "A medicine is taken.",
        [ResourceTypes.MessageHeader] = "What a message is about.",
        [ResourceTypes.Observation] = "Something that was measured or seen.",
        [ResourceTypes.Organization] = "A company, a clinic, a department.",
        [ResourceTypes.Patient] = "A person who is cared for.",
        [ResourceTypes.PlanDefinition] = "A care plan as a template.",
        [ResourceTypes.Practitioner] = "A person who cares.",
        [ResourceTypes.PractitionerRole] = "What a practitioner does where.",
        [ResourceTypes.Procedure] = "Something that was done to a patient.",
        [ResourceTypes.Provenance] = "Who brought a version about, and why.",
        ["Questionnaire"] = "Questions.",
        [ResourceTypes.QuestionnaireResponse] = "Answers to questions.",
        [ResourceTypes.RelatedPerson] = "A relative or friend who helps.",
        [ResourceTypes.RequestGroup] = "Requests that belong together.",
        [ResourceTypes.RiskAssessment] = "How likely something bad is; the risk tier of a patient.",
        [ResourceTypes.ServiceRequest] = "A service that is asked for; what a referral is about.",
        [ResourceTypes.Subscription] = "A wish to be told of changes, which is not acted on yet.",
        [ResourceTypes.Task] = "A piece of work, and the state of a referral.",
        [ResourceTypes.ViewDefinition] = "A table over resources of one type, after SQL on FHIR.",
    };
}
