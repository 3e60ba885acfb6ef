using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Risk;

/// <summary>
/// The LACE index, 0 to 19: length of stay, acuity of the admission, Charlson comorbidity, visits of the emergency department. van Walraven
/// and others, CMAJ 2010;182(6):551. What is called modified LACE has other points and is not mixed with it.
/// </summary>
public static class LaceScore
{
    /// <summary>L by days.</summary>
    public static readonly ImmutableArray<PointStep> Stay =
    [
        new(1, 1),
        new(2, 2),
        new(3, 3),
        new(4, 4),
        new(7, 5),
        new(14, 7),
    ];

    /// <summary>C by Charlson points: from four on they are five.</summary>
    public static readonly ImmutableArray<PointStep> Comorbidity = [new(1, 1), new(2, 2), new(3, 3), new(4, 5)];

    /// <summary>E by visits.</summary>
    public static readonly ImmutableArray<PointStep> Visits = [new(1, 1), new(2, 2), new(3, 3), new(4, 4)];

    private const int Acute = 3;

    public static RiskScore Of(RiskInputs inputs, RiskRules rules) =>
        new(
            RiskInstruments.Lace,
            RiskInstruments.Lace2010,
            [
                new("L", "Length of stay", Points(Stay, inputs.StayDays(rules)), PointStep.MostOf(Stay)),
                new("A", "Acuity of the admission", Points(inputs.IsUnplanned, Acute), Acute),
                new(
                    "C",
                    "Comorbidity",
                    Points(
                        Comorbidity,
                        inputs.Diseases is { } diseases ? CharlsonGroups.PointsOf(diseases, rules) : null
                    ),
                    PointStep.MostOf(Comorbidity)
                ),
                new(
                    "E",
                    "Emergency department visits before",
                    Points(Visits, inputs.EmergencyVisits),
                    PointStep.MostOf(Visits)
                ),
            ],
            rules.LaceTiers
        );

    private static int? Points(ImmutableArray<PointStep> table, int? number) =>
        number is { } known ? PointStep.Of(table, known) : null;

    private static int? Points(bool? holds, int points) => holds is { } known ? (known ? points : 0) : null;
}
