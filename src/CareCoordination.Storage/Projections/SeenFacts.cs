using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;

namespace CareCoordination.Storage.Projections;

/// <summary>
/// What lists and sums go by besides the rows that they are of, as the risk of a patient: of resources that the caller sees alone, so
/// that neither an order nor a number tells of others. docs/access.md
/// </summary>
internal sealed class SeenFacts(SqlDialect dialect, AccessSql access)
{
    public const string Patient = "Patient";
    public const string Task = "Task";

    /// <summary>What says that somebody manages a patient's care.</summary>
    public const string Episode = "EpisodeOfCare";

    /// <summary>What says that a patient is in a transition of care.</summary>
    public const string Plan = "CarePlan";

    /// <summary>What says a patient's risk.</summary>
    public const string Assessment = "RiskAssessment";

    /// <summary>Writes a condition: the resource of this type that <paramref name="key"/> is the key of is seen.</summary>
    public void Write(SqlBuilder sql, string key, string resourceType, Visibility? visibility)
    {
        if (visibility is null)
            return;
        sql.Add($""" AND EXISTS (SELECT 1 FROM "Resource" h WHERE h."Key" = {new RawSql(key)}""");
        access.WriteOfTypeOnce(sql, "h", resourceType, visibility);
        sql.Add($"{dialect.ProbeEnd})");
    }

    /// <summary>Writes a select of one column of the latest risk of a patient.</summary>
    public void WriteRisk(SqlBuilder sql, string column, string patient, Visibility? visibility)
    {
        sql.Add($"""SELECT f."{new RawSql(column)}" FROM "PatientFact" f WHERE f."Patient" = {new RawSql(patient)} """)
            .Add($"""AND f."Kind" = {(short)PatientFactKind.Risk}""");
        Write(sql, "f.\"ResourceKey\"", Assessment, visibility);
        sql.Add(""" ORDER BY f."At" DESC, f."ResourceKey" DESC""");
        dialect.Limit(sql, 1);
    }
}
