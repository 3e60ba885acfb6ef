using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Which web pages may call. While the server is open a page of anybody could otherwise work here through the browser of whoever sits at
/// this machine: a request without a body or with a plain one is sent without asking first, so that CORS alone does not stop it.
/// https://fetch.spec.whatwg.org/#simple-request
/// </summary>
public sealed class OriginFilter(RequestDelegate next, ServerOptions server, WhoAsks who, Refusals refusals)
{
    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (
            origin.Length == 0
            || IsSafe(context.Request.Method)
            || IsAllowed(origin, server, who)
            || IsOwn(origin, context.Request)
        )
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

    /// <summary>An origin of the configuration; where it names none, and the server is open, one of this machine.</summary>
    public static bool IsAllowed(string origin, ServerOptions server, WhoAsks who) =>
        server.CorsOrigins.Length == 0
            ? who.IsOpen && LoopbackAddress.IsUrl(origin)
            : server.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A page of this server, as Swagger and sign-in are: under which names it answers, <see cref="HostFilter"/> has made sure of. Behind a
    /// proxy that gives requests another host, browsers know it by the address that the configuration says.
    /// </summary>
    private bool IsOwn(string origin, HttpRequest request) =>
        !who.IsOpen
        && Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && (
            page.Authority.Equals(Authority(request), StringComparison.OrdinalIgnoreCase)
            || (
                server.BaseUrl is { } known
                && Uri.TryCreate(known, UriKind.Absolute, out var own)
                && page.Authority.Equals(own.Authority, StringComparison.OrdinalIgnoreCase)
            )
        );

    /// <summary>As a browser shortens it: the port that a scheme has anyway is left out.</summary>
    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own) ? own.Authority : "";

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
