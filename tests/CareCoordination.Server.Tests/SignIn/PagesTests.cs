using System.Net;
using System.Text.RegularExpressions;
using CareCoordination.Access.Roles;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Users;
using Microsoft.AspNetCore.WebUtilities;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>The pages, as somebody meets them.</summary>
public abstract partial class PagesTests(SharedSignIn shared) : SignInTests(shared)
{
    public sealed class OnSqlite(SqliteSignIn shared) : PagesTests(shared);

    public sealed class OnPostgreSql(PostgreSqlSignIn shared) : PagesTests(shared);

    [Fact]
    public async Task A_wrong_name_and_a_wrong_password_are_answered_alike()
    {
        var user = await Server.AddUserAsync();
        var disabled = await Server.AddUserAsync();
        await Server.ChangeAsync(users => users.DisableAsync(disabled.Name, isDisabled: true));
        using var browser = new AppBrowser(Server);

        var wrong = await browser.SignInAsync("/signin", user.Name, "something else");
        var nobody = await browser.SignInAsync("/signin", "nobody", "something else");
        var off = await browser.SignInAsync("/signin", disabled.Name);

        Assert.Contains("wrong", wrong.Problem, StringComparison.Ordinal);
        Assert.Equal(Plain(wrong.Html), Plain(nobody.Html));
        Assert.Equal(Plain(wrong.Html), Plain(off.Html));
        Assert.Equal(HttpStatusCode.OK, wrong.Status);
    }

    [Fact]
    public async Task Five_failures_lock_out_and_the_right_password_does_not_help_until_somebody_unlocks()
    {
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        for (var i = 0; i < 5; i++)
            Assert.NotEqual("", (await browser.SignInAsync("/signin", user.Name, $"wrong {i}")).Problem);

        var locked = await browser.SignInAsync("/signin", user.Name);
        Assert.NotEqual("", locked.Problem);
        await Server.ChangeAsync(users => users.UnlockAsync(user.Name));
        var unlocked = await browser.SignInAsync("/signin", user.Name);

        Assert.Equal("Signed in", unlocked.Title);
    }

