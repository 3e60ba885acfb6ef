using System.Net.Mime;
using CareCoordination.Application.Requests;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Settings;
using CareCoordination.Security.Smart;

namespace CareCoordination.Security.Edge;

/// <summary>
/// What a secured server asks of browsers and of those between: nothing that somebody was shown is kept, nothing that is stored here runs as
/// a page, and nobody comes without TLS who came with it before. https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, SecurityOptions options, SmartConfiguration smart)
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
                var (context, self) = ((HttpContext, SecurityHeaders))state;
                self.Add(context);
                return Task.CompletedTask;
            },
            (context, this)
        );
        return next(context);
    }

    private void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Pages with forms say another: without a referrer browsers send forms without their origin.
        if (headers["Referrer-Policy"].Count == 0)
            headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy =
                !IsOwnPage(context) ? Nothing
                : context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase)
                && TokenOrigin() is { } origin
                    ? $"{OwnPages}; connect-src 'self' {origin}"
                : OwnPages;
        if (context.Features.Get<Caller>() is { IsNobody: false })
            headers.CacheControl = "no-store";
        if (options.BehindTlsProxy || context.Request.IsHttps)
            headers.StrictTransportSecurity = AYear;
    }

    /// <summary>Where Swagger redeems its code, which is this server or the issuer that people are sent to.</summary>
    private string? TokenOrigin() =>
        Uri.TryCreate(smart.AddressesNow()?.Token, UriKind.Absolute, out var token)
            ? token.GetLeftPart(UriPartial.Authority)
            : null;

    /// <summary>Below the FHIR base a page is a Binary of somebody.</summary>
    private static bool IsOwnPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(FhirEndpoints.BasePath, StringComparison.OrdinalIgnoreCase)
        && context.Response.ContentType?.StartsWith(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase)
            is true;
}
