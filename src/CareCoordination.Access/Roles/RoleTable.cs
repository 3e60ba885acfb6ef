using System.Collections.Immutable;
using CareCoordination.Access.Labels;
using CareCoordination.Access.Relations;
using CareCoordination.Access.Scopes;

namespace CareCoordination.Access.Roles;

/// <summary>
/// Who may do what with which resources: all of it, in one place. What is not granted here is not allowed. docs/access.md is printed from
/// it, and a test asks each of its cells.
/// </summary>
public static class RoleTable
{
    private const ScopeRights Look = ScopeRights.Read | ScopeRights.Search;
    private const ScopeRights Write = ScopeRights.Create | ScopeRights.Update;

    /// <summary>What is kept of people who are asked, met and spoken to: an assistant writes it under supervision.</summary>
    private static readonly ImmutableArray<string> Contacts =
    [
        "Appointment",
        "CarePlan",
        "Communication",
        "DocumentReference",
        "Encounter",
        "Goal",
        "Observation",
        "QuestionnaireResponse",
        "Task",
    ];

    private static readonly ImmutableArray<string> WhatVendorsIntegrate =
    [
        "CarePlan",
        "CareTeam",
        "Goal",
        "ServiceRequest",
        "Task",
    ];

    private static readonly ImmutableArray<string> WhatPatientsSay =
    [
        "Communication",
        "Observation",
        "QuestionnaireResponse",
    ];

    public static readonly ImmutableArray<Grant> Grants =
    [
        .. Staff(CareRole.Assistant),
        new(CareRole.Assistant, Write, Reach.Related) { Types = Contacts },
        .. Staff(CareRole.CareManager),
        .. Writes(CareRole.CareManager),
        .. Staff(CareRole.SeniorCareManager),
        .. Writes(CareRole.SeniorCareManager),
        .. Staff(CareRole.Lead),
        .. Writes(CareRole.Lead),
        .. Staff(CareRole.Supervisor),
        new(CareRole.Director, Look, Reach.All) { Groups = [ResourceGroup.Directory, ResourceGroup.Definition] },
        new(CareRole.EhrSystem, Look, Reach.Related) { Groups = [ResourceGroup.Record] },
        new(CareRole.EhrSystem, Write, Reach.Related) { Types = WhatVendorsIntegrate },
        new(CareRole.EhrSystem, Look, Reach.All) { Groups = [ResourceGroup.Directory, ResourceGroup.Definition] },
        // A partner refers, too: it makes a task that names it, and none about a patient whom it does not see.
        new(CareRole.Partner, Look | Write, Reach.Named) { Types = ["Task"] },
        new(CareRole.Partner, Look, Reach.Disclosed) { Groups = [ResourceGroup.Record] },
        new(CareRole.Patient, Look, Reach.Own) { Groups = [ResourceGroup.Record] },
        new(CareRole.Patient, ScopeRights.Create, Reach.Own) { Types = WhatPatientsSay },
        new(CareRole.Patient, ScopeRights.Update, Reach.Named) { Types = ["Task"] },
        new(CareRole.Patient, Look, Reach.All) { Groups = [ResourceGroup.Directory, ResourceGroup.Definition] },
        new(CareRole.Family, Look, Reach.Related) { Groups = [ResourceGroup.Record] },
        new(CareRole.Family, ScopeRights.Create, Reach.Related) { Types = WhatPatientsSay },
        new(CareRole.Family, ScopeRights.Update, Reach.Named) { Types = ["Task"] },
        new(CareRole.Family, Look, Reach.All) { Groups = [ResourceGroup.Directory, ResourceGroup.Definition] },
        new(CareRole.Operator, Look, Reach.Unassigned) { Types = ["Task"] },
        new(CareRole.Operator, ScopeRights.All, Reach.All) { Types = ["Endpoint"] },
        new(CareRole.Operator, Look, Reach.All) { Groups = [ResourceGroup.Definition] },
        new(CareRole.Analytics, Look, Reach.All) { Groups = [ResourceGroup.Definition] },
        // Numbers about all, for those who may ask for them: a report about one patient is of the patient's record.
        .. Numbers(CareRole.Lead, CareRole.Supervisor, CareRole.Director, CareRole.Analytics),
        new(CareRole.Auditor, Look, Reach.All) { Groups = [ResourceGroup.Trail] },
        // Who works where says whom they see: nobody who sees patients writes it.
        new(CareRole.Administrator, ScopeRights.All, Reach.All)
        {
            Groups = [ResourceGroup.Directory, ResourceGroup.Definition],
        },
    ];

