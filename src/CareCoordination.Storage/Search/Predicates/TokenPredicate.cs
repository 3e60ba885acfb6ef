using System.Collections.Immutable;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#token</summary>
internal static class TokenPredicate
{
    private static readonly ValueForm<TokenLookup> Form = new(
        null,
        Write,
        [new("Key", ColumnType.Long), new("Check", ColumnType.Long), new("System", ColumnType.Long)],
        (rows, lookup) =>
        {
            foreach (var system in Listed(lookup.Systems))
                rows.Add(lookup.Code.Key).Add(lookup.Code.Check).Add(system);
        },
        sql => sql.Add("""x."Key" = q."Key" AND x."Check" = q."Check" """).Add(AnyHash.Listed("System", "System"))
    );

    public static IndexMatch Match(TokenCriterion criterion)
    {
        var lookups = criterion.Values.SelectMany(v => TokenParameter.Lookups(criterion.Parameter, v)).ToList();
        var selectivity = IsIdentifier(criterion.Parameter) ? Selectivity.One : Selectivity.Many;
        return Form.Match(FhirTables.TokenIndex, selectivity, lookups) with
        {
            IsUnique = lookups.Count == 1,
            IsFirst = lookups is [{ Systems.Length: not 1 } only] ? sql => WriteIsFirst(sql, only) : null,
        };
    }

    /// <summary>Systems as they stand in a list.</summary>
    public static ImmutableArray<long> Listed(ImmutableArray<long> systems) =>
        systems.IsEmpty ? [AnyHash.Value] : systems;

    /// <summary>Writes a condition: the column has one of the systems, of which a value has two at most.</summary>
    public static void WriteSystems(SqlBuilder sql, string column, ImmutableArray<long> systems)
    {
        if (systems.IsEmpty)
            return;
        sql.Add($" AND {new RawSql(column)} IN (");
        for (var i = 0; i < systems.Length; i++)
            sql.Add(i == 0 ? "" : ", ").Add($"{systems[i]}");
        sql.Add(")");
    }

    private static bool IsIdentifier(SearchParameter parameter) =>
        parameter.Code is "identifier" or "email" or "phone" or "telecom" or "group-identifier" or "udi-carrier"
        || parameter.Code.EndsWith(":identifier", StringComparison.Ordinal);

    private static void Write(SqlBuilder sql, TokenLookup lookup)
    {
        sql.Add($"""x."Key" = {lookup.Code.Key} AND x."Check" = {lookup.Code.Check}""");
        WriteSystems(sql, "x.\"System\"", lookup.Systems);
    }

    /// <summary>The same code under two systems is two rows of one resource: the first of them stands for it.</summary>
    private static void WriteIsFirst(SqlBuilder sql, TokenLookup lookup)
    {
        sql.Add(
            """
             AND NOT EXISTS (SELECT 1 FROM "TokenIndex" y WHERE y."Key" = x."Key" AND y."Check" = x."Check"
             AND y."ResourceKey" = x."ResourceKey" AND y."System" < x."System"
            """
        );
        WriteSystems(sql, "y.\"System\"", lookup.Systems);
        sql.Add($"{sql.Dialect.ProbeEnd})");
    }
}
