using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareCoordination.Access.Roles;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>What an administrator asks by REST.</summary>
internal sealed class AdminRequests(SignInServer server, string token)
{
    /// <summary>With the token of a program that may do everything here.</summary>
    public static async Task<AdminRequests> OfAsync(SignInServer server) =>
        new(server, await TokenOfProgramAsync(server, CareRole.Administrator));

    /// <summary>A token of a program with a role, for everything.</summary>
    public static async Task<string> TokenOfProgramAsync(SignInServer server, CareRole role)
    {
        using var browser = new AppBrowser(server);
        using var program = new BackendClient(isEc: true);
        await server.AddAsync(program.Record("system/*.cruds") with { Roles = [role] });
        var tokens = await BackendClient.AskAsync(browser, program.Assertion(server), "system/*.cruds");
        return tokens.Text("access_token")!;
    }

    public async Task<(int Status, string Body, JsonElement Json)> SendAsync(
        string method,
        string path,
        string? body = null
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{server.Root}/admin/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.StartsWith('{') || text.StartsWith('[') ? JsonDocument.Parse(text).RootElement : default;
        return ((int)response.StatusCode, text, json);
    }
}
