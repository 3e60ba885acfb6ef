using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#number</summary>
internal static class NumberPredicate
{
    public static IndexMatch Match(NumberCriterion criterion) =>
        Ranges
            .Form<double>(criterion.Parameter, "x.\"Low\"", "x.\"High\"", ColumnType.Real, (rows, n) => rows.Add(n))
            .Match(
                FhirTables.NumberIndex,
                Selectivity.Many,
                Box<double>.Reduce(criterion.Values.SelectMany(Ranges.Of))
            );
}
