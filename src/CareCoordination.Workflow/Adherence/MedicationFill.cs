using System.Collections.Immutable;

namespace CareCoordination.Workflow.Adherence;

/// <summary>A supply of a medication that was handed over.</summary>
/// <param name="Day">Of <c>MedicationDispense.whenHandedOver</c>, or of <c>whenPrepared</c> where that is missing.</param>
/// <param name="DaysSupply">For how many days it lasts; what lasts for none is no supply.</param>
/// <param name="Ingredients">Those of the class that is asked about; a combination has several.</param>
public sealed record MedicationFill(DateOnly Day, int DaysSupply, params ImmutableArray<string> Ingredients);

/// <summary>What an adherence is asked of.</summary>
/// <param name="First">Of the measurement year, or of the enrolment in it.</param>
/// <param name="Last">Of the measurement year, of the enrolment, or the day of death: the earliest.</param>
public sealed record AdherencePeriod(DateOnly First, DateOnly Last)
{
    /// <summary>Days of stays in hospital or a nursing facility, first and last: their medications are given there.</summary>
    public ImmutableArray<(DateOnly First, DateOnly Last)> Stays { get; init; } = [];

    /// <summary>Why the patient is left out, as <c>hospice</c>, <c>esrd</c>, <c>insulin</c>, <c>sacubitril-valsartan</c>; none: is not.</summary>
    public ImmutableArray<string> Exclusions { get; init; } = [];
}

/// <summary>The numbers of the rule, which its owner may change.</summary>
public sealed record AdherenceRules
{
    /// <summary>The least days of a treatment period, from the first fill to the end of the period, both inside.</summary>
    public int LeastDays { get; init; } = 91;

    /// <summary>The least days on which something was filled.</summary>
    public int LeastFills { get; init; } = 2;

    /// <summary>Days of stays count neither as days nor as covered, and what was at hand lasts longer for them.</summary>
    public bool AdjustsStays { get; init; }

    /// <summary>From this percentage on a patient adheres: 80; 90 for antiretrovirals.</summary>
    public int Percent { get; init; } = 80;
}
