using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage.Search;

/// <summary>
/// What each engine takes in one search. Values go as lists and have no limit of an engine's; a condition has at most
/// <see cref="MaxParameters"/> of its own, however many values it has.
/// </summary>
public static class SearchCapacity
{
    /// <summary>Of one condition: two tuples of a code with its systems and of a quantity with its unit.</summary>
    internal const int MaxParameters = 14;

    // The page, the type and the place after which it starts.
    private const int OfThePage = 40;

    private static readonly SearchLimits PostgreSql = new()
    {
        MaxValues = int.MaxValue,
        MaxConditions = 1000,
        MaxSortKeys = 32,
        MaxIncludes = int.MaxValue,
    };

    /// <summary>SQLite reads conditions as an expression that may be 1,000 deep. https://sqlite.org/limits.html</summary>
    private static readonly SearchLimits Sqlite = PostgreSql with { MaxConditions = 900 };

    private static readonly SearchLimits SqlServer = PostgreSql with
    {
        MaxConditions = (2_100 - OfThePage) / MaxParameters,
    };

    public static SearchLimits Of(StorageProvider provider) =>
        provider switch
        {
            StorageProvider.Sqlite => Sqlite,
            StorageProvider.SqlServer => SqlServer,
            _ => PostgreSql,
        };
}
