using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Projections;

/// <summary>The timers that are due, the longest first.</summary>
internal sealed class TimerSql(SqlDialect dialect, IndexSource source)
{
    public async Task<ImmutableArray<DueTimer>> DueAsync(
        DbSession session,
        (DateTimeOffset Now, int Count) query,
        CancellationToken cancellationToken
    ) => [.. await session.QueryAsync(Due(query.Now, query.Count), Read, cancellationToken)];

    internal Sql Due(DateTimeOffset now, int count)
    {
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT a."At", h."TypeId", h."Id" FROM (SELECT x."At", x."ResourceKey" FROM "Timer" x """)
            .Add($"""WHERE x."At" <= {now.UtcTicks} ORDER BY x."At", x."ResourceKey" """);
        dialect.Limit(sql, count);
        sql.Add($""") a {dialect.Join} "Resource" h ON h."Key" = a."ResourceKey" """)
            .Add("""ORDER BY a."At", a."ResourceKey" """);
        return sql.Build();
    }

    private DueTimer Read(DbDataReader row) =>
        new(
            new ResourceKey(source.TypeName(row.GetInt16(1)), row.GetString(2)),
            new DateTimeOffset(row.GetInt64(0), TimeSpan.Zero)
        );
}
