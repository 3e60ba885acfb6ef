using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;

namespace CareCoordination.Server.Options;

/// <summary>
/// Who can reach the server. With no security configured only this machine may, so every address it listens on must be a
/// loopback address, unless somebody has said in so many words that everybody may do everything.
/// </summary>
public static class Exposure
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>The addresses configured to listen on. Throws where one of them would open the server to others.</summary>
    public static string[] OpenUrls(IConfiguration configuration, ServerOptions server)
    {
        var urls = Configured(configuration).ToArray();
        foreach (var (setting, url) in urls)
        {
            if (!server.AnybodyOnTheNetworkMayDoEverything && !LoopbackAddress.IsUrl(url))
            {
                throw new ConfigurationProblem(
                    $"{setting} is '{url}', but no security is configured, and an open server only listens on this machine: use {DefaultUrl}, put a proxy that checks clients in front, or, on a closed network only, set Server:AnybodyOnTheNetworkMayDoEverything to true."
                );
            }
        }

        return urls.Length == 0 ? [DefaultUrl] : [.. urls.Select(u => u.Url)];
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
