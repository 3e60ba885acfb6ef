using System.Collections.Immutable;
using System.Net.Mime;

namespace CareCoordination.Rest.Http;

/// <summary>What a person sees who opens the address of the server in a browser: where everything is.</summary>
public static class FrontPage
{
    private static readonly ImmutableArray<(string Address, string Text)> Links =
    [
        (FhirEndpoints.BasePath + "/metadata?_pretty=true", "what this server can do, as a CapabilityStatement"),
        (FhirEndpoints.BasePath + "/Patient?_pretty=true", "the patients; any other resource type likewise"),
        ("/swagger", "every request, to be tried here"),
        ("/swagger/v1/swagger.json", "the same as an OpenAPI document"),
        ("/health/ready", "whether it can work"),
        ("/.well-known/jwks.json", "the public keys by which partners know it"),
    ];

    private static readonly string Html = $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>CareCoordination</title></head>
        <body>
        <h1>CareCoordination</h1>
        <p>A FHIR R4 server. Its base is <code>{FhirEndpoints.BasePath}</code>.</p>
        <ul>
        {string.Join('\n', Links.Select(l => $"<li><a href=\"{l.Address}\">{l.Address}</a>: {l.Text}</li>"))}
        </ul>
        </body>
        </html>

        """;

    public static void MapFrontPage(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], WriteAsync).AllowAnonymous();

    /// <summary>True where a page will do: who wants FHIR's JSON asks for it.</summary>
    public static bool IsWanted(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.QueryString.HasValue
        && request.Headers.Accept.ToString() is var accept
        && (accept is "" or "*/*" || accept.Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase));

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        return context.Response.WriteAsync(Html, context.RequestAborted);
    }
}
