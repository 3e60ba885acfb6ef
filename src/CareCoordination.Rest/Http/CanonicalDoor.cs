using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Canonicals;
using Microsoft.AspNetCore.Http.Features;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Where a deployment has chosen a base for the canonicals of this server: spells them so in all that goes out, and as they are known here
/// in all that comes in. A server without a base of its own does without this.
/// </summary>
public sealed class CanonicalDoor(RequestDelegate next, OwnCanonicals canonicals)
{
    /// <summary>Headers of a request that carry criteria or a resource.</summary>
    private static readonly string[] Headers = ["If-None-Exist", "X-Provenance"];

    private readonly CanonicalSpelling _inside = canonicals.Inside!;
    private readonly CanonicalSpelling _outside = canonicals.Outside!;

    public async Task InvokeAsync(HttpContext context)
    {
        Read(context.Request);
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var response = context.Response;
        await using var output = new RespelledOutput(body.Stream, _outside, () => IsText(response.ContentType));
        response.OnStarting(() =>
        {
            // What it is spelled with may be longer.
            if (response.ContentLength > 0 && IsText(response.ContentType))
                response.ContentLength = null;
            return Task.CompletedTask;
        });
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(output, body));
        try
        {
            await next(context);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
            await output.EndAsync(context.RequestAborted);
        }
        finally
        {
            context.Features.Set(body);
        }
    }

    private void Read(HttpRequest request)
    {
        if (request.QueryString.HasValue)
            request.QueryString = new QueryString(_inside.Respell(request.QueryString.Value!));
        foreach (var name in Headers)
        {
            if (request.Headers.TryGetValue(name, out var values))
                request.Headers[name] = values.Select(v => v is null ? null : _inside.Respell(v)).ToArray();
        }

        if (IsText(request.ContentType))
            request.Body = new RespelledInput(request.Body, _inside);
    }

    /// <summary>JSON, XML, CSV and forms; what a Binary holds is nobody's to touch.</summary>
    private static bool IsText(string? contentType) =>
        contentType is not null
        && (
            contentType.Contains("json", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("csv", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        );
}