    /// <summary>What is given in bulk, by <c>$export</c>, to those who look at nobody one by one.</summary>
    public static readonly ImmutableArray<Grant> Exports =
    [
        new(CareRole.Analytics, Look, Reach.Exported)
        {
            Groups = [ResourceGroup.Record, ResourceGroup.Directory, ResourceGroup.Definition],
        },
    ];

    /// <summary>What counts while somebody exports.</summary>
    public static readonly ImmutableArray<Grant> WithExports = [.. Grants, .. Exports];

    /// <summary>
    /// Which relations to a patient count for a role, where a deployment says nothing else. A role that is not named has none that counts.
    /// </summary>
    public static readonly ImmutableDictionary<CareRole, ImmutableArray<RelationKind>> Relations = new Dictionary<
        CareRole,
        ImmutableArray<RelationKind>
    >
    {
        [CareRole.Assistant] = OnesOwn(),
        [CareRole.CareManager] = OnesOwn(RelationKind.GeneralPractitioner),
        [CareRole.SeniorCareManager] = OnesOwn(RelationKind.GeneralPractitioner),
        [CareRole.Lead] = OnesOwn(RelationKind.EpisodeOrganization, RelationKind.RecordOrganization),
        [CareRole.Supervisor] = OnesOwn(RelationKind.EpisodeOrganization, RelationKind.RecordOrganization),
        [CareRole.EhrSystem] = [RelationKind.EpisodeOrganization, RelationKind.RecordOrganization],
        [CareRole.Family] = [RelationKind.Family],
    }.ToImmutableDictionary();

    /// <summary>What a role does not see although the patient is theirs to see.</summary>
    public static SensitivityLabel Hidden(CareRole role) =>
        role == CareRole.Patient ? SensitivityLabel.None
        : role == CareRole.Family ? SensitivityLabel.All
        : role == CareRole.Assistant ? SensitivityLabel.VeryRestricted | SensitivityLabel.SubstanceUse
        : role == CareRole.EhrSystem || role == CareRole.Analytics
            ? SensitivityLabel.VeryRestricted | SensitivityLabel.SubstanceUse | SensitivityLabel.Other
        : SensitivityLabel.VeryRestricted;

    private static IEnumerable<Grant> Staff(CareRole role) =>
        [
            new(role, Look, Reach.Related) { Groups = [ResourceGroup.Record] },
            new(role, Look, Reach.Named) { Types = ["Task"] },
            new(role, Look, Reach.All) { Groups = [ResourceGroup.Directory, ResourceGroup.Definition] },
        ];

    private static IEnumerable<Grant> Numbers(params IEnumerable<CareRole> roles) =>
        roles.Select(role => new Grant(role, Look, Reach.Unassigned) { Types = ["MeasureReport"] });

    /// <summary>Staff voids what is wrong and deletes nothing.</summary>
    private static IEnumerable<Grant> Writes(CareRole role) =>
        [
            new(role, Write, Reach.Related) { Groups = [ResourceGroup.Record] },
            new(role, ScopeRights.Update, Reach.Named) { Types = ["Task"] },
        ];

    private static ImmutableArray<RelationKind> OnesOwn(params ImmutableArray<RelationKind> more) =>
        [RelationKind.CareManager, RelationKind.CareTeam, RelationKind.TaskOwner, RelationKind.TaskRequester, .. more];
}
