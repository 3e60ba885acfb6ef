using System.Collections.Immutable;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace CareCoordination.Connectors.Tests;

/// <summary>A clock that says what it is told to; waiting is on the machine's clock.</summary>
internal sealed class SetClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Connectors of partners on loopback.</summary>
internal static class Lines
{
    public static readonly AddressGuard Loopback = new([], AllowLoopback: true);

    /// <summary>No retries within an exchange, so that each answer is seen.</summary>
    public static readonly PartnerOptions Plain = new() { Retries = 0 };

    public static PartnerConnectors Connectors(TimeProvider? time = null, params ImmutableArray<string> hosts) =>
        new(Loopback with { Hosts = hosts }, NullLoggerFactory.Instance, time ?? TimeProvider.System);

    public static PartnerConnector Line(
        this PartnerConnectors connectors,
        Uri address,
        PartnerOptions? options = null
    ) => connectors.For(new Partner("e1", address, options ?? Plain));
}
