using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#uri</summary>
internal static class UriPredicate
{
    private static readonly ValueForm<UriEntry> Form = new(
        null,
        (sql, entry) =>
            sql.Add($"""x."Parameter" = {entry.Parameter} AND x."Value" = {Start(entry.Value)} """)
                .Add($"""AND x."Hash" = {IndexText.UriHash(entry.Value)}"""),
        [
            new("Parameter", ColumnType.Int),
            new("Value", ColumnType.Text, FhirTables.MaxUriLength),
            new("Hash", ColumnType.Long),
        ],
        (rows, entry) => rows.Add(entry.Parameter).Add(Start(entry.Value)).Add(IndexText.UriHash(entry.Value)),
        sql =>
            sql.Add($"""x."Parameter" = q."Parameter" AND x."Value" = q."Value"{sql.Dialect.ListedText} """)
                .Add("""AND x."Hash" = q."Hash" """)
    );

    public static IndexMatch Match(SearchParameter parameter, IReadOnlyList<string> uris)
    {
        var entries = uris.SelectMany(uri => UriParameter.Lookups(parameter, uri)).ToList();
        return Form.Match(FhirTables.UriIndex, Selectivity.Some, entries) with { IsUnique = entries.Count == 1 };
    }

    private static string Start(string uri) => IndexText.Cut(uri, FhirTables.MaxUriLength);
}