    [Fact]
    public async Task Many_attempts_at_once_are_no_more_than_the_limit()
    {
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        var page = await browser.GoAsync("/signin");

        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i => browser.SubmitAsync(page, null, ("name", user.Name), ("password", $"wrong {i}")))
        );

        Assert.NotEqual("", (await browser.SignInAsync("/signin", user.Name)).Problem);
    }

    [Fact]
    public async Task Failures_before_a_success_are_forgotten()
    {
        var user = await Server.AddUserAsync();
        for (var round = 0; round < 3; round++)
        {
            using var browser = new AppBrowser(Server);
            for (var i = 0; i < 3; i++)
                await browser.SignInAsync("/signin", user.Name, "wrong");
            Assert.Equal("Signed in", (await browser.SignInAsync("/signin", user.Name)).Title);
        }
    }

    [Fact]
    public async Task Somebody_sets_up_codes_and_is_asked_for_one_from_then_on()
    {
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        await browser.SignInAsync("/signin", user.Name);
        var setup = await browser.GoAsync("/signin/codes");
        var secret = Secret().Match(setup.Html).Groups["text"].Value;

        Assert.NotEqual("", (await browser.SubmitAsync(setup, null, ("code", "000000"))).Problem);
        var done = await browser.SubmitAsync(setup, null, ("code", CodeOf(secret)));
        Assert.Equal("Signed in", done.Title);

        using var later = new AppBrowser(Server);
        var asked = await later.SignInAsync("/signin", user.Name);
        Assert.Equal("One-time code", asked.Title);
        // Half way is not in.
        Assert.Equal("Sign in", (await later.GoAsync("/signin/codes")).Title);
        // The code that set it up was taken.
        Assert.NotEqual("", (await later.SubmitAsync(asked, null, ("code", CodeOf(secret)))).Problem);
        Assert.Equal("Signed in", (await later.SubmitAsync(asked, null, ("code", CodeOf(secret, steps: 1)))).Title);

        await Server.ChangeAsync(users => users.ResetCodesAsync(user.Name));
        using var afterwards = new AppBrowser(Server);
        Assert.Equal("Signed in", (await afterwards.SignInAsync("/signin", user.Name)).Title);
    }

    [Fact]
    public async Task Wrong_codes_lock_out_as_wrong_passwords_do()
    {
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        await browser.SignInAsync("/signin", user.Name);
        var setup = await browser.GoAsync("/signin/codes");
        var secret = Secret().Match(setup.Html).Groups["text"].Value;
        await browser.SubmitAsync(setup, null, ("code", CodeOf(secret)));

        using var later = new AppBrowser(Server);
        var asked = await later.SignInAsync("/signin", user.Name);
        for (var i = 0; i < 5; i++)
            await later.SubmitAsync(asked, null, ("code", $"00000{i}"));

        Assert.NotEqual("", (await later.SubmitAsync(asked, null, ("code", CodeOf(secret, steps: 1)))).Problem);
    }

    [Fact]
    public async Task Consent_shows_the_client_and_its_scopes_and_grants_what_is_left_checked()
    {
        var app = await Server.AddAppAsync(asksConsent: true);
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);

        var page = await browser.SignInAsync(browser.Authorize(app, "openid user/Task.rs user/Goal.cruds"), user.Name);
        Assert.Equal("Allow access", page.Title);
        Assert.Contains("An app", page.Html, StringComparison.Ordinal);
        Assert.Contains("See and search records of the kind task", page.Html, StringComparison.Ordinal);
        var back = await browser.SubmitAsync(
            page,
            "Allow",
            ("scope", "openid"),
            ("scope", "user/Task.rs"),
            ("scope", "user/*.cruds")
        );
        var tokens = await browser.RedeemAsync(app, back.ShouldBeBack());

        Assert.Equal("openid user/Task.rs", tokens.Text("scope"));
    }

    [Fact]
    public async Task Whoever_refuses_or_leaves_nothing_checked_is_sent_back_without_a_code()
    {
        var app = await Server.AddAppAsync(asksConsent: true);
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        var page = await browser.SignInAsync(browser.Authorize(app, "user/Task.rs"), user.Name);

        foreach (var handler in (string[])["Refuse", "Allow"])
        {
            var back = await browser.SubmitAsync(page, handler);
            Assert.Equal("access_denied", back.ShouldBeBack().Query("error"));
            Assert.Equal(browser.State, back.Query("state"));
        }
    }

    [Fact]
    public async Task A_decision_is_of_one_person_for_one_request()
    {
        var app = await Server.AddAppAsync(asksConsent: true);
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        var page = await browser.SignInAsync(browser.Authorize(app, "user/Task.rs"), user.Name);
        var allowed = await DecisionAsync(browser, page);

        // The same request of the same person goes through, another scope, state or person is asked anew.
        using var other = new AppBrowser(Server);
        await other.SignInAsync("/signin", (await Server.AddUserAsync()).Name);
        var mine = browser.Authorize(app, "user/Task.rs", ("decision", allowed));
        Assert.NotNull((await browser.GoAsync(mine)).Query("code"));
        Assert.Equal(
            "Allow access",
            (await browser.GoAsync(browser.Authorize(app, "user/Task.cruds", ("decision", allowed)))).Title
        );
        Assert.Equal(
            "Allow access",
            (await browser.GoAsync(browser.Authorize(app, "user/Task.rs", ("decision", allowed), ("state", "x")))).Title
        );
        Assert.Equal(
            "Allow access",
            (await browser.GoAsync(browser.Authorize(app, "user/Task.rs", ("decision", allowed + "x")))).Title
        );
        Assert.Equal("Allow access", (await other.GoAsync(mine)).Title);
    }

    [Fact]
    public async Task A_page_sends_nobody_anywhere_but_to_the_authorization_endpoint()
    {
        var user = await Server.AddUserAsync();
        foreach (
            var target in (string[])
                [
                    "https://evil.example/",
                    "//evil.example/connect/authorize?",
                    "/connect/authorize@evil.example?",
                    "https://evil.example/connect/authorize?x=1",
                    @"\\evil.example\connect/authorize?",
                    "/signin",
                ]
        )
        {
            using var browser = new AppBrowser(Server);
            var page = await browser.SignInAsync(QueryHelpers.AddQueryString("/signin", "request", target), user.Name);
            Assert.Equal(Server.Root + "/signin", page.Address.GetLeftPart(UriPartial.Path));
            Assert.Equal("Signed in", page.Title);
        }
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        var user = await Server.AddUserAsync();
        using var http = new HttpClient { BaseAddress = new Uri(Server.Root) };
        using var answer = await http.PostAsync(
            "/signin",
            new FormUrlEncodedContent([new("name", user.Name), new("password", SignInServer.Password)])
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Pages_may_load_nothing_from_elsewhere_and_stay_in_no_cache_and_no_frame()
    {
        using var browser = new AppBrowser(Server);
        var app = await Server.AddAppAsync();

        var page = await browser.GoAsync(browser.Authorize(app, "user/*.rs"));

        Assert.Contains(
            "Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:9999; frame-ancestors 'none'; base-uri 'none'",
            page.Headers,
            StringComparison.Ordinal
        );
        Assert.Contains("no-store", page.Headers, StringComparison.Ordinal);
        Assert.Contains("X-Frame-Options: DENY", page.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_and_of_other_sites()
    {
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        await browser.SignInAsync("/signin", user.Name);

        var cookie = browser.Cookies.GetAllCookies().Single(c => c.Name == "care-signin");
        Assert.True(cookie.HttpOnly);
        Assert.Equal("/", cookie.Path);
    }

    [Fact]
    public async Task Signing_out_and_a_new_password_end_what_a_browser_may()
    {
        var user = await Server.AddUserAsync();
        using var first = new AppBrowser(Server);
        using var second = new AppBrowser(Server);
        var page = await first.SignInAsync("/signin", user.Name);
        await second.SignInAsync("/signin", user.Name);

        Assert.Equal("Sign in", (await first.SubmitAsync(page, "Out")).Title);
        Assert.Equal("Sign in", (await first.GoAsync("/signin")).Title);
        Assert.Equal("Signed in", (await second.GoAsync("/signin")).Title);
        await Server.ChangeAsync(users => users.SetPasswordAsync(user.Name, "another password"));
        Assert.Equal("Sign in", (await second.GoAsync("/signin")).Title);
    }

    [Fact]
    public async Task A_client_may_want_people_to_sign_in_again()
    {
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync();
        using var browser = new AppBrowser(Server);
        await browser.SignInAsync("/signin", user.Name);

        var asked = await browser.GoAsync(browser.Authorize(app, "user/*.rs", ("prompt", "login")));
        Assert.Equal("Sign in", asked.Title);
        var back = await browser.SubmitAsync(asked, null, ("name", user.Name), ("password", SignInServer.Password));
        Assert.NotNull(back.ShouldBeBack().Query("code"));
        Assert.NotNull((await browser.GoAsync(browser.Authorize(app, "user/*.rs", ("prompt", "none")))).Query("code"));
        Assert.NotNull((await browser.GoAsync(browser.Authorize(app, "user/*.rs", ("max_age", "600")))).Query("code"));
    }

    private static async Task<string> DecisionAsync(AppBrowser browser, AppBrowser.Page page)
    {
        var form = page.Forms().First(f => f.Action.Contains("handler=Allow", StringComparison.Ordinal));
        return await browser.DecisionAsync(page, form);
    }

    /// <summary>Without what differs from page to page whatever happens.</summary>
    private static string Plain(string html) => Forgery().Replace(html, "");

    private static string CodeOf(string secret, int steps = 0) =>
        TimeBasedCode.Make(Base32(secret), TimeProvider.System.GetUtcNow().AddSeconds(30 * steps));

    private static byte[] Base32(string text)
    {
        var bytes = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in text)
        {
            bits = (bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal);
            count += 5;
            if (count < 8)
                continue;
            bytes.Add((byte)(bits >> (count - 8)));
            count -= 8;
            bits &= (1 << count) - 1;
        }

        return [.. bytes];
    }

    [GeneratedRegex("id=\"secret\">(?<text>[A-Z2-7]+)<")]
    private static partial Regex Secret();

    [GeneratedRegex("<input name=\"__RequestVerificationToken\"[^>]*>")]
    private static partial Regex Forgery();
}
