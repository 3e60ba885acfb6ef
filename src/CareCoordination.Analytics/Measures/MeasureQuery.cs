using System.Globalization;
using CareCoordination.Fhir.Outcomes;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Measures;

/// <summary>What is asked of a measure.</summary>
/// <param name="Start">The first day.</param>
/// <param name="End">The last day.</param>
internal sealed record MeasureQuery(MeasureDefinition Measure, DateOnly Start, DateOnly End)
{
    /// <summary>The id of one patient; null: all.</summary>
    public string? Patient { get; init; }

    /// <summary>The ids of those whose patients are asked about; empty: everybody's.</summary>
    public string? Practitioner { get; init; }

    public string? Organization { get; init; }

    public string? Programme { get; init; }

    /// <summary>Counts of all, and then of each stratum.</summary>
    public Result<List<MeasureCounts>> Count(
        DuckDBConnection reader,
        bool isStratified,
        CancellationToken cancellationToken
    )
    {
        var counts = new List<MeasureCounts>();
        var strata = isStratified ? Stratifiers.All.AsEnumerable() : [];
        var sql = string.Join(
            "\nUNION ALL\n",
            strata
                .Select(stratifier =>
                    $"SELECT '{stratifier.Code}' AS stratifier, {stratifier.Sql} AS stratum, {Sums} FROM {Stratifiers.From} GROUP BY 2"
                )
                .Prepend($"SELECT NULL AS stratifier, NULL AS stratum, {Sums} FROM f")
        );
        using var command = Command(
            reader,
            $"{Rows},\n{Stratifiers.Payers}\nSELECT * FROM ({sql}) ORDER BY stratifier NULLS FIRST, stratum"
        );
        using var cancel = cancellationToken.Register(command.Cancel);
        using var row = command.ExecuteReader();
        while (row.Read())
            counts.Add(Counts(row));
        return counts;
    }

