using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.IdentityModel.JsonWebTokens;

namespace CareCoordination.Server.Tests.Security;

/// <summary>Tokens that say nothing by themselves. https://www.rfc-editor.org/rfc/rfc7662</summary>
public sealed class IntrospectionTests
{
    private const string Inactive =
        "The issuer does not know the token, or does not let it be used any more: it has expired or was revoked.";

    private static Task<TestServer> ServerAsync(TestIssuer issuer, params string[] settings) =>
        TestServer.OnSqliteAsync(issuer.Time, [.. settings, "--Security:RequestsPerSecondPerAddress=0"]);

    [Fact]
    public async Task An_opaque_token_is_what_its_issuer_says_of_it()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(issuer, issuer.SettingsWithIntrospection());

        (await server.ShowAsync(issuer.OpaqueToken())).ShouldBeTaken();
        (await server.ShowAsync(Guid.NewGuid().ToString())).ShouldNotBeTaken(Inactive);
        (await server.ShowAsync(issuer.OpaqueToken(c => c["active"] = false))).ShouldNotBeTaken(Inactive);
        (await server.ShowAsync(issuer.OpaqueToken(c => c.Remove("aud")))).ShouldNotBeTaken(
            "The token is for another server: aud does not name this one."
        );
        (await server.ShowAsync(issuer.OpaqueToken(c => c["iss"] = "https://else.example.org"))).ShouldNotBeTaken(
            "The token is of an issuer that is not known here: iss has to be that of an issuer of this server, letter by letter."
        );
        (await server.ShowAsync(issuer.OpaqueToken(c => c["exp"] = 1))).ShouldNotBeTaken(
            "The token has expired: get a new one from its issuer.",
            "expired"
        );
        (await server.ShowAsync(issuer.OpaqueToken(c => c["token_type"] = "DPoP"))).ShouldNotBeTaken(
            "The token is bound to a key (cnf) in a way that cannot be checked here: ask for a Bearer token, or one that is bound to a client certificate (x5t#S256)."
        );
    }

    [Fact]
    public async Task The_issuer_is_asked_once_a_minute_about_a_token_and_a_revoked_one_ends_then()
    {
        var time = new ShiftedClock(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartAsync(time);
        await using var server = await ServerAsync(issuer, issuer.SettingsWithIntrospection());
        var token = issuer.OpaqueToken();
        for (var i = 0; i < 10; i++)
            (await server.ShowAsync(token)).ShouldBeTaken();
        Assert.Equal(1, issuer.Introspected);

        issuer.Opaque[token]["active"] = false;
        time.Advance(TimeSpan.FromSeconds(61));
        (await server.ShowAsync(token)).ShouldNotBeTaken(Inactive);
    }

    [Fact]
    public async Task A_signed_token_is_not_shown_to_anybody()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(issuer, issuer.SettingsWithIntrospection());

        (await server.ShowAsync(issuer.Token())).ShouldBeTaken();
        Assert.Equal(401, (await server.ShowAsync(issuer.Token(c => c["exp"] = 1))).Status);
        Assert.Equal(0, issuer.Introspected);
    }

    [Fact]
    public async Task Where_the_issuer_does_not_answer_nobody_is_let_in_and_nobody_is_refused_for_good()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(
            issuer,
            issuer.SettingsWithIntrospection("Introspection:RememberSeconds=0")
        );
        var token = issuer.OpaqueToken();
        (await server.ShowAsync(token)).ShouldBeTaken();
        issuer.IsDown = true;

        var answer = (await server.ShowAsync(token)).ShouldRefuse(
            503,
            "error transient: The issuer main cannot be asked about the token at the moment. Send the request again in a few seconds."
        );
        Assert.Equal("5", answer.Header("Retry-After"));
        issuer.IsDown = false;
        (await server.ShowAsync(token)).ShouldBeTaken();
    }

    [Fact]
    public async Task Wrong_credentials_of_this_server_are_no_fault_of_a_token()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(
            issuer,
            issuer.Settings("main", "Introspection:ClientId=care-server", "Introspection:ClientSecret=wrong")
        );

        Assert.Equal(503, (await server.ShowAsync(issuer.OpaqueToken())).Status);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES384")]
    public async Task This_server_may_say_who_it_is_by_a_key(string algorithm)
    {
        await using var issuer = await TestIssuer.StartAsync();
        var key = new IssuerKey(algorithm);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, key.PrivatePem, TestContext.Current.CancellationToken);
        await using var server = await ServerAsync(
            issuer,
            issuer.Settings("main", $"Introspection:ClientId={TestIssuer.Client}", $"Introspection:KeyPath={file}")
        );
        File.Delete(file);

        (await server.ShowAsync(issuer.OpaqueToken())).ShouldBeTaken();
        var (authorization, form) = Assert.Single(issuer.Questions);
        Assert.Null(authorization);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]);
        var assertion = new JsonWebToken(form["client_assertion"]!);
        Assert.Equal((TestIssuer.Client, TestIssuer.Client), (assertion.Issuer, assertion.Subject));
        Assert.Equal([issuer.Id], assertion.Audiences);
        Assert.Equal(algorithm[0] == 'E' ? "ES384" : "RS384", assertion.Alg);
        Assert.InRange((assertion.ValidTo - assertion.IssuedAt).TotalSeconds, 1, 300);
        Assert.NotEmpty(assertion.Id);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"active":"true"}""")]
    public async Task An_answer_that_says_nothing_lets_nobody_in(string answer)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await ServerAsync(issuer, issuer.SettingsWithIntrospection());
        var token = Guid.NewGuid().ToString("N");
        issuer.Answers[token] = answer;

        Assert.Equal(503, (await server.ShowAsync(token)).Status);
    }
}
