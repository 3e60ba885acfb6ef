using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>
/// While the server is open it answers under names that are its own only. A web page could otherwise let its own name point here, and
/// read through the browser of whoever sits at this machine or in its network. Its own are: those of this machine, the one that
/// <c>Server:BaseUrl</c> gives it, those of <c>Server:HostNames</c>; and where it is open to a closed network, addresses and names without
/// a dot, as containers have them: a page of the web has neither.
/// </summary>
public sealed class HostFilter(RequestDelegate next, ServerOptions server, Refusals refusals)
{
    private readonly string? _publicName = server.BaseUrl is { } url ? new Uri(url).Host : null;

    public Task InvokeAsync(HttpContext context)
    {
        if (IsOwn(context.Request.Host.Host))
            return next(context);
        return refusals.WriteAsync(
            context,
            Failure.From(
                421,
                IssueCode.Security,
                "This server is not known under that name: use localhost, or name it in Server:BaseUrl or Server:HostNames."
            )
        );
    }

    private bool IsOwn(string host) =>
        LoopbackAddress.IsHost(host)
        || host.Equals(_publicName, StringComparison.OrdinalIgnoreCase)
        || server.HostNames.Contains(host, StringComparer.OrdinalIgnoreCase)
        || (server.AnybodyOnTheNetworkMayDoEverything && IsOfAClosedNetwork(host));

    private static bool IsOfAClosedNetwork(string host) =>
        Uri.CheckHostName(host.Trim('[', ']')) switch
        {
            UriHostNameType.IPv4 or UriHostNameType.IPv6 => true,
            UriHostNameType.Dns => !host.Contains('.', StringComparison.Ordinal),
            _ => false,
        };
}
