using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#reference</summary>
internal static class ReferencePredicate
{
    public static IndexMatch Local(IndexSource source, int parameter, IReadOnlyList<ResourceKey> targets) =>
        new(
            FhirTables.ReferenceIndex,
            Selectivity.Few,
            sql =>
            {
                sql.Add($"""x."Parameter" = {parameter} AND """);
                if (targets is [var only])
                {
                    sql.Add("""x."Target" = (SELECT r."Key" FROM "Resource" r WHERE """);
                    WriteKey(sql, source, only);
                }
                else
                {
                    sql.Add("""x."Target" IN (SELECT r."Key" FROM "Resource" r WHERE """);
                    IndexMatch.WriteAny(sql, targets, (s, target) => WriteKey(s, source, target));
                }

                sql.Add(")");
            },
            IsUnique: targets.Count == 1
        );

    private static void WriteKey(SqlBuilder sql, IndexSource source, ResourceKey key) =>
        sql.Add($"""r."TypeId" = {source.TypeId(key.Type)} AND r."Id" = {key.Id}""");
}