    /// <summary>The patients of each population, by their ids, at most so many rows.</summary>
    public Result<List<MeasuredPatient>> Patients(
        DuckDBConnection reader,
        int most,
        CancellationToken cancellationToken
    )
    {
        var patients = new List<MeasuredPatient>();
        using var command = Command(
            reader,
            $"{Rows}\nSELECT patient_id, bool_or(excluded), bool_or(numerator AND NOT excluded), bool_or({Gap}) FROM f WHERE patient_id IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT {most + 1}"
        );
        using var cancel = cancellationToken.Register(command.Cancel);
        using var row = command.ExecuteReader();
        while (row.Read())
            patients.Add(
                new MeasuredPatient(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3))
            );
        return patients.Count > most
            ? Failure.Unprocessable(
                IssueCode.TooCostly,
                $"There are more than {most} patients: ask by practitioner, organization or a shorter period."
            )
            : patients;
    }

    /// <summary>The patients with something that is not as it should be, by their ids, from the one after another on.</summary>
    public List<string> WithGaps(DuckDBConnection reader, string? after, int most, CancellationToken cancellationToken)
    {
        var patients = new List<string>();
        using var command = Command(
            reader,
            $"{Rows}\nSELECT DISTINCT patient_id FROM f WHERE {Gap} AND patient_id > $after ORDER BY 1 LIMIT {most}"
        );
        command.Parameters.Add(new DuckDBParameter("after", after ?? ""));
        using var cancel = cancellationToken.Register(command.Cancel);
        using var row = command.ExecuteReader();
        while (row.Read())
            patients.Add(row.GetString(0));
        return patients;
    }

    /// <summary>The counts of each of some patients whom the measure is about.</summary>
    public List<(string Patient, MeasureCounts Counts)> Each(
        DuckDBConnection reader,
        IReadOnlyCollection<string> patients,
        CancellationToken cancellationToken
    )
    {
        var counts = new List<(string, MeasureCounts)>();
        if (patients.Count == 0)
            return counts;
        var names = patients.Select((_, i) => $"$p{i}");
        using var command = Command(
            reader,
            $"{Rows}\nSELECT NULL, patient_id, {Sums} FROM f WHERE patient_id IN ({string.Join(", ", names)}) GROUP BY 2 ORDER BY 2"
        );
        foreach (var (patient, i) in patients.Select((patient, i) => (patient, i)))
            command.Parameters.Add(new DuckDBParameter(string.Create(CultureInfo.InvariantCulture, $"p{i}"), patient));
        using var cancel = cancellationToken.Register(command.Cancel);
        using var row = command.ExecuteReader();
        while (row.Read())
            counts.Add((row.GetString(1), Counts(row) with { Stratum = null }));
        return counts;
    }

    /// <summary>Of which rows something is not as it should be.</summary>
    private string Gap => Measure.MoreIsBetter ? "(NOT numerator AND NOT excluded)" : "(numerator AND NOT excluded)";

    private const string Sums =
        "count(*), count(*) FILTER (excluded), count(*) FILTER (numerator AND NOT excluded), sum(value) FILTER (NOT excluded), sum(weight) FILTER (NOT excluded), median(value) FILTER (NOT excluded), quantile_cont(value, 0.9) FILTER (NOT excluded)";

    private string Rows =>
        $"""
            WITH m AS MATERIALIZED (
            {Measure.Sql}
            ),
            f AS MATERIALIZED (
            SELECT event_id, coalesce(who.person_id, m.patient_id) AS patient_id, day, coalesce(excluded, false) AS excluded,
                coalesce(numerator, false) AS numerator, value::DOUBLE AS value, weight::DOUBLE AS weight, practitioner_id::VARCHAR AS practitioner_id, coalesce(m.organization_id::VARCHAR, whose.managing_org_id) AS organization_id, programme::VARCHAR AS programme
            FROM m LEFT JOIN person who ON who.patient_id = m.patient_id LEFT JOIN patient whose ON whose.id = coalesce(who.person_id, m.patient_id)
            WHERE ($patient IS NULL OR coalesce(who.person_id, m.patient_id) = $patient)
                AND ($practitioner IS NULL OR m.practitioner_id::VARCHAR = $practitioner)
                AND ($organization IS NULL OR coalesce(m.organization_id::VARCHAR, whose.managing_org_id) = $organization)
                AND ($programme IS NULL OR m.programme::VARCHAR = $programme)
            )
            """;

    private DuckDBCommand Command(DuckDBConnection reader, string sql)
    {
        var command = reader.CreateCommand();
        command.CommandText = sql;
        foreach (
            var (name, value) in new (string, object?)[]
            {
                ("start", Start),
                ("end", End),
                ("patient", Patient),
                ("practitioner", Practitioner),
                ("organization", Organization),
                ("programme", Programme),
            }
        )
        {
            // The engine refuses a parameter that a statement has no use for.
            if (sql.Contains("$" + name, StringComparison.Ordinal))
                command.Parameters.Add(new DuckDBParameter(name, value ?? DBNull.Value));
        }

        return command;
    }

    private static MeasureCounts Counts(System.Data.Common.DbDataReader row) =>
        new(
            row.IsDBNull(0) ? null : row.GetString(0),
            row.IsDBNull(1) ? null : row.GetString(1),
            Number(row, 2),
            Number(row, 3),
            Number(row, 4),
            Real(row, 5),
            Real(row, 6),
            Real(row, 7),
            Real(row, 8)
        );

    private static int Number(System.Data.Common.DbDataReader row, int ordinal) =>
        Convert.ToInt32(row.GetValue(ordinal), CultureInfo.InvariantCulture);

    private static double? Real(System.Data.Common.DbDataReader row, int ordinal) =>
        row.IsDBNull(ordinal) ? null : Convert.ToDouble(row.GetValue(ordinal), CultureInfo.InvariantCulture);
}

/// <summary>In which populations a patient is, by whichever of their rows.</summary>
/// <param name="IsGap">In the denominator, and not in the numerator.</param>
internal sealed record MeasuredPatient(string Id, bool IsExcluded, bool IsInNumerator, bool IsGap);
