using System.Net;
using CareCoordination.Access.Roles;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Users;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>What was revoked opens nothing from then on, however it was, also where its token was taken a moment before.</summary>
public abstract class RevokedTokenTests(SharedSignIn shared) : SignInTests(shared)
{
    public sealed class OnSqlite(SqliteSignIn shared) : RevokedTokenTests(shared);

    public sealed class OnPostgreSql(PostgreSqlSignIn shared) : RevokedTokenTests(shared);

    /// <summary>What may be done to somebody who has signed in for an app.</summary>
    private static readonly Dictionary<string, Func<SignedIn, Task>> Ways = new()
    {
        ["the access token is revoked"] = s => s.RevokeAsync("access_token"),
        ["the refresh token is revoked"] = s => s.RevokeAsync("refresh_token"),
        ["the code is used again"] = s => s.Browser.RedeemAsync(s.App, s.Back),
        ["the refresh token is used twice"] = async s =>
        {
            await s.Browser.RefreshAsync(s.App, s.Tokens);
            await s.Browser.RefreshAsync(s.App, s.Tokens);
        },
        ["the client is disabled"] = s =>
            s.Server.ChangeAsync(clients => clients.DisableAsync(s.App.Id, isDisabled: true, default)),
        ["the client is disabled and enabled"] = async s =>
        {
            await s.Server.ChangeAsync(clients => clients.DisableAsync(s.App.Id, isDisabled: true, default));
            await s.Server.ChangeAsync(clients => clients.DisableAsync(s.App.Id, isDisabled: false, default));
        },
        ["the client is removed"] = s => s.Server.ChangeAsync(clients => clients.RemoveAsync(s.App.Id, default)),
        ["the user is disabled"] = s =>
            s.Server.ChangeAsync(users => users.DisableAsync(s.User.Name, isDisabled: true)),
        ["the password is another"] = s =>
            s.Server.ChangeAsync(users => users.SetPasswordAsync(s.User.Name, "another horse battery")),
        ["the roles are others"] = s =>
            s.Server.ChangeAsync(users => users.SetRolesAsync(s.User.Name, [CareRole.Auditor])),
    };

    public static TheoryData<string> AllWays => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task It_is_refused_at_once_and_others_are_not(string way)
    {
        using var other = await SignInAsync();
        using var signedIn = await SignInAsync();
        Assert.Equal(200, await AskAsync(signedIn));
        Assert.Equal(200, await AskAsync(other));

        await Ways[way](signedIn);

        var answer = await Server.Server.GetAsync("Patient", signedIn.Header);
        Assert.Equal((way, 401), (way, answer.Status));
        Assert.Contains("revoked", answer.Body, StringComparison.Ordinal);
        Assert.Contains("invalid_token", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(200, await AskAsync(other));
    }

    [Fact]
    public async Task A_token_that_was_not_shown_before_is_refused_too()
    {
        using var signedIn = await SignInAsync();
        await signedIn.RevokeAsync("access_token");
        Assert.Equal(401, await AskAsync(signedIn));
    }

    [Fact]
    public async Task Other_tokens_of_the_sign_in_are_taken_after_one_access_token_was_revoked()
    {
        using var signedIn = await SignInAsync();
        var refreshed = await signedIn.Browser.RefreshAsync(signedIn.App, signedIn.Tokens);
        await signedIn.RevokeAsync("access_token");

        Assert.Equal(401, await AskAsync(signedIn));
        Assert.Equal(200, await AskAsync(signedIn with { Tokens = refreshed }));
    }

    [Fact]
    public async Task A_lock_out_by_wrong_passwords_takes_nothing_from_who_is_signed_in()
    {
        using var signedIn = await SignInAsync();
        using var guesser = new AppBrowser(Server);
        for (var i = 0; i < 7; i++)
            await guesser.SignInAsync(guesser.Authorize(signedIn.App, "user/*.rs"), signedIn.User.Name, $"guess {i}");

        Assert.Equal(200, await AskAsync(signedIn));
    }

    private async Task<int> AskAsync(SignedIn signedIn) =>
        (await Server.Server.GetAsync("Patient", signedIn.Header)).Status;

    private async Task<SignedIn> SignInAsync()
    {
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync();
        var browser = new AppBrowser(Server);
        var back = await browser.SignInAsync(browser.Authorize(app, "offline_access user/*.rs"), user.Name);
        return new(Server, browser, app, user, back, await browser.RedeemAsync(app, back.ShouldBeBack()));
    }

    private sealed record SignedIn(
        SignInServer Server,
        AppBrowser Browser,
        ClientRecord App,
        UserRecord User,
        AppBrowser.Page Back,
        Tokens Tokens
    ) : IDisposable
    {
        public string Header => $"Authorization: Bearer {Tokens.Text("access_token")}";

        public async Task RevokeAsync(string token)
        {
            var answer = await Browser.PostAsync(
                "/connect/revoke",
                new Dictionary<string, string?> { ["token"] = Tokens.Text(token), ["client_id"] = App.Id }
            );
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }

        public void Dispose() => Browser.Dispose();
    }
}

/// <summary>Several nodes, and verbs beside them.</summary>
public sealed class RevokedElsewhereTests
{
    /// <summary>A second, and what a machine that does much else takes beside.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_another_node_or_a_verb_has_ended_is_refused_within_a_second(bool byVerb)
    {
        var database = await SignInServer.NewPostgreSqlAsync();
        await using var one = await SignInServer.StartOnAsync(database);
        // Both are one to clients, as nodes behind one address are.
        await using var two = await SignInServer.StartOnAsync(database, null, $"--Server:BaseUrl={one.Base}");
        using var browser = new AppBrowser(one);
        var app = await one.AddAppAsync();
        var user = await one.AddUserAsync();
        var tokens = await browser.RedeemAsync(
            app,
            await browser.SignInAsync(browser.Authorize(app, "user/*.rs"), user.Name)
        );
        var header = $"Authorization: Bearer {tokens.Text("access_token")}";
        Assert.Equal(
            200,
            (await two.Server.GetAsync("Patient", header, $"Host: {new Uri(one.Root).Authority}")).Status
        );

        if (byVerb)
            Assert.Equal(
                0,
                await Program.Main(["users", "disable", user.Name, .. database, "--Security:Mode=Embedded"])
            );
        else
            await one.ChangeAsync(users => users.DisableAsync(user.Name, isDisabled: true));

        var start = TimeProvider.System.GetTimestamp();
        while ((await two.Server.GetAsync("Patient", header, $"Host: {new Uri(one.Root).Authority}")).Status == 200)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Bound, "It is taken yet.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            401,
            (await two.Server.GetAsync("Patient", header, $"Host: {new Uri(one.Root).Authority}")).Status
        );
    }
}
