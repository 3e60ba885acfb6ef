using System.Net;
using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.SignIn.Clients;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>The authorization code flow, as an app and a browser go through it.</summary>
public abstract class CodeFlowTests(SharedSignIn shared) : SignInTests(shared)
{
    public sealed class OnSqlite(SqliteSignIn shared) : CodeFlowTests(shared);

    public sealed class OnPostgreSql(PostgreSqlSignIn shared) : CodeFlowTests(shared);

    [Fact]
    public async Task Signs_somebody_in_for_an_app_and_says_who_it_is_and_what_was_granted()
    {
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);

        var back = await browser.SignInAsync(
            browser.Authorize(
                app,
                "openid fhirUser offline_access user/Patient.rs user/Observation.read",
                ("nonce", "n-1")
            ),
            user.Name
        );
        var tokens = await browser.RedeemAsync(app, back);

        back.ShouldBeBack();
        Assert.Equal(browser.State, back.Query("state"));
        Assert.Equal(Server.Root + "/", back.Query("iss"));
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        Assert.Equal("Bearer", tokens.Text("token_type"));
        Assert.Equal("openid fhirUser offline_access user/Patient.rs user/Observation.read", tokens.Text("scope"));
        Assert.InRange(int.Parse(tokens.Text("expires_in")!), 890, 900);
        Assert.Null(tokens.Text("patient"));
        var claims = tokens.Claims();
        Assert.Equal("at+jwt", tokens.Header().GetProperty("typ").GetString());
        Assert.Equal("RS256", tokens.Header().GetProperty("alg").GetString());
        Assert.Equal(Server.Root + "/", claims.GetProperty("iss").GetString());
        Assert.Equal(Server.Base, claims.GetProperty("aud").GetString());
        Assert.Equal(app.Id, claims.GetProperty("client_id").GetString());
        Assert.Equal("Practitioner/anna", claims.GetProperty("fhirUser").GetString());
        Assert.Equal("care-manager", claims.GetProperty("roles").ToString());
        Assert.Equal("org-1", claims.GetProperty("organization").GetString());
        Assert.Equal(tokens.Text("scope"), claims.GetProperty("scope").GetString());
        Assert.False(claims.TryGetProperty("care_stamp", out _));
        var id = tokens.Claims("id_token");
        Assert.Equal($"{Server.Base}/Practitioner/anna", id.GetProperty("fhirUser").GetString());
        Assert.Equal("n-1", id.GetProperty("nonce").GetString());
        Assert.Equal(app.Id, id.GetProperty("aud").GetString());
        Assert.Equal(claims.GetProperty("sub").GetString(), id.GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Tells_what_it_can_do_under_the_addresses_it_is_known_by()
    {
        using var browser = new AppBrowser(Server);

        var text = await Server.Server.Client.GetStringAsync($"{Server.Root}/.well-known/openid-configuration");
        var told = JsonDocument.Parse(text).RootElement;
        var keys = JsonDocument
            .Parse(await Server.Server.Client.GetStringAsync(told.GetProperty("jwks_uri").GetString()))
            .RootElement.GetProperty("keys");

        Assert.Equal(Server.Root + "/", told.GetProperty("issuer").GetString());
        Assert.Equal(Server.TokenEndpoint, told.GetProperty("token_endpoint").GetString());
        Assert.Equal(["S256"], Texts(told, "code_challenge_methods_supported"));
        Assert.Equal(["code"], Texts(told, "response_types_supported"));
        Assert.True(told.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        var key = Assert.Single(keys.EnumerateArray());
        Assert.Equal("RSA", key.GetProperty("kty").GetString());
        Assert.False(key.TryGetProperty("d", out _));

        static IEnumerable<string?> Texts(JsonElement json, string name) =>
            json.GetProperty(name).EnumerateArray().Select(v => v.GetString());
    }

    [Fact]
    public async Task Takes_a_code_once_and_revokes_what_came_of_it_when_it_comes_again()
    {
        var (app, browser, back) = await SignedInAsync("offline_access user/*.rs");
        using var _ = browser;
        var tokens = await browser.RedeemAsync(app, back);

        var again = await browser.RedeemAsync(app, back);
        var refreshed = await browser.RefreshAsync(app, tokens);

        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        Assert.Equal("invalid_grant", again.Error);
        Assert.Equal("invalid_grant", refreshed.Error);
    }

    [Fact]
    public async Task A_code_is_of_the_client_the_address_and_the_verifier_it_was_made_for()
    {
        var other = await Server.AddAppAsync();
        foreach (
            var (name, value, error) in ((string, string?, string)[])
                [
                    ("code_verifier", "x" + new string('y', 50), "invalid_grant"),
                    ("code_verifier", null, "invalid_request"),
                    ("redirect_uri", SignInServer.Redirect + "/", "invalid_grant"),
                    ("redirect_uri", null, "invalid_request"),
                    ("client_id", other.Id, "invalid_grant"),
                    ("code", "made-up", "invalid_grant"),
                ]
        )
        {
            var (app, browser, back) = await SignedInAsync("user/*.rs");
            using var _ = browser;

            Assert.Equal((name, error), (name, (await browser.RedeemAsync(app, back, (name, value))).Error));
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("the-verifier-itself-as-it-is-and-long-enough-to-be-one", "plain")]
    [InlineData("the-verifier-itself-as-it-is-and-long-enough-to-be-one", null)]
    [InlineData("the-verifier-itself-as-it-is-and-long-enough-to-be-one", "S512")]
    public async Task Refuses_a_request_without_a_challenge_by_S256(string? challenge, string? method)
    {
        var app = await Server.AddAppAsync();
        using var browser = new AppBrowser(Server);

        var page = await browser.GoAsync(
            browser.Authorize(app, "user/*.rs", ("code_challenge", challenge), ("code_challenge_method", method))
        );

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("error:invalid_request", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9999/done/more")]
    [InlineData("http://127.0.0.1:9999/done?x=1")]
    [InlineData("http://127.0.0.1:9999/done#x")]
    [InlineData("http://127.0.0.1:9999/Done")]
    [InlineData("http://127.0.0.1:9998/done")]
    [InlineData("https://127.0.0.1:9999/done")]
    [InlineData("http://localhost:9999/done")]
    [InlineData("http://127.0.0.1:9999@evil.example/done")]
    [InlineData("http://127.0.0.1:9999.evil.example/done")]
    [InlineData("http://127.0.0.1:9999/done/../evil")]
    [InlineData("//evil.example/done")]
    [InlineData("javascript:alert(1)")]
    public async Task Sends_nobody_to_an_address_that_is_not_registered(string redirect)
    {
        var app = await Server.AddAppAsync();
        using var browser = new AppBrowser(Server);

        var page = await browser.GoAsync(browser.Authorize(app, "user/*.rs", ("redirect_uri", redirect)));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.StartsWith(Server.Root, page.Address.AbsoluteUri);
    }

    [Fact]
    public async Task Sends_nobody_anywhere_for_a_client_that_there_is_not_or_that_is_disabled()
    {
        var app = await Server.AddAppAsync();
        using var browser = new AppBrowser(Server);

        var nobody = await browser.GoAsync(browser.Authorize(app with { Id = "nobody" }, "user/*.rs"));
        await Server.ChangeAsync(clients => clients.DisableAsync(app.Id, isDisabled: true, default));
        var disabled = await browser.GoAsync(browser.Authorize(app, "user/*.rs"));

        Assert.StartsWith(Server.Root, nobody.Address.AbsoluteUri);
        Assert.StartsWith(Server.Root, disabled.Address.AbsoluteUri);
        Assert.Equal(HttpStatusCode.BadRequest, nobody.Status);
        Assert.Equal(HttpStatusCode.BadRequest, disabled.Status);
    }

    [Theory]
    [InlineData("aud", null, "invalid_request")]
    [InlineData("aud", "https://other.example.org/fhir", "invalid_request")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("scope", "system/*.rs", "invalid_scope")]
    [InlineData("scope", "nothing", "invalid_scope")]
    [InlineData("prompt", "none", "login_required")]
    public async Task Tells_the_app_what_is_wrong_with_its_request(string name, string? value, string error)
    {
        var app = await Server.AddAppAsync();
        using var browser = new AppBrowser(Server);

        var back = await browser.GoAsync(browser.Authorize(app, "user/*.rs", (name, value)));

        Assert.Equal(error, back.ShouldBeBack().Query("error"));
        Assert.Equal(browser.State, back.Query("state"));
        Assert.Equal(Server.Root + "/", back.Query("iss"));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("code id_token")]
    [InlineData("none")]
    [InlineData("")]
    public async Task Knows_no_other_flow(string responseType)
    {
        var app = await Server.AddAppAsync();
        using var browser = new AppBrowser(Server);

        var page = await browser.GoAsync(browser.Authorize(app, "user/*.rs", ("response_type", responseType)));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_code_not_more_than_one_gets_tokens()
    {
        var (app, browser, back) = await SignedInAsync("user/*.rs");
        using var _ = browser;

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => browser.RedeemAsync(app, back)));

        Assert.InRange(answers.Count(a => a.Status == HttpStatusCode.OK), 0, 1);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal("invalid_grant", a.Error));
    }

    [Fact]
    public async Task A_refresh_gives_a_new_refresh_token_and_the_old_one_ends_all_of_them()
    {
        var (app, browser, back) = await SignedInAsync("offline_access user/*.rs");
        using var _ = browser;
        var first = await browser.RedeemAsync(app, back);

        var second = await browser.RefreshAsync(app, first);
        var third = await browser.RefreshAsync(app, second);
        Assert.Equal(HttpStatusCode.OK, third.Status);
        Assert.Equal("offline_access user/*.rs", third.Text("scope"));
        Assert.Equal(3, new[] { first, second, third }.Select(t => t.Text("refresh_token")).Distinct().Count());

        Assert.Equal("invalid_grant", (await browser.RefreshAsync(app, first)).Error);
        Assert.Equal("invalid_grant", (await browser.RefreshAsync(app, third)).Error);
    }

    [Fact]
    public async Task Of_many_refreshes_at_once_with_one_token_not_more_than_one_succeeds()
    {
        var (app, browser, back) = await SignedInAsync("offline_access user/*.rs");
        using var _ = browser;
        var tokens = await browser.RedeemAsync(app, back);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => browser.RefreshAsync(app, tokens)));

        Assert.InRange(answers.Count(a => a.Status == HttpStatusCode.OK), 0, 1);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal("invalid_grant", a.Error));
    }

