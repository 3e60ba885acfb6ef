using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Settings;

namespace CareCoordination.Server.Options;

/// <summary>
/// Who can reach the server. With no security configured only this machine may, so every address it listens on must be a
/// loopback address, unless somebody has said in so many words that everybody may do everything. A server that checks who asks may be
/// reached by everybody, over TLS: whoever reads a token on its way is let in by it.
/// </summary>
public static class Exposure
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>The addresses configured to listen on. Throws where one of them would open the server to others.</summary>
    public static string[] Urls(IConfiguration configuration) =>
        Urls(configuration, ServerOptions.Read(configuration), SecurityOptions.Read(configuration));

    private static string[] Urls(IConfiguration configuration, ServerOptions server, SecurityOptions security)
    {
        if (!security.IsOpen && server.AnybodyOnTheNetworkMayDoEverything)
            throw new ConfigurationProblem(
                $"Server:AnybodyOnTheNetworkMayDoEverything is true, but Security:Mode is {security.Mode}, in which nobody may do anything without a token: take one of them out."
            );
        var urls = Configured(configuration).ToArray();
        foreach (var (setting, url) in urls.Where(u => !LoopbackAddress.IsUrl(u.Url)))
        {
            if (security.IsOpen && !server.AnybodyOnTheNetworkMayDoEverything)
                throw new ConfigurationProblem(
                    $"{setting} is '{url}', but no security is configured, and an open server only listens on this machine: use {DefaultUrl}, put a proxy that checks clients in front, or, on a closed network only, set Server:AnybodyOnTheNetworkMayDoEverything to true."
                );
            if (!security.IsOpen)
                CheckSecured(setting, url, server, security);
        }

        return urls.Length == 0 ? [DefaultUrl] : [.. urls.Select(u => u.Url)];
    }

    private static void CheckSecured(string setting, string url, ServerOptions server, SecurityOptions security)
    {
        if (!security.BehindTlsProxy && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            throw new ConfigurationProblem(
                $"{setting} is '{url}', and whoever reads a token on its way is let in by it: listen with https, or, where TLS ends at a proxy in front, set Security:BehindTlsProxy to true."
            );
        if (server.BaseUrl is null)
            throw new ConfigurationProblem(
                $"{setting} is '{url}', and Server:BaseUrl is missing: clients and tokens know this server by it, so set it to the FHIR base as they have it, such as https://care.example.org/fhir."
            );
    }

    private static IEnumerable<(string Setting, string Url)> Configured(IConfiguration configuration)
    {
        foreach (var url in Split(configuration["urls"]))
            yield return ("--urls", url);
        foreach (var scheme in (string[])["http", "https"])
        {
            foreach (var port in Split(configuration[$"{scheme}_ports"]))
                yield return ($"{scheme}_ports", $"{scheme}://*:{port}");
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is { } url)
                yield return ($"Kestrel:Endpoints:{endpoint.Key}:Url", url);
        }
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
