using CareCoordination.Application.Requests;

namespace CareCoordination.Rest.Http;

/// <summary>Which request it is and where it came from, as the audit trail tells.</summary>
public static class RequestOrigins
{
    /// <summary>By the id that the client gave the request, or else the one that this server has for it in its logs.</summary>
    public static RequestOrigin Of(HttpContext context)
    {
        var given = context.Request.Headers[RequestIdEcho.Header].ToString();
        var address = context.Connection.RemoteIpAddress;
        return new RequestOrigin(
            RequestIdEcho.IsId(given) ? given : context.TraceIdentifier,
            (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString()
        );
    }
}
