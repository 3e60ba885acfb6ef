using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Caseload;

/// <summary>The risk tier that a RiskAssessment gives a patient: the first code of its predictions' qualitative risk.</summary>
/// <param name="At">What the assessment is about; null where it does not say, which means when it was written.</param>
public readonly record struct AssessedRisk(string Patient, string Tier, CareDate? At)
{
    /// <summary>https://hl7.org/fhir/R4/valueset-risk-probability.html, as far as tiers use it.</summary>
    private static readonly ImmutableArray<string> Ascending = ["low", "moderate", "high"];

    /// <summary>0 for the lowest tier and those that are not known, larger for more.</summary>
    public int Rank => RankOf(Tier);

    public static int RankOf(string? tier) => tier is null ? 0 : Math.Max(0, Ascending.IndexOf(tier));

    /// <summary>Null where the assessment is not final, is of nobody or gives no tier.</summary>
    public static AssessedRisk? Of(RiskAssessmentView assessment)
    {
        if (
            assessment.Status
                is not (
                    ObservationStatusCodes.Final
                    or ObservationStatusCodes.Amended
                    or ObservationStatusCodes.Corrected
                )
            || assessment.Subject.Target() is not { } patient
        )
            return null;
        foreach (var prediction in assessment.Prediction)
        {
            foreach (var coding in prediction.QualitativeRisk.Coding)
            {
                if (coding.Code is { } tier)
                    return new AssessedRisk(patient, tier, Occurrence(assessment));
            }
        }

        return null;
    }

    private static CareDate? Occurrence(RiskAssessmentView assessment) =>
        CareDate.Of(
            assessment.OccurrenceDateTime ?? assessment.OccurrencePeriod.End ?? assessment.OccurrencePeriod.Start
        );
}
