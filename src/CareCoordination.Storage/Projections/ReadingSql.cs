using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Projections;

/// <summary>
/// The first or last readings of somebody that have a code: the beginning or the end of one range of an index, whatever there is in
/// it, and only then their bytes.
/// </summary>
internal sealed class ReadingSql(SqlDialect dialect, IndexSource source)
{
    private readonly AccessSql _access = new CriterionSql(dialect, source).Access;

    public async Task<ImmutableArray<StoredResource>> FindAsync(
        DbSession session,
        ReadingsQuery query,
        CancellationToken cancellationToken
    ) => [.. await session.QueryAsync(Page(query), Read, cancellationToken)];

    internal Sql Page(ReadingsQuery query)
    {
        var sql = new SqlBuilder(dialect)
            .Add($"""SELECT h."Id", {new RawSql(ResourceRow.Columns)} FROM (SELECT x."At", x."ResourceKey" """)
            .Add("""FROM "Reading" x WHERE """);
        PartySql.WriteIs(sql, "x.\"Subject\"", source, [query.Subject]);
        sql.Add($""" AND x."Code" = {PartyNumbers.Of(query.Code)}""");
        if (query.From > DateTimeOffset.MinValue)
            sql.Add($""" AND x."At" >= {query.From.UtcTicks}""");
        if (query.Until < DateTimeOffset.MaxValue)
            sql.Add($""" AND x."At" <= {query.Until.UtcTicks}""");
        if (query.Visibility is not null)
        {
            sql.Add(""" AND EXISTS (SELECT 1 FROM "Resource" h WHERE h."Key" = x."ResourceKey" """);
            _access.WriteOfType(sql, "h", ProjectedReading.ResourceType, query.Visibility);
            sql.Add($"{dialect.ProbeEnd})");
        }

        WriteOrder(sql, "x", query.IsLatestFirst);
        dialect.Limit(sql, query.Count);
        sql.Add($""") r {dialect.Join} "Resource" h ON h."Key" = r."ResourceKey" """)
            .Add($"""{dialect.Join} "ResourceVersion" v ON v."Sequence" = h."Sequence" """);
        WriteOrder(sql, "r", query.IsLatestFirst);
        return sql.Build();
    }

    private static void WriteOrder(SqlBuilder sql, string alias, bool descending)
    {
        var (a, direction) = (new RawSql(alias), new RawSql(descending ? " DESC" : ""));
        sql.Add($""" ORDER BY {a}."At"{direction}, {a}."ResourceKey"{direction}""");
    }

    private static StoredResource Read(DbDataReader row) =>
        ResourceRow.Read(row, 1, new ResourceKey(ProjectedReading.ResourceType, row.GetString(0)));
}
