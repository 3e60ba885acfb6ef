using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Application.Operations;

/// <summary>Which rules of care can refuse an operation, for its documentation. The rules themselves are in the workflow.</summary>
public static class OperationRefusals
{
    private static readonly string[] OfApply =
    [
        "activity-kind",
        "definition-cycle",
        "definition-missing",
        "definition-retired",
        "definition-type",
        "dynamic-path",
        "expression-failed",
        "expression-language",
        "subject-type",
        "time-range",
    ];

    private static readonly string[] OfWork = ["end-range", "minutes-range", "time-range"];

    private static readonly string[] OfHandovers = ["not-effective-yet", "other-manager"];

    private static readonly string[] OfCandidates = ["away", "cap-exceeded", "licence-expired", "licence-state"];

    private static readonly string[] OfOffers =
    [
        .. OfCandidates,
        "no-care-manager",
        "not-manager",
        "note-required",
        "same-manager",
        "time-range",
        "transfer-pending",
    ];

    /// <summary>What keeps a plan from being active, however it becomes so.</summary>
    private static readonly string[] OfEntry = ["consent-missing", "duplicate", "patient-deceased"];

    private static readonly string[] OfActivation =
    [
        .. OfEntry,
        "goals-not-accepted",
        "member-missing",
        "member-patient",
        "no-goals",
        "plan-intent",
    ];

    private static readonly string[] OfDestinations =
    [
        "authorization-missing",
        "consent-missing",
        "coverage-missing",
        "demographics-missing",
        "endpoint-not-active",
        "patient-missing",
        "performer-required",
        "request-intent",
        "request-not-active",
    ];

    /// <summary>By the id of the operation; those of the statuses come from the tables.</summary>
    private static readonly FrozenDictionary<string, string[]> Own = new Dictionary<string, string[]>(
        StringComparer.Ordinal
    )
    {
        ["Task-claim"] = ["already-claimed"],
        ["Task-accept"] = OfHandovers,
        ["Task-complete"] = ["open-tasks", "teach-back-missing", .. OfHandovers],
        ["Task-resume"] = ["due-before-start", "due-in-past", "parent-on-hold"],
        ["Task-record-attempt"] =
        [
            "attempt-date",
            "due-before-start",
            "due-in-past",
            "illegal-transition",
            "not-permitted",
        ],
        ["Task-reassign"] = ["illegal-transition", "owner-required"],
        ["Task-escalate"] = ["illegal-transition", "not-permitted"],
        ["Task-snooze"] = ["due-before-start", "due-in-past", "illegal-transition", "not-permitted"],
        ["PlanDefinition-apply"] =
        [
            .. OfApply,
            "definition-size",
            "no-applicable-actions",
            "related-action-cycle",
            "related-action-missing",
        ],
        ["ActivityDefinition-apply"] = OfApply,
        ["CarePlan-activate"] = OfActivation,
        ["CarePlan-resume"] = OfEntry,
        ["CarePlan-reopen"] = OfEntry,
        ["CarePlan-close"] =
        [
            "achievement-unknown",
            "goal-not-in-plan",
            "open-goals",
            "open-referrals",
            "open-tasks",
            "reference-unresolved",
            "transfer-target",
        ],
        ["CarePlan-review"] =
        [
            "achievement-unknown",
            "goal-not-in-plan",
            "illegal-transition",
            "reason-required",
            "review-date",
            "time-range",
        ],
        ["CarePlan-revise"] =
        [
            .. OfActivation,
            "already-replaced",
            "illegal-transition",
            "intent-differs",
            "not-in-plan",
            "reason-required",
        ],
        ["CarePlan-reconcile"] =
        [
            "different-patients",
            "illegal-transition",
            "not-a-conflict",
            "reference-unresolved",
            "same-plan",
            "unresolved-conflicts",
        ],
        ["Goal-complete"] = ["achievement-required"],
        ["Goal-resume"] = ["parent-on-hold"],
        ["Goal-record-progress"] =
        [
            "goal-not-active",
            "no-measure",
            "not-a-measure",
            "reference-unresolved",
            "value-not-compared",
            "value-unfit",
        ],
        ["Goal-set-achievement"] = ["achievement-unknown", "illegal-transition"],
        ["ServiceRequest-dispatch"] = ["already-dispatched", "duplicate", .. OfDestinations],
        ["ServiceRequest-redirect"] = ["not-dispatched", "reason-required", "same-partner", .. OfDestinations],
        ["ServiceRequest-close-loop"] = ["evidence-missing", "loop-open", "reason-required"],
        ["Patient-enroll"] =
        [
            "consent-missing",
            "duplicate",
            "member-patient",
            "not-effective-yet",
            "other-program",
            "patient-deceased",
        ],
        ["Patient-disenroll"] = ["no-episode", "reason-required"],
        ["EpisodeOfCare-log-time"] =
        [
            "end-range",
            "episode-not-active",
            "minutes-range",
            "program-unknown",
            "time-overlap",
            "time-range",
        ],
        ["Patient-assign-care-manager"] =
        [
            .. OfCandidates,
            "episode-ambiguous",
            "episode-not-active",
            "no-care-manager",
            "no-episode",
            "other-manager",
        ],
        ["QuestionnaireResponse-score"] =
        [
            "instrument-unknown",
            "patient-missing",
            "response-not-complete",
            "response-unfit",
        ],
        ["Patient-risk"] = ["no-stay", "stay-patient"],
        ["Patient-transfer"] = OfOffers,
        ["PractitionerRole-transfer-caseload"] = OfOffers,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>By their codes, alphabetical.</summary>
    public static ImmutableArray<CareRuleCode> Of(Operation operation) =>
        [
            .. OfStatus(operation)
                .Concat(Own.GetValueOrDefault(operation.Id, []))
                .Concat(OfParameters(operation))
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(code => CareRuleCode.Find(code) ?? throw new InvalidOperationException($"{code} is no rule.")),
        ];

    /// <summary>Those that come with what is told of work and with whom a parameter names.</summary>
    private static IEnumerable<string> OfParameters(Operation operation)
    {
        if (!operation.AffectsState)
            return [];
        var named = operation.Parameters.Select(p => p.Names).ToHashSet();
        return
        [
            .. operation.Parameters.Contains(Take.Worked[0]) ? OfWork : [],
            .. named.Overlaps([Naming.Resource, Naming.Worker]) ? ["reference-unresolved"] : Array.Empty<string>(),
            .. named.Contains(Naming.Worker) ? ["reference-type", "worker-inactive"] : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> OfStatus(Operation operation)
    {
        var steps = LifecycleTables
            .For(operation.ResourceType)
            ?.Transitions.Where(t => t.Command == operation.Name)
            .ToArray();
        if (steps is not { Length: > 0 })
            yield break;
        yield return "illegal-transition";
        yield return "not-permitted";
        if (steps.Any(s => s.NeedsReason))
            yield return "reason-required";
    }
}
