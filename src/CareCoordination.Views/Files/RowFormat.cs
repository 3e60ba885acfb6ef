using System.Collections.Immutable;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Files;

/// <summary>A format of files of rows. https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/operations-common.html#output-formats</summary>
/// <param name="Code">As <c>_format</c> names it.</param>
/// <param name="New">A file of these columns that takes so many rows at most.</param>
public sealed record RowFormat(string Code, string MediaType, Func<FileOptions, RowFile> New)
{
    public static readonly RowFormat Json = new(
        "json",
        "application/json",
        o => new JsonFile(o.Columns, isLines: false) { MaxRows = o.MaxRows }
    );

    public static readonly RowFormat NdJson = new(
        "ndjson",
        "application/x-ndjson",
        o => new JsonFile(o.Columns, isLines: true) { MaxRows = o.MaxRows }
    );

    public static readonly RowFormat Csv = new(
        "csv",
        "text/csv",
        o => new CsvFile(o.Columns, o.HasHeader) { MaxRows = o.MaxRows }
    );

    public static readonly RowFormat Fhir = new(
        "fhir",
        "application/fhir+json",
        o => new ParametersFile(o.Columns) { MaxRows = o.MaxRows }
    );
}

/// <param name="HasHeader">The names of the columns come first, in a format that has them nowhere else.</param>
public sealed record FileOptions(
    ImmutableArray<ViewColumn> Columns,
    long MaxRows = long.MaxValue,
    bool HasHeader = true
);
