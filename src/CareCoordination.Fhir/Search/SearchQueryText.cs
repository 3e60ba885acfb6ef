namespace CareCoordination.Fhir.Search;

/// <summary>Prints a <see cref="SearchQuery"/> as query text.</summary>
internal static class SearchQueryText
{
    public static string Print(SearchQuery query) => query.ResourceType;
}
