using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Billing;

/// <summary>What has to be on record before a code is billed, and what else keeps a month from being billed.</summary>
public static class BillingNeeds
{
    public const string Consent = "consent";
    public const string Plan = "plan";
    public const string PlanRevised = "plan-revised";
    public const string OneCondition = "one-condition";
    public const string TwoConditions = "two-conditions";
    public const string InitiatingVisit = "initiating-visit";
    public const string ModerateDecisions = "moderate-decisions";
    public const string HighDecisions = "high-decisions";
    public const string PractitionerElected = "practitioner-elected";
    public const string InteractiveContact = "interactive-contact";
    public const string QualifiedBeneficiary = "qualified-beneficiary";
    public const string PrimaryCare = "primary-care";
    public const string CollaborativeService = "collaborative-service";
    public const string BehavioralService = "behavioral-service";
    public const string FirstMonth = "first-month";
    public const string LaterMonth = "later-month";
    public const string TimelyContact = "timely-contact";
    public const string Medications = "medications";
    public const string Alive = "alive";
    public const string Visit7 = "visit-7";
    public const string Visit14 = "visit-14";

    public const string OtherProgram = "other-program";
    public const string ClaimedElsewhere = "claimed-elsewhere";
    public const string BilledBefore = "billed-before";

    /// <summary>What decides which of several codes it is, rather than whether there is one: nobody is asked to supply it.</summary>
    public static readonly ImmutableHashSet<string> Choosing =
    [
        PlanRevised,
        ModerateDecisions,
        HighDecisions,
        PractitionerElected,
        QualifiedBeneficiary,
        PrimaryCare,
        CollaborativeService,
        BehavioralService,
        FirstMonth,
        LaterMonth,
    ];

    /// <summary>Where one of these is missing the code is not meant at all, and nobody is told that it is.</summary>
    public static readonly ImmutableHashSet<string> Silent =
    [
        PractitionerElected,
        QualifiedBeneficiary,
        PrimaryCare,
        CollaborativeService,
        BehavioralService,
        FirstMonth,
        LaterMonth,
        BilledBefore,
    ];

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(Consent, "No consent", "The patient has not agreed to the programme, or the agreement is not on record."),
        new(Plan, "No plan", "There is no care plan in force."),
        new(PlanRevised, "Plan not new", "No care plan was established or revised in the month."),
        new(OneCondition, "No condition", "The episode names no condition that the programme is for."),
        new(TwoConditions, "Fewer than two conditions", "The episode names fewer than two chronic conditions."),
        new(InitiatingVisit, "No visit to begin with", "There is no visit on record from before the programme began."),
        new(ModerateDecisions, "Decisions not moderate", "No decision of moderate or high complexity is on record."),
        new(HighDecisions, "Decisions not high", "No decision of high complexity is on record."),
        new(PractitionerElected, "Practitioner's time not elected", "The practice does not bill time in person."),
        new(InteractiveContact, "No contact", "Nobody spoke with the patient in the month."),
        new(QualifiedBeneficiary, "Not a qualified beneficiary", "No coverage says that the patient is one."),
        new(PrimaryCare, "No primary care", "The month of primary care that it adds to is not billed."),
        new(CollaborativeService, "No collaborative care", "No work of collaborative care was logged in the month."),
        new(BehavioralService, "No behavioral care", "No work of behavioral care was logged in the month."),
        new(FirstMonth, "Not the first month", "The programme began in an earlier month."),
        new(LaterMonth, "Not a later month", "The programme began in this month."),
        new(TimelyContact, "No timely contact", "Nobody was reached within two business days, nor tried twice."),
        new(Medications, "Medications not reconciled", "Medications were not reconciled by the day of the visit."),
        new(Alive, "Patient has died", "The patient died within thirty days of the discharge."),
        new(Visit7, "No visit in 7 days", "There was no visit within seven days of the discharge."),
        new(Visit14, "No visit in 14 days", "There was no visit within fourteen days of the discharge."),
        new(OtherProgram, "Another programme", "The month is billed for a programme that excludes this one."),
        new(
            ClaimedElsewhere,
            "Claimed elsewhere",
            "Somebody else has claimed the month, or a biller has said that it is not billable."
        ),
        new(BilledBefore, "Billed before", "It is billed once in an episode, and was."),
    ];

    public static string WordsOf(string code) => All.FirstOrDefault(c => c.Code == code)?.Meaning ?? code;
}
