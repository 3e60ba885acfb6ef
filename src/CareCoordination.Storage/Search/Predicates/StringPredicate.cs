using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#string</summary>
internal static class StringPredicate
{
    public static IndexMatch Match(StringCriterion criterion, SqlDialect dialect) =>
        criterion.Match switch
        {
            StringMatch.StartsWith => Start(criterion.Parameter, dialect)
                .Match(
                    FhirTables.StringIndex,
                    Selectivity.Some,
                    [.. criterion.Values.Select(v => StringParameter.Fold(v))]
                ),
            StringMatch.Exact => Exact(criterion.Parameter)
                .Match(FhirTables.StringIndex, Selectivity.Some, criterion.Values),
            _ => Part(criterion.Parameter)
                .Match(
                    FhirTables.StringIndex,
                    Selectivity.Many,
                    [.. criterion.Values.Select(v => StringParameter.Fold(v))]
                ) with
            {
                IsLedByList = false,
            },
        };

    private static ValueForm<string> Start(SearchParameter parameter, SqlDialect dialect) =>
        new(
            parameter,
            (sql, start) => sql.Add($"""x."Value" >= {start} AND x."Value" < {dialect.AfterPrefix(start)}"""),
            [
                new("From", ColumnType.Text, FhirTables.MaxStringLength),
                new("To", ColumnType.Text, FhirTables.MaxEndLength),
            ],
            (rows, start) => rows.Add(start).Add(dialect.AfterPrefix(start)),
            sql => sql.Add($"""x."Value" >= q."From"{dialect.ListedText} AND x."Value" < q."To"{dialect.ListedText}""")
        );

    private static ValueForm<string> Exact(SearchParameter parameter) =>
        new(
            parameter,
            (sql, text) =>
                sql.Add($"""x."Value" = {StringParameter.Fold(text)} """)
                    .Add($"""AND x."Exact" = {StringParameter.ExactHash(parameter, text)}"""),
            [new("Value", ColumnType.Text, FhirTables.MaxStringLength), new("Exact", ColumnType.Long)],
            (rows, text) => rows.Add(StringParameter.Fold(text)).Add(StringParameter.ExactHash(parameter, text)),
            sql => sql.Add($"""x."Value" = q."Value"{sql.Dialect.ListedText} AND x."Exact" = q."Exact" """)
        );

    private static ValueForm<string> Part(SearchParameter parameter) =>
        new(
            parameter,
            (sql, part) => sql.Dialect.Contains(sql, "x.\"Value\"", sql.Parameter(part)),
            [new("Part", ColumnType.Text, FhirTables.MaxStringLength)],
            (rows, part) => rows.Add(part),
            sql => sql.Dialect.Contains(sql, "x.\"Value\"", new RawSql($"q.\"Part\"{sql.Dialect.ListedText.Text}"))
        );
}
