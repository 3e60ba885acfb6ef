using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Settings;

namespace CareCoordination.Security.Edge;

/// <summary>
/// How often somebody may ask: a client by its name, wherever it asks from, and who has shown nothing that is known yet by the address.
/// </summary>
internal sealed class RequestRates : IDisposable
{
    private readonly PartitionedRateLimiter<string>? _clients;
    private readonly PartitionedRateLimiter<string>? _addresses;

    public RequestRates(SecurityOptions options)
    {
        _clients = Limiter(options.RequestsPerSecondPerClient, options.BurstPerClient);
        _addresses = Limiter(options.RequestsPerSecondPerAddress, options.BurstPerAddress);
    }

    /// <summary>Null: it may ask.</summary>
    public Failure? OfCaller(HttpContext context, Caller caller) =>
        Take(context, _clients, caller.Client ?? caller.Subject);

    /// <inheritdoc cref="OfCaller"/>
    public Failure? OfAddress(HttpContext context) =>
        Take(context, _addresses, PartOf(context.Connection.RemoteIpAddress));

    public void Dispose()
    {
        _clients?.Dispose();
        _addresses?.Dispose();
    }

    private static PartitionedRateLimiter<string>? Limiter(int perSecond, int burst) =>
        perSecond == 0
            ? null
            : PartitionedRateLimiter.Create<string, string>(
                name =>
                    RateLimitPartition.GetTokenBucketLimiter(
                        name,
                        _ => new TokenBucketRateLimiterOptions
                        {
                            TokenLimit = Math.Max(burst, perSecond),
                            TokensPerPeriod = perSecond,
                            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                            QueueLimit = 0,
                            AutoReplenishment = true,
                        }
                    ),
                StringComparer.Ordinal
            );

    private static Failure? Take(HttpContext context, PartitionedRateLimiter<string>? limiter, string name)
    {
        using var lease = limiter?.AttemptAcquire(name);
        if (lease is null or { IsAcquired: true })
            return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Failure.From(
            StatusCodes.Status429TooManyRequests,
            IssueCode.Throttled,
            $"Too many requests at once. Send this one again in {seconds} s, and fewer at a time."
        );
    }

    /// <summary>Whoever has one address of IPv6 has all of its network of 64 bits.</summary>
    private static string PartOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
