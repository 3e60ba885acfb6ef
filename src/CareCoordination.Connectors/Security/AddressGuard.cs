using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CareCoordination.Connectors.Security;

/// <summary>
/// Where this server may connect to. An Endpoint is data that many may write, so its address is not trusted: the host must be on the
/// list of the configuration, and what its name resolves to is checked again when the connection is made.
/// </summary>
/// <param name="Hosts">
/// <c>ehr.example.org</c>, <c>ehr.example.org:8443</c>, <c>*.example.org</c>; with <c>http://</c> before it also without TLS.
/// </param>
/// <param name="AllowLoopback">True while this server itself is open to this machine only.</param>
public sealed record AddressGuard(ImmutableArray<string> Hosts, bool AllowLoopback)
{
    /// <summary>Why this address may not be called, as a sentence; null where it may.</summary>
    public string? Refusal(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https" or "mllp" or "mllps"))
            return "The Endpoint's address must begin with https:// or mllps://.";
        if (address.UserInfo.Length > 0)
            return "The Endpoint's address must not hold a user name or password.";
        if (IsLoopback(address.Host))
            return AllowLoopback
                ? null
                : "The Endpoint's address is this machine itself, which is allowed only while this server is open on loopback.";
        var listed = Hosts.FirstOrDefault(h => Matches(h, address));
        if (listed is null)
            return $"The host {address.Host} is not on the list Connectors:AllowedHosts: add it there if referrals may go to it.";
        return address.Scheme is "https" or "mllps" || listed.Contains("://", StringComparison.Ordinal)
            ? null
            : $"The address of {address.Host} is not encrypted: use TLS, or list it as {address.Scheme}://{address.Authority} in Connectors:AllowedHosts.";
    }

    /// <summary>Opens a connection to a host after its addresses were checked.</summary>
    /// <exception cref="AddressRefusedException">The host may not be called, or resolves to where it must not.</exception>
    public async ValueTask<Socket> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancel);
        var allowed = Array.FindAll(addresses, IsReachable);
        if (allowed.Length == 0)
            throw new AddressRefusedException(
                $"The host {host} resolves to an address of this machine or its network equipment, where no partner can be."
            );
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsReachable(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address))
            return AllowLoopback;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return !(address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any))
                && !address.Equals(CloudMetadataV6);
        var bytes = address.GetAddressBytes();
        // 0.0.0.0/8 is this host, 169.254.0.0/16 the link (cloud metadata among it), 224.0.0.0 and above no single host.
        return bytes[0] != 0 && bytes[0] < 224 && !(bytes[0] == 169 && bytes[1] == 254);
    }

    private static readonly IPAddress CloudMetadataV6 = IPAddress.Parse("fd00:ec2::254");

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool Matches(string entry, Uri address)
    {
        var scheme = entry.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            var named = entry[..scheme];
            if (!address.Scheme.Equals(named, StringComparison.OrdinalIgnoreCase))
                return false;
            entry = entry[(scheme + 3)..];
        }

        var name = entry;
        var colon = entry.LastIndexOf(':');
        if (
            colon > entry.LastIndexOf(']')
            && int.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        )
        {
            if (address.Port != port)
                return false;
            name = entry[..colon];
        }

        return name.StartsWith("*.", StringComparison.Ordinal)
            ? address.Host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
                && address.Host.Length > name.Length - 1
            : address.Host.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>An address that must not be called; the message is a sentence for the operator.</summary>
public sealed class AddressRefusedException(string message) : IOException(message);
