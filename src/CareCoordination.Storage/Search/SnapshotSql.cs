using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// Resources of a type by their keys, each with the version that it had at a place of the change sequence. One statement finds whether a
/// resource has changed since and which version it had, so that no write can come between: no resource is missed and none comes twice.
/// </summary>
internal sealed class SnapshotSql
{
    // Of so few patients the rows of their compartments are looked up; of more all keys of the type are walked.
    private const int FewPatients = 200;

    private const string Deleted = "3";

    private static readonly Sql PointSql = new(
        """SELECT "Sequence", "LastUpdated" FROM "ChangeSequence" WHERE "Id" = 1""",
        []
    );

    private readonly SqlDialect _dialect;
    private readonly IndexSource _source;
    private readonly CriterionSql _criteria;
    private readonly AccessSql _access;

    public SnapshotSql(SqlDialect dialect, IndexSource source)
    {
        (_dialect, _source) = (dialect, source);
        _criteria = new CriterionSql(dialect, source);
        _access = _criteria.Access;
    }

    /// <summary>The last change that was committed.</summary>
    public async Task<SnapshotPoint> PointAsync(DbSession session, int unused, CancellationToken cancellationToken) =>
        await session.FirstAsync(
            PointSql,
            row => new SnapshotPoint(row.GetInt64(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero)),
            cancellationToken
        );

    /// <summary>Those of the types that have resources, deleted ones included.</summary>
    public async Task<ImmutableArray<string>> TypesAsync(
        DbSession session,
        ImmutableArray<string> types,
        CancellationToken cancellationToken
    ) =>
        types.IsEmpty
            ? []
            :
            [
                .. await session.QueryAsync(
                    Types(types),
                    row =>
                        _source.TypeName(
                            (short)Convert.ToInt32(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)
                        ),
                    cancellationToken
                ),
            ];

    public async Task<SnapshotPage> PageAsync(
        DbSession session,
        SnapshotQuery query,
        CancellationToken cancellationToken
    )
    {
        var (low, high) = Range(query);
        long? last = null;
        if (query.IsFiltered && !StartsFromPatients(query))
        {
            // What is filtered is looked at in windows, so that no statement has to walk through all of a type to find nothing.
            last = await session.FirstAsync(
                Window(low, high, query.Count),
                row => row.IsDBNull(0) ? null : (long?)row.GetInt64(0),
                cancellationToken
            );
            if (last is null)
                return new SnapshotPage([], 0, [], null);
            high = last.Value + 1;
        }

        var gathered = new SnapshotText(query);
        try
        {
            await session.EachAsync(Page(query, low, high), gathered.Take, cancellationToken);
            // A window that was read to its end is followed by the next one.
            return gathered.ToPage(last);
        }
        catch
        {
            gathered.Dispose();
            throw;
        }
    }

    public async Task<ImmutableArray<ResourceKey>> AboutAsync(
        DbSession session,
        AboutQuery query,
        CancellationToken cancellationToken
    )
    {
        if (query.Keys.IsEmpty)
            return [];
        var sql = new SqlBuilder(_dialect).Add("""SELECT h."TypeId", h."Id" FROM """);
        KeyRows.Write(sql, _source, query.Keys);
        KeyRows.WriteIs(sql.Add($""" {_dialect.Join} "Resource" h ON """), "h");
        sql.Add(" WHERE 1 = 1");
        if (query.Patients is { } patients)
            _access.WriteAbout(sql, "h", patients);
        else
            sql.Add($""" AND h."Patient" <> {AboutPatient.Nobody}""");
        return
        [
            .. await session.QueryAsync(
                sql.Build(),
                row => new ResourceKey(_source.TypeName(row.GetInt16(0)), row.GetString(1)),
                cancellationToken
            ),
        ];
    }

    internal Sql Page(SnapshotQuery query, long low, long high)
    {
        var sql = new SqlBuilder(_dialect);
        sql.Add("""SELECT h."Key", h."Id", h."Sequence", v."Change", v."Body" FROM """);
        WriteSource(sql, query, low, high);
        var asOf = sql.Parameter(query.AsOf);
        sql.Add($"""{_dialect.Join} "ResourceVersion" v ON v."Sequence" = CASE WHEN h."Sequence" <= {asOf} """)
            .Add("""THEN h."Sequence" ELSE (SELECT MAX(n."Sequence") FROM "ResourceVersion" n """)
            .Add($"""WHERE n."ResourceKey" = h."Key" AND n."Sequence" <= {asOf}) END """)
            .Add($"""WHERE h."Key" > {low} AND h."Key" < {high}""");
        if (!query.WithDeletions)
            sql.Add($""" AND v."Change" <> {new RawSql(Deleted)}""");
        WriteTimes(sql, query);
        WritePatients(sql, query);
        WriteSeen(sql, query, asOf);
        sql.Add(""" ORDER BY h."Key" """);
        _dialect.Limit(sql, query.Count);
        return sql.Build();
    }

