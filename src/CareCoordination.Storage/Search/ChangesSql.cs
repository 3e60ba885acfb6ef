using System.Collections.Frozen;
using System.Collections.Immutable;
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
    /// <summary>A page ends with the version that makes it larger, however many were asked for.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    public async Task<ChangesPage> PageAsync(DbSession session, ChangesQuery query, CancellationToken cancellationToken)
    {
        var last = await session.QueryAsync(
            new Sql("""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = 1""", []),
            row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture),
            cancellationToken
        );
        var changes = ImmutableArray.CreateBuilder<StoredResource>();
        var labels = new Dictionary<long, long>();
        var bytes = 0L;
        await session.EachAsync(
            Page(query),
            row =>
            {
                var key = new ResourceKey(source.TypeName(row.GetInt16(0)), row.GetString(1));
                var change = ResourceRow.Read(row, 3, key);
                changes.Add(change);
                if (row.GetInt64(2) is not 0 and var bits)
                    labels.Add(change.Sequence, bits);
                return (bytes += change.Utf8Json.Length) < MaxBytes;
            },
            cancellationToken
        );
        return new ChangesPage(changes.DrainToImmutable(), last is [var sequence] ? sequence : 0)
        {
            Labels = labels.ToFrozenDictionary(),
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
