using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Measures;

/// <summary>
/// Counts a measure and tells it as a report. One about all is numbers, and told to whoever may ask. What names patients names those alone
/// whom the caller sees.
/// </summary>
internal sealed class MeasureEvaluation(
    CareSession session,
    OutcomeTables tables,
    AnalyticsOptions options,
    TimeProvider time
)
{
    /// <summary>Patients of a list: each is looked at whether the caller sees them.</summary>
    private const int MostPatients = 2_000;

    /// <param name="type"><c>subject</c>, <c>subject-list</c> or <c>population</c>, or what R4 called them before.</param>
    /// <returns>404 for a patient whom the caller does not see; what the tables refuse.</returns>
    public async Task<Result<MeasureReportEditor>> OfAsync(
        MeasureQuery query,
        string type,
        string baseUrl,
        CancellationToken cancellationToken
    )
    {
        var namesOne = query.Patient is not null;
        if (namesOne && !await SeesAsync(query.Patient!, cancellationToken))
            return Failure.NotFound($"There is no Patient/{query.Patient}.");
        var isList = type is "subject-list" or "patient-list";
        var asking = await tables.AskAsync(
            (reader, token) => Measure(reader, query, isStratified: !namesOne && !isList, isList, token),
            cancellationToken
        );
        if (!asking.TryGet(out var measured, out var refused))
            return refused;
        return MeasureReports.Of(
            query,
            isList ? "subject-list"
                : namesOne ? "individual"
                : "summary",
            measured.Counts,
            measured.Patients is { } all ? await SeenAsync(all, cancellationToken) : null,
            time.GetUtcNow(),
            MeasureResources.UrlOf(query.Measure, baseUrl),
            // Of whoever may see the patients nothing is hidden.
            namesOne || isList
                ? 0
                : options.SmallestCell,
            measured.Place
        );
    }

    private static Result<Measured> Measure(
        DuckDBConnection reader,
        MeasureQuery query,
        bool isStratified,
        bool isList,
        CancellationToken cancellationToken
    )
    {
        if (!query.Count(reader, isStratified, cancellationToken).TryGet(out var counts, out var failure))
            return failure;
        var measured = new Measured(counts, null, PlaceOf(reader));
        return isList
            ? query
                .Patients(reader, MostPatients, cancellationToken)
                .Then<Measured>(patients => measured with { Patients = patients })
            : measured;
    }

    /// <summary>Up to which change the tables are that are being asked.</summary>
    private static DataPlace PlaceOf(DuckDBConnection reader)
    {
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT sequence, as_of FROM mirror_state";
        using var row = command.ExecuteReader();
        row.Read();
        return new DataPlace(
            row.GetInt64(0),
            row.IsDBNull(1) ? null : new DateTimeOffset(row.GetDateTime(1), TimeSpan.Zero)
        );
    }

    private async Task<List<MeasuredPatient>> SeenAsync(
        List<MeasuredPatient> patients,
        CancellationToken cancellationToken
    )
    {
        if (session.Rights.IsUnlimited)
            return patients;
        var seen = new List<MeasuredPatient>();
        foreach (var patient in patients)
        {
            if (await SeesAsync(patient.Id, cancellationToken))
                seen.Add(patient);
        }

        return seen;
    }

    private async Task<bool> SeesAsync(string patient, CancellationToken cancellationToken) =>
        await session.Reads.ReadAsync(new ResourceKey(ResourceTypes.Patient, patient), cancellationToken)
            is { IsDeleted: false };

    private sealed record Measured(List<MeasureCounts> Counts, List<MeasuredPatient>? Patients, DataPlace Place);
}

/// <summary>The last change of the database that was counted.</summary>
/// <param name="Sequence">Its number; 0: there is none.</param>
/// <param name="Recorded">When it was made.</param>
internal readonly record struct DataPlace(long Sequence, DateTimeOffset? Recorded);
