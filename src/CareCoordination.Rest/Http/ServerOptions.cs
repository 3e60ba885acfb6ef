using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Rest.Http;

/// <summary>How clients reach the server: section <c>Server</c>.</summary>
/// <param name="BaseUrl">
/// The FHIR base as clients know it, where it differs from what requests show, as behind a proxy; null: from each request.
/// </param>
/// <param name="CorsOrigins">Web origins whose pages may call. Empty: pages on this machine, while the server is open.</param>
/// <param name="HostNames">Further names under which this server is known, beside this machine's own and that of the base.</param>
/// <param name="CanonicalBase">The base of the canonicals of what this server defines, as others know it.</param>
/// <param name="AnybodyOnTheNetworkMayDoEverything">
/// True: it may listen for other machines although nothing checks who calls, as between the containers of one closed network.
/// </param>
public sealed record ServerOptions(
    string? BaseUrl,
    string[] CorsOrigins,
    string[] HostNames,
    string CanonicalBase,
    bool AnybodyOnTheNetworkMayDoEverything
)
{
    /// <summary>Who may do what here, for people: in the log at start and in the CapabilityStatement.</summary>
    public string Openness =>
        AnybodyOnTheNetworkMayDoEverything
            ? "No security is configured: EVERYBODY WHO REACHES THIS SERVER OVER THE NETWORK MAY READ AND CHANGE EVERYTHING. This is for closed networks only (Server:AnybodyOnTheNetworkMayDoEverything)."
            : "No security is configured: everyone on this machine may do everything, and nobody else can connect.";

    public static ServerOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Server");
        var options = new ServerOptions(
            section.Text(nameof(BaseUrl))?.TrimEnd('/'),
            section.List(nameof(CorsOrigins)),
            section.List(nameof(HostNames)),
            section.Text(nameof(CanonicalBase))?.TrimEnd('/') ?? OwnCanonical.Base,
            section.Flag(nameof(AnybodyOnTheNetworkMayDoEverything)) ?? false
        );
        section.RefuseOthers();
        if (
            options.BaseUrl is not null
            && !(Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        )
            throw new ConfigurationProblem(
                $"Server:BaseUrl is '{options.BaseUrl}'; it must be an address such as https://fhir.example.org/fhir."
            );
        if (!IsBase(options.CanonicalBase))
            throw new ConfigurationProblem(
                $"Server:CanonicalBase is '{options.CanonicalBase}'; it must be an address without a query, such as https://fhir.example.org/fhir."
            );
        foreach (var name in options.HostNames)
        {
            if (Uri.CheckHostName(name) != UriHostNameType.Dns)
                throw new ConfigurationProblem(
                    $"Server:HostNames has '{name}'; an entry is a name without scheme and port, such as care.example.org."
                );
        }

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

    /// <summary>Written as it will be compared: canonicals are equal where their characters are.</summary>
    private static bool IsBase(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0
        && text.All(c => char.IsAsciiLetterOrDigit(c) || ":/.-_~".Contains(c, StringComparison.Ordinal))
        && text.StartsWith($"{uri.Scheme}://", StringComparison.Ordinal);
}
