using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CareCoordination.Access.Roles;

/// <summary>
/// Who may ask for which operation, by the id of its definition. What it is asked of has to be seen by the caller besides. An operation
/// that does not stand here is for nobody.
/// </summary>
public static class OperationRoles
{
    private static readonly ImmutableArray<CareRole> Managers =
    [
        CareRole.CareManager,
        CareRole.SeniorCareManager,
        CareRole.Lead,
    ];

    private static readonly ImmutableArray<CareRole> Workers = [CareRole.Assistant, .. Managers];
    private static readonly ImmutableArray<CareRole> Leads = [CareRole.Lead, CareRole.Supervisor];
    private static readonly ImmutableArray<CareRole> Staff = [.. Workers, CareRole.Supervisor];
    private static readonly ImmutableArray<CareRole> Readers =
    [
        .. Staff,
        CareRole.EhrSystem,
        CareRole.Patient,
        CareRole.Family,
    ];
    private static readonly ImmutableArray<CareRole> Vendors = [.. Managers, CareRole.EhrSystem];

    /// <summary>Rows are only of what they see.</summary>
    private static readonly ImmutableArray<CareRole> Analysts =
    [
        .. Staff,
        CareRole.Analytics,
        CareRole.Director,
        CareRole.EhrSystem,
        CareRole.Administrator,
    ];
    private static readonly ImmutableArray<CareRole> Operators = [CareRole.Operator];
    private static readonly ImmutableArray<CareRole> Exporters =
    [
        CareRole.Analytics,
        CareRole.EhrSystem,
        CareRole.Lead,
        CareRole.Supervisor,
    ];
    private static readonly ImmutableArray<CareRole> Everybody = CareRole.All;

