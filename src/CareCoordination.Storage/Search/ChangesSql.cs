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
        var changes = new List<StoredChange>();
        var shared = new List<long>();
        var bytes = 0L;
        await session.EachAsync(
            Page(query),
            row =>
            {
                var key = new ResourceKey(source.TypeName(row.GetInt16(0)), row.GetString(1));
                var change = ResourceRow.Read(row, 5, key);
                if (row.GetInt64(3) == AboutPatient.Several)
                    shared.Add(change.Sequence);
                changes.Add(new StoredChange(change, row.GetInt64(2), row.IsDBNull(4) ? [] : [row.GetString(4)]));
                return (bytes += change.Utf8Json.Length) < MaxBytes;
            },
            cancellationToken
        );
        var several = await SeveralAsync(session, shared, cancellationToken);
        return new ChangesPage(
            [
                .. changes.Select(change =>
                    several.Contains(change.Resource.Sequence)
                        ? change with
                        {
                            Patients = [.. several[change.Resource.Sequence]],
                        }
                        : change
                ),
            ],
            last is [var sequence] ? sequence : 0
        );
    }

    /// <summary>The patients of versions that are about several.</summary>
    private async Task<ILookup<long, string>> SeveralAsync(
        DbSession session,
        List<long> sequences,
        CancellationToken cancellationToken
    )
    {
        if (sequences.Count == 0)
            return Enumerable.Empty<(long Sequence, string Id)>().ToLookup(of => of.Sequence, of => of.Id);
        var rows = await session.QueryAsync(
            Several(sequences),
            row => (Sequence: row.GetInt64(0), Id: row.GetString(1)),
            cancellationToken
        );
        return rows.ToLookup(of => of.Sequence, of => of.Id);
    }

    internal Sql Page(ChangesQuery query)
    {
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT v."TypeId", h."Id", v."Labels", v."Patient", p."Id", """)
            .Add($"""{new RawSql(ResourceRow.Columns)} FROM "ResourceVersion" v """)
            .Add($"""{dialect.Join} "Resource" h ON h."Key" = v."ResourceKey" """)
            // What is about nobody, or about several, has a number that no resource has.
            .Add($"""LEFT JOIN "Resource" p ON p."Key" = v."Patient" WHERE v."Sequence" > {query.After} """)
            .Add("""ORDER BY v."Sequence" """);
        dialect.Limit(sql, query.Count);
        return sql.Build();
    }

    private Sql Several(List<long> sequences)
    {
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT s."Sequence", p."Id" FROM "SharedPatient" s """)
            .Add($"""{dialect.Join} "Resource" p ON p."Key" = s."Patient" WHERE """);
        dialect.AnyOf(sql, "s.\"Sequence\"", sequences);
        return sql.Build();
    }
}
