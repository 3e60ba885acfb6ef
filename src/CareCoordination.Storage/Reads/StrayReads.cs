using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Reads;

/// <summary>
/// Walks an index table in the order of its key and compares its rows with the bytes of the resources that they name.
/// </summary>
internal sealed class StrayReads(SqlDialect dialect, IndexSource source)
{
    private static readonly TableShape ResourceKeys = FhirTables.Resource.KeyOnly();

    // Their bytes are in memory at once.
    private const int MaxBodies = 64;

    public Task<StrayPage> PageAsync(DbSession session, StrayQuery query, CancellationToken cancellationToken) =>
        query.Table < FhirTables.KeyedByValue.Length
            ? RowPageAsync(session, query, cancellationToken)
            : DeletedPageAsync(session, query, cancellationToken);

    private async Task<StrayPage> RowPageAsync(DbSession session, StrayQuery query, CancellationToken cancellationToken)
    {
        var table = FhirTables.KeyedByValue[query.Table];
        var rows = await RowsAsync(session, table, query, cancellationToken);
        var types = query.Types.Select(source.TypeId).ToHashSet();
        var owner = table.Ordinal("ResourceKey");
        var repairs = ImmutableArray.CreateBuilder<IndexAnew>();
        var owned = rows.Where(row => types.Count == 0 || types.Contains(SurrogateKey.TypeId((long)row[owner])))
            .GroupBy(row => (long)row[owner]);
        foreach (var chunk in owned.Chunk(MaxBodies))
        {
            var keys = Array.ConvertAll(chunk, group => group.Key);
            var found = await session.QueryAsync(Owners(keys), ReadOwner, cancellationToken);
            var targets = await TargetsAsync(session, table, found, cancellationToken);
            var byKey = found.ToDictionary(o => o.Surrogate);
            foreach (var group in chunk)
            {
                if (
                    byKey.TryGetValue(group.Key, out var resource)
                    && Repair(query.Table, resource, group, targets) is { } anew
                )
                    repairs.Add(anew);
            }
        }

        var next = rows.Count < query.Count ? ReadOnlyMemory<byte>.Empty : StrayPlace.Write(table, rows[^1]);
        return new StrayPage(rows.Count, repairs.ToImmutable(), next);
    }

    /// <summary>The next resources, and of those that are deleted the ones that have rows in a table that can be asked for them.</summary>
    private async Task<StrayPage> DeletedPageAsync(
        DbSession session,
        StrayQuery query,
        CancellationToken cancellationToken
    )
    {
        var rows = await RowsAsync(session, ResourceKeys, query, cancellationToken);
        if (rows.Count == 0)
            return new StrayPage(0, [], ReadOnlyMemory<byte>.Empty);
        var types = query.Types.Select(source.TypeId).ToHashSet();
        var found = await session.QueryAsync(
            DeletedWithRows((long)rows[0][0], (long)rows[^1][0]),
            row => (Type: SurrogateKey.TypeId(row.GetInt64(0)), Id: row.GetString(1), Version: row.GetInt32(2)),
            cancellationToken
        );
        return new StrayPage(
            rows.Count,
            [
                .. found
                    .Where(r => types.Count == 0 || types.Contains(r.Type))
                    .Select(r => new IndexAnew(
                        new ResourceKey(source.TypeName(r.Type), r.Id),
                        r.Version,
                        new IndexEntries()
                    )),
            ],
            rows.Count < query.Count ? ReadOnlyMemory<byte>.Empty : StrayPlace.Write(ResourceKeys, rows[^1])
        );
    }

