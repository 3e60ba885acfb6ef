using CareCoordination.Rest.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CareCoordination.Server.Options;

/// <summary>The FHIR base of this server: as configured, or made of the address it listens on.</summary>
internal static class ListeningAddress
{
    /// <summary>Complete once the server listens.</summary>
    public static Uri Base(ServerOptions options, IServer server)
    {
        if (options.BaseUrl is { } configured)
            return new Uri(configured);
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        var address = new UriBuilder((listening ?? Exposure.DefaultUrl).TrimEnd('/') + FhirEndpoints.BasePath);
        // A wildcard is an address to listen on, and none to be found under.
        if (address.Host is "[::]" or "0.0.0.0" or "+" or "*")
            address.Host = "localhost";
        return address.Uri;
    }
}
