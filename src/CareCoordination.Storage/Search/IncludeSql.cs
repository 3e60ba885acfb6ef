using System.Collections.Immutable;
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

    public async Task<IncludedResources> IncludedAsync(
        DbSession session,
        SearchQuery query,
        IReadOnlyList<ResourceRow> matches,
        CancellationToken cancellationToken
    )
    {
        var gathered = new Gathered(matches);
        var includes = query.Includes;
        var from = matches;
        for (var round = 1; from.Count > 0 && !includes.IsEmpty && gathered.Rows.Count <= maxIncluded; round++)
        {
            var found = await FollowAsync(session, includes, from, query.Visibility, gathered, cancellationToken);
            if (round > StorageOptions.MaxIncludeRounds)
                return Result(gathered, hasFurther: found.Count > 0);
            gathered.Rows.AddRange(found);
            from = found;
            includes = [.. query.Includes.Where(include => include.IsIterated)];
        }

        return Result(gathered, hasFurther: false);
    }

    private IncludedResources Result(Gathered gathered, bool hasFurther) =>
        new(
            [.. gathered.Rows.Select(row => row.Resource)],
            gathered.IsCut || gathered.Rows.Count > maxIncluded,
            hasFurther
        );

    /// <summary>What some resources bring along that is not there yet, and more than may come where there is more.</summary>
    private async Task<List<ResourceRow>> FollowAsync(
        DbSession session,
        ImmutableArray<Include> includes,
        IReadOnlyList<ResourceRow> from,
        Visibility? visibility,
        Gathered gathered,
        CancellationToken cancellationToken
    )
    {
        var found = new List<ResourceRow>();
        var (now, versions) = Divide(includes, from, visibility, gathered);
        foreach (var chunk in now.Chunk(ChunkSize))
            found.AddRange(await session.QueryAsync(ByKeys(chunk, visibility), Read, cancellationToken));
        // A version that is there already as what is current does not come twice.
        gathered.Versions.UnionWith(found.Select(row => (row.Resource.Key, row.Resource.Version)));
        foreach (var chunk in versions.Where(gathered.Versions.Add).Chunk(ChunkSize))
            found.AddRange(await session.QueryAsync(ByVersions(chunk, visibility), Read, cancellationToken));
        foreach (var include in includes.Where(i => i.IsReverse))
        {
            // What points at them points at their type.
            var targets = from.Where(row => (include.TargetType ?? row.Resource.Key.Type) == row.Resource.Key.Type);
            foreach (var chunk in targets.Select(row => row.Key).Distinct().Chunk(ChunkSize))
            {
                if (gathered.Rows.Count + found.Count > maxIncluded)
                    return found;
                var sources = await session.QueryAsync(Sources(include, chunk, visibility), Read, cancellationToken);
                // Some of them may be there already, and some of those that are not be left out.
                gathered.IsCut |= sources.Count > maxIncluded;
                found.AddRange(sources.Where(row => gathered.Seen.Add(row.Resource.Key)));
            }
        }

        return found;
    }

    /// <summary>What is wanted as it is now, and what in a version; each once, and not much more than may come.</summary>
    private (List<ResourceKey> Now, List<(ResourceKey Key, int Version)> Versions) Divide(
        ImmutableArray<Include> includes,
        IReadOnlyList<ResourceRow> from,
        Visibility? visibility,
        Gathered gathered
    )
    {
        var (now, versions) = (new List<ResourceKey>(), new HashSet<(ResourceKey, int)>());
        foreach (var target in Targets(includes, from))
        {
            // Of what is not seen any number may come before what is.
            if (visibility is null && gathered.Rows.Count + now.Count + versions.Count > maxIncluded)
                break;
            if (target.Version is not { } text)
            {
                if (gathered.Seen.Add(target.Key))
                    now.Add(target.Key);
            }
            else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                versions.Add((target.Key, version));
        }

        return (now, [.. versions]);
    }

    private IEnumerable<IncludeTarget> Targets(ImmutableArray<Include> includes, IReadOnlyList<ResourceRow> from)
    {
        var forward = includes
            .Where(include => !include.IsReverse)
            .ToLookup(include => include.SourceType, StringComparer.Ordinal);
        foreach (var row in from.Where(row => forward.Contains(row.Resource.Key.Type)))
        {
            var document = IndexSource.ParseStored(row.Resource.Utf8Json);
            foreach (var include in forward[row.Resource.Key.Type])
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

    private ResourceRow Read(System.Data.Common.DbDataReader row)
    {
        var key = row.GetInt64(0);
        var resource = ResourceRow.Read(
            row,
            2,
            new ResourceKey(source.TypeName(SurrogateKey.TypeId(key)), row.GetString(1))
        );
        return new ResourceRow(key, resource);
    }

    /// <summary>What is there already: the matches, and what has come along.</summary>
    private sealed class Gathered(IReadOnlyList<ResourceRow> matches)
    {
        public List<ResourceRow> Rows { get; } = [];

        /// <summary>What was asked for, whether it may be seen or not.</summary>
        public HashSet<ResourceKey> Seen { get; } = [.. matches.Select(row => row.Resource.Key)];

        public HashSet<(ResourceKey Key, int Version)> Versions { get; } =
        [.. matches.Select(row => (row.Resource.Key, row.Resource.Version))];

        public bool IsCut { get; set; }
    }
}

/// <summary>What goes along with the matches of a page.</summary>
/// <param name="Resources">More than may be carried where there is more.</param>
/// <param name="IsCut">There is more than may be carried.</param>
/// <param name="HasFurther">There is more that is further away from the matches than is followed.</param>
internal sealed record IncludedResources(ImmutableArray<StoredResource> Resources, bool IsCut, bool HasFurther)
{
    public static readonly IncludedResources None = new([], false, false);
}
