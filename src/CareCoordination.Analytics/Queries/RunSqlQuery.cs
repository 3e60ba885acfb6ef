using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Views;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Files;
using MediatR;

namespace CareCoordination.Analytics.Queries;

/// <summary>SQL of a Library over the tables. https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/operations.html</summary>
/// <param name="Library">The Library that is stored; null: it was sent.</param>
/// <param name="Sent">The Library that was sent; null: it is stored.</param>
internal sealed record RunSqlQuery(
    ResourceKey? Library,
    ResourceDocument? Sent,
    ImmutableArray<KeyValuePair<string, object?>> Values,
    RowFormat Format,
    string BaseUrl
) : FhirInteraction("$sqlquery-run", null, null)
{
    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        Application.Operations.Operation.System,
        "sqlquery-run",
        "Runs the SQL of a Library, stored or sent, over the tables of docs/outcomes.md and answers its rows.",
        Read
    )
    {
        AffectsState = false,
        AnswersRows = true,
        IsOnInstance = false,
        Answer = "Binary",
        Parameters =
        [
            new("queryReference", ["Reference", "uri", "string"], "A stored Library."),
            new("queryResource", ["Resource"], "A Library, with its SQL as content of the type application/sql."),
            new("parameters", ["Resource"], "A Parameters resource with values for parameters of the SQL.")
            {
                IsRepeatable = true,
            },
            new("_format", ["code", "string"], "json, ndjson, csv or parquet; by Accept, or else ndjson."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!ViewFormats.Choose(input, hasFhirTypes: false).TryGet(out var rows, out var refused))
            return refused;
        var sent = input.All("queryResource").Select(OperationInput.ResourceOf).FirstOrDefault();
        var library = default(ResourceKey?);
        if (input.Reference("queryReference") is { } reference)
        {
            if (
                LiteralReference.Parse(reference, input.Definitions.Schema.IsResourceType)
                is not { Kind: ReferenceKind.Relative, Key: { Type: ResourceTypes.Library } key }
            )
                return Failure.Invalid(
                    IssueCode.Value,
                    "'queryReference' names a Library of this server, such as Library/readmissions.",
                    "Parameters.parameter"
                );
            library = key;
        }

        if ((library is null) == (sent is null))
            return Failure.Invalid(
                IssueCode.Required,
                "The SQL is that of one Library: send it in 'queryResource', or name it in 'queryReference'.",
                "Parameters.parameter"
            );
        return SqlValues
            .Of(input.All("parameters").Select(OperationInput.ResourceOf).OfType<ResourceDocument>())
            .Then<FhirInteraction>(values => new RunSqlQuery(library, sent, values, rows, input.BaseUrl));
    }
}

/// <summary>Values of a Parameters resource as the engine takes them.</summary>
internal static class SqlValues
{
    public static Result<ImmutableArray<KeyValuePair<string, object?>>> Of(IEnumerable<ResourceDocument> parameters)
    {
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, object?>>();
        foreach (var parameter in parameters.SelectMany(sent => ParametersView.From(sent).Parameter))
        {
            if (parameter.Name is not { } name || Value(parameter) is not { } value)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{parameter.Name}' has no value that SQL can take: send valueString, valueDate, valueInteger, valueDecimal, valueBoolean or the like.",
                    "Parameters.parameter"
                );
            values.Add(KeyValuePair.Create(name, (object?)value));
        }

        return values.ToImmutable();
    }

    private static object? Value(ParametersParameterView parameter)
    {
        if (parameter.ValueBoolean is { } flag)
            return flag;
        if ((parameter.ValueInteger ?? parameter.ValuePositiveInt ?? parameter.ValueUnsignedInt) is { } number)
            return (long)number;
        if (parameter.ValueDecimal is { } real)
            return (double)real;
        if (parameter.ValueDate is { Precision: DatePrecision.Day } day)
            return DateOnly.FromDateTime(day.Instant.DateTime);
        return OperationInput.TextOf(parameter) ?? OperationInput.TimeOf(parameter)?.ToString();
    }
}

/// <summary>Whoever does not see everything asks tables without what is labelled, and without patients who deny it.</summary>
internal sealed class RunSqlQueryHandler(
    CareSession session,
    FhirDefinitions definitions,
    OutcomeTables tables,
    AnalyticsOptions options
) : IRequestHandler<RunSqlQuery, FhirResponse>
{
    private const string SqlType = "application/sql";

    public async Task<FhirResponse> Handle(RunSqlQuery asked, CancellationToken cancellationToken)
    {
        var library = asked.Sent;
        if (asked.Library is { } key)
        {
            if (definitions.BuiltIns.Find(key, asked.BaseUrl) is { } own)
                library = ResourceDocument.Parse(own).Value;
            else if (await session.Reads.ReadAsync(key, cancellationToken) is not { IsDeleted: false } stored)
                return Failure.NotFound($"There is no {key}.");
            else
                library = ResourceDocument.Parse(stored.Utf8Json).Value;
        }

        if (!SqlOf(library!).TryGet(out var sql, out var failure))
            return failure;
        var query = new SqlQuery(sql, asked.Values);
        var answer = await tables.AskAsync(
            (reader, token) => query.Run(reader, asked.Format, options.MaxRows, token),
            cancellationToken,
            isShared: !session.Rights.IsUnlimited
        );
        return answer.TryGet(out var rows, out failure) ? FhirResponse.Of(rows.ToContent(asked.Format)) : failure;
    }

    private static Result<string> SqlOf(ResourceDocument library)
    {
        using var json = JsonDocument.Parse(library.Root.RawUtf8.ToArray());
        if (json.RootElement.TryGetProperty("content", out var contents) && contents.ValueKind == JsonValueKind.Array)
        {
            foreach (var content in contents.EnumerateArray())
            {
                if (
                    content.TryGetProperty("contentType", out var type)
                    && type.GetString()?.StartsWith(SqlType, StringComparison.OrdinalIgnoreCase) == true
                    && content.TryGetProperty("data", out var data)
                    && data.TryGetBytesFromBase64(out var bytes)
                )
                    return Encoding.UTF8.GetString(bytes);
            }
        }

        return Failure.Unprocessable(
            IssueCode.Required,
            $"The Library has no SQL: it takes a content of the type {SqlType} with its data in base64.",
            "Library.content"
        );
    }
}
