using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.SignIn.Clients;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>Clients and users by REST: for administrators with a token for everything, and for nobody else.</summary>
public abstract class AdministrationTests(SharedSignIn shared) : SignInTests(shared)
{
    public sealed class OnSqlite(SqliteSignIn shared) : AdministrationTests(shared);

    public sealed class OnPostgreSql(PostgreSqlSignIn shared) : AdministrationTests(shared);

    [Fact]
    public async Task A_client_is_registered_shown_disabled_and_removed()
    {
        using var browser = new AppBrowser(Server);
        var admin = await TokenAsync(browser, CareRole.Administrator, "system/*.cruds");
        var id = SignInServer.NewName("rest");

        var added = await AskAsync(
            admin,
            "POST",
            "clients",
            $$"""{"client_id":"{{id}}","client_name":"By REST","scope":"system/*.rs","roles":["ehr-system"],"organization":"org-1"}"""
        );

        Assert.Equal(201, added.Status);
        var secret = added.Json.GetProperty("client_secret").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await WithSecretAsync(browser, id, secret)).Status);
        var shown = await AskAsync(admin, "GET", $"clients/{id}");
        Assert.Equal("client_secret_basic", shown.Json.GetProperty("token_endpoint_auth_method").GetString());
        Assert.False(shown.Json.TryGetProperty("client_secret", out _));
        Assert.Contains(id, (await AskAsync(admin, "GET", "clients")).Body, StringComparison.Ordinal);

        var rotated = await AskAsync(admin, "POST", $"clients/{id}/rotate-secret");
        Assert.Equal("invalid_client", (await WithSecretAsync(browser, id, secret)).Error);
        secret = rotated.Json.GetProperty("client_secret").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await WithSecretAsync(browser, id, secret)).Status);

        Assert.Equal(204, (await AskAsync(admin, "POST", $"clients/{id}/disable")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await WithSecretAsync(browser, id, secret)).Status);
        Assert.Equal(204, (await AskAsync(admin, "POST", $"clients/{id}/enable")).Status);
        Assert.Equal(HttpStatusCode.OK, (await WithSecretAsync(browser, id, secret)).Status);
        Assert.Equal(204, (await AskAsync(admin, "DELETE", $"clients/{id}")).Status);
        Assert.Equal(404, (await AskAsync(admin, "GET", $"clients/{id}")).Status);
    }

    [Fact]
    public async Task A_user_is_registered_changed_and_signs_in()
    {
        using var browser = new AppBrowser(Server);
        var admin = await TokenAsync(browser, CareRole.Administrator, "system/*.cruds");
        var name = SignInServer.NewName("rest");

        var added = await AskAsync(
            admin,
            "POST",
            "users",
            $$"""{"name":"{{name}}","roles":["lead"],"fhir_user":"Practitioner/anna","password":"{{SignInServer.Password}}"}"""
        );

        Assert.Equal(201, added.Status);
        Assert.DoesNotContain("password", added.Body, StringComparison.Ordinal);
        Assert.Equal(
            204,
            (await AskAsync(admin, "POST", $"users/{name}/set-roles", """{"roles":["director","lead"]}""")).Status
        );
        Assert.Equal(
            204,
            (
                await AskAsync(admin, "POST", $"users/{name}/set-password", """{"password":"a longer horse battery"}""")
            ).Status
        );
        foreach (var action in (string[])["unlock", "reset-totp", "disable", "enable"])
            Assert.Equal(204, (await AskAsync(admin, "POST", $"users/{name}/{action}")).Status);
        var shown = await AskAsync(admin, "GET", $"users/{name}");
        Assert.Equal(["director", "lead"], shown.Json.GetProperty("roles").EnumerateArray().Select(r => r.GetString()));
        Assert.False(shown.Json.GetProperty("is_disabled").GetBoolean());
        Assert.Contains(name, (await AskAsync(admin, "GET", "users")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "clients", """{"client_id":"x","scope":"system/*.rs","nickname":"y"}""", 400, "nickname")]
    [InlineData("POST", "clients", "{", 400, "no JSON")]
    [InlineData("POST", "clients", "null", 400, "empty")]
    [InlineData("POST", "clients", """{"client_id":"x"}""", 422, "needs scopes")]
    [InlineData(
        "POST",
        "clients",
        """{"client_id":"x","scope":"system/*.rs","roles":["king"]}""",
        422,
        "'king' is no role"
    )]
    [InlineData(
        "POST",
        "clients",
        """{"client_id":"x","scope":"system/*.rs","client_secret":"mine"}""",
        422,
        "made here"
    )]
    [InlineData(
        "POST",
        "clients",
        """{"client_id":"x","scope":"system/*.rs","token_endpoint_auth_method":"tls"}""",
        422,
        "'tls'"
    )]
    [InlineData(
        "POST",
        "clients",
        """{"client_id":"x","scope":"user/*.rs","token_endpoint_auth_method":"none","redirect_uris":["http://evil.example/*"]}""",
        422,
        "redirect"
    )]
    [InlineData("POST", "users", """{"name":"x","password":"correct horse battery"}""", 422, "needs a role")]
    [InlineData("POST", "users", """{"name":"x","roles":["operator"],"password":"short"}""", 422, "Password")]
    [InlineData("POST", "users", """{"name":"x","roles":["operator"]}""", 422, "Password")]
    [InlineData("POST", "users/nobody/disable", null, 404, "no such user")]
    [InlineData("POST", "users/nobody/set-roles", """{"roles":["lead"]}""", 404, "no such user")]
    [InlineData("GET", "users/nobody", null, 404, "no such user")]
    [InlineData("GET", "clients/nobody", null, 404, "no such client")]
    [InlineData("POST", "clients/nobody/rotate-secret", null, 404, "no client")]
    [InlineData("DELETE", "clients/nobody", null, 404, "no client")]
    public async Task What_is_wrong_is_said_and_nothing_is_done(
        string method,
        string path,
        string? body,
        int status,
        string said
    )
    {
        using var browser = new AppBrowser(Server);
        var admin = await TokenAsync(browser, CareRole.Administrator, "system/*.cruds");

        var answer = await AskAsync(admin, method, path, body);

        Assert.Equal(status, answer.Status);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
        // Other tests register others at the same time.
        foreach (var name in (string[])["x", "nobody"])
        {
            Assert.Equal(404, (await AskAsync(admin, "GET", $"users/{name}")).Status);
            Assert.Equal(404, (await AskAsync(admin, "GET", $"clients/{name}")).Status);
        }
    }

    [Fact]
    public async Task Everybody_else_is_refused()
    {
        using var browser = new AppBrowser(Server);
        foreach (
            var (role, scope) in new[]
            {
                (CareRole.EhrSystem, "system/*.cruds"),
                (CareRole.Operator, "system/*.cruds"),
                (CareRole.Auditor, "system/*.cruds"),
                (CareRole.Administrator, "system/*.rs"),
                (CareRole.Administrator, "system/Organization.cruds"),
            }
        )
        {
            var token = await TokenAsync(browser, role, scope);
            foreach (var path in (string[])["clients", "users", "users/anna"])
                Assert.Equal(403, (await AskAsync(token, "GET", path)).Status);
            Assert.Equal(403, (await AskAsync(token, "POST", "users", """{"name":"x"}""")).Status);
            Assert.Equal(403, (await AskAsync(token, "DELETE", "clients/x")).Status);
        }

        Assert.Equal(401, (await AskAsync(null, "GET", "users")).Status);
        Assert.Equal(401, (await AskAsync("made-up", "GET", "users")).Status);
    }

    private async Task<string> TokenAsync(AppBrowser browser, CareRole role, string scope)
    {
        using var program = new BackendClient(isEc: true);
        await Server.AddAsync(program.Record(scope) with { Roles = [role] });
        var tokens = await BackendClient.AskAsync(browser, program.Assertion(Server), scope);
        return tokens.Text("access_token")!;
    }

    private static Task<Tokens> WithSecretAsync(AppBrowser browser, string id, string secret) =>
        browser.PostAsync(
            "/connect/token",
            new Dictionary<string, string?>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = id,
                ["client_secret"] = secret,
                ["scope"] = "system/*.rs",
            }
        );

    private async Task<(int Status, string Body, JsonElement Json)> AskAsync(
        string? token,
        string method,
        string path,
        string? body = null
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Server.Root}/admin/{path}");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Server.Server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.StartsWith('{') || text.StartsWith('[') ? JsonDocument.Parse(text).RootElement : default;
        return ((int)response.StatusCode, text, json);
    }
}
