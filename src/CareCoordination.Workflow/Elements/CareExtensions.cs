using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Workflow.Elements;

/// <summary>Extensions and code systems of this server, for what R4 has no element for.</summary>
public static class CareExtensions
{
    private const string Structure = OwnCanonical.StructureDefinitions;
    private const string Codes = OwnCanonical.CodeSystems;

    /// <summary>On a Task, Goal or RequestGroup on hold: the status before it (code).</summary>
    public const string HeldFrom = Structure + "held-from";

    /// <summary>On a Task or RequestGroup on hold: since when (dateTime).</summary>
    public const string HeldSince = Structure + "held-since";

    /// <summary>On a Task or RequestGroup on hold: the plan or parent Task that holds it (Reference). Absent where it was held itself.</summary>
    public const string HeldBy = Structure + "held-by";

    /// <summary>On a Task or Encounter, repeating: minutes worked, by whom and what for (complex: performer, minutes, period and others).</summary>
    public const string TimeSpent = Structure + "time-spent";

    /// <summary>Inside <see cref="TimeSpent"/>: who worked (Reference).</summary>
    public const string TimeSpentPerformer = "performer";

    /// <summary>Inside <see cref="TimeSpent"/>: how many (decimal).</summary>
    public const string TimeSpentMinutes = "minutes";

    /// <summary>Inside <see cref="TimeSpent"/>: from when to when (Period).</summary>
    public const string TimeSpentPeriod = "period";

    /// <summary>Inside <see cref="TimeSpent"/>: <c>clinical-staff</c> or <c>practitioner</c> (code).</summary>
    public const string TimeSpentRole = "role";

    /// <summary>Inside <see cref="TimeSpent"/>: the programme that it is for (code), see CarePrograms.</summary>
    public const string TimeSpentProgram = "program";

    /// <summary>Inside <see cref="TimeSpent"/>: what was done (CodeableConcept).</summary>
    public const string TimeSpentActivity = "activity";

    /// <summary>Inside <see cref="TimeSpent"/>: how complex what was decided was (code: low, moderate, high).</summary>
    public const string TimeSpentDecisions = "decisions";

    /// <summary>On an EpisodeOfCare of a programme: the Consent by which the patient agreed to it (Reference).</summary>
    public const string ProgramConsent = Structure + "program-consent";

    /// <summary>On an EpisodeOfCare that ends with its month: when that was asked for (dateTime).</summary>
    public const string Disenrollment = Structure + "disenrollment";

    /// <summary>On a Task, repeating: an attempt to reach somebody (complex: date, medium, outcome, performer).</summary>
    public const string ContactAttempt = Structure + "contact-attempt";

    /// <summary>Inside <see cref="ContactAttempt"/>: when (dateTime).</summary>
    public const string ContactAttemptDate = "date";

    /// <summary>Inside <see cref="ContactAttempt"/>: by which way (CodeableConcept).</summary>
    public const string ContactAttemptMedium = "medium";

    /// <summary>Inside <see cref="ContactAttempt"/>: what came of it (CodeableConcept).</summary>
    public const string ContactAttemptOutcome = "outcome";

    /// <summary>Inside <see cref="ContactAttempt"/>: who tried (Reference).</summary>
    public const string ContactAttemptPerformer = "performer";

    /// <summary>On a Task: the attempt that failed before it (Reference).</summary>
    public const string SecondAttemptOf = Structure + "second-attempt-of";

    /// <summary>On a Task of a series: how many occurrences before it were missed (positiveInt).</summary>
    public const string MissedOccurrences = Structure + "missed-occurrences";

    /// <summary>On a Task, repeating: a threshold of lateness that was escalated already (code).</summary>
    public const string Escalated = Structure + "escalated";

    /// <summary>On a Task of a series: which occurrence it is, from 1 (positiveInt).</summary>
    public const string Occurrence = Structure + "occurrence";

    /// <summary>On a Task of a series of which one was snoozed: how long each of the others is due (Duration).</summary>
    public const string SeriesWindow = Structure + "series-window";

