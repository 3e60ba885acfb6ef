using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Canonicals;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Net.Http.Headers;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Hands out the files of jobs, by signed addresses, compressed for whoever takes that. A file never changes under its name, so that a
/// download that was cut goes on where it was (https://www.rfc-editor.org/rfc/rfc9110#name-range-requests), uncompressed.
/// </summary>
public sealed class FileEndpoint(FileDesk desk, Refusals refusals, OwnCanonicals canonicals)
{
    private const string NdJson = "application/fhir+ndjson";

    /// <summary>The address is all that is asked for: it is signed, and expires.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapMethods(
                $"{FhirEndpoints.BasePath}/{FileAddresses.Path}/{{job}}/{{name}}",
                [HttpMethods.Get, HttpMethods.Head],
                (RequestDelegate)AnswerAsync
            )
            .WithDisplayName("Files of jobs")
            .AllowAnonymous();

    private async Task AnswerAsync(HttpContext context)
    {
        var (route, query) = (context.Request.RouteValues, context.Request.Query);
        var request = new FileRequest(
            $"{route["job"]}",
            $"{route["name"]}",
            query["expires"].ToString(),
            query["signature"].ToString()
        );
        var found = await desk.FindAsync(request, RequestOrigins.Of(context), context.RequestAborted);
        if (!found.TryGet(out var path, out var failure))
        {
            await refusals.AnswerAsync(context, failure);
            return;
        }

        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        // It is somebody's data, and stays nowhere on its way.
        response.Headers.CacheControl = "no-store";
        response.OnStarting(() =>
        {
            // Places in the file are not those in what is compressed on its way: of that there are no parts.
            if (response.Headers.ContentEncoding.Count > 0)
                (response.Headers.AcceptRanges, response.Headers.ETag) = ("none", default);
            return Task.CompletedTask;
        });
        var file = TypedResults.PhysicalFile(
            path,
            TypeOf(request.Name),
            entityTag: new EntityTagHeaderValue($"\"{request.Name}\""),
            // Nor are they those in what is spelled anew on its way out.
            enableRangeProcessing: canonicals.Outside is null
        );
        await file.ExecuteAsync(context);
    }

    private static string TypeOf(string name) =>
        Path.GetExtension(name) switch
        {
            ".ndjson" => NdJson,
            ".json" => "application/json",
            ".csv" => "text/csv",
            _ => "application/octet-stream",
        };
}
