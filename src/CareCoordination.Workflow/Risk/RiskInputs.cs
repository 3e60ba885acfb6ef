using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Risk;

/// <summary>
/// What the scores of readmission risk ask of one stay in hospital. Null is what nobody knows. Where it was found is not asked here: a
/// record, a message and a form give the same.
/// </summary>
public sealed record RiskInputs
{
    /// <summary>The day of the admission by the clock of the hospital.</summary>
    public DateOnly? Admitted { get; init; }

    /// <summary>The day of the discharge by the clock of the hospital.</summary>
    public DateOnly? Discharged { get; init; }

    /// <summary>The admission was not planned: an emergency, or by way of the emergency department.</summary>
    public bool? IsUnplanned { get; init; }

    /// <summary>The codes of <see cref="CharlsonGroups"/> that the patient has; null where no diagnosis is known at all.</summary>
    public ImmutableHashSet<string>? Diseases { get; init; }

    /// <summary>Visits of an emergency department before the admission, without the one that led to it.</summary>
    public int? EmergencyVisits { get; init; }

    /// <summary>Admissions before this one.</summary>
    public int? Admissions { get; init; }

    /// <summary>The last haemoglobin of the stay in g/dL.</summary>
    public decimal? Haemoglobin { get; init; }

    /// <summary>The last sodium of the stay in mmol/L.</summary>
    public decimal? Sodium { get; init; }

    /// <summary>Discharged from a service of oncology.</summary>
    public bool? IsOncology { get; init; }

    /// <summary>A procedure was done during the stay.</summary>
    public bool? HasProcedure { get; init; }

    /// <summary>How many days the stay was; null where one of its ends is not known, or it ends before it begins.</summary>
    public int? StayDays(RiskRules rules) =>
        Admitted is { } admitted && Discharged is { } discharged && discharged >= admitted
            ? discharged.DayNumber - admitted.DayNumber + (rules.StayIncludesBothDays ? 1 : 0)
            : null;
}