    [Fact]
    public async Task A_refresh_may_narrow_one_access_token_and_widen_none()
    {
        var (app, browser, back) = await SignedInAsync("offline_access user/Patient.rs user/Task.rs");
        using var _ = browser;
        var tokens = await browser.RedeemAsync(app, back);

        var narrow = await browser.RefreshAsync(app, tokens, "user/Task.rs");
        Assert.Equal("user/Task.rs", narrow.Text("scope"));
        Assert.Equal("user/Task.rs", narrow.Claims().GetProperty("scope").GetString());
        var whole = await browser.RefreshAsync(app, narrow);
        Assert.Equal("offline_access user/Patient.rs user/Task.rs", whole.Text("scope"));

        foreach (var wider in (string[])["user/*.rs", "user/Task.cruds", "user/Goal.rs", "user/Task.rs user/Goal.rs"])
        {
            var refused = await browser.RefreshAsync(app, whole, wider);
            Assert.Null(refused.Text("access_token"));
            Assert.Contains(refused.Error, (string[])["invalid_scope", "invalid_grant"]);
        }
    }

    [Fact]
    public async Task A_refresh_token_is_of_its_client_alone()
    {
        var other = await Server.AddAppAsync();
        var (app, browser, back) = await SignedInAsync("offline_access user/*.rs");
        using var _ = browser;
        var tokens = await browser.RedeemAsync(app, back);

        Assert.Equal("invalid_grant", (await browser.RefreshAsync(other, tokens)).Error);
    }