    private static readonly FrozenDictionary<string, ImmutableArray<CareRole>> ById = new Dictionary<
        string,
        ImmutableArray<CareRole>
    >(StringComparer.Ordinal)
    {
        ["ActivityDefinition-apply"] = Managers,
        ["PlanDefinition-apply"] = Workers,
        ["CarePlan-activate"] = Managers,
        ["CarePlan-care-summary"] = Readers,
        ["CarePlan-close"] = Managers,
        ["CarePlan-hold"] = Managers,
        ["CarePlan-progress"] = Readers,
        ["CarePlan-reconcile"] = Managers,
        ["CarePlan-reopen"] = [CareRole.Lead],
        ["CarePlan-resume"] = Managers,
        ["CarePlan-review"] = Managers,
        ["CarePlan-revise"] = Managers,
        ["CarePlan-revoke"] = Managers,
        ["Endpoint-deliveries"] = Operators,
        ["Endpoint-drain"] = Operators,
        ["Endpoint-end"] = Operators,
        ["Endpoint-health"] = Operators,
        ["Endpoint-inbound"] = Operators,
        ["Endpoint-park"] = Operators,
        ["Endpoint-poll"] = Operators,
        ["Endpoint-probe"] = Operators,
        ["Endpoint-reapply"] = Operators,
        ["Endpoint-replay"] = Operators,
        ["Endpoint-resume"] = Operators,
        ["EpisodeOfCare-billing-status"] = Staff,
        ["EpisodeOfCare-draft-charges"] = Managers,
        ["EpisodeOfCare-log-time"] = Workers,
        ["EpisodeOfCare-transition-status"] = [.. Staff, CareRole.EhrSystem],
        ["Group-export"] = Exporters,
        ["Patient-export"] = Exporters,
        ["System-export"] = Exporters,
        ["Goal-accept"] = [.. Vendors, CareRole.Patient],
        ["Goal-activate"] = Vendors,
        ["Goal-cancel"] = Vendors,
        ["Goal-complete"] = Vendors,
        ["Goal-hold"] = Vendors,
        ["Goal-record-progress"] = [.. Workers, CareRole.EhrSystem, CareRole.Patient, CareRole.Family],
        ["Goal-reject"] = [.. Vendors, CareRole.Patient],
        ["Goal-reopen"] = Vendors,
        ["Goal-resume"] = Vendors,
        ["Goal-set-achievement"] = Vendors,
        ["Organization-billing-summary"] = [.. Leads, CareRole.Director],
        ["Patient-disenroll"] = Managers,
        ["Patient-enroll"] = Managers,
        ["Patient-assign-care-manager"] = Leads,
        ["Patient-care-summary"] = Readers,
        ["Patient-match"] = [.. Staff, CareRole.EhrSystem],
        ["Patient-risk"] = [.. Staff, CareRole.EhrSystem],
        ["Patient-transfer"] = Leads,
        ["Patient-break-glass"] = Staff,
        ["Patient-explain-access"] = [CareRole.Auditor],
        ["Patient-disclosures"] = [CareRole.Auditor, CareRole.Patient],
        ["PractitionerRole-caseload"] = [.. Staff, CareRole.Director],
        ["PractitionerRole-transfer-caseload"] = Leads,
        ["PractitionerRole-coverage"] = [.. Managers, CareRole.Supervisor],
        ["QuestionnaireResponse-score"] = [.. Workers, CareRole.EhrSystem],
        ["ServiceRequest-cancel"] = Vendors,
        ["ServiceRequest-close-loop"] = Vendors,
        ["ServiceRequest-dispatch"] = Vendors,
        ["ServiceRequest-redirect"] = Vendors,
        ["ServiceRequest-refresh"] = Vendors,
        ["ServiceRequest-status"] = [.. Staff, CareRole.EhrSystem],
        ["System-discard-message"] = [CareRole.Lead, CareRole.Operator],
        ["System-import"] = Operators,
        ["System-reindex"] = Operators,
        ["System-replay-message"] = [CareRole.Lead, CareRole.Operator],
        ["System-submit-transition"] = [CareRole.Hospital, CareRole.EhrSystem],
        ["System-transition-messages"] = [CareRole.Lead, CareRole.Operator],
        ["Task-accept"] = [.. Workers, CareRole.EhrSystem],
        ["Task-async-status"] = Everybody,
        ["Task-cancel"] = Vendors,
        ["Task-claim"] = Workers,
        ["Task-complete"] = [.. Workers, CareRole.EhrSystem, CareRole.Patient, CareRole.Family],
        ["Task-escalate"] = Workers,
        ["Task-fail"] = [.. Workers, CareRole.EhrSystem],
        ["Task-hold"] = Workers,
        ["Task-reassign"] = [.. Managers, CareRole.Supervisor],
        ["Task-record-attempt"] = Workers,
        ["Task-reject"] = [.. Workers, CareRole.EhrSystem, CareRole.Patient, CareRole.Family],
        ["Task-reopen"] = [CareRole.Lead],
        ["Task-resume"] = Workers,
        ["Task-snooze"] = Workers,
        ["Task-start"] = Workers,
        ["Task-stop"] = Workers,
        ["Task-worklist"] = [.. Staff, CareRole.Patient, CareRole.Family],
        ["System-sql-run"] = Analysts,
        ["System-viewdefinition-run"] = Analysts,
        ["System-sql-export"] = Exporters,
        ["System-viewdefinition-export"] = Exporters,
        ["ViewDefinition-viewdefinition-export"] = Exporters,
        ["ViewDefinition-run"] = Analysts,
        ["ViewDefinition-viewdefinition-run"] = Analysts,
        ["System-sqlquery-run"] = [CareRole.Analytics],
        ["Measure-evaluate-measure"] = [CareRole.Director, CareRole.Analytics, CareRole.Supervisor, CareRole.Lead],
        ["Measure-care-gaps"] = Staff,
        ["$process-message"] = [CareRole.Hospital, CareRole.EhrSystem, CareRole.Partner],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Ids => ById.Keys;

    public static ImmutableArray<CareRole> Of(string id) => ById.GetValueOrDefault(id, []);
}
