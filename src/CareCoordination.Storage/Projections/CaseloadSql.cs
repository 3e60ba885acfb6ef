using System.Globalization;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Projections;

/// <summary>The patients of a care manager, counted by what they weigh, and the work that is late.</summary>
internal sealed class CaseloadSql(SqlDialect dialect, IndexSource source)
{
    private readonly SeenFacts _seen = new(dialect, new CriterionSql(dialect, source).Access);

    public async Task<Caseload> CountAsync(DbSession session, CaseloadQuery query, CancellationToken cancellationToken)
    {
        var (patients, overdue) = await session.QueryBothAsync(
            Patients(query),
            row => new CaseloadShare(row.IsDBNull(0) ? null : row.GetString(0), Number(row, 1) == 1, Number(row, 2)),
            Overdue(query),
            row => Number(row, 0),
            cancellationToken
        );
        return new Caseload([.. patients], overdue[0]);
    }

    internal Sql Patients(CaseloadQuery query)
    {
        var sql = new SqlBuilder(dialect).Add("""SELECT c."Tier", c."InTransition", COUNT(*) FROM (SELECT (""");
        _seen.WriteRisk(sql, "Tier", "p.\"Patient\"", query.Visibility);
        sql.Add(""") AS "Tier", CASE WHEN EXISTS (SELECT 1 FROM "PatientFact" t WHERE t."Patient" = p."Patient" """)
            .Add($"""AND t."Kind" = {(short)PatientFactKind.Transition}""");
        _seen.Write(sql, "t.\"ResourceKey\"", SeenFacts.Plan, query.Visibility);
        sql.Add($"""{dialect.ProbeEnd}) THEN 1 ELSE 0 END """)
            .Add("""AS "InTransition" FROM (SELECT DISTINCT m."Patient" FROM "PatientFact" m WHERE """);
        PartySql.WriteIs(sql, "m.\"Manager\"", source, query.Manager);
        _seen.Write(sql, "m.\"ResourceKey\"", SeenFacts.Episode, query.Visibility);
        _seen.Write(sql, "m.\"Patient\"", SeenFacts.Patient, query.Visibility);
        sql.Add(""") p) c GROUP BY c."Tier", c."InTransition" """);
        return sql.Build();
    }

    internal Sql Overdue(CaseloadQuery query)
    {
        var sql = new SqlBuilder(dialect).Add("""SELECT COUNT(*) FROM "WorkItem" w WHERE """);
        PartySql.WriteIs(sql, "w.\"Owner\"", source, query.Manager);
        sql.Add($""" AND w."Due" < {query.AsOf.UtcTicks} AND """);
        dialect.AnyOf(sql, "w.\"Status\"", query.Statuses);
        _seen.Write(sql, "w.\"ResourceKey\"", SeenFacts.Task, query.Visibility);
        return sql.Build();
    }

    private static int Number(System.Data.Common.DbDataReader row, int ordinal) =>
        Convert.ToInt32(row.GetValue(ordinal), CultureInfo.InvariantCulture);
}
