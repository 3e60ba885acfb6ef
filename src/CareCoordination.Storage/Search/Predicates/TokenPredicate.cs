using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#token</summary>
internal static class TokenPredicate
{
    public static IndexMatch Match(TokenCriterion criterion)
    {
        var lookups = criterion.Values.Select(v => TokenParameter.Lookup(criterion.Parameter, v)).ToList();
        return new IndexMatch(
            FhirTables.TokenIndex,
            IsIdentifier(criterion.Parameter) ? Selectivity.One : Selectivity.Many,
            sql => IndexMatch.WriteAny(sql, lookups, Write),
            IsUnique: lookups.Count == 1,
            IsFirst: lookups is [{ Systems.Length: not 1 } only] ? sql => WriteIsFirst(sql, only) : null
        );
    }

    private static bool IsIdentifier(SearchParameter parameter) =>
        parameter.Code is "identifier" or "email" or "phone" or "telecom" or "group-identifier" or "udi-carrier";

    private static void Write(SqlBuilder sql, TokenLookup lookup)
    {
        sql.Add($"""x."Key" = {lookup.Code.Key} AND x."Check" = {lookup.Code.Check}""");
        WriteSystems(sql, "x", lookup);
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
        WriteSystems(sql, "y", lookup);
        sql.Add($"{sql.Dialect.ProbeEnd})");
    }

    private static void WriteSystems(SqlBuilder sql, string alias, TokenLookup lookup)
    {
        if (lookup.Systems.IsEmpty)
            return;
        sql.Add($""" AND {new RawSql(alias)}."System" IN (""");
        IndexMatch.WriteList(sql, lookup.Systems);
        sql.Add(")");
    }
}
