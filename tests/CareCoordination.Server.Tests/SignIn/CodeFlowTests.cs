using System.Net;

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
}
