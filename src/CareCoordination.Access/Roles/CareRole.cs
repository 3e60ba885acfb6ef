using System.Collections.Immutable;

namespace CareCoordination.Access.Roles;

/// <summary>
/// A role that somebody acts in. What each may do stands in one table. The six levels of care management are those of the profession:
/// an assistant works under supervision, a care manager on a caseload of their own, a lead distributes caseloads and resolves what is
/// escalated, a supervisor answers for a team, a director sees programmes and no single patient.
/// </summary>
/// <param name="Code">As tokens and settings spell it.</param>
/// <param name="Kind">What somebody in it is.</param>
public sealed record CareRole(string Code, RoleKind Kind)
{
    public static readonly CareRole Assistant = new("assistant", RoleKind.Staff);
    public static readonly CareRole CareManager = new("care-manager", RoleKind.Staff);
    public static readonly CareRole SeniorCareManager = new("senior-care-manager", RoleKind.Staff);
    public static readonly CareRole Lead = new("lead", RoleKind.Staff);
    public static readonly CareRole Supervisor = new("supervisor", RoleKind.Staff);
    public static readonly CareRole Director = new("director", RoleKind.Staff);
    public static readonly CareRole EhrSystem = new("ehr-system", RoleKind.Program);
    public static readonly CareRole Hospital = new("hospital", RoleKind.Program);
    public static readonly CareRole Analytics = new("analytics", RoleKind.Program);
    public static readonly CareRole Partner = new("partner", RoleKind.Program);
    public static readonly CareRole Patient = new("patient", RoleKind.Person);
    public static readonly CareRole Family = new("family", RoleKind.Person);
    public static readonly CareRole Operator = new("operator", RoleKind.Office);
    public static readonly CareRole Auditor = new("auditor", RoleKind.Office);
    public static readonly CareRole Administrator = new("administrator", RoleKind.Office);

    public static readonly ImmutableArray<CareRole> All =
    [
        Assistant,
        CareManager,
        SeniorCareManager,
        Lead,
        Supervisor,
        Director,
        EhrSystem,
        Hospital,
        Analytics,
        Partner,
        Patient,
        Family,
        Operator,
        Auditor,
        Administrator,
    ];

    /// <summary>Null: nobody knows such a role.</summary>
    public static CareRole? Find(string code) => All.FirstOrDefault(r => r.Code == code);
}

/// <summary>What somebody in a role is.</summary>
public enum RoleKind
{
    /// <summary>Works with patients: a Practitioner, or a PractitionerRole.</summary>
    Staff,

    /// <summary>A program of somebody else.</summary>
    Program,

    /// <summary>A patient, or somebody of the family.</summary>
    Person,

    /// <summary>Runs, examines or configures the server.</summary>
    Office,
}
