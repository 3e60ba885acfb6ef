using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;

namespace CareCoordination.Rest.Http;

/// <summary>How clients reach the server: section <c>Server</c>.</summary>
/// <param name="BaseUrl">
/// The FHIR base as clients know it, where it differs from what requests show, as behind a proxy; null: from each request.
/// </param>
/// <param name="CorsOrigins">Web origins whose pages may call. Empty: pages on this machine, while the server is open.</param>
public sealed record ServerOptions(string? BaseUrl, string[] CorsOrigins)
{
    public static ServerOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Server");
        var options = new ServerOptions(section.Text(nameof(BaseUrl))?.TrimEnd('/'), section.List(nameof(CorsOrigins)));
        section.RefuseOthers();
        if (
            options.BaseUrl is not null
            && !(Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        )
            throw new ConfigurationProblem(
                $"Server:BaseUrl is '{options.BaseUrl}'; it must be an address such as https://fhir.example.org/fhir."
            );
        foreach (var origin in options.CorsOrigins)
        {
            if (
                !Uri.TryCreate(origin, UriKind.Absolute, out var parsed)
                || parsed.GetLeftPart(UriPartial.Authority) != origin
            )
                throw new ConfigurationProblem(
                    $"Server:CorsOrigins has '{origin}'; an origin is scheme, host and port, such as https://app.example.org."
                );
        }

        return options;
    }
}
