using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Rest.Routing;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>What a row of the table may answer: its statuses, what each holds, and the headers.</summary>
internal sealed class AnswerDescriptions(OpenApiDocument document, SchemaComponents schemas, ApiExamples examples)
{
    private readonly AnswerHeaders _headers = new(document);

    /// <summary>The answers that many rows have in common.</summary>
    public Dictionary<string, IOpenApiResponse> Components()
    {
        var responses = new Dictionary<string, IOpenApiResponse>(StringComparer.Ordinal);
        foreach (var refusal in Refusal.All)
        {
            responses[refusal.Name] = new OpenApiResponse
            {
                Description = refusal.Text,
                Content = Content.Fhir(
                    schemas.Of(ResourceTypes.OperationOutcome),
                    OutcomeExample("error", refusal.Text)
                ),
                Headers = refusal.Status == 503 ? _headers.Of("Retry-After") : null,
            };
        }

        return responses;
    }

    public OpenApiResponses Of(InteractionDefinition row, TypeDefinition? type)
    {
        var responses = new OpenApiResponses();
        foreach (var (status, answer) in Successes(row, type))
            responses[status] = answer;
        if (row.Conditions.HasFlag(ConditionKinds.IfNoneMatch) && row.Method == "GET")
            responses["304"] = new OpenApiResponse
            {
                Description = "The version at hand is the current one.",
                Headers = row.Code == "capabilities" ? _headers.Of("ETag") : _headers.Of(AnswerHeaders.OfVersion),
            };
        foreach (var refusal in Refusal.All.Where(r => r.Meets(row)))
            responses[refusal.Status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponseReference(
                refusal.Name,
                document
            );
        return responses;
    }

    private IEnumerable<(string Status, OpenApiResponse Answer)> Successes(
        InteractionDefinition row,
        TypeDefinition? type
    ) =>
        row.Operation is { } operation
            ? OfOperation(operation, row.Method)
            : row.Code switch
            {
                "create" =>
                [
                    ("201", Resource("Created.", type, AnswerHeaders.OfWrite)),
                    ("200", Resource("If-None-Exist found this one.", type, AnswerHeaders.OfWrite)),
                ],
                "update" =>
                [
                    ("200", Resource("Updated.", type, AnswerHeaders.OfWrite)),
                    ("201", Resource("Created.", type, AnswerHeaders.OfWrite)),
                ],
                "patch" => [("200", Resource("Changed.", type, AnswerHeaders.OfWrite))],
                "delete" => [("204", Deleted())],
                "read" or "vread" => [("200", Resource("The resource.", type, AnswerHeaders.OfVersion))],
                "capabilities" =>
                [
                    ("200", Of("What this server can do.", ResourceTypes.CapabilityStatement, Capabilities(), "ETag")),
                ],
                "$validate" => [("200", Outcome("What was found, valid or not."))],
                "search-type" or "search-compartment" when type is not null && !row.TakesForm => [("200", Found(type))],
                _ => [("200", Of("A Bundle.", ResourceTypes.Bundle, EmptyBundle(row)))],
            };

    private IEnumerable<(string Status, OpenApiResponse Answer)> OfOperation(Operation operation, string method)
    {
        if (method == "DELETE")
            yield return ("202", Outcome("Accepted: the work is given up."));
        else if (operation.AnswersLater)
            yield return ("202", Outcome("Accepted: the work goes on.", "Content-Location"));
        else if (operation.MakesAnswer)
            yield return (
                "201",
                Of("Made.", operation.Answer, examples.Stored(operation.Answer), AnswerHeaders.OfWrite)
            );
        else if (operation.AnswersRows)
            yield return ("200", Rows());
        else
            yield return ("200", Done(operation, method));
        if (operation == ShowAsyncStatus.Operation && method != "DELETE")
            yield return ("202", Outcome("Not done yet.", "X-Progress", "Retry-After"));
    }

    /// <summary>Rows are whatever the columns of a view are, in any of their formats.</summary>
    private static OpenApiResponse Rows() =>
        new()
        {
            Description = "The rows, in the format that _format or Accept asks for.",
            Content = Content.Of(
                "application/x-ndjson",
                Content.Text(),
                JsonValue.Create("{\"id\":\"sample\",\"family\":\"Haddad\"}\n")
            ),
        };

    private OpenApiResponse Done(Operation operation, string method) =>
        Of(
            operation.AffectsState ? "Done; the resource as it is then." : "The answer.",
            operation.Answer,
            operation.Answer == ResourceTypes.Bundle
                ? BundleOf(operation.Name == "care-summary" ? "document" : "searchset")
                : examples.Stored(operation.Answer),
            operation is { AffectsState: true, Answer: not "Parameters" }
            || operation.ChangesBy is not null && method == "POST"
                ? AnswerHeaders.OfVersion
                : []
        );

    private OpenApiResponse Found(TypeDefinition type) =>
        new()
        {
            Description = "The matches, a page of them.",
            Content = Content.Fhir(schemas.BundleOf(type), FoundExample(type.Name)),
        };

    private JsonObject FoundExample(string type) =>
        new()
        {
            ["resourceType"] = ResourceTypes.Bundle,
            ["type"] = "searchset",
            ["entry"] = new JsonArray(
                new JsonObject
                {
                    ["resource"] = examples.Stored(type),
                    ["search"] = new JsonObject { ["mode"] = "match" },
                }
            ),
        };

    private static JsonObject EmptyBundle(InteractionDefinition row) =>
        BundleOf(
            row.Code.StartsWith("history", StringComparison.Ordinal) ? "history"
            : row.Code == "transaction" ? "transaction-response"
            : row.Code == "$process-message" ? "message"
            : "searchset"
        );

    private static JsonObject BundleOf(string type) =>
        new() { ["resourceType"] = ResourceTypes.Bundle, ["type"] = type };

    private static JsonObject Capabilities() =>
        new()
        {
            ["resourceType"] = ResourceTypes.CapabilityStatement,
            ["status"] = "active",
            ["date"] = "2026-11-22",
            ["kind"] = "instance",
            ["fhirVersion"] = "4.0.1",
            ["format"] = new JsonArray("json", "xml"),
        };

    private OpenApiResponse Deleted() =>
        new()
        {
            Description = "Deleted, or not there. Where it was deleted now, with the version that says so.",
            Headers = _headers.Of(AnswerHeaders.OfVersion),
        };

    private OpenApiResponse Resource(string text, TypeDefinition? type, params ReadOnlySpan<string> headers) =>
        Of(text, type?.Name ?? "Resource", type is null ? null : examples.Stored(type.Name), headers);

    private OpenApiResponse Outcome(string text, params ReadOnlySpan<string> headers) =>
        Of(text, ResourceTypes.OperationOutcome, OutcomeExample("information", text), headers);

    private OpenApiResponse Of(string text, string type, JsonObject? example, params ReadOnlySpan<string> headers) =>
        new()
        {
            Description = text,
            Content = Content.Fhir(
                schemas.Of(type),
                example ?? new JsonObject { ["resourceType"] = ExampleType(type) }
            ),
            Headers = _headers.Of(headers),
        };

    // Any type will do where any may come.
    private static string ExampleType(string type) => type == "Resource" ? "Basic" : type;

    private static JsonObject OutcomeExample(string severity, string text) =>
        new()
        {
            ["resourceType"] = ResourceTypes.OperationOutcome,
            ["issue"] = new JsonArray(
                new JsonObject
                {
                    ["severity"] = severity,
                    ["code"] = severity == "error" ? "processing" : "informational",
                    ["diagnostics"] = text,
                }
            ),
        };
}
