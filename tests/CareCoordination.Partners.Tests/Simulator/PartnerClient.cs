using System.Text;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Simulator;

/// <summary>A bare HTTP client of a simulated partner.</summary>
internal static class PartnerClient
{
    private static readonly HttpClient Http = new(
        new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero }
    );

    public static string Task(string id, string status = "requested", string more = "") =>
        $$$"""{"resourceType":"Task","identifier":[{"system":"http://us/Task","value":"{{{id}}}"}],"status":"{{{status}}}","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"focus":{"reference":"http://us/ServiceRequest/{{{id}}}"},"for":{"reference":"http://us/Patient/1"},"requester":{"reference":"http://us/Organization/clinic"}{{{more}}}}""";

    public static Task<Answer> SendAsync(
        this SimulatedPartner partner,
        string method,
        string path,
        string? body = null,
        params string[] headers
    ) => SendToAsync($"{partner.Base}/{path}", method, body, "application/fhir+json", headers);

    public static async Task<Answer> SendToAsync(
        string url,
        string method,
        string? body,
        string contentType,
        params string[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }

        using var response = await Http.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsStringAsync());
    }
}
