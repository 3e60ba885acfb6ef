using System.Data.Common;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Projections;

/// <summary>
/// A worklist as one statement over the narrow rows of open tasks: those of the owner or patient are placed, and only the page's
/// bytes are fetched.
/// </summary>
internal sealed class WorklistSql(SqlDialect dialect, IndexSource source)
{
    private readonly CriterionSql _criteria = new(dialect, source);
    private readonly SeenFacts _seen = new(dialect, new CriterionSql(dialect, source).Access);

    public async Task<WorklistPage> PageAsync(
        DbSession session,
        WorklistQuery query,
        CancellationToken cancellationToken
    )
    {
        if (query.Visibility is null)
        {
            var (all, page) = await session.QueryBothAsync(
                Count(query),
                row => Number(row, 0),
                Page(query),
                Read,
                cancellationToken
            );
            return Result(query, page, all[0]);
        }

        var seen = await session.QueryAsync(Page(query), Read, cancellationToken);
        var total =
            seen is [var first, ..] ? first.Total
            : query.After is null ? 0
            : (await session.QueryAsync(Count(query), row => Number(row, 0), cancellationToken))[0];
        return Result(query, seen, total);
    }

    private static WorklistPage Result(WorklistQuery query, List<Placed> rows, long total)
    {
        var hasNext = rows.Count > query.Count;
        if (hasNext)
            rows.RemoveAt(rows.Count - 1);
        return new WorklistPage([.. rows.Select(r => r.Task)], hasNext ? rows[^1].Place : null, total);
    }

    /// <param name="Total">How many there are in all, where the statement counts them.</param>
    private readonly record struct Placed(WorkPlace Place, StoredResource Task, long Total);

    /// <summary>How many there are in all.</summary>
    internal Sql Count(WorklistQuery query)
    {
        var sql = new SqlBuilder(dialect).Add("""SELECT COUNT(*) FROM "WorkItem" w""");
        WriteConditions(sql, query);
        return sql.Build();
    }

