using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
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
                WriteOneOf(sql, "x.\"Target\"", source, targets);
            },
            IsUnique: targets.Count == 1
        );

    /// <summary>What is in the compartment of a patient, whose own record has no row that says so.</summary>
    public static IndexMatch Compartment(IndexSource source, CompartmentCriterion compartment)
    {
        var match = Local(source, FhirTables.CompartmentParameter, [compartment.Patient]);
        return compartment.IsOfPatients
            ? match with
            {
                IsUnique = false,
                Besides = sql =>
                {
                    sql.Add("""SELECT r."Key" FROM "Resource" r WHERE """);
                    WriteKey(sql, source, compartment.Patient);
                },
            }
            : match;
    }

    /// <summary>Writes a condition: the column has the key of one of these resources.</summary>
    private static void WriteOneOf(SqlBuilder sql, string column, IndexSource source, IReadOnlyList<ResourceKey> keys)
    {
        if (keys is [var only])
        {
            sql.Add($"""{new RawSql(column)} = (SELECT r."Key" FROM "Resource" r WHERE """);
            WriteKey(sql, source, only);
            sql.Add(")");
            return;
        }

        sql.Add($"{new RawSql(column)}{sql.Dialect.Among}");
        KeyRows.WriteSelect(sql, source, keys);
        sql.Add($"{sql.Dialect.AmongEnd}");
    }

    private static void WriteKey(SqlBuilder sql, IndexSource source, ResourceKey key) =>
        sql.Add($"""r."TypeId" = {source.TypeId(key.Type)} AND r."Id" = {key.Id}""");
}