    private static (long Low, long High) Bounds(short typeId) =>
        (SurrogateKey.Start(typeId) - 1, SurrogateKey.End(typeId));

    private (long Low, long High) Range(SnapshotQuery query)
    {
        var (low, high) = Bounds(_source.TypeId(query.ResourceType));
        return (query.After ?? low, high);
    }

    private static bool StartsFromPatients(SnapshotQuery query) => query.Patients is { Length: <= FewPatients };

    /// <summary>All keys of the type, or those of the patients' compartments and of what is not told by them any more.</summary>
    private void WriteSource(SqlBuilder sql, SnapshotQuery query, long low, long high)
    {
        if (!StartsFromPatients(query))
        {
            sql.Add(""" "Resource" h """);
            return;
        }

        var patients = query.Patients!.Value;
        sql.Add("(SELECT x.\"ResourceKey\" AS \"Key\" FROM \"ReferenceIndex\" x ")
            .Add($"""WHERE x."Parameter" = {FhirTables.CompartmentParameter} AND x."Target" IN (""");
        KeyRows.WriteSelect(sql, _source, patients);
        sql.Add($"""{_dialect.SetEnd} AND x."ResourceKey" > {low} AND x."ResourceKey" < {high} UNION """);
        // A record of a patient has no row that says whose it is.
        KeyRows.WriteSelect(sql, _source, patients);
        // What was deleted, or has changed since, has no rows by which it was found then.
        sql.Add($""" UNION SELECT c."Key" FROM "Resource" c WHERE c."TypeId" = {_source.TypeId(query.ResourceType)} """)
            .Add($"""AND (c."Sequence" > {query.AsOf}""");
        if (query.WithDeletions)
            sql.Add(""" OR c."IsDeleted" = 1""");
        sql.Add($""")) k {_dialect.Join} "Resource" h ON h."Key" = k."Key" """);
    }

    private static void WriteTimes(SqlBuilder sql, SnapshotQuery query)
    {
        if (query.Since is { } since)
            sql.Add($""" AND v."LastUpdated" >= {since.UtcTicks}""");
        if (query.Until is { } until)
            sql.Add($""" AND v."LastUpdated" < {until.UtcTicks}""");
    }

    private void WritePatients(SqlBuilder sql, SnapshotQuery query)
    {
        if (query.Patients is { } patients)
            _access.WriteAbout(sql, "v", patients);
        else if (query.OnlyOfPatients)
            sql.Add($""" AND v."Patient" <> {AboutPatient.Nobody}""");
    }

    private void WriteSeen(SqlBuilder sql, SnapshotQuery query, RawSql asOf)
    {
        if (query.Visibility is null && query.AnyOf.IsEmpty)
            return;
        sql.Add($""" AND ((h."Sequence" > {asOf}""");
        _access.WriteOfVersionsOfType(sql, "v", query.ResourceType, query.Visibility);
        sql.Add($""") OR (h."Sequence" <= {asOf}""");
        _access.WriteOfType(sql, "h", query.ResourceType, query.Visibility);
        if (!query.AnyOf.IsEmpty)
        {
            // A deletion has nothing by which it could be found.
            sql.Add(query.WithDeletions ? """ AND (h."IsDeleted" = 1 OR """ : " AND (");
            IndexMatch.WriteAny(sql, query.AnyOf, (builder, all) => WriteAll(builder, all, query.Visibility));
            sql.Add(")");
        }

        sql.Add("))");
    }

    private void WriteAll(SqlBuilder sql, ImmutableArray<Criterion> criteria, Visibility? visibility)
    {
        sql.Add("1 = 1");
        foreach (var criterion in criteria)
            _criteria.WriteFilter(sql.Add(" AND "), criterion, visibility);
    }

    /// <summary>The last of the next keys.</summary>
    private Sql Window(long low, long high, int count)
    {
        var sql = new SqlBuilder(_dialect)
            .Add("""SELECT MAX(w."Key") FROM (SELECT r."Key" FROM "Resource" r """)
            .Add($"""WHERE r."Key" > {low} AND r."Key" < {high} ORDER BY r."Key" """);
        _dialect.Limit(sql, count);
        return sql.Add(") w").Build();
    }

    private Sql Types(ImmutableArray<string> types)
    {
        var sql = new SqlBuilder(_dialect);
        for (var i = 0; i < types.Length; i++)
        {
            var typeId = _source.TypeId(types[i]);
            var (low, high) = Bounds(typeId);
            sql.Add(i == 0 ? "SELECT " : " UNION ALL SELECT ")
                .Add($"{RawSql.Of(typeId)}")
                .Add($""" WHERE EXISTS (SELECT 1 FROM "Resource" h WHERE h."Key" > {RawSql.Of(low)} """)
                .Add($"""AND h."Key" < {RawSql.Of(high)} AND h."Version" > 0)""");
        }

        return sql.Build();
    }
}
