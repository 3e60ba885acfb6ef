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
        ["ActivityDefinition"] = "One kind of work, as a template.",
        ["AllergyIntolerance"] = "What a patient must not be given.",
        ["Appointment"] = "A time at which people meet.",
        ["AuditEvent"] = "Who did what here, and when.",
        ["CarePlan"] = "What is to be done for a patient, by whom and until when.",
        ["CareTeam"] = "Who takes part in the care of a patient.",
        ["ChargeItem"] = "What was done and may be billed.",
        ["Communication"] = "What was said to whom.",
        ["CommunicationRequest"] = "What somebody is to be told.",
        ["Composition"] = "A document's parts and author.",
        ["Condition"] = "A problem or diagnosis.",
        ["Consent"] = "What a patient allows and forbids.",
        ["Coverage"] = "Who pays.",
        ["Device"] = "A thing that is used in care.",
        ["DiagnosticReport"] = "The findings of a laboratory or an examination.",
        ["DocumentReference"] = "Where a document is, and what it is.",
        ["Encounter"] = "A visit or a stay.",
        ["Endpoint"] = "Where a partner can be reached, and the desk of what goes there.",
        ["EpisodeOfCare"] = "The time for which an organisation is responsible for a patient's care.",
        ["Goal"] = "What a patient wants to reach.",
        ["Group"] = "Several people or things.",
        ["HealthcareService"] = "What an organisation offers.",
        ["Immunization"] = "A vaccination.",
        ["List"] = "Several resources in an order.",
        ["Location"] = "A place.",
        ["Measure"] = "How quality is counted.",
        ["MeasureReport"] = "What was counted.",
        ["Medication"] = "A medicine.",
        ["MedicationAdministration"] = "A medicine was given.",
        ["MedicationDispense"] = "A medicine was handed over.",
        ["MedicationKnowledge"] = "What is known about a medicine.",
        ["MedicationRequest"] = "A medicine is ordered.",
        ["MedicationStatement"] = "A medicine is taken.",
        ["MessageHeader"] = "What a message is about.",
        ["Observation"] = "Something that was measured or seen.",
        ["Organization"] = "A company, a clinic, a department.",
        ["Patient"] = "A person who is cared for.",
        ["PlanDefinition"] = "A care plan as a template.",
        ["Practitioner"] = "A person who cares.",
        ["PractitionerRole"] = "What a practitioner does where.",
        ["Procedure"] = "Something that was done to a patient.",
        ["Provenance"] = "Who brought a version about, and why.",
        ["Questionnaire"] = "Questions.",
        ["QuestionnaireResponse"] = "Answers to questions.",
        ["RelatedPerson"] = "A relative or friend who helps.",
        ["RequestGroup"] = "Requests that belong together.",
        ["RiskAssessment"] = "How likely something bad is; the risk tier of a patient.",
        ["ServiceRequest"] = "A service that is asked for; what a referral is about.",
        ["Subscription"] = "A wish to be told of changes, which is not acted on yet.",
        ["Task"] = "A piece of work, and the state of a referral.",
    };
}
