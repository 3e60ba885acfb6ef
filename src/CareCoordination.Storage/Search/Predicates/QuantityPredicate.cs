using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#quantity</summary>
internal static class QuantityPredicate
{
    public static IndexMatch Match(QuantityCriterion criterion) =>
        new(
            FhirTables.QuantityIndex,
            Selectivity.Many,
            sql =>
                IndexMatch.WriteAny(
                    sql,
                    criterion.Values,
                    (s, value) =>
                    {
                        s.Add($"""x."Parameter" = {criterion.Parameter.Id} AND """);
                        NumberPredicate.Write(s, value.Number);
                        if (value.System is { } system)
                            s.Add($""" AND x."System" = {TokenParameter.SystemHash(system)}""");
                        if (value.Unit is { } unit)
                            s.Add($""" AND x."Unit" = {QuantityParameter.UnitHash(unit)}""");
                    }
                )
        );
}
