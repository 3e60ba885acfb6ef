using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Server.Operations;

/// <summary>The risk tier of patients: the qualitative risk of the RiskAssessment that was written last.</summary>
public sealed class PatientRisks(CareReads reads)
{
    private const int PatientsPerSearch = 50;

    private static readonly ImmutableArray<string> Ascending = ["low", "moderate", "high"];

    /// <summary>0 for an unknown tier and the lowest, larger for more.</summary>
    public static int Rank(string? tier) => tier is null ? 0 : Math.Max(0, Ascending.IndexOf(tier));

    /// <summary>By the reference of the patient; those without an assessment are not in it.</summary>
    public async Task<ImmutableDictionary<string, string>> TiersAsync(
        IEnumerable<string> patients,
        CancellationToken cancellationToken
    )
    {
        var tiers = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var some in patients.Distinct(StringComparer.Ordinal).Chunk(PatientsPerSearch))
        {
            var subjects = string.Join(',', some.Select(Uri.EscapeDataString));
            foreach (
                var found in await reads.SearchAsync(
                    "RiskAssessment",
                    $"subject={subjects}&_sort=_lastUpdated",
                    cancellationToken
                )
            )
            {
                var assessment = RiskAssessmentView.From(ResourceDocument.Parse(found.Utf8Json).Value);
                if (assessment.Status is not ("final" or "amended" or "corrected"))
                    continue;
                var tier = assessment
                    .Prediction.SelectMany(p => p.QualitativeRisk.Coding)
                    .Select(c => c.Code)
                    .FirstOrDefault(c => c is not null);
                if (tier is not null && assessment.Subject.Reference is { } subject)
                    tiers[subject] = tier;
            }
        }

        return tiers.ToImmutable();
    }
}
