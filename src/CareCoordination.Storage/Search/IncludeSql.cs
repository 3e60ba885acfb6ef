using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// Resources that go along with the matches of a page. What the matches refer to is read from their bytes, what refers to them
/// from the reference index. https://hl7.org/fhir/R4/search.html#revinclude
/// </summary>
internal sealed class IncludeSql(SqlDialect dialect, IndexSource source, int maxIncluded)
{
    private static readonly TableShape Versions = ValueForm.Listed([
        new("TypeId", ColumnType.Short),
        new("Id", ColumnType.Text, FhirTables.MaxIdLength),
        new("Version", ColumnType.Int),
    ]);

    private readonly AccessSql _access = new CriterionSql(dialect, source).Access;

    // A statement per this many resources: what comes back is in memory at once.
    private const int ChunkSize = 1000;

    /// <summary>What is included, and more than may be where there is more.</summary>
    public async Task<List<StoredResource>> IncludedAsync(
        DbSession session,
        SearchQuery query,
        IReadOnlyList<ResourceRow> matches,
        CancellationToken cancellationToken
    )
    {
        var seen = matches.Select(m => m.Resource.Key).ToHashSet();
        var included = new List<StoredResource>();
        var (now, versions) = Divide(query, matches, seen);
        foreach (var chunk in now.Chunk(ChunkSize))
            included.AddRange(await session.QueryAsync(ByKeys(chunk, query.Visibility), Read, cancellationToken));
        // A version that is there already as what is current does not come twice.
        var there = matches.Select(m => m.Resource).Concat(included).Select(r => (r.Key, r.Version)).ToHashSet();
        foreach (var chunk in versions.Where(there.Add).Chunk(ChunkSize))
            included.AddRange(await session.QueryAsync(ByVersions(chunk, query.Visibility), Read, cancellationToken));
        foreach (var include in query.Includes.Where(i => i.IsReverse))
        {
            // What points at the matches points at their type.
            if (include.TargetType is { } target && target != query.ResourceType)
                continue;
            foreach (var chunk in matches.Select(m => m.Key).Chunk(ChunkSize))
            {
                if (included.Count > maxIncluded)
                    return included;
                var sources = await session.QueryAsync(
                    Sources(include, chunk, query.Visibility),
                    Read,
                    cancellationToken
                );
                included.AddRange(sources.Where(r => seen.Add(r.Key)));
            }
        }

        return included;
    }

    /// <summary>What is wanted as it is now, and what in a version; each once, and not much more than may come.</summary>
    private (List<ResourceKey> Now, List<(ResourceKey Key, int Version)> Versions) Divide(
        SearchQuery query,
        IReadOnlyList<ResourceRow> matches,
        HashSet<ResourceKey> seen
    )
    {
        var (now, versions) = (new List<ResourceKey>(), new HashSet<(ResourceKey, int)>());
        foreach (var target in Targets(query, matches))
        {
            // Of what is not seen any number may come before what is.
            if (query.Visibility is null && now.Count + versions.Count > maxIncluded)
                break;
            if (target.Version is not { } text)
            {
                if (seen.Add(target.Key))
                    now.Add(target.Key);
            }
            else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                versions.Add((target.Key, version));
        }

        return (now, [.. versions]);
    }

    private IEnumerable<IncludeTarget> Targets(SearchQuery query, IReadOnlyList<ResourceRow> matches)
    {
        var includes = query.Includes.Where(i => !i.IsReverse && i.SourceType == query.ResourceType).ToList();
        if (includes.Count == 0)
            yield break;
        foreach (var match in matches)
        {
            var document = IndexSource.ParseStored(match.Resource.Utf8Json);
            foreach (var include in includes)
            {
                foreach (var target in source.TargetsOf(document, include.Parameter))
                {
                    if (include.TargetType is null || include.TargetType == target.Key.Type)
                        yield return target;
                }
            }
        }
    }

    internal Sql ByKeys(ResourceKey[] keys, Visibility? visibility = null)
    {
        var sql = new SqlBuilder(dialect).Add($"""SELECT h."Key", h."Id", {new RawSql(ResourceRow.Columns)} FROM """);
        KeyRows.Write(sql, source, keys);
        sql.Add(""" CROSS JOIN "Resource" h CROSS JOIN "ResourceVersion" v WHERE """);
        KeyRows.WriteIs(sql, "h");
        sql.Add(""" AND h."IsDeleted" = 0 AND v."Sequence" = h."Sequence" """);
        _access.WriteOfAny(sql, "h", visibility);
        return sql.Build();
    }

    /// <summary>Versions that are no deletions, also of what was changed or deleted since.</summary>
    internal Sql ByVersions((ResourceKey Key, int Version)[] wanted, Visibility? visibility = null)
    {
        var rows = new RowBuffer(Versions);
        foreach (var (key, version) in wanted)
            rows.Add(source.TypeId(key.Type)).Add(key.Id).Add(version);
        var sql = new SqlBuilder(dialect).Add($"""SELECT h."Key", h."Id", {new RawSql(ResourceRow.Columns)} FROM """);
        dialect.AddRows(sql, rows);
        sql.Add(""" CROSS JOIN "Resource" h CROSS JOIN "ResourceVersion" v WHERE """);
        KeyRows.WriteIs(sql, "h");
        sql.Add(""" AND v."ResourceKey" = h."Key" AND v."Version" = q."Version" """)
            .Add($"""AND v."Change" <> {RawSql.Of((int)ChangeKind.Delete)}""");
        _access.WriteOfVersions(sql, visibility);
        return sql.Build();
    }

    internal Sql Sources(Include include, long[] targets, Visibility? visibility = null)
    {
        var sql = new SqlBuilder(dialect)
            .Add($"""SELECT h."Key", h."Id", {new RawSql(ResourceRow.Columns)} FROM (""")
            .Add("""SELECT DISTINCT x."ResourceKey" FROM "ReferenceIndex" x WHERE """);
        dialect.AnyOf(sql, "x.\"Target\"", targets);
        if (include.Parameter is { } parameter)
            sql.Add($""" AND x."Parameter" = {parameter.Id}""");
        else
            // Each of them, and nothing that is indexed beside them: where patients belong, what contained resources refer to.
            dialect.AnyOf(sql.Add(" AND "), "x.\"Parameter\"", source.ReferenceParameters(include.SourceType));
        sql.Add($""") x {dialect.Join} "Resource" h ON h."Key" = x."ResourceKey" """)
            .Add($"""{dialect.Join} "ResourceVersion" v ON v."Sequence" = h."Sequence" WHERE h."IsDeleted" = 0""");
        _access.WriteOfAny(sql, "h", visibility);
        sql.Add(""" ORDER BY h."Key" """);
        dialect.Limit(sql, maxIncluded + 1);
        return sql.Build();
    }

    private ResourceRow ReadRow(System.Data.Common.DbDataReader row)
    {
        var key = row.GetInt64(0);
        var resource = ResourceRow.Read(
            row,
            2,
            new ResourceKey(source.TypeName(SurrogateKey.TypeId(key)), row.GetString(1))
        );
        return new ResourceRow(key, resource);
    }

    private StoredResource Read(System.Data.Common.DbDataReader row) => ReadRow(row).Resource;
}
