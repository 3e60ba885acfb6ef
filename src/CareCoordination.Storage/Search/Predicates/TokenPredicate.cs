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
            sql => IndexMatch.WriteAny(sql, lookups, (s, lookup) => Write(s, lookup, isOnly: lookups.Count == 1)),
            IsUnique: lookups.Count == 1
        );
    }

    private static bool IsIdentifier(SearchParameter parameter) =>
        parameter.Code is "identifier" or "email" or "phone" or "telecom" or "group-identifier" or "udi-carrier";

    private static void Write(SqlBuilder sql, TokenLookup lookup, bool isOnly)
    {
        sql.Add($"""x."Key" = {lookup.Code.Key} AND x."Check" = {lookup.Code.Check}""");
        WriteSystems(sql, "x", lookup);
        if (!isOnly || lookup.Systems.Length == 1)
            return;
        // The same code under two systems is two rows of one resource: the first of them stands for it.
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
