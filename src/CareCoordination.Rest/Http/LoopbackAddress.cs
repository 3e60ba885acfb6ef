using System.Net;

namespace CareCoordination.Rest.Http;

/// <summary>Addresses of this machine that no other machine reaches.</summary>
public static class LoopbackAddress
{
    /// <summary>True for <c>localhost</c>, <c>127.0.0.1</c>, <c>[::1]</c> and their kin; false for any other name.</summary>
    public static bool IsHost(string host) =>
        host is "localhost" or "127.0.0.1" or "[::1]"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Hosts such as <c>*</c> and <c>0.0.0.0</c>, and any name but localhost, are not loopback.</summary>
    public static bool IsUrl(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsHost(uri.Host);
}