    /// <summary>On a Task of a series: the Timing that repeats (Timing).</summary>
    public const string Series = Structure + "series";

    /// <summary>On a Task that a partner works on: where it goes (Reference to an Endpoint).</summary>
    public const string Partner = Structure + "partner";

    /// <summary>On a Task that a partner works on: the status map it began with (code), see ReferralProfile.</summary>
    public const string PartnerProfile = Structure + "partner-profile";

    /// <summary>On a Task that a partner works on: which attempt of its request it is, from 1 (positiveInt).</summary>
    public const string Attempt = Structure + "referral-attempt";

    /// <summary>On a Task that a partner works on, or to visit after a discharge: how often the patient did not come (positiveInt).</summary>
    public const string NoShows = Structure + "no-shows";

    /// <summary>
    /// On a Task that a partner works on, whose status a plain write here has changed to one that is the partner's to set: the state
    /// before it (string, as <c>in-progress 5.1.1</c>). The partner is not told of it as if it had said so itself.
    /// </summary>
    public const string StateBefore = Structure + "state-before-written-here";

    /// <summary>On a Task that a partner works on: the Consent that lets it go there (Reference).</summary>
    public const string RestsOn = Structure + "rests-on-consent";

    /// <summary>
    /// On a Task or ServiceRequest: since when it is being called off, until the partner confirms (dateTime). On the ServiceRequest it
    /// means that the request ends with it.
    /// </summary>
    public const string CancelRequested = Structure + "cancel-requested";

    /// <summary>On an action of a PlanDefinition: due this many business days after it starts (positiveInt).</summary>
    public const string DueInBusinessDays = Structure + "due-in-business-days";

    /// <summary>On a Goal.target: how many readings in a row have to meet it (positiveInt).</summary>
    public const string RequiredReadings = Structure + "required-readings";

    /// <summary>On a Goal.target: changes smaller than this are no change (decimal, in the unit of the target).</summary>
    public const string DeadBand = Structure + "dead-band";

    /// <summary>On a Goal.target, repeating: when a reading is to be reviewed (complex: when, priority, readings), see ReadingThreshold.</summary>
    public const string ReadingThreshold = Structure + "reading-threshold";

    /// <summary>Inside <see cref="ReadingThreshold"/>: the value with its comparator (Quantity).</summary>
    public const string ReadingThresholdWhen = "when";

    /// <summary>Inside <see cref="ReadingThreshold"/>: the priority of the review (code).</summary>
    public const string ReadingThresholdPriority = "priority";

    /// <summary>Inside <see cref="ReadingThreshold"/>: how many readings in a row have to be beyond it (positiveInt).</summary>
    public const string ReadingThresholdReadings = "readings";

    /// <summary>
    /// On a Goal.outcomeReference: it is one of the latest readings that decided the achievement, and goes when others do (boolean). What
    /// has it not was put there by a person, and stays.
    /// </summary>
    public const string DecidedBy = Structure + "decided-by";

    /// <summary>On an EpisodeOfCare: the Task by which a handover was offered last (Reference). It is pending while that is open.</summary>
    public const string Handover = Structure + "handover";

    /// <summary>On a CarePlan: how it was closed (CodeableConcept).</summary>
    public const string CloseOutcome = Structure + "close-outcome";

    /// <summary>On a CarePlan: when it is to be reviewed next (date).</summary>
    public const string NextReview = Structure + "next-review";

    /// <summary>On a PlanDefinition: how long its plans last (Duration).</summary>
    public const string PlanDuration = Structure + "plan-duration";

    /// <summary>On a RiskAssessment: the score (complex: points, most).</summary>
    public const string RiskScore = Structure + "risk-score";

    /// <summary>Inside <see cref="RiskScore"/>: what the known inputs give (integer).</summary>
    public const string RiskScorePoints = "points";

    /// <summary>Inside <see cref="RiskScore"/>: what it could be with the missing ones (integer); the same where none is missing.</summary>
    public const string RiskScoreMost = "most";

    /// <summary>On a MeasureReport: up to which change it was counted (complex: change, recorded).</summary>
    public const string ReportBasis = Structure + "report-basis";

