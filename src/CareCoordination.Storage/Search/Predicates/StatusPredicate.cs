using System.Collections.Immutable;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>
/// A status is in the row of the resource beside its index row (<see cref="IndexEntries.Status"/>): a resource that was found is not
/// looked up in the index again, and the last changed of a status are found in their order.
/// </summary>
internal static class StatusPredicate
{
    // Of each as many rows are read as there are on a page, and no status has many more codes.
    private const int MostNumbers = 16;

    /// <summary>What the column has for the values; none where the criterion is about something else, or about systems.</summary>
    public static ImmutableArray<long> Numbers(TokenCriterion criterion)
    {
        if (criterion.Not || !criterion.Parameter.IsStatus)
            return [];
        var lookups = criterion.Values.SelectMany(v => TokenParameter.Lookups(criterion.Parameter, v)).ToList();
        return lookups.Count <= MostNumbers && lookups.TrueForAll(l => l.Systems.IsEmpty)
            ? [.. lookups.Select(l => l.Code.Key).Distinct()]
            : [];
    }

    public static void Write(SqlBuilder sql, ImmutableArray<long> numbers) =>
        sql.Dialect.AnyOf(sql, "h.\"Status\"", numbers);
}
