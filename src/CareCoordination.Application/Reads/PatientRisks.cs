using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Reads;

/// <summary>The risk tier of patients: that of the latest RiskAssessment.</summary>
public sealed class PatientRisks(CareReads reads, CarePolicies policies)
{
    private const int PatientsPerSearch = 50;

    /// <summary>By the reference of the patient; those without an assessment are not in it.</summary>
    public async Task<ImmutableDictionary<string, string>> TiersAsync(
        IEnumerable<string> patients,
        CancellationToken cancellationToken
    ) =>
        (await LatestAsync(patients, cancellationToken)).ToImmutableDictionary(
            p => p.Key,
            p => p.Value.Tier,
            StringComparer.Ordinal
        );

    /// <summary>The assessment that holds, by the reference of the patient.</summary>
    public async Task<IReadOnlyDictionary<string, LatestRisk>> LatestAsync(
        IEnumerable<string> patients,
        CancellationToken cancellationToken
    )
    {
        var latest = new Dictionary<string, LatestRisk>(StringComparer.Ordinal);
        foreach (var some in patients.Distinct(StringComparer.Ordinal).Chunk(PatientsPerSearch))
        {
            var subjects = string.Join(',', some.Select(Uri.EscapeDataString));
            foreach (
                var found in await reads.SearchAsync(
                    ResourceTypes.RiskAssessment,
                    $"subject={subjects}&_sort=_lastUpdated",
                    cancellationToken
                )
            )
            {
                var assessment = RiskAssessmentView.From(ResourceDocument.Parse(found.Utf8Json).Value);
                if (AssessedRisk.Of(assessment) is not { } risk)
                    continue;
                var at =
                    (risk.At is { } date ? policies.Default.Calendar.EndOf(date) : default(DateTimeOffset?))
                    ?? assessment.Meta.LastUpdated?.Instant;
                if (!latest.TryGetValue(risk.Patient, out var before) || !(at < before.At))
                    latest[risk.Patient] = new LatestRisk(found, risk.Tier, at);
            }
        }

        return latest;
    }
}

/// <summary>The assessment that says what tier a patient has.</summary>
public readonly record struct LatestRisk(Snapshot Assessment, string Tier, DateTimeOffset? At);
