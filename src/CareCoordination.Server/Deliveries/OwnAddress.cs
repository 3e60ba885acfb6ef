using CareCoordination.Server.Http;
using CareCoordination.Server.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CareCoordination.Server.Deliveries;

/// <summary>
/// The FHIR base under which partners know this server: what references are absolute to and what our identifiers are of. It has to
/// stay the same, or partners do not recognise what they have: set <c>Server:BaseUrl</c> where the address is not for ever.
/// </summary>
public sealed class OwnAddress(ServerOptions options, IServer server)
{
    private Uri? _base;

    /// <summary>To be asked once the server listens.</summary>
    public Uri Base => _base ??= Find();

    private Uri Find()
    {
        if (options.BaseUrl is { } configured)
            return new Uri(configured);
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        return new Uri((listening ?? Exposure.DefaultUrl).TrimEnd('/') + FhirEndpoints.BasePath);
    }
}
