namespace CareCoordination.SampleData;

/// <summary>The code systems and codes the samples use.</summary>
internal static class Vocabulary
{
    public const string Loinc = "http://loinc.org";
    public const string Snomed = "http://snomed.info/sct";
    public const string Hl7 = "http://terminology.hl7.org/CodeSystem/";
    public const string ActCode = Hl7 + "v3-ActCode";

    public const string MrnSystem = "http://carecoordination.example.org/mrn";
    public const string StaffSystem = "http://carecoordination.example.org/staff";
    public const string OrganizationSystem = "http://carecoordination.example.org/organization";
    public const string ReferralSystem = "http://carecoordination.example.org/referral";

    public static readonly Concept Ambulatory = new(ActCode, "AMB", "Ambulatory");
    public static readonly Concept Inpatient = new(ActCode, "IMP", "Inpatient");

    public static readonly Concept ConditionActive = new(Hl7 + "condition-clinical", "active", "Active");
    public static readonly Concept ConditionConfirmed = new(Hl7 + "condition-ver-status", "confirmed", "Confirmed");
    public static readonly Concept ProblemListItem = new(Hl7 + "condition-category", "problem-list-item", "Problem");
    public static readonly Concept VitalSigns = new(Hl7 + "observation-category", "vital-signs", "Vital signs");
    public static readonly Concept Laboratory = new(Hl7 + "observation-category", "laboratory", "Laboratory");
    public static readonly Concept Survey = new(Hl7 + "observation-category", "survey", "Survey");
    public static readonly Concept InProgressAchievement = new(Hl7 + "goal-achievement", "in-progress", "In progress");

    public static readonly Concept AssessPlan = new(
        "http://hl7.org/fhir/us/core/CodeSystem/careplan-category",
        "assess-plan",
        "Assessment and plan"
    );
    public static readonly Concept LongitudinalPlan = new(Snomed, "734163000", "Care plan");
    public static readonly Concept FulfillTask = new(
        "http://hl7.org/fhir/CodeSystem/task-code",
        "fulfill",
        "Fulfil the request"
    );

    public static readonly Concept CareManager = new(Snomed, "768820003", "Care coordinator");
    public static readonly Concept PrimaryCarePhysician = new(Snomed, "446050000", "Primary care physician");
    public static readonly Concept Nurse = new(Snomed, "224535009", "Registered nurse");
    public static readonly Concept SocialWorker = new(Snomed, "106328005", "Social worker");
    public static readonly Concept PatientRole = new(Snomed, "116154003", "Patient");

    public static readonly Concept FollowUpVisit = new(Snomed, "185389009", "Follow-up visit");
    public static readonly Concept HospitalAdmission = new(Snomed, "32485007", "Hospital stay");

    public static readonly Concept BloodPressure = new(Loinc, "85354-9", "Blood pressure");
    public static readonly Concept Systolic = new(Loinc, "8480-6", "Systolic pressure");
    public static readonly Concept Diastolic = new(Loinc, "8462-4", "Diastolic pressure");
    public static readonly Concept BodyWeight = new(Loinc, "29463-7", "Body weight");
    public static readonly Concept HeartRate = new(Loinc, "8867-4", "Heart rate");
    public static readonly Concept OxygenSaturation = new(Loinc, "2708-6", "Oxygen saturation");
    public static readonly Concept HemoglobinA1c = new(Loinc, "4548-4", "Haemoglobin A1c");
    public static readonly Concept Bnp = new(Loinc, "33762-6", "NT-proBNP");
    public static readonly Concept Phq9 = new(Loinc, "44261-6", "PHQ-9 total score");
}
