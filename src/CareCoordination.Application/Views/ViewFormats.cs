using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Views.Files;

namespace CareCoordination.Application.Views;

/// <summary>
/// The format of an answer of rows: by <c>_format</c>, then by Accept, then ndjson.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/operations-common.html#content-negotiation
/// </summary>
public static class ViewFormats
{
    private const string Tables = "json, ndjson, csv and parquet";
    private const string Names = "json, ndjson, csv, parquet and fhir";

    /// <param name="hasFhirTypes">False: the columns are not of types of FHIR, so that the rows are no Parameters.</param>
    public static Result<RowFormat> Choose(OperationInput input, bool hasFhirTypes = true)
    {
        var accepted = input.AcceptHeader;
        if ((input.Text("_format") ?? input.Query.First("_format")) is { } name)
        {
            if (Find(input, name, hasFhirTypes) is not { } asked)
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"'{(name.Length > 64 ? name[..64] : name)}' is no format of rows: there are {(hasFhirTypes ? Names : Tables)}."
                );
            // The envelope would be a third larger, and could not be written before all of it is there.
            return asked != RowFormat.Fhir && AsksForEnvelope(accepted)
                ? Failure.From(
                    406,
                    IssueCode.NotSupported,
                    $"Rows as {asked.Code} are answered as they are, not in a Binary: accept {asked.MediaType}, or anything."
                )
                : asked;
        }

        foreach (var range in (accepted ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (Find(input, range.Split(';')[0].TrimEnd(), hasFhirTypes) is { } wanted)
                return wanted;
        }

        return RowFormat.NdJson;
    }

    /// <summary>The format of files: what one in the text of FHIR would be is no table.</summary>
    public static Result<RowFormat> ChooseFile(OperationInput input)
    {
        var name = input.Text("_format") ?? input.Query.First("_format") ?? RowFormat.NdJson.Code;
        return Find(input, name, hasFhirTypes: false) is { } format
            ? format
            : Failure.Invalid(
                IssueCode.NotSupported,
                $"'{(name.Length > 64 ? name[..64] : name)}' is no format of files: there are {Tables}."
            );
    }

    private static bool AsksForEnvelope(string? accept) =>
        accept is not null
        && accept.Contains("fhir+", StringComparison.OrdinalIgnoreCase)
        && !accept.Contains("*/*", StringComparison.Ordinal);

    private static RowFormat? Find(OperationInput input, string name, bool hasFhirTypes) =>
        input.Definitions.RowFormats.FirstOrDefault(f =>
            (hasFhirTypes || f != RowFormat.Fhir)
            && (
                name.Equals(f.Code, StringComparison.OrdinalIgnoreCase)
                || name.Equals(f.MediaType, StringComparison.OrdinalIgnoreCase)
            )
        );
}
