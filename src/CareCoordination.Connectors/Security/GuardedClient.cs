using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Security;

/// <summary>Makes the HTTP client of one partner: guarded addresses, no redirects, our certificate where it asks for one.</summary>
internal static class GuardedClient
{
    public static HttpClient Make(AddressGuard guard, PartnerOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy of the environment would be asked for hosts that the guard has not seen.
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            MaxConnectionsPerServer = options.Concurrency,
            // A partner that moves is found again without a restart.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = async (context, cancel) =>
            {
                if (guard.Refusal(context.InitialRequestMessage.RequestUri!) is { } refusal)
                    throw new AddressRefusedException(refusal);
                var endpoint = context.DnsEndPoint;
                return new NetworkStream(
                    await guard.ConnectAsync(endpoint.Host, endpoint.Port, cancel),
                    ownsSocket: true
                );
            },
            SslOptions = PartnerTls.Client(options.Tls),
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
