using System.Collections.Frozen;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// Versions by the change sequence, oldest first. All writers take their place in it under one lock, so that what is committed later has
/// a later place, and nothing comes in behind whoever follows.
/// </summary>
internal sealed class ChangesSql(SqlDialect dialect, IndexSource source)
{
    public async Task<ChangesPage> PageAsync(DbSession session, ChangesQuery query, CancellationToken cancellationToken)
    {
        var last = await session.QueryAsync(
            new Sql("""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = 1""", []),
            row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture),
            cancellationToken
        );
        var rows = await session.QueryAsync(
            Page(query),
            row =>
                (
                    Change: ResourceRow.Read(
                        row,
                        3,
                        new ResourceKey(source.TypeName(row.GetInt16(0)), row.GetString(1))
                    ),
                    Labels: row.GetInt64(2)
                ),
            cancellationToken
        );
        return new ChangesPage([.. rows.Select(row => row.Change)], last is [var sequence] ? sequence : 0)
        {
            Labels = rows.Where(row => row.Labels != 0)
                .ToFrozenDictionary(row => row.Change.Sequence, row => row.Labels),
        };
    }

    internal Sql Page(ChangesQuery query)
    {
        var sql = new SqlBuilder(dialect)
            .Add(
                $"""SELECT v."TypeId", h."Id", v."Labels", {new RawSql(ResourceRow.Columns)} FROM "ResourceVersion" v """
            )
            .Add($"""{dialect.Join} "Resource" h ON h."Key" = v."ResourceKey" WHERE v."Sequence" > {query.After} """)
            .Add("""ORDER BY v."Sequence" """);
        dialect.Limit(sql, query.Count);
        return sql.Build();
    }
}
