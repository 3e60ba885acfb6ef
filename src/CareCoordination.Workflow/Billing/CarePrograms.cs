using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Billing;

/// <summary>The programmes of care management: the type of an EpisodeOfCare, and what time is spent for.</summary>
public static class CarePrograms
{
    public const string System = OwnCanonical.CodeSystems + "care-program";

    public const string Chronic = "ccm";
    public const string Principal = "pcm";
    public const string Primary = "apcm";
    public const string Transitional = "tcm";
    public const string Remote = "rpm";
    public const string Behavioral = "bhi";
    public const string Collaborative = "cocm";
    public const string Community = "chi";
    public const string Navigation = "pin";

    /// <summary>Work that is done for no programme.</summary>
    public const string None = "none";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(Chronic, "Chronic care management", "Care of several chronic conditions."),
        new(Principal, "Principal care management", "Care of one complex condition."),
        new(Primary, "Advanced primary care management", "Primary care by the month."),
        new(Transitional, "Transitional care management", "Care after a stay in hospital."),
        new(Remote, "Remote monitoring", "Readings of devices at home."),
        new(Behavioral, "Behavioral health integration", "Behavioral care within primary care."),
        new(Collaborative, "Psychiatric collaborative care", "Behavioral care with a consulting psychiatrist."),
        new(Community, "Community health integration", "Help with social needs."),
        new(Navigation, "Principal illness navigation", "Guidance through a serious illness."),
    ];

    /// <summary>Programmes of which a patient is in one at a time.</summary>
    public static readonly ImmutableArray<ImmutableArray<string>> Exclusive =
    [
        [Chronic, Principal, Primary],
        [Behavioral, Collaborative],
    ];

    public static bool Is(string? code) => All.Any(p => p.Code == code);

    public static string NameOf(string code) => All.FirstOrDefault(p => p.Code == code)?.Display ?? code;

    /// <summary>A patient is not in both at a time.</summary>
    public static bool ExcludeEachOther(string program, string other) =>
        Exclusive.Any(group => group.Contains(program) && group.Contains(other));

    /// <summary>The programme that an episode is of; null where its type says none of these.</summary>
    public static string? Of(EpisodeOfCareView episode) =>
        episode
            .Type.SelectMany(t => t.Coding)
            .Where(c => c.System == System && Is(c.Code))
            .Select(c => c.Code)
            .FirstOrDefault();
}
