using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Which web pages may call. While the server is open a page of anybody could otherwise work here through the browser of whoever sits at
/// this machine: a request without a body or with a plain one is sent without asking first, so that CORS alone does not stop it.
/// https://fetch.spec.whatwg.org/#simple-request
/// </summary>
public sealed class OriginFilter(RequestDelegate next, ServerOptions server, Refusals refusals)
{
    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || IsSafe(context.Request.Method) || IsAllowed(origin, server))
            return next(context);
        return refusals.WriteAsync(
            context,
            Failure.From(
                403,
                IssueCode.Security,
                "Pages of other sites may not change anything here: add the origin to Server:CorsOrigins where it is meant to."
            )
        );
    }

    /// <summary>An origin of the configuration; where it names none, one of this machine.</summary>
    public static bool IsAllowed(string origin, ServerOptions server) =>
        server.CorsOrigins.Length == 0
            ? LoopbackAddress.IsUrl(origin)
            : server.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
