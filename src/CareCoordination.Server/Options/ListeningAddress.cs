using CareCoordination.Rest.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CareCoordination.Server.Options;

/// <summary>The FHIR base of this server: as configured, or made of the address it listens on.</summary>
internal static class ListeningAddress
{
    /// <summary>Complete once the server listens.</summary>
    public static Uri Base(ServerOptions options, IServer server) =>
        Base(
            options,
            server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? Exposure.DefaultUrl
        );

    /// <param name="options">With the base where it is set.</param>
    /// <param name="url">Where the server listens.</param>
    public static Uri Base(ServerOptions options, string url) =>
        options.BaseUrl is { } configured
            ? new Uri(configured)
            : new UriBuilder(Local(url)) { Path = FhirEndpoints.BasePath }.Uri;

    /// <summary>The address under which this machine finds what listens on <paramref name="url"/>.</summary>
    public static Uri Local(string url)
    {
        // A wildcard is an address to listen on, and none to be found under; "+" and "*" are no hosts of a URI at all.
        var address = new UriBuilder(url.Replace("//*", "//localhost").Replace("//+", "//localhost"));
        if (address.Host is "[::]" or "0.0.0.0")
            address.Host = "localhost";
        return address.Uri;
    }
}
