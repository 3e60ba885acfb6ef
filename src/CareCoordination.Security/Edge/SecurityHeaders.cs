using System.Net.Mime;
using CareCoordination.Application.Requests;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Settings;

namespace CareCoordination.Security.Edge;

/// <summary>
/// What a secured server asks of browsers and of those between: nothing that somebody was shown is kept, nothing that is stored here runs as
/// a page, and nobody comes without TLS who came with it before. https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next, SecurityOptions options)
{
    private const string AYear = "max-age=31536000; includeSubDomains";

    /// <summary>Of what is no page, and of pages that somebody stored here.</summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'; sandbox";

    /// <summary>Of the pages that this server brings: Swagger puts styles and small pictures into its page.</summary>
    private const string OwnPages =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                var (context, options) = ((HttpContext, SecurityOptions))state;
                Add(context, options);
                return Task.CompletedTask;
            },
            (context, options)
        );
        return next(context);
    }

    private static void Add(HttpContext context, SecurityOptions options)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Pages with forms say another: without a referrer browsers send forms without their origin.
        if (headers["Referrer-Policy"].Count == 0)
            headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = IsOwnPage(context) ? OwnPages : Nothing;
        if (context.Features.Get<Caller>() is { IsNobody: false })
            headers.CacheControl = "no-store";
        if (options.BehindTlsProxy || context.Request.IsHttps)
            headers.StrictTransportSecurity = AYear;
    }

    /// <summary>Below the FHIR base a page is a Binary of somebody.</summary>
    private static bool IsOwnPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(FhirEndpoints.BasePath, StringComparison.OrdinalIgnoreCase)
        && context.Response.ContentType?.StartsWith(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase)
            is true;
}
