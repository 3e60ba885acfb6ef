using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Elements;

/// <summary>
/// Every extension of <see cref="CareExtensions"/> with what it means, where it stands and what it says. The StructureDefinitions that are
/// served are made of this table, and a test holds what is written against it.
/// </summary>
public static class OwnExtensions
{
    /// <summary>The codes of <see cref="CareExtensions.LatenessSystem"/>.</summary>
    public const string LatenessCodes = OwnCanonical.ValueSets + "lateness-threshold";

    /// <summary>The codes of <see cref="CareExtensions.ProfileSystem"/>.</summary>
    public const string ProfileCodes = OwnCanonical.ValueSets + "referral-profile";

    private static readonly ImmutableArray<string> Held =
    [
        ResourceTypes.Goal,
        ResourceTypes.RequestGroup,
        ResourceTypes.Task,
    ];

    private static readonly ImmutableArray<OwnExtension> Holds =
    [
        new(
            CareExtensions.HeldFrom,
            "Held from",
            "The status before the hold, to which the resource is resumed.",
            Held,
            Value("code", "A status of the resource.")
        ),
        new(
            CareExtensions.HeldSince,
            "Held since",
            "Since when the resource is on hold.",
            Held,
            Value("dateTime", "When the hold began.")
        ),
        new(
            CareExtensions.HeldBy,
            "Held by",
            "What holds the resource, and resumes it when it is resumed itself. Absent where the resource was held by itself.",
            Held,
            Value("Reference", "The plan or the task that it is part of.", ResourceTypes.CarePlan, ResourceTypes.Task)
        ),
    ];

    private static readonly ImmutableArray<OwnExtension> Work =
    [
        new(
            CareExtensions.TimeSpent,
            "Time spent",
            "Minutes that somebody worked on the task, or in the contact.",
            [ResourceTypes.Task, ResourceTypes.Encounter],
            new OwnValue(CareExtensions.TimeSpentPerformer, "Reference", "Who worked."),
            new OwnValue(CareExtensions.TimeSpentMinutes, "decimal", "How many minutes."),
            new OwnValue(CareExtensions.TimeSpentPeriod, "Period", "From when to when."),
            new OwnValue(
                CareExtensions.TimeSpentRole,
                "code",
                "clinical-staff, or practitioner for who bills in person."
            )
            {
                IsRequired = false,
            },
            new OwnValue(CareExtensions.TimeSpentProgram, "code", "The programme that it is for.")
            {
                IsRequired = false,
            },
            new OwnValue(CareExtensions.TimeSpentActivity, "CodeableConcept", "What was done.") { IsRequired = false },
            new OwnValue(
                CareExtensions.TimeSpentDecisions,
                "code",
                "How complex what was decided was: low, moderate or high."
            )
            {
                IsRequired = false,
            }
        )
        {
            Repeats = true,
        },
        new(
            CareExtensions.ContactAttempt,
            "Contact attempt",
            "An attempt to reach the patient, or somebody else whom the task is about.",
            [ResourceTypes.Task],
            new OwnValue(CareExtensions.ContactAttemptDate, "dateTime", "When it was made."),
            new OwnValue(
                CareExtensions.ContactAttemptMedium,
                "CodeableConcept",
                "By which way: telephone, visit, letter."
            ),
            new OwnValue(CareExtensions.ContactAttemptOutcome, "CodeableConcept", "What came of it."),
            new OwnValue(CareExtensions.ContactAttemptPerformer, "Reference", "Who made it.")
        )
        {
            Repeats = true,
        },
        new(
            CareExtensions.Escalated,
            "Escalated",
            "A threshold of lateness that the task has crossed, and of which somebody was told.",
            [ResourceTypes.Task],
            Value("code", "The threshold.") with
            {
                ValueSet = LatenessCodes,
            }
        )
        {
            Repeats = true,
        },
        new(
            CareExtensions.Series,
            "Series",
            "How the task repeats: the next occurrence is made when this one has ended.",
            [ResourceTypes.Task],
            Value("Timing", "The timing that repeats.")
        ),
        new(
            CareExtensions.Occurrence,
            "Occurrence",
            "Which occurrence of its series the task is, the first being 1.",
            [ResourceTypes.Task],
            Value("positiveInt", "The number.")
        ),
        new(
            CareExtensions.SecondAttemptOf,
            "Second attempt of",
            "The attempt to reach somebody that failed before this one.",
            [ResourceTypes.Task],
            Value("Reference", "The first attempt.", ResourceTypes.Task)
        ),
        new(
            CareExtensions.MissedOccurrences,
            "Missed occurrences",
            "How many occurrences of the series before this one were missed: their time was over before the one before them ended.",
            [ResourceTypes.Task],
            Value("positiveInt", "The count.")
        ),
        new(
            CareExtensions.SeriesWindow,
            "Window of the series",
            "How long each other occurrence of the series is due, where this one was snoozed.",
            [ResourceTypes.Task],
            Value("Duration", "From its beginning to its due time.")
        ),
    ];

