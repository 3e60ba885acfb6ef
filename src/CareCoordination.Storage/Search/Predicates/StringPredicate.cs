using System.Collections.Immutable;
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
                    [.. criterion.Values.Select(v => StringParameter.Pieces(criterion.Parameter, v))]
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

    private static ValueForm<ImmutableArray<string>> Start(SearchParameter parameter, SqlDialect dialect) =>
        new(
            parameter,
            (sql, pieces) =>
            {
                sql.Add($"""x."Value" >= {pieces[0]} AND x."Value" < {dialect.AfterPrefix(pieces[0])}""");
                for (var place = 1; place < pieces.Length; place++)
                    WritePiece(sql, parameter, pieces[place], place);
            },
            [
                new("From", ColumnType.Text, FhirTables.MaxStringLength),
                new("To", ColumnType.Text, FhirTables.MaxEndLength),
            ],
            // Of so many none is longer than a row.
            (rows, pieces) => rows.Add(pieces[0]).Add(dialect.AfterPrefix(pieces[0])),
            sql => sql.Add($"""x."Value" >= q."From"{dialect.ListedText} AND x."Value" < q."To"{dialect.ListedText}""")
        );

    /// <summary>The same string has this piece at its place too.</summary>
    private static void WritePiece(SqlBuilder sql, SearchParameter parameter, string piece, int place) =>
        sql.Add(""" AND EXISTS (SELECT 1 FROM "StringIndex" y WHERE y."ResourceKey" = x."ResourceKey" """)
            .Add($"""AND y."Parameter" = {RawSql.Of(StringParameter.Numbers(parameter).Further)} """)
            .Add($"""AND y."Value" >= {piece} AND y."Value" < {sql.Dialect.AfterPrefix(piece)} """)
            .Add($"""AND y."Exact" = (x."Exact" | {RawSql.Of(StringParameter.MostPieces)}) - {RawSql.Of(place)}""")
            .Add($"{sql.Dialect.ProbeEnd})");

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
            null,
            (sql, part) => sql.Dialect.Contains(OfAllRows(sql, parameter), "x.\"Value\"", sql.Parameter(part)),
            [new("Part", ColumnType.Text, FhirTables.MaxStringLength)],
            (rows, part) => rows.Add(part),
            sql =>
                sql.Dialect.Contains(
                    OfAllRows(sql, parameter),
                    "x.\"Value\"",
                    new RawSql($"q.\"Part\"{sql.Dialect.ListedText.Text}")
                )
        );

    /// <summary>A long string has rows of two numbers.</summary>
    private static SqlBuilder OfAllRows(SqlBuilder sql, SearchParameter parameter)
    {
        var (first, rest) = StringParameter.Numbers(parameter);
        return sql.Add($"""x."Parameter" IN ({first}, {rest}) AND """);
    }
}
