using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>
/// While the server is open it answers under the names of this machine only, and under the one that <c>Server:BaseUrl</c> gives it.
/// A web page could otherwise let its own name point here, and read through the browser of whoever sits at this machine.
/// </summary>
public sealed class HostFilter(RequestDelegate next, ServerOptions server)
{
    private readonly string? _publicName = server.BaseUrl is { } url ? new Uri(url).Host : null;

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (host == _publicName || LoopbackAddress.IsHost(host))
            return next(context);
        var failure = Failure.From(
            421,
            IssueCode.Security,
            "This server is not known under that name: use localhost, or set Server:BaseUrl to its address."
        );
        return ResponseWriter.WriteAsync(context, failure, ResponseFormat.Fhir, ReturnPreference.Unstated, "");
    }
}