    private static readonly ImmutableArray<OwnExtension> People =
    [
        new(
            CareExtensions.Coverage,
            "Cover for a role",
            "Who does the work of the role, and sees its patients, while the person in it is away.",
            [ResourceTypes.PractitionerRole],
            new OwnValue(CareExtensions.CoverageBy, "Reference", "Who covers."),
            new OwnValue(CareExtensions.CoveragePeriod, "Period", "From when to when.")
        )
        {
            Repeats = true,
        },
    ];

    private static readonly ImmutableArray<OwnExtension> Referrals =
    [
        new(
            CareExtensions.Partner,
            "Partner",
            "The partner that works on the task.",
            [ResourceTypes.Task],
            Value("Reference", "Where the task goes.", ResourceTypes.Endpoint)
        ),
        new(
            CareExtensions.PartnerProfile,
            "Profile of the partner",
            "The words in which the partner speaks of the referral.",
            [ResourceTypes.Task],
            Value("code", "The profile.") with
            {
                ValueSet = ProfileCodes,
            }
        ),
        new(
            CareExtensions.Attempt,
            "Attempt of the referral",
            "Which attempt at its request the task is, the first being 1.",
            [ResourceTypes.Task],
            Value("positiveInt", "The number.")
        ),
        new(
            CareExtensions.NoShows,
            "No-shows",
            "How often the patient did not come: to the partner of a referral, or to the visit of a plan.",
            [ResourceTypes.Task],
            Value("positiveInt", "The count.")
        ),
        new(
            CareExtensions.StateBefore,
            "State before what was written here",
            "The state of a referral before a write at this server changed what is the partner's to say. The partner is not told of it.",
            [ResourceTypes.Task],
            Value("string", "The status and, after a space, the business status: in-progress 5.1.1.")
        ),
        new(
            CareExtensions.RestsOn,
            "Rests on consent",
            "The consent that lets the referral go to its partner.",
            [ResourceTypes.Task],
            Value("Reference", "The consent.", ResourceTypes.Consent)
        ),
        new(
            CareExtensions.CancelRequested,
            "Cancellation requested",
            "Since when the partner is asked to stop; the cancellation is not confirmed yet.",
            [ResourceTypes.ServiceRequest, ResourceTypes.Task],
            Value("dateTime", "When it was asked first.")
        ),
    ];

