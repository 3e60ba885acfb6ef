using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// Resources that go along with the matches of a page. What the matches refer to is read from their bytes, what refers to them
/// from the reference index. https://hl7.org/fhir/R4/search.html#revinclude
/// </summary>
internal sealed class IncludeSql(SqlDialect dialect, IndexSource source, int maxIncluded)
{
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
        var wanted = Targets(query, matches).Where(seen.Add).Take(maxIncluded + 1).ToList();
        foreach (var chunk in wanted.Chunk(ChunkSize))
            included.AddRange(await session.QueryAsync(ByKeys(chunk), Read, cancellationToken));
        foreach (var include in query.Includes.Where(i => i.IsReverse))
        {
            // What points at the matches points at their type.
            if (include.TargetType is { } target && target != query.ResourceType)
                continue;
            foreach (var chunk in matches.Select(m => m.Key).Chunk(ChunkSize))
            {
                if (included.Count > maxIncluded)
                    return included;
                var sources = await session.QueryAsync(Sources(include, chunk), Read, cancellationToken);
                included.AddRange(sources.Where(r => seen.Add(r.Key)));
            }
        }

        return included;
    }

    private IEnumerable<ResourceKey> Targets(SearchQuery query, IReadOnlyList<ResourceRow> matches)
    {
        var includes = query.Includes.Where(i => !i.IsReverse && i.SourceType == query.ResourceType).ToList();
        if (includes.Count == 0)
            yield break;
        foreach (var match in matches)
        {
            var document = IndexSource.ParseStored(match.Resource.Utf8Json);
            foreach (var include in includes)
            {
                foreach (var target in source.ReferencesOf(document, include.Parameter))
                {
                    if (include.TargetType is null || include.TargetType == target.Type)
                        yield return target;
                }
            }
        }
    }

    internal Sql ByKeys(ResourceKey[] keys)
    {
        var sql = new SqlBuilder(dialect).Add($"""SELECT h."Key", h."Id", {new RawSql(ResourceRow.Columns)} FROM """);
        KeyRows.Write(sql, source, keys);
        sql.Add(""" CROSS JOIN "Resource" h CROSS JOIN "ResourceVersion" v WHERE """);
        KeyRows.WriteIs(sql, "h");
        return sql.Add(""" AND h."IsDeleted" = 0 AND v."Sequence" = h."Sequence" """).Build();
    }

    internal Sql Sources(Include include, long[] targets)
    {
        var typeId = source.TypeId(include.SourceType);
        var sql = new SqlBuilder(dialect)
            .Add($"""SELECT h."Key", h."Id", {new RawSql(ResourceRow.Columns)} FROM (""")
            .Add("""SELECT DISTINCT x."ResourceKey" FROM "ReferenceIndex" x WHERE """);
        dialect.AnyOf(sql, "x.\"Target\"", targets);
        if (include.Parameter is { } parameter)
            sql.Add($""" AND x."Parameter" = {parameter.Id}""");
        else
            sql.Add($""" AND x."Parameter" <> {FhirTables.CompartmentParameter} """)
                .Add(
                    $"""AND x."ResourceKey" >= {SurrogateKey.Start(typeId)} AND x."ResourceKey" < {SurrogateKey.End(typeId)}"""
                );
        sql.Add($""") x {dialect.Join} "Resource" h ON h."Key" = x."ResourceKey" """)
            .Add(
                $"""{dialect.Join} "ResourceVersion" v ON v."Sequence" = h."Sequence" WHERE h."IsDeleted" = 0 ORDER BY h."Key" """
            );
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