    private Sql DeletedWithRows(long first, long last)
    {
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT h."Key", h."Id", h."Version" FROM "Resource" h """)
            .Add($"""WHERE h."Key" >= {first} AND h."Key" <= {last} AND h."IsDeleted" = 1 AND (""");
        for (var i = 0; i < FhirTables.IndexRowsOfOne.Length; i++)
        {
            var table = new RawSql(
                $"{(i == 0 ? "" : " OR ")}EXISTS (SELECT 1 FROM \"{FhirTables.IndexRowsOfOne[i].Name}\" x"
            );
            sql.Add($"""{table} WHERE x."ResourceKey" = h."Key")""");
        }

        return sql.Add(")").Build();
    }

    private static IndexAnew? Repair(
        int place,
        Owner owner,
        IEnumerable<ImmutableArray<object>> rows,
        Dictionary<ResourceKey, long> targets
    )
    {
        var table = FhirTables.KeyedByValue[place];
        var right = new StagedRows();
        // A target without a row has no key that a row could name.
        IndexWriter.Stage(right, owner.Surrogate, null, owner.Entries, key => targets.GetValueOrDefault(key, -1));
        var buffer = right.Added.All.Single(r => ReferenceEquals(r.Table, table));
        var known = Enumerable
            .Range(0, buffer.Count)
            .Select(row => Values(buffer, row))
            .ToHashSet(RowComparer.Instance);
        ImmutableArray<StrayRow> strays =
        [
            .. rows.Where(row => !known.Contains(row)).Select(row => new StrayRow(place, row)),
        ];
        return strays.IsEmpty ? null : new IndexAnew(owner.Key, owner.Version, owner.Entries) { Strays = strays };
    }

    private static ImmutableArray<object> Values(RowBuffer buffer, int row) =>
        [.. Enumerable.Range(0, buffer.Table.Columns.Length).Select(column => buffer.Value(row, column))];

    /// <summary>
    /// The next rows. One statement for each column of the key, from the last to the first: each is one range of the key on every
    /// engine, which a comparison of whole rows is not.
    /// </summary>
    private async Task<List<ImmutableArray<object>>> RowsAsync(
        DbSession session,
        TableShape table,
        StrayQuery query,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<ImmutableArray<object>>();
        var after = query.After.IsEmpty ? default : StrayPlace.Read(table, query.After);
        for (var equal = after.IsDefault ? 0 : table.Key.Length - 1; equal >= 0 && rows.Count < query.Count; equal--)
            rows.AddRange(
                await session.QueryAsync(
                    Range(table, after, equal, query.Count - rows.Count),
                    row => ReadRow(table, row),
                    cancellationToken
                )
            );
        return rows;
    }

    internal Sql Range(TableShape table, ImmutableArray<object> after, int equal, int count)
    {
        var sql = new SqlBuilder(dialect).Add(
            $"""SELECT {new RawSql(table.ColumnList())} FROM "{new RawSql(table.Name)}" x"""
        );
        for (var i = 0; !after.IsDefault && i <= equal; i++)
        {
            var column = new RawSql($"{(i == 0 ? " WHERE" : " AND")} x.\"{table.Key[i]}\" {(i < equal ? "=" : ">")} ");
            sql.Add($"{column}").Add(sql.Parameter(after[table.Ordinal(table.Key[i])]).Text);
        }

        sql.Add($" ORDER BY {string.Join(", ", table.Key.Select(c => $"x.\"{c}\""))}");
        dialect.Limit(sql, count);
        return sql.Build();
    }

    private Sql Owners(long[] keys)
    {
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT h."Key", h."Id", h."Version", h."IsDeleted", v."Body" FROM "Resource" h """)
            .Add("""LEFT JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence" WHERE """);
        dialect.AnyOf(sql, "h.\"Key\"", keys);
        return sql.Build();
    }

    private Owner ReadOwner(DbDataReader row)
    {
        var surrogate = row.GetInt64(0);
        var key = new ResourceKey(source.TypeName(SurrogateKey.TypeId(surrogate)), row.GetString(1));
        var isPresent = row.GetInt32(2) > 0 && row.GetInt16(3) == 0 && !row.IsDBNull(4);
        return new Owner(
            surrogate,
            key,
            row.GetInt32(2),
            isPresent ? source.ExtractStored(key, row.GetFieldValue<byte[]>(4)) : new IndexEntries()
        );
    }

    /// <summary>The keys of what the resources refer to, where references are compared.</summary>
    private async Task<Dictionary<ResourceKey, long>> TargetsAsync(
        DbSession session,
        TableShape table,
        List<Owner> owners,
        CancellationToken cancellationToken
    )
    {
        var targets = new Dictionary<ResourceKey, long>();
        if (!ReferenceEquals(table, FhirTables.ReferenceIndex))
            return targets;
        var wanted = owners
            .SelectMany(o => o.Entries.References.Select(r => r.Target).Concat(o.Entries.Patients))
            .Distinct();
        foreach (var type in wanted.GroupBy(key => key.Type, StringComparer.Ordinal))
        {
            foreach (var ids in type.Select(key => key.Id).Chunk(MaxBodies))
            {
                var sql = new SqlBuilder(dialect)
                    .Add("""SELECT h."Id", h."Key" FROM "Resource" h WHERE """)
                    .Add($"""h."TypeId" = {source.TypeId(type.Key)} AND """);
                dialect.AnyOf(sql, "h.\"Id\"", ids);
                foreach (
                    var (id, key) in await session.QueryAsync(
                        sql.Build(),
                        row => (row.GetString(0), row.GetInt64(1)),
                        cancellationToken
                    )
                )
                    targets[new ResourceKey(type.Key, id)] = key;
            }
        }

        return targets;
    }

    private static ImmutableArray<object> ReadRow(TableShape table, DbDataReader row) =>
        [
            .. table.Columns.Select(
                (column, i) =>
                    column.Type switch
                    {
                        ColumnType.Int => (object)row.GetInt32(i),
                        ColumnType.Long => row.GetInt64(i),
                        ColumnType.Real => row.GetDouble(i),
                        _ => row.GetString(i),
                    }
            ),
        ];

    private sealed record Owner(long Surrogate, ResourceKey Key, int Version, IndexEntries Entries);

    private sealed class RowComparer : IEqualityComparer<ImmutableArray<object>>
    {
        public static readonly RowComparer Instance = new();

        public bool Equals(ImmutableArray<object> x, ImmutableArray<object> y) => x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<object> row)
        {
            var hash = new HashCode();
            foreach (var value in row)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
