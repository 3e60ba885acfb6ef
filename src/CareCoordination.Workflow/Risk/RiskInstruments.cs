using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Risk;

/// <summary>The scores that are computed here, and the versions of their tables: codes of <c>CareExtensions.RiskSystem</c>.</summary>
public static class RiskInstruments
{
    public const string Lace = "lace-index";
    public const string Lace2010 = "lace-2010";
    public const string Hospital = "hospital-score";
    public const string Hospital2013 = "hospital-2013";
    public const string Hospital2016 = "hospital-2016";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(Hospital, "HOSPITAL score", "Risk of readmission within 30 days by seven inputs, 0 to 13 points."),
        new(Hospital2013, "HOSPITAL score of 2013", "The original: one to five admissions before are two points."),
        new(Hospital2016, "HOSPITAL score of 2016", "The validation: two to five admissions before are two points."),
        new(Lace, "LACE index", "Risk of readmission or death within 30 days by four inputs, 0 to 19 points."),
        new(Lace2010, "LACE index of 2010", "The original, with its own weights of the Charlson groups."),
    ];

    /// <summary>The score by the name that <c>$risk</c> takes; null for another.</summary>
    public static RiskScore? Score(string method, RiskInputs inputs, Rules.RiskRules rules) =>
        method switch
        {
            "lace" => LaceScore.Of(inputs, rules),
            "hospital" => HospitalScore.Of(inputs, rules),
            _ => null,
        };
}
