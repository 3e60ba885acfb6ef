using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Assessments;

/// <summary>Reads of the record what the scores of readmission risk ask of a stay.</summary>
public sealed class RiskReads(CareReads reads)
{
    private const string OfHospital = "class=IMP,ACUTE,NONAC,OBSENC,SS&status=in-progress,onleave,finished";

    /// <summary>The stay in hospital that began last; null where there is none.</summary>
    public async Task<Snapshot?> LatestStayAsync(string patient, CancellationToken cancellationToken)
    {
        var found = await reads.FirstAsync(
            ResourceTypes.Encounter,
            $"patient={Uri.EscapeDataString(patient)}&{OfHospital}&_sort=-date",
            1,
            cancellationToken
        );
        return found is [var latest] ? latest : null;
    }

    /// <summary>The stay with what there is of the patient around it.</summary>
    public async Task<RiskRecord> RecordAsync(
        string patient,
        Snapshot stay,
        RiskRules rules,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        var of = $"patient={Uri.EscapeDataString(patient)}";
        var others = new List<Snapshot>(await reads.SearchAsync(ResourceTypes.Condition, of, cancellationToken));
        others.AddRange(
            await reads.SearchAsync(
                ResourceTypes.Procedure,
                $"{of}&encounter={Uri.EscapeDataString(stay.Key.ToString())}",
                cancellationToken
            )
        );
        var period = EncounterView.From(ResourceDocument.Parse(stay.Utf8Json).Value).Period;
        if (CareDate.Of(period.Start)?.DayIn(zone) is { } admitted)
        {
            var months = Math.Max(rules.AdmissionMonths, rules.EmergencyMonths);
            // A day more than what counts, because a day begins earlier elsewhere.
            var from = admitted.PlusMonths(-months)?.PlusDays(-1) ?? DateOnly.MinValue;
            others.AddRange(
                await reads.SearchAsync(
                    ResourceTypes.Encounter,
                    $"{of}&class=EMER,IMP,ACUTE,NONAC&date=ge{from:yyyy-MM-dd}",
                    cancellationToken
                )
            );
            others.AddRange(
                await reads.SearchAsync(
                    ResourceTypes.Observation,
                    $"{of}&code=http://loinc.org|{RiskRecord.HaemoglobinCode},http://loinc.org|{RiskRecord.SodiumCode}&date=ge{admitted.PlusDays(-1) ?? admitted:yyyy-MM-dd}",
                    cancellationToken
                )
            );
        }

        return new RiskRecord(stay, [.. others], zone);
    }
}
