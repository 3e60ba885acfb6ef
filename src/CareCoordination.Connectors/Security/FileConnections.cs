using System.Net.Sockets;

namespace CareCoordination.Connectors.Security;

/// <summary>Connections by which files are fetched from addresses that the configuration lists.</summary>
public static class FileConnections
{
    /// <summary>
    /// Follows no redirects and unpacks nothing: whoever fetches does so, and within limits. Where the name of a host leads is checked
    /// again when the connection is made.
    /// </summary>
    /// <param name="allowsLoopback">True where this machine itself is listed.</param>
    /// <param name="refused">What is thrown where a connection may not be made, of a sentence that says why.</param>
    public static SocketsHttpHandler Handler(bool allowsLoopback, Func<string, Exception> refused)
    {
        var guard = new AddressGuard([], allowsLoopback);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy of the environment would be asked for hosts that the guard has not seen.
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = async (context, cancel) =>
            {
                try
                {
                    var socket = await guard.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch (AddressRefusedException e)
                {
                    throw refused(e.Message);
                }
            },
        };
    }
}