    /// <summary>Inside <see cref="ReportBasis"/>: the number of the last change of the database that was counted (decimal).</summary>
    public const string ReportBasisChange = "change";

    /// <summary>Inside <see cref="ReportBasis"/>: when that change was made (instant).</summary>
    public const string ReportBasisRecorded = "recorded";

    /// <summary>On a MeasureReport: of what alone it was counted (complex: by, value).</summary>
    public const string ReportScope = Structure + "report-scope";

    /// <summary>Inside <see cref="ReportScope"/>: practitioner, organization or programme (code).</summary>
    public const string ReportScopeBy = "by";

    /// <summary>Inside <see cref="ReportScope"/>: which one, by its id or code (string).</summary>
    public const string ReportScopeValue = "value";

    /// <summary>https://hl7.org/fhir/R4/extension-resource-pertainstogoal.html</summary>
    public const string PertainsToGoal = "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal";

    /// <summary>https://hl7.org/fhir/R4/extension-goal-acceptance.html</summary>
    public const string GoalAcceptance = "http://hl7.org/fhir/StructureDefinition/goal-acceptance";

    /// <summary>https://hl7.org/fhir/R4/extension-goal-reasonrejected.html</summary>
    public const string GoalReasonRejected = "http://hl7.org/fhir/StructureDefinition/goal-reasonRejected";

    /// <summary>What a referral gives people here to do: the code of such a Task, see ReferralWork.</summary>
    public const string ReferralWorkSystem = Codes + "referral-work";

    /// <summary>What this server adds to <c>Task.businessStatus</c> of a referral, beside the codings of the partner.</summary>
    public const string ReferralStatusSystem = Codes + "referral-status";

    /// <summary>The operations of this server, as the activity of a Provenance and the code of a Task that one makes.</summary>
    public const string CommandSystem = Codes + "care-command";

    /// <summary>The thresholds of lateness that the care rules name: the reason of what their crossing makes.</summary>
    public const string LatenessSystem = Codes + "lateness-threshold";

    /// <summary>The kinds of partners, by the words in which they speak of referrals: <see cref="PartnerProfile"/>.</summary>
    public const string ProfileSystem = Codes + "referral-profile";

    /// <summary>The scores of risk that are computed here, and the versions of their tables, see RiskInstruments.</summary>
    public const string RiskSystem = Codes + "risk-instrument";

    /// <summary>What assessments give people to do and warn of, see AssessmentWork.</summary>
    public const string AssessmentWorkSystem = Codes + "assessment-work";

    /// <summary>The bands of scores of assessments, see AssessmentBands.</summary>
    public const string BandSystem = Codes + "assessment-band";

    /// <summary>Answers of instruments for which no code system has codes that are free to use, see Instruments.</summary>
    public const string AnswerSystem = Codes + "assessment-answer";

    /// <summary>What people are in a team of care managers: the performer type of a Task that is for whoever is it.</summary>
    public const string RoleSystem = Codes + "care-role";

    /// <summary>In <see cref="RoleSystem"/>: leads care managers, and looks at what does not get on.</summary>
    public const string LeadRole = "lead";

    /// <summary>Performer type of the tasks for whoever answers for privacy. A code of <see cref="RoleSystem"/>.</summary>
    public const string PrivacyRole = "privacy-officer";

    /// <summary>Who does the work of a role while the person in it is away.</summary>
    public const string Coverage = Structure + "coverage";

    /// <summary>Part of <see cref="Coverage"/>: who covers.</summary>
    public const string CoverageBy = "by";

    /// <summary>Part of <see cref="Coverage"/>: from when to when.</summary>
    public const string CoveragePeriod = "period";

    /// <summary>The code of <see cref="CommandSystem"/> of a task that asks for the review of a broken glass.</summary>
    public const string BreakGlass = "break-glass";

    /// <summary>https://terminology.hl7.org/CodeSystem-communication-category.html</summary>
    public const string CommunicationCategories = "http://terminology.hl7.org/CodeSystem/communication-category";
}
