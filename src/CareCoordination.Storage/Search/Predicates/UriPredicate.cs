using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#uri</summary>
internal static class UriPredicate
{
    public static IndexMatch Match(SearchParameter parameter, IReadOnlyList<string> uris)
    {
        var form = new ValueForm<string>(
            parameter,
            (sql, uri) => sql.Add($"""x."Value" = {Start(uri)} AND x."Hash" = {IndexText.UriHash(uri)}"""),
            [new("Value", ColumnType.Text, FhirTables.MaxUriLength), new("Hash", ColumnType.Long)],
            (rows, uri) => rows.Add(Start(uri)).Add(IndexText.UriHash(uri)),
            sql => sql.Add($"""x."Value" = q."Value"{sql.Dialect.ListedText} AND x."Hash" = q."Hash" """)
        );
        return form.Match(FhirTables.UriIndex, Selectivity.Some, uris) with { IsUnique = uris.Count == 1 };
    }

    private static string Start(string uri) => IndexText.Cut(uri, FhirTables.MaxUriLength);
}
