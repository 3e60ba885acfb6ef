using System.Net;
using System.Net.Sockets;
using CareCoordination.Access.Roles;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.SignIn.Clients;
using Microsoft.Playwright;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>The page of Swagger signs somebody in, in a real browser, and asks with what it was given.</summary>
public sealed class SwaggerSignInTests
{
    private const string Client = "swagger";

    [Fact]
    public async Task Somebody_signs_in_on_the_page_at_this_server_and_executes_a_search()
    {
        var chromium = Browsers.Chromium();
        await using var server = await SignInServer.StartAsync(
            isPostgreSql: false,
            null,
            $"--Security:SwaggerClientId={Client}"
        );

        await ShouldSignInAsync(chromium, server, server.Root, server.Server.GetAsync);
    }

    [Fact]
    public async Task Somebody_signs_in_on_the_page_at_an_outside_issuer_and_executes_a_search()
    {
        var chromium = Browsers.Chromium();
        var here = $"http://127.0.0.1:{FreePort()}";
        // Another server of ours is an issuer like any other.
        await using var issuer = await SignInServer.StartAsync(
            isPostgreSql: false,
            null,
            $"--Server:CorsOrigins={here}"
        );
        await using var server = await TestServer.OnSqliteAsync(
            $"--urls={here}",
            "--Security:Mode=Oidc",
            $"--Security:SwaggerClientId={Client}",
            $"--Security:Issuers:main:Authority={issuer.Root}/",
            $"--Security:Issuers:main:Audiences={issuer.Base}",
            "--Security:Issuers:main:Roles:supervisor=supervisor"
        );

        await ShouldSignInAsync(chromium, issuer, server.Root, server.GetAsync);
    }

    /// <param name="root">Of the server whose page it is.</param>
    private static async Task ShouldSignInAsync(
        string chromium,
        SignInServer issuer,
        string root,
        Func<string, string[], Task<Answer>> get
    )
    {
        var client = new ClientRecord(Client, "Swagger", ClientKind.Public, "openid fhirUser user/*.cruds")
        {
            RedirectUris = [$"{root}/swagger/oauth2-redirect.html"],
            AsksConsent = false,
        };
        await issuer.AddAsync(client);
        var user = await issuer.AddUserAsync(CareRole.Supervisor);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--no-first-run"] }
        );
        var page = await browser.NewPageAsync();
        var problems = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add(message.Text);
        };
        await page.GotoAsync($"{root}/swagger/index.html#/Task/search-type-Task");
        await page.Locator(".opblock-tag").First.WaitForAsync();
        await page.Locator("button.authorize").First.ClickAsync();
        var flow = page.Locator(".auth-container").Filter(new() { HasText = "authorizationCode" }).First;
        Assert.Equal(Client, await flow.Locator("input[id^=client_id]").InputValueAsync());
        var popup = await page.RunAndWaitForPopupAsync(() => flow.Locator("button.authorize").ClickAsync());
        popup.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add(message.Text);
        };
        await popup.GetByLabel("Name").FillAsync(user.Name);
        await popup.GetByLabel("Password").FillAsync(SignInServer.Password);
        await popup.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await flow.Locator("button", new() { HasText = "Logout" }).WaitForAsync();
        await page.Locator("button.btn-done").First.ClickAsync();

        var block = page.Locator("#operations-Task-search-type-Task");
        await block.Locator("button.try-out__btn").First.ClickAsync();
        await block.Locator("button.execute").ClickAsync();
        var shown = block.Locator(".live-responses-table .response-col_status").Last;
        await shown.WaitForAsync();

        Assert.StartsWith("200", (await shown.InnerTextAsync()).Trim(), StringComparison.Ordinal);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.Equal(401, (await get("Task", [])).Status);
        var policy = (await get("/swagger/index.html", [])).Header("Content-Security-Policy")!;
        Assert.Contains($"connect-src 'self' {issuer.Root}", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
