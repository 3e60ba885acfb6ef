using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The numbers of the scores of readmission risk: part of <see cref="CareRules"/>. The points themselves are those that were published and stand
/// in versioned tables of <c>Workflow/Risk</c>; what publications leave open, or say differently, is said here.
/// </summary>
public sealed record RiskRules
{
    /// <summary>
    /// How a stay is counted: false for the days between admission and discharge, so that who leaves on the same day has stayed for 0; true
    /// where both of these days count, as some regions have it.
    /// </summary>
    public bool StayIncludesBothDays { get; init; }

    /// <summary>
    /// Which HOSPITAL score counts: <c>2016</c>, its international validation, or <c>2013</c>, the original, which gives more points for one
    /// admission before.
    /// </summary>
    public string HospitalVersion { get; init; } = "2016";

    /// <summary>The least LACE score of the tiers above low.</summary>
    public ImmutableDictionary<string, int> LaceTiers { get; init; } =
        ImmutableDictionary<string, int>.Empty.Add("moderate", 5).Add("high", 10);

    /// <summary>The least HOSPITAL score of the tiers above low. What its authors call intermediate is moderate here.</summary>
    public ImmutableDictionary<string, int> HospitalTiers { get; init; } =
        ImmutableDictionary<string, int>.Empty.Add("moderate", 5).Add("high", 7);

    /// <summary>Months before the admission in which visits of an emergency department count for LACE.</summary>
    public int EmergencyMonths { get; init; } = 6;

    /// <summary>Months before the admission in which admissions count for HOSPITAL.</summary>
    public int AdmissionMonths { get; init; } = 12;

    /// <summary>
    /// Points of a group of diseases that differ from the table of the index (<c>CharlsonGroups</c>), by the code of the group.
    /// </summary>
    public ImmutableDictionary<string, int> CharlsonPoints { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>
    /// Codes of <c>Encounter.serviceType</c> that are a service of oncology, as <c>system|code</c>: medical and clinical oncology of SNOMED CT.
    /// </summary>
    public ImmutableArray<string> OncologyServices { get; init; } =
    ["http://snomed.info/sct|394593009", "http://snomed.info/sct|394592004"];
}
