using System.Net;
using CareCoordination.SignIn.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>https://hl7.org/fhir/smart-app-launch/backend-services.html</summary>
public abstract class BackendServicesTests(SharedSignIn shared) : SignInTests(shared)
{
    public sealed class OnSqlite(SqliteSignIn shared) : BackendServicesTests(shared);

    public sealed class OnPostgreSql(PostgreSqlSignIn shared) : BackendServicesTests(shared);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gives_a_token_to_a_program_that_signs_with_a_registered_key(bool isEc)
    {
        using var program = new BackendClient(isEc);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());

        var tokens = await BackendClient.AskAsync(browser, program.Assertion(Server), "system/Patient.rs");

        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        Assert.Equal("system/Patient.rs", tokens.Text("scope"));
        Assert.Null(tokens.Text("refresh_token"));
        Assert.Null(tokens.Text("id_token"));
        var claims = tokens.Claims();
        Assert.Equal(program.Id, claims.GetProperty("sub").GetString());
        Assert.Equal(program.Id, claims.GetProperty("client_id").GetString());
        Assert.Equal("ehr-system", claims.GetProperty("roles").GetString());
        Assert.Equal("org-1", claims.GetProperty("organization").GetString());
        Assert.Equal(Server.Base, claims.GetProperty("aud").GetString());
    }

    [Fact]
    public async Task A_token_is_what_lets_a_program_in()
    {
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());
        var tokens = await BackendClient.AskAsync(browser, program.Assertion(Server));
        var token = tokens.Text("access_token");

        (await Server.Server.GetAsync("Patient?_count=1", $"Authorization: Bearer {token}")).ShouldBe(200);
        (await Server.Server.GetAsync("Patient?_count=1")).ShouldBe(401);
        var spoilt = token![..^5] + (token[^5] == 'A' ? 'B' : 'A') + token[^4..];
        (await Server.Server.GetAsync("Patient?_count=1", $"Authorization: Bearer {spoilt}")).ShouldBe(401);
    }

    [Fact]
    public async Task Takes_an_assertion_once_and_another_with_the_same_jti_neither()
    {
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());
        var first = program.Assertion(Server, c => c["jti"] = "the-same");

        Assert.Equal(HttpStatusCode.OK, (await BackendClient.AskAsync(browser, first)).Status);

        Assert.Equal("invalid_client", (await BackendClient.AskAsync(browser, first)).Error);
        var second = program.Assertion(Server, c => c["jti"] = "the-same");
        Assert.Equal("invalid_client", (await BackendClient.AskAsync(browser, second)).Error);
        Assert.Equal(HttpStatusCode.OK, (await BackendClient.AskAsync(browser, program.Assertion(Server))).Status);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_assertion_one_gets_a_token()
    {
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());
        var assertion = program.Assertion(Server);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => BackendClient.AskAsync(browser, assertion))
        );

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal("invalid_client", a.Error));
    }

    [Fact]
    public async Task Two_clients_may_use_the_same_jti()
    {
        using var browser = new AppBrowser(Server);
        foreach (var isEc in (bool[])[true, false])
        {
            using var program = new BackendClient(isEc);
            await Server.AddAsync(program.Record());
            var tokens = await BackendClient.AskAsync(browser, program.Assertion(Server, c => c["jti"] = "shared"));
            Assert.Equal(HttpStatusCode.OK, tokens.Status);
        }
    }

    public static TheoryData<string, bool> WrongAssertions =>
        new()
        {
            { "alg none", false },
            { "alg none, no signature", true },
            { "alg HS256 by the public key", false },
            { "alg HS384 by the public modulus", false },
            { "alg RS256", false },
            { "alg PS384", false },
            { "alg that is not the key's", true },
            { "no kid", false },
            { "no kid", true },
            { "kid of nobody", true },
            { "kid that is a path", false },
            { "key in the header", true },
            { "aud the issuer", false },
            { "aud another server", true },
            { "aud the FHIR base", true },
            { "aud two", false },
            { "no aud", false },
            { "iss another", true },
            { "sub another", false },
            { "no sub", true },
            { "expired", false },
            { "expires in an hour", true },
            { "no exp", false },
            { "exp as text", true },
            { "not yet valid", true },
            { "no jti", false },
            { "empty jti", true },
        };

    [Theory]
    [MemberData(nameof(WrongAssertions))]
    public async Task Refuses_an_assertion_that_is_wrong_in_one_thing(string what, bool isEc)
    {
        using var program = new BackendClient(isEc);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        var assertion = program.Assertion(
            Server,
            c =>
            {
                switch (what)
                {
                    case "aud the issuer":
                        c["aud"] = Server.Root + "/";
                        break;
                    case "aud another server":
                        c["aud"] = "https://other.example.org/connect/token";
                        break;
                    case "aud the FHIR base":
                        c["aud"] = Server.Base;
                        break;
                    case "aud two":
                        c["aud"] = new[] { Server.TokenEndpoint, "https://other.example.org/token" };
                        break;
                    case "iss another":
                        c["iss"] = "somebody";
                        break;
                    case "sub another":
                        c["sub"] = "somebody";
                        break;
                    case "expired":
                        c["exp"] = now - 120;
                        break;
                    case "expires in an hour":
                        c["exp"] = now + 3600;
                        break;
                    case "exp as text":
                        c["exp"] = "tomorrow";
                        break;
                    case "not yet valid":
                        c["nbf"] = now + 200;
                        break;
                    case "empty jti":
                        c["jti"] = "";
                        break;
                }

                if (what.StartsWith("no ", StringComparison.Ordinal))
                    c.Remove(what[3..]);
            },
            h =>
            {
                switch (what)
                {
                    case "alg none" or "alg none, no signature":
                        h["alg"] = "none";
                        break;
                    case "alg HS256 by the public key":
                        h["alg"] = "HS256";
                        break;
                    case "alg HS384 by the public modulus":
                        h["alg"] = "HS384";
                        break;
                    case "alg RS256":
                        h["alg"] = "RS256";
                        break;
                    case "alg PS384":
                        h["alg"] = "PS384";
                        break;
                    case "alg that is not the key's":
                        h["alg"] = "RS384";
                        break;
                    case "no kid":
                        h.Remove("kid");
                        break;
                    case "kid of nobody":
                        h["kid"] = "nobody";
                        break;
                    case "kid that is a path":
                        h["kid"] = "../../etc/passwd";
                        break;
                    case "key in the header":
                        h["kid"] = "new";
                        h["jku"] = "http://127.0.0.1:1/keys";
                        break;
                }
            }
        );

        var tokens = await BackendClient.AskAsync(browser, assertion);

        Assert.Equal("invalid_client", tokens.Error);
        Assert.Null(tokens.Text("access_token"));
    }

    [Fact]
    public async Task Refuses_a_signature_by_a_key_of_somebody_else_under_the_same_kid()
    {
        using var program = new BackendClient(isEc: true, "one");
        using var other = new BackendClient(isEc: true, "one") { Id = program.Id };
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());

        var tokens = await BackendClient.AskAsync(browser, other.Assertion(Server));

        Assert.Equal("invalid_client", tokens.Error);
    }

    [Theory]
    [InlineData("not a token")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("")]
    public async Task Refuses_what_is_no_assertion(string text)
    {
        using var browser = new AppBrowser(Server);

        var tokens = await BackendClient.AskAsync(browser, text);

        Assert.Contains(tokens.Error, (string[])["invalid_client", "invalid_request"]);
    }

    [Theory]
    [InlineData("system/*.rs", "system/*.cruds", "system/*.rs")]
    [InlineData("system/Patient.rs system/Task.cruds", "system/*.rs", "system/Patient.rs system/Task.rs")]
    [InlineData("system/*.rs", "user/*.rs system/Goal.r patient/*.rs", "system/Goal.r")]
    [InlineData(
        "system/Observation.rs?category=vital-signs",
        "system/Observation.r",
        "system/Observation.r?category=vital-signs"
    )]
    public async Task Grants_what_is_asked_for_and_registered(string registered, string asked, string granted)
    {
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record(registered));

        var tokens = await BackendClient.AskAsync(browser, program.Assertion(Server), asked);

        Assert.Equal(granted, tokens.Text("scope"));
        Assert.Equal(granted, tokens.Claims().GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("system/Task.u")]
    [InlineData("user/*.rs")]
    [InlineData("openid")]
    [InlineData("anything")]
    public async Task Refuses_scopes_of_which_none_is_registered(string? asked)
    {
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());

        Assert.Equal("invalid_scope", (await BackendClient.AskAsync(browser, program.Assertion(Server), asked)).Error);
    }

    [Fact]
    public async Task Fetches_keys_from_their_address_and_again_for_one_that_is_new_but_not_all_the_time()
    {
        using var old = new BackendClient(isEc: true);
        using var other = new BackendClient(isEc: false) { Id = old.Id };
        using var browser = new AppBrowser(Server);
        var (asked, served) = (0, old.Jwks);
        await using var keys = await ServeAsync(context =>
        {
            asked++;
            return context.Response.WriteAsync(served);
        });
        await Server.AddAsync(old.Record(jwksUri: keys.Urls.First() + "/jwks"));

        Assert.Equal(HttpStatusCode.OK, (await BackendClient.AskAsync(browser, old.Assertion(Server))).Status);
        Assert.Equal(HttpStatusCode.OK, (await BackendClient.AskAsync(browser, old.Assertion(Server))).Status);
        Assert.Equal(1, asked);

        served = other.Jwks;
        for (var i = 0; i < 5; i++)
            Assert.Equal("invalid_client", (await BackendClient.AskAsync(browser, other.Assertion(Server))).Error);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("a redirect")]
    [InlineData("too large")]
    [InlineData("no JSON")]
    [InlineData("an error")]
    public async Task Refuses_a_client_whose_keys_cannot_be_had(string what)
    {
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(Server);
        await using var keys = await ServeAsync(context =>
        {
            if (context.Request.Path == "/elsewhere")
                return context.Response.WriteAsync(program.Jwks);
            if (what == "a redirect")
                context.Response.Redirect("/elsewhere");
            if (what == "an error")
                context.Response.StatusCode = 500;
            return what == "too large" ? context.Response.WriteAsync(program.Jwks + new string(' ', 70_000))
                : what == "no JSON" ? context.Response.WriteAsync("<html>")
                : Task.CompletedTask;
        });
        await Server.AddAsync(program.Record(jwksUri: keys.Urls.First() + "/jwks"));

        Assert.Equal("invalid_client", (await BackendClient.AskAsync(browser, program.Assertion(Server))).Error);
    }

    [Fact]
    public async Task A_client_with_a_secret_gets_a_token_with_it_alone()
    {
        var client = new ClientRecord(SignInServer.NewName("secret"), "A program", ClientKind.Secret, "system/*.rs");
        var secret = await Server.AddAsync(client);
        using var browser = new AppBrowser(Server);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(secret)).Status);
        Assert.Equal("invalid_client", (await AskAsync(secret + "x")).Error);
        Assert.NotEqual(HttpStatusCode.OK, (await AskAsync("")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await AskAsync(null)).Status);

        Task<Tokens> AskAsync(string? given) =>
            browser.PostAsync(
                "/connect/token",
                new Dictionary<string, string?>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = client.Id,
                    ["client_secret"] = given,
                    ["scope"] = "system/Patient.rs",
                }
            );
    }

    [Fact]
    public async Task A_disabled_client_gets_nothing_and_its_tokens_are_revoked()
    {
        using var program = new BackendClient(isEc: true);
        using var browser = new AppBrowser(Server);
        await Server.AddAsync(program.Record());

        await Server.ChangeAsync(clients => clients.DisableAsync(program.Id, isDisabled: true, default));
        Assert.Equal("invalid_client", (await BackendClient.AskAsync(browser, program.Assertion(Server))).Error);

        await Server.ChangeAsync(clients => clients.DisableAsync(program.Id, isDisabled: false, default));
        Assert.Equal(HttpStatusCode.OK, (await BackendClient.AskAsync(browser, program.Assertion(Server))).Status);

        await Server.ChangeAsync(clients => clients.RemoveAsync(program.Id, default));
        Assert.Equal("invalid_client", (await BackendClient.AskAsync(browser, program.Assertion(Server))).Error);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}