    private static readonly ImmutableArray<OwnExtension> Plans =
    [
        new(
            CareExtensions.DueInBusinessDays,
            "Due in business days",
            "The task of the action is due this many business days after its beginning.",
            ["PlanDefinition.action"],
            Value("positiveInt", "How many days.")
        ),
        new(
            CareExtensions.PlanDuration,
            "Duration of the plan",
            "How long plans of this definition last.",
            [ResourceTypes.PlanDefinition],
            Value("Duration", "From their beginning to their end.")
        ),
        new(
            CareExtensions.RequiredReadings,
            "Required readings",
            "How many readings in a row have to meet the target.",
            ["Goal.target"],
            Value("positiveInt", "How many.")
        ),
        new(
            CareExtensions.DeadBand,
            "Dead band",
            "Changes of the reading that are smaller are no change.",
            ["Goal.target"],
            Value("decimal", "The smallest change, in the unit of the target.")
        ),
        new(
            CareExtensions.ReadingThreshold,
            "Threshold of readings",
            "A reading of the measure beyond it is to be reviewed by the care manager.",
            ["Goal.target", "PlanDefinition.goal.target"],
            new OwnValue(
                CareExtensions.ReadingThresholdWhen,
                "Quantity",
                "The value with a comparator: >= 180 is 180 and above."
            ),
            new OwnValue(
                CareExtensions.ReadingThresholdPriority,
                "code",
                "How pressing the review is: routine, urgent, asap or stat. Routine where none is given."
            )
            {
                IsRequired = false,
            },
            new OwnValue(
                CareExtensions.ReadingThresholdReadings,
                "positiveInt",
                "How many readings in a row have to be beyond it. One where none is given."
            )
            {
                IsRequired = false,
            }
        )
        {
            Repeats = true,
        },
        new(
            CareExtensions.DecidedBy,
            "Decided by",
            "The reading is one of the latest that decided the achievement, and gives way to later ones.",
            ["Goal.outcomeReference"],
            Value("boolean", "true.")
        ),
        new(
            CareExtensions.CloseOutcome,
            "Outcome at close",
            "How the plan was closed.",
            [ResourceTypes.CarePlan],
            Value("CodeableConcept", "What came of the plan.")
        ),
        new(
            CareExtensions.NextReview,
            "Next review",
            "The day on which the plan is to be reviewed next.",
            [ResourceTypes.CarePlan],
            Value("date", "The day.")
        ),
        new(
            CareExtensions.Handover,
            "Handover",
            "The task by which the patient was offered last to another care manager. The handover is pending while that task is open.",
            [ResourceTypes.EpisodeOfCare],
            Value("Reference", "The task.", ResourceTypes.Task)
        ),
    ];

    private static readonly ImmutableArray<OwnExtension> Programs =
    [
        new(
            CareExtensions.ProgramConsent,
            "Consent to the programme",
            "The consent by which the patient agreed to the programme of the episode.",
            [ResourceTypes.EpisodeOfCare],
            Value("Reference", "The consent.", ResourceTypes.Consent)
        ),
        new(
            CareExtensions.Disenrollment,
            "Disenrolment",
            "The episode ends with its calendar month, because the patient leaves the programme.",
            [ResourceTypes.EpisodeOfCare],
            Value("dateTime", "When that was asked for.")
        ),
    ];

    private static readonly ImmutableArray<OwnExtension> Risks =
    [
        new(
            CareExtensions.RiskScore,
            "Score of the risk",
            "The points of the score, as far as its inputs are known.",
            [ResourceTypes.RiskAssessment],
            new OwnValue(
                CareExtensions.RiskScorePoints,
                "integer",
                "What the known inputs give: the score where none is missing."
            ),
            new OwnValue(
                CareExtensions.RiskScoreMost,
                "integer",
                "What the score could be with the inputs that are missing."
            )
        ),
    ];

    private static readonly ImmutableArray<OwnExtension> Reports =
    [
        new(
            CareExtensions.ReportBasis,
            "Basis of a report",
            "Up to which change of the database a report was counted.",
            [ResourceTypes.MeasureReport],
            new OwnValue(
                CareExtensions.ReportBasisChange,
                "decimal",
                "The number of the last change that was counted."
            ),
            new OwnValue(CareExtensions.ReportBasisRecorded, "instant", "When that change was made.")
        ),
        new(
            CareExtensions.ReportScope,
            "Scope of a report",
            "Of what alone a report was counted, where it was not of everything.",
            [ResourceTypes.MeasureReport],
            new OwnValue(CareExtensions.ReportScopeBy, "code", "practitioner, organization or programme."),
            new OwnValue(CareExtensions.ReportScopeValue, "string", "Which one, by its id or its code.")
        ),
    ];

    public static readonly ImmutableArray<OwnExtension> All =
    [
        .. Holds,
        .. Work,
        .. People,
        .. Referrals,
        .. Plans,
        .. Programs,
        .. Risks,
        .. Reports,
    ];

    private static OwnValue Value(string type, string meaning, params ImmutableArray<string> targets) =>
        new("", type, meaning, targets);
}