    [Fact]
    public async Task A_public_client_may_leave_its_id_out_when_it_refreshes()
    {
        var (app, browser, back) = await SignedInAsync("offline_access user/*.rs");
        using var _ = browser;
        var tokens = await browser.RedeemAsync(app, back);

        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(tokens.Text("refresh_token"))).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await RefreshAsync(tokens.Text("refresh_token"))).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await RefreshAsync("made-up")).Status);

        Task<Tokens> RefreshAsync(string? token) =>
            browser.PostAsync(
                "/connect/token",
                new Dictionary<string, string?> { ["grant_type"] = "refresh_token", ["refresh_token"] = token }
            );
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        var (app, browser, back) = await SignedInAsync("user/*.rs");
        using var _ = browser;

        Assert.Null((await browser.RedeemAsync(app, back)).Text("refresh_token"));
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("password")]
    [InlineData("roles")]
    [InlineData("client")]
    public async Task What_was_taken_from_somebody_ends_their_refresh_tokens(string what)
    {
        var user = await Server.AddUserAsync();
        var app = await Server.AddAppAsync();
        using var browser = new AppBrowser(Server);
        var back = await browser.SignInAsync(browser.Authorize(app, "offline_access user/*.rs"), user.Name);
        var tokens = await browser.RedeemAsync(app, back);

        if (what == "client")
            await Server.ChangeAsync(clients => clients.DisableAsync(app.Id, isDisabled: true, default));
        else
            await Server.ChangeAsync(users =>
                what switch
                {
                    "disabled" => users.DisableAsync(user.Name, isDisabled: true),
                    "password" => users.SetPasswordAsync(user.Name, "another password"),
                    _ => users.SetRolesAsync(user.Name, [CareRole.Assistant]),
                }
            );

        Assert.Equal(
            what == "client" ? "invalid_client" : "invalid_grant",
            (await browser.RefreshAsync(app, tokens)).Error
        );
        var page = await browser.GoAsync(browser.Authorize(app, "user/*.rs"));
        Assert.Null(page.Query("code"));
    }

    [Fact]
    public async Task Tells_a_client_with_a_secret_of_its_own_tokens_and_ends_them()
    {
        var client = new ClientRecord(
            SignInServer.NewName("web"),
            "A site",
            ClientKind.Secret,
            "offline_access user/*.rs"
        )
        {
            RedirectUris = [SignInServer.Redirect],
            AsksConsent = false,
        };
        var secret = await Server.AddAsync(client);
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        var back = await browser.SignInAsync(browser.Authorize(client, "offline_access user/*.rs"), user.Name);
        Assert.Equal("invalid_client", (await browser.RedeemAsync(client, back, ("client_secret", "wrong"))).Error);
        var tokens = await browser.RedeemAsync(client, back, ("client_secret", secret));

        Assert.True((await AskAsync("introspect", "access_token")).Json.GetProperty("active").GetBoolean());
        Assert.True((await AskAsync("introspect", "refresh_token")).Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("revoke", "refresh_token")).Status);
        Assert.False((await AskAsync("introspect", "refresh_token")).Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("revoke", "access_token")).Status);
        Assert.False((await AskAsync("introspect", "access_token")).Json.GetProperty("active").GetBoolean());

        Task<Tokens> AskAsync(string endpoint, string token) =>
            browser.PostAsync(
                $"/connect/{endpoint}",
                new Dictionary<string, string?>
                {
                    ["token"] = tokens.Text(token),
                    ["client_id"] = client.Id,
                    ["client_secret"] = secret,
                }
            );
    }

    [Fact]
    public async Task A_public_client_introspects_nothing()
    {
        var (app, browser, back) = await SignedInAsync("user/*.rs");
        using var _ = browser;
        var tokens = await browser.RedeemAsync(app, back);

        var told = await browser.PostAsync(
            "/connect/introspect",
            new Dictionary<string, string?> { ["token"] = tokens.Text("access_token"), ["client_id"] = app.Id }
        );

        Assert.NotEqual(HttpStatusCode.OK, told.Status);
    }

    private async Task<(ClientRecord App, AppBrowser Browser, AppBrowser.Page Back)> SignedInAsync(string scope)
    {
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync();
        var browser = new AppBrowser(Server);
        var back = await browser.SignInAsync(browser.Authorize(app, scope), user.Name);
        return (app, browser, back.ShouldBeBack());
    }
}
