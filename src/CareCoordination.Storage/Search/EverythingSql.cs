using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// A patient's compartment by surrogate key, which puts the resources of a type together.
/// https://hl7.org/fhir/R4/patient-operation-everything.html
/// </summary>
internal sealed class EverythingSql(SqlDialect dialect, IndexSource source)
{
    private readonly AccessSql _access = new CriterionSql(dialect, source).Access;

    public async Task<EverythingPage> PageAsync(
        DbSession session,
        EverythingQuery query,
        CancellationToken cancellationToken
    )
    {
        // The patient is not counted: the first page may hold one resource more.
        var (rows, patient) =
            query.After is null && Includes(query, query.Patient.Type)
                ? await session.QueryBothAsync(Page(query), Read, Patient(query), Read, cancellationToken)
                : (await session.QueryAsync(Page(query), Read, cancellationToken), []);
        var hasNext = rows.Count > query.Count;
        if (hasNext)
            rows.RemoveAt(rows.Count - 1);
        return new EverythingPage([.. patient.Concat(rows).Select(r => r.Resource)], hasNext ? rows[^1].Key : null);
    }

    internal Sql Page(EverythingQuery query)
    {
        var sql = new SqlBuilder(dialect)
            .Add($"""SELECT x."ResourceKey", h."Id", {new RawSql(ResourceRow.Columns)} """)
            .Add($"""FROM "ReferenceIndex" x {dialect.Join} "Resource" h ON h."Key" = x."ResourceKey" """)
            .Add($"""{dialect.Join} "ResourceVersion" v ON v."Sequence" = h."Sequence" """)
            .Add(
                $"""WHERE x."Target" = (SELECT r."Key" FROM "Resource" r WHERE r."TypeId" = {source.TypeId(query.Patient.Type)} """
            )
            .Add($"""AND r."Id" = {query.Patient.Id}) AND x."Parameter" = {FhirTables.CompartmentParameter} """)
            // The patient comes first, whatever its key.
            .Add("""AND x."ResourceKey" <> x."Target" """)
            .Add($"""AND x."ResourceKey" > {query.After ?? 0L} AND h."IsDeleted" = 0""");
        if (!query.Types.IsEmpty)
        {
            sql.Add(" AND ");
            dialect.AnyOf(sql, "h.\"TypeId\"", [.. query.Types.Select(source.TypeId)]);
        }

        WriteSince(sql, query);
        _access.WriteOfAny(sql, "h", query.Visibility);
        sql.Add(""" ORDER BY x."ResourceKey" """);
        dialect.Limit(sql, query.Count + 1);
        return sql.Build();
    }

    private Sql Patient(EverythingQuery query)
    {
        var sql = new SqlBuilder(dialect)
            .Add($"""SELECT h."Key", h."Id", {new RawSql(ResourceRow.Columns)} """)
            .Add($"""FROM "Resource" h {dialect.Join} "ResourceVersion" v ON v."Sequence" = h."Sequence" """)
            .Add(
                $"""WHERE h."TypeId" = {source.TypeId(query.Patient.Type)} AND h."Id" = {query.Patient.Id} AND h."IsDeleted" = 0"""
            );
        WriteSince(sql, query);
        _access.WriteOfType(sql, "h", query.Patient.Type, query.Visibility);
        return sql.Build();
    }

    private static void WriteSince(SqlBuilder sql, EverythingQuery query)
    {
        if (query.Since is { } since)
            sql.Add($""" AND h."LastUpdated" >= {since.UtcTicks}""");
    }

    private static bool Includes(EverythingQuery query, string type) =>
        query.Types.IsEmpty || query.Types.Contains(type);

    private ResourceRow Read(DbDataReader row)
    {
        var key = row.GetInt64(0);
        return new(
            key,
            ResourceRow.Read(row, 2, new ResourceKey(source.TypeName(SurrogateKey.TypeId(key)), row.GetString(1)))
        );
    }
}
