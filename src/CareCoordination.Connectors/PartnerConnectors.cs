using System.Collections.Concurrent;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.Canonicals;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Connectors;

/// <summary>One connector per partner, kept between messages and made anew when the partner's address or options change.</summary>
public sealed class PartnerConnectors(AddressGuard guard, ILoggerFactory loggers, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, PartnerConnector> _connectors = new(StringComparer.Ordinal);
    private readonly ILogger _logger = loggers.CreateLogger<PartnerConnectors>();
    private readonly Lock _making = new();

    /// <summary>How partners know what this server defines.</summary>
    public OwnCanonicals Canonicals { get; init; } = OwnCanonicals.AsKnownHere;

    /// <summary>The connector of a partner as it is now. It belongs to this: do not dispose it.</summary>
    public PartnerConnector For(Partner partner)
    {
        if (_connectors.TryGetValue(partner.Id, out var connector) && connector.Partner == partner)
            return connector;
        lock (_making)
        {
            _connectors.TryGetValue(partner.Id, out var former);
            if (former?.Partner == partner)
                return former;
            connector = new PartnerConnector(partner, guard, Canonicals, _logger, time);
            _connectors[partner.Id] = connector;
            former?.Dispose();
            return connector;
        }
    }

    /// <summary>The health of a partner that was called before; null of others.</summary>
    public PartnerHealth? Health(string partner) =>
        _connectors.TryGetValue(partner, out var connector) ? connector.Health : null;

    public void Dispose()
    {
        foreach (var connector in _connectors.Values)
            connector.Dispose();
        _connectors.Clear();
    }
}