    /// <summary>For a caller who does not see everything with how many there are in all: what may be seen is asked of each task once.</summary>
    internal Sql Page(WorklistQuery query)
    {
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT p."Priority", p."Overdue", p."Risk", p."Due", p."Id", """)
            .Add($"""{new RawSql(ResourceRow.Columns)}{new RawSql(query.Visibility is null ? "" : ", p.\"Total\"")} """)
            .Add("FROM (SELECT i.* FROM (");
        if (query.Visibility is null)
            WriteTasks(sql, query);
        else
            WriteTasksOfPatients(sql, query);
        sql.Add($"{dialect.ProbeEnd}) i");
        if (query.After is { } after)
            WriteAfter(sql, after);
        WriteOrder(sql, "i");
        dialect.Limit(sql, query.Count + 1);
        sql.Add($""") p {dialect.Join} "Resource" h ON h."Key" = p."ResourceKey" """)
            .Add($"""{dialect.Join} "ResourceVersion" v ON v."Sequence" = h."Sequence" """);
        WriteOrder(sql, "p");
        return sql.Build();
    }

    /// <summary>Where everything is seen, the risk is looked up for each task: that is one look into an index.</summary>
    private void WriteTasks(SqlBuilder sql, WorklistQuery query)
    {
        WriteColumns(sql, query);
        sql.Add($""", {dialect.Coalesce}((""");
        _seen.WriteRisk(sql, "Rank", "w.\"Patient\"", query.Visibility);
        sql.Add("""), 0) AS "Risk" FROM "WorkItem" w""");
        WriteConditions(sql, query);
    }

    /// <summary>Whether an assessment is seen costs more: it is asked once for all tasks of a patient.</summary>
    private void WriteTasksOfPatients(SqlBuilder sql, WorklistQuery query)
    {
        sql.Add($"""SELECT r.*, {dialect.Coalesce}(MAX(r."Rank") OVER (PARTITION BY r."Patient"), 0) AS "Risk", """)
            .Add("""COUNT(*) OVER () AS "Total" FROM (SELECT t.*, CASE WHEN t."Place" = 1 THEN (""");
        _seen.WriteRisk(sql, "Rank", "t.\"Patient\"", query.Visibility);
        sql.Add(""") END AS "Rank" FROM (""");
        WriteColumns(sql, query);
        sql.Add(
            """, ROW_NUMBER() OVER (PARTITION BY w."Patient" ORDER BY w."ResourceKey") AS "Place" FROM "WorkItem" w"""
        );
        WriteConditions(sql, query);
        sql.Add(") t) r");
    }

    private static void WriteColumns(SqlBuilder sql, WorklistQuery query) =>
        sql.Add("""SELECT w."ResourceKey", w."Id", w."Patient", w."Priority", w."Due", """)
            .Add($"""CASE WHEN w."Due" < {query.Now.UtcTicks} THEN 1 ELSE 0 END AS "Overdue" """);

    private void WriteConditions(SqlBuilder sql, WorklistQuery query)
    {
        sql.Add(" WHERE 1 = 1");
        if (query.IsUnowned)
            sql.Add(""" AND w."Owner" = 0""");
        if (!query.Owners.IsEmpty)
        {
            sql.Add(" AND ");
            PartySql.WriteIs(sql, "w.\"Owner\"", source, query.Owners);
        }

        if (query.IsOfPatients is { } isOfPatients)
            sql.Add(isOfPatients ? " AND EXISTS" : " AND NOT EXISTS")
                .Add($""" (SELECT 1 FROM "Resource" o WHERE o."Key" = w."Owner" AND o."TypeId" IN """)
                .Add($"({source.TypeId("Patient")}, {source.TypeId("RelatedPerson")}))");
        if (query.Patient is { } patient)
        {
            sql.Add(" AND ");
            PartySql.WriteIs(sql, "w.\"Patient\"", source, [new Party(patient, "")]);
        }

        if (!query.Statuses.IsEmpty)
            dialect.AnyOf(sql.Add(" AND "), "w.\"Status\"", query.Statuses);
        if (!query.Priorities.IsEmpty)
            dialect.AnyOf(sql.Add(" AND "), "w.\"Priority\"", query.Priorities);
        if (query.DueBefore is { } due)
            sql.Add($""" AND w."Due" < {due.UtcTicks}""");
        foreach (var criterion in query.Criteria)
        {
            sql.Add(" AND ");
            var match =
                _criteria.Match(criterion, query.Visibility)
                ?? throw new NotSupportedException($"A worklist cannot be asked for {criterion.GetType().Name}.");
            match.WriteProbe(sql, """w."ResourceKey" """);
        }

        _seen.Write(sql, "w.\"ResourceKey\"", SeenFacts.Task, query.Visibility);
    }

    private static void WriteOrder(SqlBuilder sql, string alias)
    {
        var a = new RawSql(alias);
        sql.Add($""" ORDER BY {a}."Priority" DESC, {a}."Overdue" DESC, {a}."Risk" DESC, {a}."Due", {a}."Id" """);
    }

    /// <summary>Smaller than the place in the order of <see cref="WriteOrder"/>, column by column.</summary>
    private static void WriteAfter(SqlBuilder sql, WorkPlace after)
    {
        var priority = sql.Parameter(after.Priority);
        var overdue = sql.Parameter(after.IsOverdue ? 1 : 0);
        var risk = sql.Parameter(after.Risk);
        var due = sql.Parameter(after.Due.UtcTicks);
        sql.Add($""" WHERE i."Priority" <= {priority} AND (i."Priority" < {priority} """)
            .Add($"""OR i."Overdue" < {overdue} OR (i."Overdue" = {overdue} AND (i."Risk" < {risk} """)
            .Add($"""OR (i."Risk" = {risk} AND (i."Due" > {due} OR (i."Due" = {due} AND i."Id" > {after.Id}))))))""");
    }

    private static Placed Read(DbDataReader row)
    {
        const int Total = 10;
        var id = row.GetString(4);
        var due = new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero);
        var place = new WorkPlace((int)Number(row, 0), Number(row, 1) == 1, (int)Number(row, 2), due, id);
        var task = ResourceRow.Read(row, 5, new ResourceKey(SeenFacts.Task, id));
        return new Placed(place, task, row.FieldCount > Total ? Number(row, Total) : 0);
    }

    /// <summary>Engines give small numbers in types of their own.</summary>
    private static long Number(DbDataReader row, int ordinal) =>
        Convert.ToInt64(row.GetValue(ordinal), CultureInfo.InvariantCulture);
}
