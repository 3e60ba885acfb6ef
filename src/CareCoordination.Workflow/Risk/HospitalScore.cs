using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Risk;

/// <summary>
/// The HOSPITAL score, 0 to 13. Donzé and others, JAMA Intern Med 2013;173(8):632, and its international validation, JAMA Intern Med
/// 2016;176(4):496, which counts the admissions before otherwise.
/// </summary>
public static class HospitalScore
{
    /// <summary>Points for the admissions before, by the version of the score.</summary>
    public static readonly ImmutableDictionary<string, ImmutableArray<PointStep>> Admissions = ImmutableDictionary<
        string,
        ImmutableArray<PointStep>
    >
        .Empty.Add("2013", [new(1, 2), new(6, 5)])
        .Add("2016", [new(2, 2), new(6, 5)]);

    private const decimal LowHaemoglobin = 12;
    private const decimal LowSodium = 135;
    private const int LongStay = 5;

    /// <exception cref="KeyNotFoundException">The rules name a version that there is not: settings refuse it.</exception>
    public static RiskScore Of(RiskInputs inputs, RiskRules rules)
    {
        var admissions = Admissions[rules.HospitalVersion];
        return new(
            RiskInstruments.Hospital,
            $"hospital-{rules.HospitalVersion}",
            [
                Part("H", "Haemoglobin at discharge", inputs.Haemoglobin is { } hb ? hb < LowHaemoglobin : null, 1),
                Part("O", "Discharge from oncology", inputs.IsOncology, 2),
                Part("S", "Sodium at discharge", inputs.Sodium is { } sodium ? sodium < LowSodium : null, 1),
                Part("P", "Procedure during the stay", inputs.HasProcedure, 1),
                Part("IT", "Type of the admission", inputs.IsUnplanned, 1),
                new(
                    "A",
                    "Admissions before",
                    inputs.Admissions is { } before ? PointStep.Of(admissions, before) : null,
                    PointStep.MostOf(admissions)
                ),
                Part("L", "Length of stay", inputs.StayDays(rules) is { } days ? days >= LongStay : null, 2),
            ],
            rules.HospitalTiers
        );
    }

    private static ScorePart Part(string code, string name, bool? holds, int points) =>
        new(code, name, holds is { } known ? (known ? points : 0) : null, points);
}
