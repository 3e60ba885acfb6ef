using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>One row holds all parts of a tuple. https://hl7.org/fhir/R4/search.html#composite</summary>
internal static class CompositePredicate
{
    public static IndexMatch Match(CompositeCriterion criterion, SqlDialect dialect)
    {
        var form = new ValueForm<CompositeTuple>(
            null,
            (sql, tuple) => tuple.Write(sql),
            CompositeTuple.Columns,
            (rows, tuple) => tuple.Add(rows, dialect),
            CompositeTuple.WriteListed
        );
        return form.Match(
            FhirTables.CompositeIndex,
            Selectivity.Some,
            [.. criterion.Values.SelectMany(value => CompositeTuple.Of(criterion.Parameter, value))]
        );
    }
}
