using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#uri</summary>
internal static class UriPredicate
{
    public static IndexMatch Match(SearchParameter parameter, IReadOnlyList<string> uris) =>
        new(
            FhirTables.UriIndex,
            Selectivity.Some,
            sql => IndexMatch.WriteAny(sql, uris, (s, uri) => Write(s, parameter, uri)),
            IsUnique: uris.Count == 1
        );

    private static void Write(SqlBuilder sql, SearchParameter parameter, string uri) =>
        sql.Add($"""x."Parameter" = {parameter.Id} AND x."Value" = {IndexWriter.Cut(uri, FhirTables.MaxUriLength)} """)
            .Add($"""AND x."Hash" = {IndexWriter.UriHash(uri)}""");
}
