using System.Collections.Immutable;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Monitoring;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Transitions;
using CareCoordination.Workflow.Visits;

namespace CareCoordination.Application.Definitions;

/// <summary>Every code system of this server, made of the tables that the decisions are made by.</summary>
internal static class OwnCodeSystems
{
    private static readonly OwnCodeSystem Roles = new(
        CareExtensions.RoleSystem,
        "Roles in a team of care managers",
        "For whom a Task is that names nobody: its performer type.",
        [
            new(CareExtensions.LeadRole, "Lead of the care managers", "Looks at what does not get on."),
            new(CareExtensions.PrivacyRole, "Privacy officer", "Reviews who saw what outside of their relations."),
        ]
    );

    /// <param name="care">Whose rules name thresholds of lateness.</param>
    /// <param name="operations">The operations that change something.</param>
    public static IEnumerable<OwnCodeSystem> Of(CareOptions care, IEnumerable<OwnCode> operations) =>
        [
            new(
                CareExtensions.CommandSystem,
                "Acts of care coordination",
                "What was done: the activity of a Provenance, and the kind of a Task that an operation makes.",
                [.. operations.Concat(OtherActs.All).OrderBy(c => c.Code, StringComparer.Ordinal)]
            ),
            new(
                OperationOutcome.DetailsSystem,
                "Rules of care",
                "Why something is refused, or warned of: the details of an issue of an OperationOutcome.",
                [.. CareRuleCode.All.Select(r => new OwnCode(r.Code, r.Meaning))]
            ),
            .. OfAssessments,
            Roles,
            new(
                CareExtensions.LatenessSystem,
                "Thresholds of lateness",
                "The lateness at which somebody is told of a task or a referral, once each.",
                [.. Thresholds(care).DistinctBy(c => c.Code).OrderBy(c => c.Code, StringComparer.Ordinal)]
            )
            {
                ValueSet = OwnExtensions.LatenessCodes,
            },
            new(
                CareExtensions.ProfileSystem,
                "Profiles of referrals",
                "The words in which a partner speaks of a referral.",
                [.. ReferralProfile.All.Select(p => new OwnCode(p.Name, p.Meaning))]
            )
            {
                ValueSet = OwnExtensions.ProfileCodes,
            },
            new(
                CareExtensions.ReferralStatusSystem,
                "States of referrals",
                "What is said of a referral beside the words of its partner, and why one was called off.",
                ReferralStatuses.All
            ),
            new(
                CareExtensions.ReferralWorkSystem,
                "Work that referrals give",
                "What there is to do for people here about a referral: the code of such a Task.",
                [.. ReferralWork.All.Select(w => new OwnCode(w.Code, w.Meaning))]
            ),
            .. OfTransitions(),
            .. OfVisits(),
            .. OfPrograms(),
        ];

    private static IEnumerable<OwnCodeSystem> OfPrograms() =>
        [
            new(
                CarePrograms.System,
                "Programmes of care management",
                "What a patient is enrolled in: the type of an EpisodeOfCare, the category of a Consent, the code of a Group.",
                CarePrograms.All
            ),
        ];

    private static IEnumerable<OwnCodeSystem> OfVisits() =>
        [
            new(
                AppointmentWork.System,
                "Work that appointments give",
                "What there is to do because of an appointment: the code of such a Task.",
                AppointmentWork.All
            ),
            new(
                MonitoringWork.System,
                "Work that readings give",
                "To review what was measured at home: the code of such a Task, the type of its inputs, and why it ended.",
                MonitoringWork.All
            ),
            new(
                PatientTask.System,
                "Work that patients' tasks give",
                "What there is to do about a task that a patient has: the code of such a Task.",
                PatientTask.Work
            ),
            new(
                TeachBack.WorkSystem,
                "Work of education",
                "To teach: the code of such a Task, and the type of its output.",
                TeachBack.Work
            ),
            new(
                TeachBack.OutcomeSystem,
                "Outcomes of teach-back",
                "What the patient could say back of what was taught.",
                TeachBack.Outcomes
            ),
            new(
                Rides.CategorySystem,
                "Categories of requests",
                "What a ServiceRequest asks for, where no other system has a code: its category.",
                Rides.Categories
            ),
            new(
                VisitStates.System,
                "States of visits",
                "How far a visit that a plan asks for has come: the business status of its Task.",
                VisitStates.All
            ),
            new(
                VisitStates.Values,
                "Values of visits",
                "What the Task of a visit names: the type of an output.",
                VisitStates.ValueTypes
            ),
        ];

    private static IEnumerable<OwnCodeSystem> OfTransitions() =>
        [
            new(
                TransitionEvents.System,
                "Events of stays",
                "What a hospital tells of a stay beside the events of Da Vinci's notifications: the event of a MessageHeader.",
                TransitionEvents.All
            ),
            new(
                TransitionPlans.CategorySystem,
                "Plans after discharges",
                "The category of a CarePlan that a discharge has started.",
                TransitionPlans.Categories
            ),
            new(
                MedicationReconciliation.System,
                "Changes of medications",
                "What a discharge did to a medication: the flag of an entry of the List that compares them.",
                MedicationReconciliation.Flags
            ),
            new(
                TransitionWork.System,
                "Work after discharges",
                "What there is to do after a discharge: the code of such a Task.",
                TransitionWork.All
            ),
        ];

    private static readonly ImmutableArray<OwnCodeSystem> OfAssessments =
    [
        new(
            CareExtensions.BandSystem,
            "Bands of scores",
            "How a score of an assessment is judged: the interpretation of its Observation.",
            AssessmentBands.All
        ),
        new(
            CareExtensions.AssessmentWorkSystem,
            "Work that assessments give",
            "What there is to do because of an answer, and what is warned of: the code of a Task and of a Flag.",
            AssessmentWork.All
        ),
        new(
            CareExtensions.AnswerSystem,
            "Answers of instruments",
            "Answers of the Morse fall scale, for which LOINC names no codes.",
            AssessmentBands.Answers
        ),
        new(
            CareExtensions.RiskSystem,
            "Scores of risk",
            "Which score a RiskAssessment is of (its code), and by which table it was made (its method).",
            RiskInstruments.All
        ),
    ];

    /// <summary>Those of all rules that hold at some time for somebody, and those of referrals.</summary>
    private static IEnumerable<OwnCode> Thresholds(CareOptions care) =>
        care
            .Organizations.Values.Prepend(care.Default)
            .SelectMany(p => p.Rules)
            .Prepend(CareRules.Defaults)
            .SelectMany(r => r.Lateness)
            .Select(t => new OwnCode(
                t.Code,
                $"{(t.ToLead ? "The lead" : "The owner")} is told {t.BusinessDaysAfterDue} business days after a task of priority {t.LeastPriority} or higher was due."
            ))
            .Concat(ReferralTimers.All)
            .Concat(PatientTask.Thresholds);
}
