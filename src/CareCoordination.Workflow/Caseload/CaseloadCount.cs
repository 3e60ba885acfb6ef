using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Caseload;

/// <summary>A patient of a care manager.</summary>
/// <param name="Tier">The code of the risk tier; null where nobody assessed it.</param>
/// <param name="InTransition">Within a transition of care.</param>
public readonly record struct CaseloadPatient(string? Tier, bool InTransition)
{
    /// <summary>Points of the patient by the rules; an unknown tier weighs as the lowest that is known.</summary>
    public int Points(CareRules rules)
    {
        var tier =
            Tier is not null && rules.TierPoints.TryGetValue(Tier, out var points)
                ? points
                : rules.TierPoints.Values.DefaultIfEmpty(1).Min();
        return InTransition ? CheckedNumber.Clamp((long)tier + rules.TransitionPoints) : tier;
    }
}

/// <summary><c>$caseload</c>: the load of one care manager against the caps. The caps warn; they do not cut anybody off.</summary>
/// <param name="ByTier">Patients by tier, <c>unknown</c> for those without.</param>
/// <param name="PatientsLeft">Below the cap of patients; never negative.</param>
/// <param name="PointsLeft">Below the cap of points; never negative.</param>
public sealed record CaseloadCount(
    int Patients,
    int Points,
    int OverdueTasks,
    ImmutableSortedDictionary<string, int> ByTier,
    int PatientsLeft,
    int PointsLeft,
    CaseloadState State
)
{
    public static CaseloadCount Of(IEnumerable<CaseloadPatient> patients, int overdueTasks, CareRules rules)
    {
        var count = 0;
        var points = 0;
        var tiers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var patient in patients)
        {
            count++;
            points = CheckedNumber.Clamp((long)points + patient.Points(rules));
            var tier = patient.Tier ?? "unknown";
            tiers[tier] = tiers.GetValueOrDefault(tier) + 1;
        }

        return new CaseloadCount(
            count,
            points,
            overdueTasks,
            tiers.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Math.Max(0, rules.MostPatients - count),
            Math.Max(0, CheckedNumber.Clamp((long)rules.MostPoints - points)),
            StateOf(count, points, rules)
        );
    }

    /// <summary>The share of the caps that is used: the fuller of the two.</summary>
    public static decimal Share(int patients, int points, CareRules rules) =>
        Math.Max((decimal)patients / Math.Max(1, rules.MostPatients), (decimal)points / Math.Max(1, rules.MostPoints));

    private static CaseloadState StateOf(int patients, int points, CareRules rules) =>
        Share(patients, points, rules) switch
        {
            > 1 => CaseloadState.OverCap,
            1 => CaseloadState.AtCap,
            var share when share >= rules.WarnAtShare => CaseloadState.NearCap,
            _ => CaseloadState.BelowCap,
        };

    /// <summary>The answer of the operation.</summary>
    public ParametersEditor ToParameters(string practitionerRole)
    {
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "practitionerRole", ValueReference = References.To(practitionerRole) },
                new() { Name = "patients", ValueInteger = Patients },
                new() { Name = "weightedLoad", ValueInteger = Points },
                new() { Name = "overdue", ValueInteger = OverdueTasks },
                new() { Name = "capacityPatients", ValueInteger = PatientsLeft },
                new() { Name = "capacityPoints", ValueInteger = PointsLeft },
                new() { Name = "state", ValueCode = State.Code() },
            },
        };
        foreach (var (tier, count) in ByTier)
        {
            parameters.Parameter.Add(
                new()
                {
                    Name = "tier",
                    Part =
                    {
                        new() { Name = "code", ValueCode = tier },
                        new() { Name = "count", ValueInteger = count },
                    },
                }
            );
        }

        return parameters;
    }
}

/// <summary>How full a caseload is.</summary>
public enum CaseloadState
{
    BelowCap,
    NearCap,
    AtCap,
    OverCap,
}

internal static class CaseloadStates
{
    public static string Code(this CaseloadState state) =>
        state switch
        {
            CaseloadState.BelowCap => "below-cap",
            CaseloadState.NearCap => "near-cap",
            CaseloadState.AtCap => "at-cap",
            _ => "over-cap",
        };
}
