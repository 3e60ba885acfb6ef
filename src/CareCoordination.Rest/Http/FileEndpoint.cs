using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Requests;
using Microsoft.AspNetCore.Authorization;

namespace CareCoordination.Rest.Http;

/// <summary>Hands out the files of jobs, by signed addresses, compressed for whoever takes that.</summary>
public sealed class FileEndpoint(FileDesk desk, Refusals refusals)
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
        response.ContentType = TypeOf(request.Name);
        response.Headers.XContentTypeOptions = "nosniff";
        // It is somebody's data, and stays nowhere on its way.
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method))
            await response.SendFileAsync(path, context.RequestAborted);
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
